"""Ranked sentences made quotes: their exact words, and whether they hold an answer."""

from collections.abc import Mapping
from dataclasses import replace

from index.analysis import Spans
from index.answer_kinds import AnswerKind, holds
from index.article import Quote, StoredArticle
from index.engines import SentenceAddress
from index.highlighting import highlights
from index.query import Query
from index.ranking import Ranked

Located = tuple[StoredArticle, Spans]
"""An article with the spans of its sentences."""

KIND_FACTORS = {
    AnswerKind.ATTENDANCE: 1.5,
    AnswerKind.WHO: 1.1,
    AnswerKind.WHEN: 1.2,
    AnswerKind.WHERE: 1.1,
    AnswerKind.HOW_MANY: 1.1,
    AnswerKind.WHY: 1.2,
}
"""What a sentence gains that holds the kind of answer wanted."""


def exists(address: SentenceAddress, articles: Mapping[int, Located]) -> bool:
    """Whether a sentence is still there: an article may change between ranking and quoting."""
    found = articles.get(address.article)
    return found is not None and address.position <= len(found[1])


def weighed(kind: AnswerKind, found: Ranked, articles: Mapping[int, Located]) -> Ranked:
    """The candidate with what it gains by holding the kind of answer wanted."""
    text, _, _ = _sentence_at(found.address.position, *articles[found.address.article])
    return replace(found, score=found.score * KIND_FACTORS[kind]) if holds(kind, text) else found


def _sentence_at(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end


def quote(
    query: Query, position: int, article: StoredArticle, spans: Spans, score: float = 0.0
) -> Quote:
    """A sentence as a quote, its words that match the question marked."""
    text, start, end = _sentence_at(position, article, spans)
    return Quote(
        text=text,
        start=start,
        end=end,
        score=score,
        article=article,
        position=position,
        highlights=highlights(query, text),
    )
