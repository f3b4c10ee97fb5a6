"""Privacy mode: which messages of a group reach the bot."""

from bot.playground.world.entities import spans
from bot.playground.world.state import Message, World


def bot_sees(world: World, message: Message) -> bool:
    """Whether a person's message reaches the bot.

    In a private chat, and where it is an administrator, everything does; in
    another channel nothing; in another group commands (its own, or addressed to
    no one), mentions of it, replies to its messages, and what was sent by way of it.
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
    return _is_addressed(message, f"@{world.bot.username}".lower())


def _is_addressed(message: Message, handle: str) -> bool:
    for entity, words in spans(message.text, message.entities):
        if entity.type == "mention" and words.lower() == handle:
            return True
        if entity.type == "bot_command":
            _, at, addressee = words.lower().partition("@")
            if not at or f"@{addressee}" == handle:
                return True
    return False
