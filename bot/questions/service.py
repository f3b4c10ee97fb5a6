"""Answer a question from the library: within a scope first, then everywhere, by pages.

Everything here blocks and runs in the processes of `bot.conversation.answer_pool`, so it imports
as little as possible.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from bot.questions.page_state import Days, Heading, View
from bot.questions.passages import SENTENCES_AFTER, SENTENCES_BEFORE, Contexts
from index import Answer, Library
from index.alerts import AlertQuery
from index.errors import QuestionError
from index.models.answer import Quote
from index.models.period import Period

RANKED_LIMIT = 30  # quotes to page through; the right one is seldom further down


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of quotes, and whether the first of the answer is to be trusted.

    `period` are the days asked for that the view speaks of.
    """

    view: View
    quotes: tuple[Quote, ...]
    confident: bool
    period: Period | None = None


def find(
    library: Library, question: str, scope: tuple[int, ...], size: int, today: date
) -> AnswerPage:
    """Ask within a scope, and everywhere if nothing there is to be trusted.

    Args:
        library: What to ask.
        question: The question.
        scope: The numbers of the articles to ask first; none for all.
        size: How many quotes a page holds.
        today: The day on which it was asked.

    Returns:
        The first page. If nothing is to be trusted anywhere, the nearest quotes
        of the scope, with the heading that says so.
    """
    if not scope:
        return _judged(find_page(library, question, View(), size, today))
    here = find_page(library, question, View(heading=Heading.SCOPED, scope=scope), size, today)
    if here.confident:
        return here
    elsewhere = find_page(library, question, View(heading=Heading.WIDENED), size, today)
    return elsewhere if elsewhere.confident else _judged(here)


def find_within(
    library: Library, question: str, scope: tuple[int, ...], size: int, today: date
) -> AnswerPage:
    """Ask within a scope and nowhere else."""
    view = View(heading=Heading.SCOPED, scope=scope)
    return _judged(find_page(library, question, view, size, today))


def find_page(library: Library, question: str, view: View, size: int, today: date) -> AnswerPage:
    """Return the page of an answer that a view names.

    Args:
        library: What to ask.
        question: The question.
        view: The heading, page and scope; what it says of quotes is not read.
        size: How many quotes a page holds.
        today: The day on which it was asked.
    """
    end = min((view.page + 1) * size, RANKED_LIMIT)
    limit = min(end + 1, RANKED_LIMIT)
    answer = library.ask(question, limit=limit, scope=view.scope, today=today)
    quotes = answer.quotes[view.page * size : end]
    shown = View(
        heading=view.heading,
        page=view.page,
        scope=view.scope,
        more=len(answer.quotes) > end,
        days=_days(answer),
    )
    return AnswerPage(shown, quotes, answer.confident, answer.period or answer.missed)


def shown(
    library: Library, question: str, view: View, today: date, *, opened: bool
) -> tuple[list[Quote], Contexts | None]:
    """Return again the quotes that a view shows, as far as they still exist, and their contexts.

    Args:
        library: What was asked.
        question: The question; may be lost, and then no word is marked and nothing is known of
            other articles.
        view: What is shown.
        today: The day on which it was asked.
        opened: Whether the contexts are wanted.
    """
    best = _best(library, question, view, today)
    found = (best.get(place) or library.quote(*place, question) for place in view.quotes)
    quotes = [quote for quote in found if quote is not None]
    return quotes, _contexts(library, quotes) if opened else None


def confident_quotes(library: Library, question: str, limit: int) -> tuple[Quote, ...]:
    """Return so many quotes of an answer that is to be trusted, or none."""
    try:
        answer = library.ask(question, limit=limit)
    except QuestionError:
        return ()
    return answer.quotes if answer.confident else ()


def topic(library: Library, question: str) -> AlertQuery | None:
    """Return the wish for what a question and its best quote are about, or None if that is unclear.

    Args:
        library: What was asked.
        question: The question.
    """
    quotes: tuple[Quote, ...] = ()
    with suppress(QuestionError):  # a source that it names may be gone
        quotes = library.ask(question, limit=1).quotes
    return library.alert_queries.topic(question, quotes)


def _best(library: Library, question: str, view: View, today: date) -> dict[tuple[int, int], Quote]:
    """Return the best quotes of an answer by article and position, by asking again."""
    if not question:
        return {}
    try:
        answer = library.ask(question, limit=RANKED_LIMIT, scope=view.scope, today=today)
    except QuestionError:
        return {}
    return {(quote.article.number, quote.position): quote for quote in answer.quotes}


def _contexts(library: Library, quotes: Sequence[Quote]) -> Contexts:
    """Return the sentences around each quote, itself among them."""
    return {
        (quote.article.number, quote.position): library.sentences(
            quote.article.number,
            max(1, quote.position - SENTENCES_BEFORE),
            quote.position + SENTENCES_AFTER,
        )
        for quote in quotes
    }


def _judged(finding: AnswerPage) -> AnswerPage:
    """Return a finding with the heading of what is only near, unless it is to be trusted."""
    if finding.confident:
        return finding
    view = finding.view
    return replace(finding, view=replace(view, heading=Heading.NEAREST, quotes=()))


def _days(answer: Answer) -> Days:
    """Return what became of the days asked for; where nothing is to be trusted it is not said."""
    if not answer.confident or (answer.period is None and answer.missed is None):
        return Days.NONE
    if answer.period is None:
        return Days.MISSED
    published = (answer.period.published(quote.article.published) for quote in answer.quotes)
    return Days.WITHIN if all(published) else Days.FAVOURED
