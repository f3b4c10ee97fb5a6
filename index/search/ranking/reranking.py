"""Rerank candidates by their texts.

1. Candidates gain by the answer features in their texts (`rerank`).
2. Candidates of the dates in the question gain, be their articles published then or write of
   them; where news is asked for, the newest of about equal ones come first (`boost_dates`).
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from index.language.dates import DateRequest, mentions_period
from index.language.spelling import nfc
from index.models.answer import Share
from index.models.article import ArticleWithSpans, sentence_at
from index.models.period import DAY, Period
from index.search.answer_spans import (
    SHOWN,
    answer_features,
    holds_answer,
    is_caption,
    is_question,
    is_superlative,
    reports_question,
)
from index.search.query.model import AnswerType, Query
from index.search.ranking.bm25 import BLOCK_REACH
from index.search.ranking.candidates import Ranked
from index.search.ranking.weights import (
    ASKS,
    CAPTION,
    DATES,
    HEADLINE,
    MOST,
    NEWEST,
    REPORTS,
    weights,
)

SENTENCES_PER_ARTICLE = 3
"""Sentences of each article near in meaning that are read though others match more words."""

BOOST = 0.2
"""The score added to a sentence of the dates asked for, as a share of the best score."""

_RARELY_IN_TITLES = frozenset((AnswerType.WHEN, AnswerType.WHY))

ABOUT_EQUAL = 0.9
"""The share of a score from which another one is about equal to it: then the newest is first."""


def rerank(
    query: Query, candidates: Sequence[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> list[Ranked]:
    """Add the weights of the answer features in the candidates' texts to their scores.

    Args:
        query: The analysed question.
        candidates: The candidates to read.
        articles: Their articles.

    Returns:
        The candidates, best first.
    """
    weight = weights()
    read: list[Ranked] = []
    for candidate in candidates:
        found = candidate_features(query, candidate, articles)
        shares = [Share(name, weight[name]) for name in found]
        read.append(candidate.gain(*shares) if shares else candidate)
    return sorted(read, key=lambda candidate: -candidate.score)


def answering_first(
    query: Query, candidates: Sequence[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> list[Ranked]:
    """Put the candidates that hold an answer of the kind asked for first, each in their order."""

    def lacks_answer(candidate: Ranked) -> bool:
        text = sentence_at(candidate.address.position, *articles[candidate.address.article])[0]
        return not holds_answer(query.kind, text, query.said)

    return sorted(candidates, key=lacks_answer)


def candidate_features(
    query: Query, candidate: Ranked, articles: Mapping[int, ArticleWithSpans]
) -> Iterator[str]:
    """Yield the answer features in the text of a candidate, by their names in `weights`."""
    text = nfc(sentence_at(candidate.address.position, *articles[candidate.address.article])[0])
    if is_question(text):
        yield ASKS
    if reports_question(text):
        yield REPORTS
    if is_caption(text):
        yield CAPTION
    if query.said.asks_for_most and is_superlative(text):
        yield MOST
    found = list(answer_features(query.kind, text, query.said))
    is_headline = candidate.address.position == 0 and query.kind in _RARELY_IN_TITLES
    if is_headline and SHOWN[query.kind][0] not in found:
        yield HEADLINE
    for feature in found:
        yield f"{query.kind}.{feature}"


def best_sentences_per_article(ranked: Sequence[Ranked], articles: Set[int]) -> list[Ranked]:
    """Return the first few candidates of each of some articles.

    Args:
        ranked: Candidates, best first.
        articles: Numbers of articles.
    """
    counts: Counter[int] = Counter()
    best: list[Ranked] = []
    for candidate in ranked if articles else ():
        article = candidate.address.article
        if article in articles and counts[article] < SENTENCES_PER_ARTICLE:
            counts[article] += 1
            best.append(candidate)
    return best


def matches_dates(
    dates: DateRequest, candidate: Ranked, articles: Mapping[int, ArticleWithSpans]
) -> bool:
    """Whether a candidate is of the dates asked for: published then, or its block names them."""
    period, (article, spans) = dates.period, articles[candidate.address.article]
    if period is None:
        return False
    # What happened on a day is reported on the next one too.
    last = period.last + DAY if period.last and period.last < date.max else period.last
    reported = Period(period.first, last)
    if reported.published(article.published):
        return True
    position = candidate.address.position
    text = article.title
    if block := spans[max(0, position - 1 - BLOCK_REACH) : position + BLOCK_REACH]:
        text += "\n" + article.text[block[0][0] : block[-1][1]]
    return mentions_period(nfc(text), period, article.published, any_year=not dates.has_year)


def without_date_terms(query: Query, undated: Query) -> Query:
    """Return a query whose date terms need not be found, for a candidate that is of those dates.

    Args:
        query: The question with its dates, analysed.
        undated: The same question without them.
    """
    kept = set(undated.concepts)
    return replace(
        query,
        concepts=tuple(
            concept if concept in kept else replace(concept, certainty=0.0)
            for concept in query.concepts
        ),
    )


def boost_dates(
    dates: DateRequest | None,
    candidates: Sequence[Ranked],
    articles: Mapping[int, ArticleWithSpans],
) -> list[Ranked]:
    """Raise the scores of candidates of the dates asked for, and order all by score.

    Where news is asked for, the newest come first among those that are about equal.
    """
    best = max((abs(candidate.score) for candidate in candidates), default=0.0)
    if dates and dates.period:
        candidates = [
            candidate.gain(Share(DATES, BOOST * best))
            if matches_dates(dates, candidate, articles)
            else candidate
            for candidate in candidates
        ]
    ordered = sorted(candidates, key=lambda candidate: -candidate.score)
    return list(_newest_first(ordered, articles)) if dates and dates.wants_newest else ordered


def _newest_first(
    ordered: list[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> Iterator[Ranked]:
    """Order each run of about equal candidates newest first; the scores keep their order."""
    start = 0
    while start < len(ordered):
        least = ordered[start].score * ABOUT_EQUAL
        end = start + 1
        while end < len(ordered) and ordered[end].score >= least:
            end += 1
        run = ordered[start:end]
        newest = sorted(run, key=lambda ranked: -published_at(articles[ranked.address.article]))
        for candidate, before in zip(newest, run, strict=True):
            yield candidate.rescore(NEWEST, before.score)
        start = end


def published_at(article: ArticleWithSpans) -> float:
    """Return when an article was published; before all others if that is not known."""
    published = article[0].published
    return published.timestamp() if published else -math.inf
