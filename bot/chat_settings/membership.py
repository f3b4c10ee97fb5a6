"""Track the bot's membership: chats that block, remove or add it, and groups that migrate."""

import asyncio
import logging
from contextlib import suppress

from telegram import Bot, ChatMemberUpdated, InlineKeyboardMarkup, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.chat_settings.views import channel_button, chat_title
from bot.conversation.context import BotContext, Context
from bot.conversation.permissions import may_post
from index.store.chats import Chat

GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

_LOGGER = logging.getLogger(__name__)


async def migrate_chat(desk: BotContext, update: Update, _: Context) -> None:
    """Move the data of a group to the supergroup that it became."""
    message = update.effective_message
    if message is not None and message.migrate_to_chat_id is not None:
        new = message.migrate_to_chat_id
        await asyncio.to_thread(desk.library.chats.migrate, message.chat_id, new)


async def update_membership(desk: BotContext, update: Update, context: Context) -> None:
    """Deactivate or reactivate a chat when the bot's membership in it changes."""
    change = update.my_chat_member
    assert change is not None
    chat, status = change.chat, change.new_chat_member
    is_channel = chat.type == ChatType.CHANNEL
    if status.status in GONE or (is_channel and not may_post(status)):
        await asyncio.to_thread(desk.library.chats.deactivate, chat.id)
    elif is_channel:
        await _join_channel(desk, change, context.bot)
    else:
        await asyncio.to_thread(desk.library.chats.activate, chat.id)


async def _join_channel(desk: BotContext, change: ChatMemberUpdated, bot: Bot) -> None:
    """Store a channel that the bot may post to, and tell who allowed it."""
    person, chats = change.from_user, desk.library.chats
    title = change.chat.title or str(change.chat.id)
    channel = Chat(id=change.chat.id, title=title)
    known = await asyncio.to_thread(chats.get, channel.id)
    await asyncio.to_thread(chats.set_channel, channel.id, title)
    if known.title is not None and known.inactive_since is None:
        return  # its rights were changed, and it is managed already
    voice = await desk.voice(bot, person.id, person)
    with suppress(TelegramError):  # who never wrote to the bot finds it by /subscriptions
        await bot.send_message(
            person.id,
            voice.text("channel_joined", title=chat_title(channel)),
            reply_markup=InlineKeyboardMarkup([[channel_button(channel)]]),
        )
    _LOGGER.info("The bot may post to a channel")
