"""Days asked for in a question: which articles are searched first, and what is favoured.

Days told from today (`hôm qua`) are days of publication: those articles are asked
first, and all of them where none of those answers. A date (`tháng 1/2021`) may
be one that articles write of, so what is of it is favoured and nothing is left out.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from datetime import time as clock
from itertools import islice

from index.analysis import Located
from index.dates import vietnam
from index.engines import Filter
from index.facts import Fact
from index.filters import FilterError, read_filters
from index.mentions import mentions
from index.period import DAY, Period
from index.periods import Asked, read_period, without
from index.query import Query
from index.ranking import BLOCK_REACH, Ranked
from index.spelling import nfc

FAVOUR = 0.2
"""What a sentence of the days asked for gains, as a share of the best score."""

ABOUT_EQUAL = 0.9
"""The share of a score from which another one is about equal to it: then the newest is first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: facts in order, their articles, and whether the first is right."""

    query: Query
    facts: Sequence[Fact]
    articles: Mapping[int, Located]
    confident: bool


Search = Callable[[str, Filter, Asked | None], Found]
"""Searches for a question among the articles that are as wanted, favouring what is asked for."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """What was found, and what became of the days asked for.

    `period` are the days that it is of, `missed` those of which nothing was found.
    """

    found: Found
    period: Period | None = None
    missed: Period | None = None


def heed(question: str, asked: Asked | None, wanted: Filter, search: Search) -> Heeded:
    """Search with heed to the days that a question asks for.

    Args:
        question: Without filters.
        asked: What it says of time.
        wanted: What an article must be whatever is asked.
        search: Is called once or twice.
    """
    period = asked.period if asked else None
    if asked is None or period is None:
        return Heeded(search(question, wanted, asked))
    bare = without(question, asked.stretches)
    if not asked.is_deictic:
        if period.is_open:  # the day that is named is not the one that is looked for
            question, asked = bare, replace(asked, stretches=())
        return _judged(asked, search(question, wanted, asked))
    news = Asked(wants_news=True) if asked.wants_news else None
    of_days = search(bare, within(wanted, period), news)
    if of_days.confident:
        return Heeded(of_days, period=period)
    return Heeded(search(question, wanted, news), missed=period)


def days_named(question: str, today: date) -> Period | None:
    """The days that a question names, typed as filters or in words; None if there are none."""
    try:
        typed = read_filters(question, today)
        if days := typed.days(None, None):
            return days
    except FilterError:
        return None
    asked = read_period(typed.question, today)
    return asked.period if asked else None


def within(wanted: Filter, period: Period) -> Filter:
    """What is wanted, published in some days."""
    return replace(
        wanted,
        since=_moment(period.first, clock.min) if period.first else wanted.since,
        until=_moment(period.last, clock.max) if period.last else wanted.until,
    )


def to_read(ranked: Sequence[Ranked], number: int, of_days: Collection[int]) -> list[Ranked]:
    """The best candidates, and as many of the best ones of some articles beyond them."""
    others = (each for each in ranked[number:] if each.address.article in of_days)
    return [*ranked[:number], *islice(others, number)]


def is_of(asked: Asked, found: Ranked, articles: Mapping[int, Located]) -> bool:
    """Whether a candidate is of the days asked for: published then, or its block names them."""
    period, (article, spans) = asked.period, articles[found.address.article]
    if period is None:
        return False
    # What happened on a day is reported on the next one too.
    last = period.last + DAY if period.last and period.last < date.max else period.last
    reported = Period(period.first, last)
    if reported.published(article.published):
        return True
    position = found.address.position
    text = article.title
    if block := spans[max(0, position - 1 - BLOCK_REACH) : position + BLOCK_REACH]:
        text += "\n" + article.text[block[0][0] : block[-1][1]]
    return mentions(nfc(text), period, article.published, any_year=not asked.has_year)


def undated(query: Query, bare: Query) -> Query:
    """A query whose days are certain, as those of a candidate are that is of them.

    Args:
        query: Of the question with its days.
        bare: Of the question without them.
    """
    return replace(
        query,
        concepts=tuple(
            each if each in bare.concepts else replace(each, certainty=0.0)
            for each in query.concepts
        ),
    )


def favoured(
    asked: Asked | None, found: Sequence[Ranked], articles: Mapping[int, Located]
) -> list[Ranked]:
    """The candidates, with what those of the days asked for gain; the best first.

    Where news is asked for, the newest come first among those that are about equal.
    """
    best = max((abs(each.score) for each in found), default=0.0)
    if asked and asked.period:
        found = [
            replace(each, score=each.score + FAVOUR * best)
            if is_of(asked, each, articles)
            else each
            for each in found
        ]
    ordered = sorted(found, key=lambda each: -each.score)
    return list(_newest_first(ordered, articles)) if asked and asked.wants_news else ordered


def _newest_first(ordered: list[Ranked], articles: Mapping[int, Located]) -> Iterator[Ranked]:
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


def _published(found: Located) -> float:
    """When an article was published; before all others if that is not known."""
    published = found[0].published
    return published.timestamp() if published else -math.inf


def _judged(asked: Asked, found: Found) -> Heeded:
    # A year that was not said is not claimed of what only names the day.
    sure = replace(asked, has_year=True)
    if any(is_of(sure, fact.best, found.articles) for fact in found.facts):
        return Heeded(found, period=asked.period)
    return Heeded(found, missed=asked.period if asked.has_year else None)


def _moment(day: date, time: clock) -> int:
    return int(datetime.combine(day, time, vietnam()).timestamp())
