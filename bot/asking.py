"""Putting a question to the library: in some articles first, then everywhere, by pages.

All of this blocks: call it off the event loop.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import Heading, View
from bot.passages import SENTENCES_AFTER, SENTENCES_BEFORE
from index import Library
from index.article import Quote

RANKED_LIMIT = 30  # quotes to page through; the right one is among them in 86 % (design.md)


@dataclass(frozen=True, slots=True)
class Finding:
    """A page of quotes, and whether the first of the answer is to be trusted."""

    view: View
    quotes: tuple[Quote, ...]
    confident: bool


def find(library: Library, question: str, scope: tuple[int, ...], size: int) -> Finding:
    """Ask within a scope, and everywhere if nothing there is to be trusted.

    Args:
        library: What to ask.
        question: The question.
        scope: The numbers of the articles to ask first; none for all.
        size: How many quotes a page holds.

    Returns:
        The first page. If nothing is to be trusted anywhere, the nearest quotes
        of the scope, with the heading that says so.
    """
    if not scope:
        return _judged(find_page(library, question, View(), size))
    here = find_page(library, question, View(heading=Heading.SCOPED, scope=scope), size)
    if here.confident:
        return here
    elsewhere = find_page(library, question, View(heading=Heading.WIDENED), size)
    return elsewhere if elsewhere.confident else _judged(here)


def find_within(library: Library, question: str, scope: tuple[int, ...], size: int) -> Finding:
    """Ask within a scope and nowhere else."""
    return _judged(find_page(library, question, View(heading=Heading.SCOPED, scope=scope), size))


def find_page(library: Library, question: str, view: View, size: int) -> Finding:
    """Return the page of an answer that a view names.

    Args:
        library: What to ask.
        question: The question.
        view: The heading, page and scope; what it says of quotes is not read.
        size: How many quotes a page holds.
    """
    end = min((view.page + 1) * size, RANKED_LIMIT)
    answer = library.ask(question, limit=min(end + 1, RANKED_LIMIT), scope=view.scope)
    quotes = answer.quotes[view.page * size : end]
    shown = View(
        heading=view.heading, page=view.page, scope=view.scope, more=len(answer.quotes) > end
    )
    return Finding(shown, quotes, answer.confident)


def shown_quotes(library: Library, question: str, view: View) -> list[Quote]:
    """Return again the quotes that a view shows, as far as they still exist."""
    found = (library.quote(number, place, question) for number, place in view.quotes)
    return [quote for quote in found if quote is not None]


def contexts_of(
    library: Library, quotes: Sequence[Quote]
) -> dict[tuple[int, int], Sequence[Quote]]:
    """Return the sentences around each quote, itself among them."""
    return {
        (quote.article.number, quote.position): library.sentences(
            quote.article.number,
            max(1, quote.position - SENTENCES_BEFORE),
            quote.position + SENTENCES_AFTER,
        )
        for quote in quotes
    }


def _judged(finding: Finding) -> Finding:
    """Return a finding with the heading of what is only near, unless it is to be trusted."""
    if finding.confident:
        return finding
    view = finding.view
    near = View(heading=Heading.NEAREST, page=view.page, scope=view.scope, more=view.more)
    return Finding(near, finding.quotes, confident=False)
