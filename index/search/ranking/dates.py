"""Filter and boost by the dates in a question.

The articles published on those days can be searched alone (`published_within`); or sentences of
those dates gain in score, be their articles published then or write of them (`boost_dates`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from datetime import time as clock

from index.articles.analysis import ArticleWithSpans
from index.engine.protocol import Filter
from index.language.dates import DateRequest, mentions_period
from index.language.spelling import nfc
from index.models.period import DAY, Period, vietnam
from index.search.query.model import Query
from index.search.ranking.bm25 import BLOCK_REACH, Ranked

BOOST = 0.2
"""The score added to a sentence of the dates asked for, as a share of the best score."""

ABOUT_EQUAL = 0.9
"""The share of a score from which another one is about equal to it: then the newest is first."""


def published_within(wanted: Filter, period: Period) -> Filter:
    """Narrow a filter to articles published on some days."""
    return replace(
        wanted,
        since=_moment(period.first, clock.min) if period.first else wanted.since,
        until=_moment(period.last, clock.max) if period.last else wanted.until,
    )


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
    return replace(
        query,
        concepts=tuple(
            concept if concept in undated.concepts else replace(concept, certainty=0.0)
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
    best = max((abs(each.score) for each in candidates), default=0.0)
    if dates and dates.period:
        candidates = [
            replace(each, score=each.score + BOOST * best)
            if matches_dates(dates, each, articles)
            else each
            for each in candidates
        ]
    ordered = sorted(candidates, key=lambda each: -each.score)
    return list(_newest_first(ordered, articles)) if dates and dates.wants_newest else ordered


def _newest_first(
    ordered: list[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> Iterator[Ranked]:
    """In each run of about equal candidates the newest takes the first place and its score."""
    start = 0
    while start < len(ordered):
        least = ordered[start].score * ABOUT_EQUAL
        end = start + 1
        while end < len(ordered) and ordered[end].score >= least:
            end += 1
        run = ordered[start:end]
        newest = sorted(run, key=lambda each: -_published(articles[each.address.article]))
        for each, place in zip(newest, run, strict=True):
            yield replace(each, score=place.score)
        start = end


def _published(found: ArticleWithSpans) -> float:
    """When an article was published; before all others if that is not known."""
    published = found[0].published
    return published.timestamp() if published else -math.inf


def _moment(day: date, time: clock) -> int:
    return int(datetime.combine(day, time, vietnam()).timestamp())
