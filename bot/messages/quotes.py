"""Render quotes: matching words bold, long sentences shortened."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.html import ELLIPSIS, Piece, emphasise, shorten, utf16_length
from index.models.answer import Quote

QUOTE_LIMIT = 1000  # UTF-16 units; a longer sentence fills a phone's screen
HIGHLIGHT_LIMIT = 20  # bold spans in one quote
LEAD_IN = 40  # characters to show before the first bold word of a sentence cut at its front


@dataclass(frozen=True, slots=True)
class Space:
    """Space for a quote: UTF-16 units, and bold spans."""

    length: int
    spans: int


ONE_QUOTE = Space(QUOTE_LIMIT, HIGHLIGHT_LIMIT)


def render_sentence(quote: Quote, space: Space = ONE_QUOTE) -> Piece:
    """Render a quote as a block, with its matching words bold."""
    return bold_sentence(quote, space).within("blockquote")


def bold_sentence(quote: Quote, space: Space) -> Piece:
    """Render the text of a quote with its matching words bold."""
    spans = [span for span in quote.highlights if span[0] < span[1]]
    first, end = spans[0] if spans else (0, 0)
    start = 0
    if utf16_length(quote.text[:end]) >= space.length:
        start = quote.text.rfind(" ", 0, max(0, first - LEAD_IN)) + 1
    return bold_excerpt(quote.text, spans[: space.spans], start, space.length)


def bold_excerpt(text: str, spans: Sequence[tuple[int, int]], start: int, limit: int) -> Piece:
    """Shorten a text to a limit, with the spans that are left of it bold."""
    shown, begins = shorten(text, limit, start=start)
    front = len(ELLIPSIS) if begins else 0
    back = len(shown) - (len(ELLIPSIS) if len(shown) - front < len(text) - begins else 0)
    moved = ((low - begins + front, min(high - begins + front, back)) for low, high in spans)
    return emphasise(shown, [span for span in moved if front <= span[0] < span[1]])
