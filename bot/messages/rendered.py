"""A message ready to send, and lists that fit into one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.messages.html import Piece, join

MESSAGE_LIMIT = 4096  # UTF-16 units; Telegram: sendMessage.text, after entities parsing


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None


def fit_to_limit(
    heading: Piece,
    items: Sequence[Piece],
    footer: Callable[[int], Piece],
    *,
    between: str = "\n",
) -> Rendered:
    """Return a list as a message: as many of its items as one message has room for.

    Args:
        heading: What stands above the items.
        items: What is listed, the most important first.
        footer: Gives what stands below, from the number of items shown.
        between: What parts the items.
    """
    for shown in range(len(items), -1, -1):
        parts = [heading, join(between, items[:shown]), footer(shown)]
        message = join("\n\n", [part for part in parts if part.length])
        if message.length <= MESSAGE_LIMIT:
            break
    return Rendered(message.html)
