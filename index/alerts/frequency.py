"""Estimate how often a standing query matches, from the articles of the last thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.alerts.match_keys import ArticleIndex, match_keys
from index.alerts.query import AlertPhrase, AlertQuery, FieldScope
from index.articles.term_codes import CONTINUES, decode_terms, folded_code, term_code
from index.models.period import DAY, WEEK, from_seconds
from index.store.articles import Articles, DatedTermCodes

WINDOW = timedelta(days=30)
"""How far back is looked: as far as the reply to a new subscription counts matches."""

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
    watched = max(now - start, DAY)
    count = sum(now - watched <= moment <= now for moment in times)
    if count == 0:
        return Frequency(FrequencyUnit.NEVER, 0)
    if count >= watched / DAY:
        return Frequency(FrequencyUnit.DAILY, round(count / (watched / DAY)))
    if count >= watched / WEEK:
        return Frequency(FrequencyUnit.WEEKLY, round(count / (watched / WEEK)))
    return Frequency(FrequencyUnit.RARELY, count)


@dataclass(frozen=True, slots=True)
class FrequencyEstimate:
    """The matches of a standing query among recent articles.

    Args:
        count: The articles of the last thirty days that it matches.
        frequency: The expected frequency of alerts.
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
    codes = _QueryCodes(query)
    oldest = now
    matches: list[tuple[datetime, int]] = []
    for row in articles.since(int((now - WINDOW).timestamp()), ARTICLES_LOOKED_AT):
        looked_at += 1
        moment = from_seconds(row.moment)
        oldest = min(oldest, moment)
        if codes.match(row):
            matches.append((moment, row.number))
    began = articles.earliest_moment()
    since = from_seconds(began) if began else None
    if looked_at == ARTICLES_LOOKED_AT:
        since = oldest
    times = [moment for moment, _ in matches]
    expected = frequency(times, max([now, *times]), since)
    return FrequencyEstimate(len(times), expected, max(matches)[1] if matches else None)


class _QueryCodes:
    """A standing query as the codes of its syllables (see `index.articles.term_codes`)."""

    def __init__(self, query: AlertQuery) -> None:
        groups = query.alternatives or ((),)
        self._alternatives = [list(map(_PhraseCodes, group)) for group in groups]
        self._sources = match_keys(query.sources)
        excluded_sources = [p for p in query.excluded if p.place is FieldScope.SOURCE]
        self._excluded_sources = match_keys(excluded_sources)
        self._excluded = [_PhraseCodes(p) for p in query.excluded if p not in excluded_sources]

    def match(self, row: DatedTermCodes) -> bool:
        possible = [
            group
            for group in self._alternatives
            if all(phrase.may_be_in(row.codes) for phrase in group)
        ]
        if not possible or not self._match_source(row.sources):
            return False
        codes = decode_terms(row.codes)
        is_wanted = any(all(phrase.is_in(codes) for phrase in group) for group in possible)
        return is_wanted and not any(phrase.is_in(codes) for phrase in self._excluded)

    def _match_source(self, names: Sequence[str]) -> bool:
        if not self._sources and not self._excluded_sources:
            return True
        article = ArticleIndex((), names)
        is_wanted = not self._sources or any(map(article.has, self._sources))
        return is_wanted and not any(map(article.has, self._excluded_sources))


class _PhraseCodes:
    """A phrase of a standing query as the codes of its syllables."""

    def __init__(self, phrase: AlertPhrase) -> None:
        self._phrase = phrase
        self._codes = list(map(term_code if phrase.exact else folded_code, phrase.syllables))
        flags = (0, CONTINUES) if phrase.exact else (0,)
        self._bytes = [
            [(code | flag).to_bytes(4, "little") for flag in flags] for code in self._codes
        ]

    def may_be_in(self, encoded: bytes) -> bool:
        """Whether encoded terms hold all syllables: a fast check that most articles fail."""
        return all(any(code in encoded for code in either) for either in self._bytes)

    def is_in(self, codes: NDArray[np.uint32]) -> bool:
        """Whether neighbouring syllables of one sentence are those of the phrase."""
        exact = self._phrase.exact
        column = codes[:, 0] & ~np.uint32(CONTINUES) if exact else codes[:, 1]
        if self._phrase.place is FieldScope.TITLE:
            column = column[: int(np.argmin(codes[:, 1]))]
        positions = np.flatnonzero(column == self._codes[0])
        for step, code in enumerate(self._codes[1:], start=1):
            positions = positions[positions + step < len(column)]
            positions = positions[column[positions + step] == code]
        return len(positions) > 0
