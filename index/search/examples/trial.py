"""Try the questions proposed on an article, and keep those that it answers for sure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from index.models.answer import Answer, Quote
from index.models.article import ArticleWithSpans
from index.models.period import vietnam
from index.search.answer_spans import answer_spans
from index.search.examples.model import ProposedQuestion
from index.search.examples.proposals import propose_questions
from index.search.pipeline import AskOptions, SearchContext, answer
from index.search.query.article_requests import parse_article_request
from index.search.query.model import AnswerType, QuestionTerms

SEEN = {AnswerType.WHEN, AnswerType.WHERE, AnswerType.WHY, AnswerType.ATTENDANCE}
"""The types of answers that a sentence has to show; of others its words are known."""

QUOTES_READ = 3
"""Quotes of an answer that are looked at; readers see as many."""


@dataclass(frozen=True, slots=True)
class ExampleQuestion:
    """A question that an article answers, and the position of the sentence that does."""

    text: str
    position: int


def find_examples(
    stored: ArticleWithSpans, context: SearchContext, *, within: bool
) -> Iterator[ExampleQuestion]:
    """Yield questions that an article answers, the most natural first.

    Args:
        stored: The article.
        context: The parts of the library.
        within: Whether the questions are asked within the article; else they are understood
            without it, and asked everywhere.
    """
    article, spans = stored
    sentences = [article.text[start:end] for start, end in spans]
    today = datetime.now(vietnam()).date()
    for proposed in propose_questions(article.title, sentences):
        if parse_article_request(proposed.text, today) or not (within or proposed.stands_alone):
            continue
        options = AskOptions(QUOTES_READ, (article.number,) if within else (), today=today)
        found = answer(proposed.text, options, context)
        if quote := _answering_quote(proposed, found, article.number, context):
            yield ExampleQuestion(proposed.text, quote.position)


def _answering_quote(
    proposed: ProposedQuestion, found: Answer, number: int, context: SearchContext
) -> Quote | None:
    """Return the quote of an article that answers for sure; None if there is none.

    It is the first of all, or the first of a sentence if only the title of the article is better.
    """
    if not found.confident:
        return None
    query = context.analyser.analyse(proposed.text, context.engine.snapshot())
    for quote in found.quotes:
        if number not in (quote.article.number, *(copy.number for copy in quote.also_in)):
            return None
        if _answers(proposed, quote, query.said):
            return quote
        if quote.start is not None:
            return None
    return None


def _answers(proposed: ProposedQuestion, quote: Quote, asked: QuestionTerms) -> bool:
    """Tell whether a quote shows the answer; a title does only if it is known what to show."""
    is_seen = proposed.kind not in SEEN or answer_spans(proposed.kind, quote.text, asked)
    if quote.start is None:
        return bool(is_seen and proposed.answer and proposed.answer in quote.text)
    is_known = proposed.kind is AnswerType.WHY or proposed.answer in quote.text
    return bool(is_seen and is_known)
