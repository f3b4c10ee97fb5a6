"""Telegram's privacy mode: visibility of group messages to the bot."""

from bot.playground.world.entities import spans
from bot.playground.world.state import Message, World


def bot_sees(world: World, message: Message) -> bool:
    """Tell whether a person's message reaches the bot.

    The rules, in order: no message of a chat that the bot left or was removed from; all
    messages of private chats and of chats where it is an administrator; none of other
    channels; of other groups messages sent via the bot, replies to its messages, mentions
    of it, and commands addressed to it or to no bot.
    """
    chat = world.chats[message.chat]
    if chat.bot_status in {"left", "kicked"}:
        return False
    if chat.type == "private" or chat.bot_status == "administrator":
        return True
    if chat.type == "channel":
        return False
    if message.inline_id:
        return True
    original = world.message(message.chat, message.reply_to)
    if original is not None and original.sender.id == world.bot.id:
        return True
    return _is_addressed(message, f"{world.bot.username}".lower())


def _is_addressed(message: Message, username: str) -> bool:
    for entity, words in spans(message.text, message.entities):
        _, _, addressee = words.lower().partition("@")
        if entity.type == "mention" and addressee == username:
            return True
        if entity.type == "bot_command" and addressee in {"", username}:
            return True
    return False
