"""Find the answer to a question: within a scope first, then everywhere, page by page.

`find_answer` is called by `bot.questions.handlers`; every function here calls `Library.ask`, whose
steps stand in `index.search.pipeline`. The rules, in order:

1. The articles of the scope are asked. A confident answer from them is shown as such.
2. A question that asks for articles (news, a subject) gets a page of headlines, if there are any;
   see `bot.questions.headlines`. No sentence answers what asks for news.
3. Else all articles are asked. A confident answer is shown as one from elsewhere.
4. Else the quotes of the scope (or of all articles) are the nearest ones, and are offered only.

These functions block and run in the processes of `bot.conversation.answer_pool`, so this module
imports little.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from bot.questions.headlines import FoundHeadlines, find_headlines
from bot.questions.page_state import DateOutcome, Heading, PageState
from bot.questions.passages import SENTENCES_AFTER, SENTENCES_BEFORE, Contexts
from index import Answer, Library
from index.alerts import AlertQuery
from index.errors import QuestionError
from index.models.answer import Quote
from index.models.headlines import ArticleRequestKind
from index.models.period import Period

RANKED_LIMIT = 30  # quotes to page through; the right one is seldom ranked lower


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of the quotes of an answer.

    Args:
        state: The state to carry in its buttons.
        quotes: The quotes of this page, best first.
        confident: Whether the answer is probably right.
        period: The dates in the question that `state.days` is about.
    """

    state: PageState
    quotes: tuple[Quote, ...]
    confident: bool
    period: Period | None = None


def find_answer(
    library: Library, question: str, scope: tuple[int, ...], size: int, today: date
) -> AnswerPage | FoundHeadlines:
    """Find the answer within a scope, or everywhere if that is not confident, or headlines.

    Args:
        library: The library to ask.
        question: The question.
        scope: Numbers of the articles to ask first; empty for all.
        size: Quotes per page.
        today: The date of the question.

    Returns:
        The first page of the answer or of the headlines. If no answer is confident, the nearest
        quotes of the scope under `Heading.NEAREST`.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    state = PageState(heading=Heading.SCOPED, scope=scope) if scope else PageState()
    here = find_page(library, question, state, size, today) if scope else None
    if here and here.confident:
        return here
    headlines = find_headlines(library, question, 0, today)
    if headlines and headlines.page.headlines:
        return headlines
    if headlines and headlines.page.kind is ArticleRequestKind.NEWS:
        return AnswerPage(PageState(heading=Heading.NEAREST), (), confident=False)
    if here is None:
        return _head_if_nearest(find_page(library, question, state, size, today))
    elsewhere = find_page(library, question, PageState(heading=Heading.WIDENED), size, today)
    return elsewhere if elsewhere.confident else _head_if_nearest(here)


def find_page(
    library: Library, question: str, state: PageState, size: int, today: date
) -> AnswerPage:
    """Find one page of an answer.

    Args:
        library: The library to ask.
        question: The question.
        state: The heading, page number and scope; its quotes are ignored.
        size: Quotes per page.
        today: The date of the question.
    """
    end = min((state.page + 1) * size, RANKED_LIMIT)
    limit = min(end + 1, RANKED_LIMIT)
    answer = library.ask(question, limit=limit, scope=state.scope, today=today)
    quotes = answer.quotes[state.page * size : end]
    more, days = len(answer.quotes) > end, _date_outcome(answer)
    shown = replace(state, more=more, quotes=(), days=days)
    return AnswerPage(shown, quotes, answer.confident, answer.period or answer.missed)


def find_shown_quotes(
    library: Library, question: str, state: PageState, today: date, *, opened: bool
) -> tuple[list[Quote], Contexts | None]:
    """Find the quotes that a page shows once more, and the sentences around them.

    Args:
        library: The library to ask.
        question: The question; if it is lost (empty), no words are highlighted and duplicates in
            other articles are unknown.
        state: The page shown.
        today: The date of the question.
        opened: Whether to return contexts.

    Returns:
        The quotes whose articles still exist, and their contexts if `opened`.
    """
    best = _quotes_by_position(library, question, state, today)
    stored = (best.get(key) or library.quote(*key, question) for key in state.quotes)
    quotes = [quote for quote in stored if quote is not None]
    return quotes, _contexts(library, quotes) if opened else None


def confident_quotes(library: Library, question: str, limit: int) -> tuple[Quote, ...]:
    """Find up to `limit` quotes of a confident answer, else none."""
    try:
        answer = library.ask(question, limit=limit)
    except QuestionError:
        return ()
    return answer.quotes if answer.confident else ()


def topic_query(library: Library, question: str) -> AlertQuery | None:
    """Make a standing query of the topic of a question and its best quote, if that is clear."""
    quotes: tuple[Quote, ...] = ()
    with suppress(QuestionError):  # a source that it names may be gone
        quotes = library.ask(question, limit=1).quotes
    return library.alert_queries.topic(question, quotes)


def _quotes_by_position(
    library: Library, question: str, state: PageState, today: date
) -> dict[tuple[int, int], Quote]:
    """Ask again, and return the quotes by article number and position."""
    if not question:
        return {}
    try:
        answer = library.ask(question, limit=RANKED_LIMIT, scope=state.scope, today=today)
    except QuestionError:
        return {}
    return {(quote.article.number, quote.position): quote for quote in answer.quotes}


def _contexts(library: Library, quotes: Sequence[Quote]) -> Contexts:
    """Return the sentences around each quote, including the quote."""
    return {
        (quote.article.number, quote.position): library.sentences(
            quote.article.number,
            max(1, quote.position - SENTENCES_BEFORE),
            quote.position + SENTENCES_AFTER,
        )
        for quote in quotes
    }


def _head_if_nearest(page: AnswerPage) -> AnswerPage:
    """Head a page that is not confident as the nearest quotes."""
    if page.confident:
        return page
    return replace(page, state=replace(page.state, heading=Heading.NEAREST))


def _date_outcome(answer: Answer) -> DateOutcome:
    """Tell whether the quotes are of the dates in the question; `NONE` unless confident."""
    if not answer.confident or (answer.period is None and answer.missed is None):
        return DateOutcome.NONE
    if answer.period is None:
        return DateOutcome.UNMATCHED
    published = (answer.period.published(quote.article.published) for quote in answer.quotes)
    return DateOutcome.WITHIN if all(published) else DateOutcome.BOOSTED
