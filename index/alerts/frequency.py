"""Estimate how often a standing query matches, from the articles of the last thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.alerts.match_keys import ArticleIndex, match_key
from index.alerts.query import AlertPhrase, AlertQuery, FieldScope
from index.articles.term_codes import CONTINUES, decode_terms, folded_code, term_code
from index.models.period import from_seconds
from index.store.articles import Articles, DatedTermCodes

ARTICLES_LOOKED_AT = 20_000
"""The newest articles of the window: more would keep a person waiting."""


class FrequencyUnit(StrEnum):
    """The unit in which a frequency is counted."""

    DAILY = "daily"
    WEEKLY = "weekly"
    RARELY = "rarely"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Frequency:
    """A frequency for people: `count` times a day or a week, at least 1.

    With `RARELY` (less than once a week) and `NEVER` (not once), `count` is how
    often it was in the whole window.
    """

    pace: FrequencyUnit
    count: int


def frequency(times: Sequence[datetime], now: datetime, since: datetime | None = None) -> Frequency:
    """Estimate the frequency of an event from the times at which it happened.

    Args:
        times: With offsets, in any order; those outside of the window are left out.
        now: The end of the window.
        since: When watching began, if less than `WINDOW` ago: a collection of
            three days cannot tell what thirty are like. At least a day is assumed.
    """
    start = max(now - WINDOW, since) if since else now - WINDOW
    watched = max(now - start, _DAY)
    count = sum(now - watched <= each <= now for each in times)
    if count == 0:
        return Frequency(FrequencyUnit.NEVER, 0)
    if count >= watched / _DAY:
        return Frequency(FrequencyUnit.DAILY, round(count / (watched / _DAY)))
    if count >= watched / _WEEK:
        return Frequency(FrequencyUnit.WEEKLY, round(count / (watched / _WEEK)))
    return Frequency(FrequencyUnit.RARELY, count)


@dataclass(frozen=True, slots=True)
class FrequencyEstimate:
    """The matches of a standing query among recent articles.

    Args:
        count: The articles of the last thirty days that it matches.
        frequency: How often an alert is to be expected.
        latest: The number of the newest of them.
    """

    count: int
    frequency: Frequency
    latest: int | None


def estimate_frequency(articles: Articles, query: AlertQuery, now: datetime) -> FrequencyEstimate:
    """Estimate how often a standing query matches, from the articles of the last thirty days.

    Args:
        articles: The store.
        query: The standing query.
        now: The end of the thirty days.
    """
    looked_at = 0
    matcher = _Codes(query)
    oldest = newest = None
    latest: int | None = None
    times: list[datetime] = []
    for row in articles.since(int((now - WINDOW).timestamp()), ARTICLES_LOOKED_AT):
        looked_at += 1
        moment = from_seconds(row.moment)
        oldest = moment if oldest is None else min(oldest, moment)
        if matcher.matches(row):
            times.append(moment)
            if newest is None or moment > newest:
                newest, latest = moment, row.number
    began = articles.earliest_moment()
    since = from_seconds(began) if began else None
    if looked_at == ARTICLES_LOOKED_AT:
        since = oldest
    upcoming = max(now, *times) if times else now
    return FrequencyEstimate(len(times), frequency(times, upcoming, since), latest)


class _Codes:
    """A standing query as the codes of its syllables (see `index.articles.term_codes`)."""

    def __init__(self, query: AlertQuery) -> None:
        self._required = query.required
        self._excluded = query.excluded
        self._sources = query.sources
        self._signs = [
            _signs(syllable, exact=phrase.exact)
            for phrase in query.required
            for syllable in phrase.syllables
        ]

    def matches(self, row: DatedTermCodes) -> bool:
        if not all(any(sign in row.codes for sign in signs) for signs in self._signs):
            return False
        if not self._is_from_source(row.sources, self._sources, default=True):
            return False
        of_source = [each for each in self._excluded if each.place is FieldScope.SOURCE]
        if of_source and self._is_from_source(row.sources, of_source, default=False):
            return False
        codes = decode_terms(row.codes)
        return all(_holds(codes, phrase) for phrase in self._required) and not any(
            _holds(codes, phrase)
            for phrase in self._excluded
            if phrase.place is not FieldScope.SOURCE
        )

    @staticmethod
    def _is_from_source(
        names: Sequence[str], wanted: Sequence[AlertPhrase], *, default: bool
    ) -> bool:
        if not wanted:
            return default
        index = ArticleIndex((), names)
        return any(index.is_from(match_key(phrase)) for phrase in wanted)


def _signs(syllable: str, *, exact: bool) -> tuple[bytes, ...]:
    """Return the bytes that encoded terms contain if they contain a syllable."""
    numbers = (
        (term_code(syllable), term_code(syllable) | CONTINUES)
        if exact
        else (folded_code(syllable),)
    )
    return tuple(number.to_bytes(4, "little") for number in numbers)


def _holds(codes: NDArray[np.uint32], phrase: AlertPhrase) -> bool:
    """Whether neighbouring syllables of one sentence are those of a phrase."""
    column = codes[:, 0] & ~np.uint32(CONTINUES) if phrase.exact else codes[:, 1]
    wanted = [term_code(each) if phrase.exact else folded_code(each) for each in phrase.syllables]
    if phrase.place is FieldScope.TITLE:
        column = column[: int(np.argmin(codes[:, 1]))]
    places = np.flatnonzero(column == wanted[0])
    for step, number in enumerate(wanted[1:], start=1):
        places = places[places + step < len(column)]
        places = places[column[places + step] == number]
    return len(places) > 0


WINDOW = timedelta(days=30)
"""How far back is looked: as far as the reply to a new subscription counts matches."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
