"""Extract the question of a message: strip command, mention and invisible characters."""

import re
import unicodedata

from telegram import Message, MessageEntity

from bot.conversation.reply_header import carried_question
from index.language.spelling import nfc

_COMMAND = re.compile(r"\s*/(?:ask|timeline|count)(?:@\w+)?(?::|(?=\s|$))", re.IGNORECASE)
_INVISIBLE = frozenset({"Cf", "Co", "Cs", "Cn"})  # Unicode: format, private, surrogate, unassigned


def question_of(message: Message, bot: str) -> str:
    """Return the question of a message in NFC, or an empty string.

    Args:
        message: The message, of text or with a caption.
        bot: The bot's user name, without `@`.
    """
    text = message.text or message.caption or ""
    if command := _COMMAND.match(text):
        text = text[command.end() :]
    text = re.sub(rf"@{re.escape(bot)}\b", " ", text, flags=re.IGNORECASE)
    return nfc(" ".join(_visible(text).split()))


def replied_question(message: Message, bot: str) -> str:
    """Return the question that a message carries or replies to, or an empty string."""
    replied = message.reply_to_message
    return carried_question(message, bot) or (question_of(replied, bot) if replied else "")


def has_words(question: str) -> bool:
    """Tell whether a question contains a letter or a digit."""
    return any(unicodedata.category(character)[0] in "LN" for character in question)


def mentions(message: Message, bot: str, identity: int) -> bool:
    """Tell whether a message mentions the bot, by its user name or as a linked name."""
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = message.parse_entities(kinds) | message.parse_caption_entities(kinds)
    return any(
        entity.user.id == identity if entity.user else words.lower() == f"@{bot.lower()}"
        for entity, words in found.items()
    )


def _visible(text: str) -> str:
    """Strip invisible characters; control characters become spaces."""
    kinds = ((character, unicodedata.category(character)) for character in text)
    return "".join(
        " " if kind == "Cc" else character for character, kind in kinds if kind not in _INVISIBLE
    )
