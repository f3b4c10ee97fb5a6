"""Rendered messages, and lists shortened to fit into one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.messages.html import Piece, join

MESSAGE_LIMIT = 4096  # UTF-16 units; Telegram: sendMessage.text, after entities parsing
ENTITY_LIMIT = 100  # Telegram ignores the entities of a message after the hundredth


@dataclass(frozen=True, slots=True)
class Rendered:
    """Message ready to send: HTML and keyboard."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def fit_to_limit(
    heading: Piece,
    items: Sequence[Piece],
    footer: Callable[[int], Piece],
    *,
    between: str = "\n",
) -> Rendered:
    """Render a list with as many of its items as fit into one message.

    Args:
        heading: The piece above the items.
        items: The items, the most important first.
        footer: Returns the piece below, given the number of items shown.
        between: The separator of items.
    """
    for shown in range(len(items), -1, -1):
        parts = [heading, join(between, items[:shown]), footer(shown)]
        message = join("\n\n", [part for part in parts if part.length])
        if message.length <= MESSAGE_LIMIT:
            break
    return Rendered(message.html)
