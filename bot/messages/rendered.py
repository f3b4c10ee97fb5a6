"""Rendered messages, and lists shortened to fit into one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, LinkPreviewOptions

from bot.messages.html import Piece, join

# One unit and one entity are left to `bot.conversation.reply_header`.
MESSAGE_LIMIT = 4095  # UTF-16 units; Telegram: 4,096 in sendMessage.text, after entities parsing
ENTITY_LIMIT = 99  # Telegram ignores the entities of a message after the hundredth


@dataclass(frozen=True, slots=True)
class Rendered:
    """Message ready to send: HTML, keyboard, and the address of the page to preview."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None
    preview: str | None = None

    @property
    def link_preview(self) -> LinkPreviewOptions:
        """Options of the link preview, which Telegram makes of the page: a small card, or none."""
        if self.preview is None:
            return LinkPreviewOptions(is_disabled=True)
        return LinkPreviewOptions(is_disabled=False, url=self.preview, prefer_small_media=True)


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
