"""Find the answer to a question: within a scope first, then everywhere, page by page.

`find_answer` is called by `bot.questions.handlers`; every function here calls `Library.ask`, whose
steps stand in `index.search.pipeline`. The rules, in order:

1. The articles of the scope are asked. An answer from them is shown as such. A question that needs
   what was said before (`khi nào?`, `ông ấy bao nhiêu tuổi?`) is asked of the article that answered
   last, if there is no scope.
2. A question that asks for a timeline, or for articles (news, a subject), gets that, or a page of
   headlines, if there are any; see `bot.questions.overviews`. No sentence answers what asks for
   news.
3. Else all articles are asked. An answer is shown as one from elsewhere, unless it is of the
   scope. To a subject that no article is on, nothing or only what may answer is shown.
4. Else what may be an answer is shown as such, from the scope before all articles.
5. Else the quotes of the scope (or of all articles) are the nearest ones, and are offered only.

These functions block and run in the processes of `bot.conversation.answer_pool`, so this module
imports little.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Self

from bot.questions.overviews import FoundHeadlines, Overview, find_overview
from bot.questions.page_state import DateOutcome, Heading, PageState
from bot.questions.quotes.pages import part_into_pages, ranked_for
from bot.questions.quotes.passages import SENTENCES_AFTER, SENTENCES_BEFORE, Contexts
from index import Answer, Certainty, Library
from index.alerts import AlertQuery
from index.errors import QuestionError
from index.models.answer import Quote
from index.models.headlines import ArticleRequestKind, HeadlinePage
from index.models.period import Period
from index.search.answer_spans import tells_something

OFFERED = 2  # questions under an answer
WORD_SYLLABLES = 2  # of most words and names of places
TRIED = 6  # questions of an article at most, of which these are
LABEL_LIMIT = 48  # characters of a question on a button; more does not fit a phone
RANKED_LIMIT = 30  # quotes to page through; the right one is seldom ranked lower
READ_BEYOND = 20  # sentences: captions, questions and short ones are passed over
_GRADES = (Certainty.NONE, Certainty.MAYBE, Certainty.ANSWER)


Offer = tuple[int, str]
"""Place of a question among those of its article, and its text."""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A page of the quotes of an answer.

    Args:
        state: The state to carry in its buttons.
        quotes: The quotes of this page, best first.
        certainty: The grade of the answer.
        period: The dates in the question that `state.days` is about.
        topic: The topic of the question as a standing query, if that is clear.
    """

    state: PageState
    quotes: tuple[Quote, ...]
    certainty: Certainty
    period: Period | None = None
    topic: AlertQuery | None = None

    def headed(self) -> Self:
        """Return the page under the heading of its grade."""
        if self.certainty is Certainty.ANSWER:
            return self
        heading = Heading.NEAREST
        if self.certainty is Certainty.MAYBE:
            is_widened = self.state.heading is Heading.WIDENED
            heading = Heading.MAYBE_WIDENED if is_widened else Heading.MAYBE
        return replace(self, state=replace(self.state, heading=heading))

    def in_mode(self) -> Self:
        """Return the page as one that says that one article is asked, and how to end that."""
        return replace(self, state=replace(self.state, in_mode=True))


def find_answer(
    library: Library,
    question: str,
    scope: tuple[int, ...],
    size: int,
    today: date,
    last: tuple[int, ...] = (),
) -> AnswerPage | Overview:
    """Find the answer within a scope, or everywhere if there is none, or an overview.

    Args:
        library: The library to ask.
        question: The question.
        scope: Numbers of the articles to ask first; empty for all.
        size: Quotes per page.
        today: The date of the question.
        last: The number of the article that answered last, the scope of a question that needs
            what was said before where there is no other.

    Returns:
        The first page of the answer or of the overview; where nothing answers, the nearest
        quotes of the scope.

    Raises:
        QuestionError: If the question cannot be understood.
    """
    if last and not scope and library.needs_context(question):
        scope = last
    state = PageState(heading=Heading.SCOPED, scope=scope) if scope else PageState()
    here = find_page(library, question, state, size, today) if scope else None
    if here and here.certainty is Certainty.ANSWER:
        return here
    overview = find_overview(library, question, today)
    if overview and (not isinstance(overview, FoundHeadlines) or overview.page.headlines):
        return overview
    if isinstance(overview, FoundHeadlines) and overview.page.kind is ArticleRequestKind.NEWS:
        return AnswerPage(PageState(), (), Certainty.NONE).headed()
    if here is None:
        page = find_page(library, question, state, size, today)
        if isinstance(overview, FoundHeadlines):
            page = _without_subject(page, overview.page)
        return page.headed()
    elsewhere = find_page(library, question, PageState(heading=Heading.WIDENED), size, today)
    if elsewhere.certainty is Certainty.ANSWER and _starts_within(elsewhere, scope):
        return replace(here, certainty=Certainty.ANSWER)
    return max(here, elsewhere, key=lambda page: _GRADES.index(page.certainty)).headed()


def _without_subject(page: AnswerPage, asked: HeadlinePage) -> AnswerPage:
    """Lower the grade of an answer to a subject alone that no article is on.

    Of a word or a name nothing answers then: what was found holds its syllables in other words.
    """
    if asked.kind is not ArticleRequestKind.SUBJECT:
        return page
    most = Certainty.NONE if len(asked.subject.split()) <= WORD_SYLLABLES else Certainty.MAYBE
    return replace(page, certainty=min(page.certainty, most, key=_GRADES.index))


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
    limit = min(ranked_for((state.page + 1) * size), RANKED_LIMIT)
    answer = library.ask(question, limit=limit, scope=state.scope, today=today)
    pages = part_into_pages(answer.quotes, size)
    quotes = tuple(pages[state.page]) if state.page < len(pages) else ()
    more = state.page + 1 < len(pages)
    shown = replace(state, more=more, quotes=(), days=_date_outcome(answer, quotes))
    topic = _topic(library, question, answer)
    return AnswerPage(shown, quotes, answer.certainty, answer.period or answer.missed, topic)


def find_shown_quotes(
    library: Library, question: str, state: PageState, today: date, *, opened: bool
) -> tuple[list[Quote], Contexts | None, AlertQuery | None]:
    """Find the quotes that a page shows once more, and the sentences around them.

    Args:
        library: The library to ask.
        question: The question; if it is lost (empty), no words are highlighted and duplicates in
            other articles are unknown.
        state: The page shown.
        today: The date of the question.
        opened: Whether to return contexts.

    Returns:
        The quotes whose articles still exist, their contexts if `opened`, and the topic.
    """
    answer = _answer_again(library, question, state, today)
    best = (
        {(quote.article.number, quote.position): quote for quote in answer.quotes} if answer else {}
    )
    stored = (best.get(key) or library.quote(*key, question) for key in state.quotes)
    quotes = [quote for quote in stored if quote is not None]
    topic = _topic(library, question, answer) if answer else None
    return quotes, _contexts(library, quotes) if opened else None, topic


def find_rest(
    library: Library, article: int, shown: Collection[int], size: int, besides: str = ""
) -> AnswerPage:
    """Find the next sentences of an article that tell something and were not shown, in order.

    Args:
        library: The library.
        article: The number of the article; there are no quotes if it is gone.
        shown: Positions of the sentences that were shown.
        size: How many sentences.
        besides: A text whose sentences were shown too.
    """
    last = max(shown, default=0) + size + READ_BEYOND
    quotes = (
        quote
        for quote in library.sentences(article, 1, last)
        if quote.position not in shown and quote.text not in besides
        if tells_something(quote.text)
    )
    state = PageState(heading=Heading.SCOPED, scope=(article,))
    return AnswerPage(state, tuple(islice(quotes, size)), Certainty.ANSWER)


def find_inline(library: Library, question: str, limit: int) -> tuple[Certainty, tuple[Quote, ...]]:
    """Find up to `limit` quotes that answer or may answer, with their grade."""
    try:
        answer = library.ask(question, limit=limit)
    except QuestionError:
        return Certainty.NONE, ()
    return answer.certainty, () if answer.certainty is Certainty.NONE else answer.quotes


def topic_query(library: Library, question: str) -> AlertQuery | None:
    """Make a standing query of the topic of a question, if that is clear."""
    try:
        answer = library.ask(question, limit=1)
    except QuestionError:  # a source that it names may be gone
        return library.alert_queries.topic(question)
    return _topic(library, question, answer)


def questions_on_offer(library: Library, article: int, shown: Collection[int]) -> list[Offer]:
    """Return questions that an article answers by other sentences than those shown."""
    examples = enumerate(islice(library.examples(article, within=True), TRIED))
    offers = (
        (place, example.text)
        for place, example in examples
        if example.position not in shown and len(example.text) <= LABEL_LIMIT
    )
    return list(islice(offers, OFFERED))


def example_at(library: Library, article: int, place: int) -> str | None:
    """Return the question of an article at a place; None if it is gone."""
    example = next(islice(library.examples(article, within=True), place, place + 1), None)
    return example.text if example else None


def _topic(library: Library, question: str, answer: Answer) -> AlertQuery | None:
    """Make a standing query of the question and its best quote, if that answers it."""
    return library.alert_queries.topic(question, answer.quotes[:1], confident=answer.confident)


def _answer_again(library: Library, question: str, state: PageState, today: date) -> Answer | None:
    """Ask the question of a page again; None if it is lost or cannot be understood any more."""
    if not question:
        return None
    try:
        return library.ask(question, limit=RANKED_LIMIT, scope=state.scope, today=today)
    except QuestionError:
        return None


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


def _starts_within(page: AnswerPage, scope: tuple[int, ...]) -> bool:
    """Tell whether the first quote of a page is of the articles of a scope."""
    return any(quote.article.number in scope for quote in page.quotes[:1])


def _date_outcome(answer: Answer, quotes: Sequence[Quote]) -> DateOutcome:
    """Tell whether the quotes of a page that may answer are of the dates in the question."""
    if answer.certainty is Certainty.NONE or (answer.period is None and answer.missed is None):
        return DateOutcome.NONE
    if answer.period is None:
        return DateOutcome.UNMATCHED
    published = (answer.period.published(quote.article.published) for quote in quotes)
    return DateOutcome.WITHIN if all(published) else DateOutcome.BOOSTED
