"""Asking for a text: the answer is a reply to the question, which knows what it is for.

Nothing is remembered of a question that was asked. Its message holds a link to the bot
that says what the reply is for, as the messages with articles hold links to them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import ForceReply, Message, MessageEntity

from bot.captions import Voice

_PROMPT = re.compile(
    r"https?://t\.me/(?P<bot>\w+)/?\?start=(?P<aim>[a-z])_(?P<number>m?\d{1,18})(?:_(?P<weekday>[0-6]))?",
    re.I,
)


PROMPT_SIGN = "✍️"
"""What a prompt begins with; it holds the link that says what a reply is for."""


class Aim(StrEnum):
    """What a reply is for."""

    RENAME = "r"  # a subscription
    EDIT = "e"  # a subscription
    ADD = "n"  # a chat
    QUIET = "q"  # a chat
    DAILY = "d"  # a subscription
    WEEKLY = "w"  # a subscription, and the day of the week


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a reply is for, and the subscription or chat that it is about.

    `weekday` is that of a weekly digest, 0 for Monday.
    """

    aim: Aim
    number: int
    weekday: int | None = None

    def link(self, bot: str) -> str:
        """Return the link that a message holds so that its replies can be understood."""
        number = f"m{-self.number}" if self.number < 0 else str(self.number)
        weekday = "" if self.weekday is None else f"_{self.weekday}"
        return f"https://t.me/{bot}?start={self.aim}_{number}{weekday}"


def prompt_behind(message: Message | None, bot: str) -> Prompt | None:
    """Return what replies to a message of the bot are for; None if it asked for nothing."""
    if message is None or message.from_user is None or message.from_user.username != bot:
        return None
    for entity in message.entities:
        # Further on there may be links of articles, and what they lead to is not ours to say.
        is_sign = entity.offset == 0 and message.parse_entity(entity) == PROMPT_SIGN
        if is_sign and entity.type == MessageEntity.TEXT_LINK and entity.url:
            found = _PROMPT.fullmatch(entity.url)
            if found and found["bot"].lower() == bot.lower() and found["aim"] in set(Aim):
                number = int(found["number"].removeprefix("m"))
                sign = -1 if found["number"].startswith("m") else 1
                weekday = int(found["weekday"]) if found["weekday"] else None
                return Prompt(Aim(found["aim"]), sign * number, weekday)
    return None


def force_reply(voice: Voice, placeholder: str) -> ForceReply:
    """Return what opens the reply of whoever is asked."""
    return ForceReply(selective=True, input_field_placeholder=voice.plain(placeholder))
