"""Tell an administrator of a group that a topic is closed, and its subscriptions are paused.

It is told in private, since nothing can be written where it happened. The owner is told, or else
the first administrator who has started the bot.
"""

import logging

from telegram import ChatMemberOwner
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import Messages, interface_language
from bot.messages.voice import Translator
from bot.transport.rate_limiter import Kind
from index import Library
from index.workers import in_thread

_LOGGER = logging.getLogger(__name__)


async def tell_administrator(
    bot: ExtBot[Kind], library: Library, messages: Messages, chat: int
) -> None:
    """Tell the first administrator who can be reached; a line in the log says if none can."""
    try:
        group = await bot.get_chat(chat)
        members = await bot.get_chat_administrators(chat)
    except TelegramError as error:
        _LOGGER.warning("no administrator is told of a closed topic: %s", error)
        return
    people = [member for member in members if not member.user.is_bot]
    of_group = await in_thread(library.chats.language, chat)
    for member in sorted(people, key=lambda one: not isinstance(one, ChatMemberOwner)):
        own = await in_thread(library.chats.language, member.user.id)
        language = interface_language(own or of_group, member.user.language_code)
        voice = Translator(messages, language, bot.username)
        told = voice.piece("topic_closed", chat=group.title or str(chat))
        try:
            await bot.send_message(member.user.id, told.html)
        except TelegramError as error:
            _LOGGER.info("an administrator cannot be told of a closed topic: %s", error)
        else:
            return
    _LOGGER.warning("no administrator of a group can be told of its closed topic")
