"""How often a wish will be met: by the articles of the last thirty days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from index.codes import CONTINUES, code, decode, folded_code
from index.dates import from_seconds
from index.store.articles import Articles, Dated
from index.subscriptions import Frequency, Phrase, Place, Wish, frequency
from index.subscriptions.expected import WINDOW
from index.subscriptions.needles import ArticleIndex, needle_of

ARTICLES_LOOKED_AT = 20_000
"""The newest articles of the window: more would keep a person waiting."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a wish would have brought.

    Args:
        count: The articles of the last thirty days that it matches.
        frequency: How often an alert is to be expected.
        latest: The number of the newest of them.
    """

    count: int
    frequency: Frequency
    latest: int | None


def expect(articles: Articles, wish: Wish, now: datetime) -> Expectation:
    """What a wish would have brought in the last thirty days.

    Args:
        articles: The store.
        wish: What is wished for.
        now: The end of the thirty days.
    """
    looked_at = 0
    matcher = _Codes(wish)
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
    began = articles.began()
    since = from_seconds(began) if began else None
    if looked_at == ARTICLES_LOOKED_AT:
        since = oldest
    upcoming = max(now, *times) if times else now
    return Expectation(len(times), frequency(times, upcoming, since), latest)


class _Codes:
    """A wish as the codes of its syllables (see `index.codes`)."""

    def __init__(self, wish: Wish) -> None:
        self._required = wish.required
        self._excluded = wish.excluded
        self._sources = wish.sources
        self._signs = [
            _signs(syllable, exact=phrase.exact)
            for phrase in wish.required
            for syllable in phrase.syllables
        ]

    def matches(self, row: Dated) -> bool:
        if not all(any(sign in row.codes for sign in signs) for signs in self._signs):
            return False
        if not self._is_from_source(row.sources, self._sources, default=True):
            return False
        of_source = [each for each in self._excluded if each.place is Place.SOURCE]
        if of_source and self._is_from_source(row.sources, of_source, default=False):
            return False
        codes = decode(row.codes)
        return all(_holds(codes, phrase) for phrase in self._required) and not any(
            _holds(codes, phrase) for phrase in self._excluded if phrase.place is not Place.SOURCE
        )

    @staticmethod
    def _is_from_source(names: Sequence[str], wanted: Sequence[Phrase], *, default: bool) -> bool:
        if not wanted:
            return default
        index = ArticleIndex((), names)
        return any(index.is_from(needle_of(phrase)) for phrase in wanted)


def _signs(syllable: str, *, exact: bool) -> tuple[bytes, ...]:
    """The bytes that codes hold if they hold a syllable."""
    numbers = (code(syllable), code(syllable) | CONTINUES) if exact else (folded_code(syllable),)
    return tuple(number.to_bytes(4, "little") for number in numbers)


def _holds(codes: NDArray[np.uint32], phrase: Phrase) -> bool:
    """Whether neighbouring syllables of one sentence are those of a phrase."""
    column = codes[:, 0] & ~np.uint32(CONTINUES) if phrase.exact else codes[:, 1]
    wanted = [code(each) if phrase.exact else folded_code(each) for each in phrase.syllables]
    if phrase.place is Place.TITLE:
        column = column[: int(np.argmin(codes[:, 1]))]
    places = np.flatnonzero(column == wanted[0])
    for step, number in enumerate(wanted[1:], start=1):
        places = places[places + step < len(column)]
        places = places[column[places + step] == number]
    return len(places) > 0
