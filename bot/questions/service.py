"""Answer a question from the library: within a scope first, then everywhere, by pages.

Everything here blocks and runs in the processes of `bot.conversation.answer_pool`, so it imports
as little as possible.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from bot.questions.page_state import DateOutcome, Heading, PageState
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

    `period` are the days asked for that the state speaks of.
    """

    state: PageState
    quotes: tuple[Quote, ...]
    confident: bool
    period: Period | None = None


def find_answer(
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
        return _judged(find_page(library, question, PageState(), size, today))
    here = find_page(library, question, PageState(heading=Heading.SCOPED, scope=scope), size, today)
    if here.confident:
        return here
    elsewhere = find_page(library, question, PageState(heading=Heading.WIDENED), size, today)
    return elsewhere if elsewhere.confident else _judged(here)


def find_in_scope(
    library: Library, question: str, scope: tuple[int, ...], size: int, today: date
) -> AnswerPage:
    """Ask within a scope and nowhere else."""
    state = PageState(heading=Heading.SCOPED, scope=scope)
    return _judged(find_page(library, question, state, size, today))


def find_page(
    library: Library, question: str, state: PageState, size: int, today: date
) -> AnswerPage:
    """Return the page of an answer that a state names.

    Args:
        library: What to ask.
        question: The question.
        state: The heading, page and scope; what it says of quotes is not read.
        size: How many quotes a page holds.
        today: The day on which it was asked.
    """
    end = min((state.page + 1) * size, RANKED_LIMIT)
    limit = min(end + 1, RANKED_LIMIT)
    answer = library.ask(question, limit=limit, scope=state.scope, today=today)
    quotes = answer.quotes[state.page * size : end]
    shown = PageState(
        heading=state.heading,
        page=state.page,
        scope=state.scope,
        more=len(answer.quotes) > end,
        days=_days(answer),
    )
    return AnswerPage(shown, quotes, answer.confident, answer.period or answer.missed)


def find_shown_quotes(
    library: Library, question: str, state: PageState, today: date, *, opened: bool
) -> tuple[list[Quote], Contexts | None]:
    """Return again the quotes that a state shows, as far as they still exist, and their contexts.

    Args:
        library: What was asked.
        question: The question; may be lost, and then no word is marked and nothing is known of
            other articles.
        state: What is shown.
        today: The day on which it was asked.
        opened: Whether the contexts are wanted.
    """
    best = _best(library, question, state, today)
    found = (best.get(place) or library.quote(*place, question) for place in state.quotes)
    quotes = [quote for quote in found if quote is not None]
    return quotes, _contexts(library, quotes) if opened else None


def confident_quotes(library: Library, question: str, limit: int) -> tuple[Quote, ...]:
    """Return so many quotes of an answer that is to be trusted, or none."""
    try:
        answer = library.ask(question, limit=limit)
    except QuestionError:
        return ()
    return answer.quotes if answer.confident else ()


def topic_query(library: Library, question: str) -> AlertQuery | None:
    """Return the wish for what a question and its best quote are about, or None if that is unclear.

    Args:
        library: What was asked.
        question: The question.
    """
    quotes: tuple[Quote, ...] = ()
    with suppress(QuestionError):  # a source that it names may be gone
        quotes = library.ask(question, limit=1).quotes
    return library.wishes.topic(question, quotes)


def _best(
    library: Library, question: str, state: PageState, today: date
) -> dict[tuple[int, int], Quote]:
    """Return the best quotes of an answer by article and position, by asking again."""
    if not question:
        return {}
    try:
        answer = library.ask(question, limit=RANKED_LIMIT, scope=state.scope, today=today)
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


def _judged(page: AnswerPage) -> AnswerPage:
    """Return a page with the heading of what is only near, unless it is to be trusted."""
    if page.confident:
        return page
    state = page.state
    return replace(page, state=replace(state, heading=Heading.NEAREST, quotes=()))


def _days(answer: Answer) -> DateOutcome:
    """Return what became of the days asked for; where nothing is to be trusted it is not said."""
    if not answer.confident or (answer.period is None and answer.missed is None):
        return DateOutcome.NONE
    if answer.period is None:
        return DateOutcome.UNMATCHED
    published = (answer.period.published(quote.article.published) for quote in answer.quotes)
    return DateOutcome.WITHIN if all(published) else DateOutcome.BOOSTED
