"""Prompts: ask for a text, and recognise the reply to a prompt.

No state is kept for a prompt. Its message holds a link to the bot that encodes the purpose
of the reply, as messages with articles hold links to them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram import ForceReply, InlineKeyboardMarkup, Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext.filters import MessageFilter

from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.question_text import has_words, question_of
from bot.messages.html import Piece, join

_PROMPT = re.compile(
    r"https?://t\.me/(?P<bot>\w+)/?\?start=(?P<aim>[a-z])_(?P<number>m?\d{1,18})(?:_(?P<weekday>[0-6]))?",
    re.I,
)

PROMPT_SIGN = "✍️"
"""First character of a prompt; it carries the link that encodes its purpose."""


class Aim(StrEnum):
    """Purpose of a reply."""

    RENAME = "r"  # a subscription
    EDIT = "e"  # a subscription
    ADD = "n"  # a chat
    QUIET = "q"  # a chat
    DAILY = "d"  # a subscription
    WEEKLY = "w"  # a subscription, and the day of the week
    TIMELINE = "t"  # nothing: the reply names a subject
    COUNT = "c"  # nothing either


@dataclass(frozen=True, slots=True)
class Prompt:
    """Purpose of a reply, and the subscription or chat that it is about.

    `weekday` is that of a weekly digest, 0 for Monday.
    """

    aim: Aim
    number: int
    weekday: int | None = None

    def link(self, bot: str) -> str:
        """Encode the prompt as the link that its message holds."""
        number = str(self.number).replace("-", "m")
        weekday = "" if self.weekday is None else f"_{self.weekday}"
        return f"https://t.me/{bot}?start={self.aim}_{number}{weekday}"


def prompt_of(message: Message | None, bot: str) -> Prompt | None:
    """Decode the prompt in a message of the bot; None if it is no prompt."""
    if message is None or message.from_user is None or message.from_user.username != bot:
        return None
    for entity in message.entities:
        # Links further on are those of articles, which may lead anywhere.
        is_sign = entity.offset == 0 and message.parse_entity(entity) == PROMPT_SIGN
        if is_sign and entity.type == MessageEntity.TEXT_LINK and entity.url:
            link = _PROMPT.fullmatch(entity.url)
            if link and link["bot"].lower() == bot.lower() and link["aim"] in set(Aim):
                number = int(link["number"].replace("m", "-"))
                weekday = int(link["weekday"]) if link["weekday"] else None
                return Prompt(Aim(link["aim"]), number, weekday)
    return None


class RepliesToPrompt(MessageFilter):
    """Filter of replies to the bot's prompts with one of some aims."""

    def __init__(self, *aims: Aim) -> None:
        super().__init__()
        self._aims = aims

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply."""
        prompt = prompt_of(message.reply_to_message, message.get_bot().username)
        return prompt is not None and prompt.aim in self._aims


def read_reply(turn: ChatContext) -> tuple[Prompt, str]:
    """Return the prompt that a message replies to, and the text of the reply.

    Raises:
        RefusedError: The reply has no words.
    """
    prompt = prompt_of(turn.message.reply_to_message, turn.voice.bot)
    assert prompt is not None  # see `RepliesToPrompt`
    text = question_of(turn.message, turn.voice.bot)
    if not has_words(text):
        raise RefusedError("reply_no_words")
    return prompt, text


async def ask_for(
    turn: ChatContext,
    prompt: Prompt,
    key: str,
    placeholder: str,
    keyboard: InlineKeyboardMarkup | None = None,
    **values: str,
) -> None:
    """Send a prompt, which asks for a text as a reply.

    Args:
        turn: The chat and the user to ask.
        prompt: The purpose of the reply.
        key: The key of the message that asks.
        placeholder: The key of the input field's placeholder.
        keyboard: Buttons that answer it too; Telegram shows them in place of an opened reply.
        values: The values of the message's template.
    """
    parts = [
        Piece.plain(PROMPT_SIGN).linked(prompt.link(turn.voice.bot)),
        turn.voice.piece(key, **values),
    ]
    if turn.user and turn.message.chat.type != ChatType.PRIVATE:
        # Only for whoever is mentioned does the reply open by itself.
        name = turn.user.username
        mention = f"@{name}" if name else turn.user.mention_html()
        parts.insert(1, Piece.parse(mention) + Piece.plain(":"))
    await turn.message.reply_text(
        join(" ", parts).html,
        reply_markup=keyboard
        or ForceReply(selective=True, input_field_placeholder=turn.voice.plain(placeholder)),
        do_quote=False,
    )
