"""Ranked sentences made quotes: their exact words, and whether they hold an answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.analysis import Located, Spans
from index.answer_spans import answer_features
from index.article import Quote, StoredArticle
from index.highlighting import highlights, with_answer
from index.query import Query, QuestionTerms
from index.ranking import Ranked
from index.spelling import nfc
from index.weights import ASKS, sign_weight


def weighed(
    query: Query, ranked: Sequence[Ranked], articles: Mapping[int, Located]
) -> list[Ranked]:
    """The candidates, best first, with what the reading of their texts adds to their scores."""
    said = query.said

    def score(found: Ranked) -> float:
        shown = read_signs(query, said, found, articles)
        return found.score + sum(sign_weight(sign) for sign in shown)

    read = [replace(found, score=score(found)) for found in ranked]
    return sorted(read, key=lambda found: -found.score)


def read_signs(
    query: Query, said: QuestionTerms, found: Ranked, articles: Mapping[int, Located]
) -> Iterator[str]:
    """What the text of a candidate shows, by the names of `index.weights`."""
    text = nfc(sentence_at(found.address.position, *articles[found.address.article])[0])
    if text.rstrip().endswith("?"):
        yield ASKS
    for feature in answer_features(query.kind, text, said):
        yield f"{query.kind}.{feature}"


def sentence_at(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    """The text of a sentence with its offsets, which a title has none of."""
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end


def quote(
    query: Query,
    position: int,
    article: StoredArticle,
    spans: Spans,
    score: float = 0.0,
    also_in: tuple[StoredArticle, ...] = (),
) -> Quote:
    """A sentence as a quote, its words that match the question or answer it marked."""
    text, start, end = sentence_at(position, article, spans)
    matches = highlights(query, text)
    return Quote(
        text=text,
        start=start,
        end=end,
        score=score,
        article=article,
        position=position,
        highlights=with_answer(query, text, matches),
        matches=matches,
        also_in=also_in,
    )
