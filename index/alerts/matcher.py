"""Match an article against the standing queries of all subscriptions.

Each alternative of a query is indexed under one key: the rarest syllable that it asks for, or
pair of neighbouring ones. Only those indexed under a key that the article holds are
looked at, each distinct query once, however many subscriptions share it.
`python -m tests.benchmarks.matching` measures the time for an article.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from functools import reduce
from itertools import chain, repeat
from operator import or_
from threading import Lock
from typing import NamedTuple

from index.alerts.match_keys import ALWAYS, FOLDED, ArticleIndex, MatchKey, keys_of, match_keys
from index.alerts.query import AlertQuery
from index.language.word_frequency import folded_frequency, word_frequency

POSITIONS_MAX = 3
"""Sentences named with a match: an alert shows one, a digest no more than these."""


class Match(NamedTuple):
    """A subscription that an article matches.

    `positions` are the sentences (0 the title) that hold the query's words, at
    most `POSITIONS_MAX`, those with the most of its phrases first, then the
    earliest; none for a query that names no word.
    """

    id: int
    positions: tuple[int, ...]


class Matcher:
    """An index of standing queries that matches an article against all of them.

    May be shared by threads: a lock lets one in at a time, for some milliseconds.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_id: dict[int, _IndexedQuery] = {}
        self._by_query: dict[AlertQuery, _IndexedQuery] = {}
        self._by_key: dict[str, set[_Alternative]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, subscription: int, query: AlertQuery) -> None:
        """Add or replace the standing query of a subscription, given by its id."""
        with self._lock:
            self._remove(subscription)
            indexed = self._by_query.get(query)
            if indexed is None:
                indexed = self._by_query[query] = self._index(query)
            indexed.ids.add(subscription)
            self._by_id[subscription] = indexed

    def remove(self, subscription: int) -> None:
        """Forget a subscription; one that is not held is forgotten already."""
        with self._lock:
            self._remove(subscription)

    def retain(self, subscriptions: Container[int]) -> None:
        """Forget all subscriptions but these."""
        with self._lock:
            for ended in [held for held in self._by_id if held not in subscriptions]:
                self._remove(ended)

    def match(self, terms: Sequence[str], sources: Iterable[str] = ()) -> list[Match]:
        """Return the subscriptions that an article matches, in the order of their ids.

        Args:
            terms: The words form (see `index.language.analyser.Terms`) of its title and
                then of each sentence, as in `Analysis` and `IndexableArticle`.
            sources: The names of its sources: several if each of them has the article.
        """
        article = ArticleIndex(terms, sources)
        matches: list[Match] = []
        with self._lock:
            possible = {
                alternative.query
                for key in article.keys & self._by_key.keys()
                for alternative in self._by_key[key]
                if article.keys.issuperset(alternative.keys)
            }
            for indexed in possible:
                positions = indexed.positions(article)
                if positions is not None:
                    matches.extend(map(Match, indexed.ids, repeat(positions)))
        matches.sort()
        return matches

    def _remove(self, subscription: int) -> None:
        indexed = self._by_id.pop(subscription, None)
        if indexed is None:
            return
        indexed.ids.remove(subscription)
        if not indexed.ids:
            del self._by_query[indexed.query]
            for alternative in indexed.alternatives:
                alternatives = self._by_key[alternative.key]
                alternatives.remove(alternative)
                if not alternatives:
                    del self._by_key[alternative.key]

    def _index(self, query: AlertQuery) -> "_IndexedQuery":
        """Index each alternative of a query; one without any is held by every article."""
        indexed = _IndexedQuery(query)
        for phrases in query.alternatives or ((),):
            alternative = _Alternative(indexed, match_keys(phrases))
            alternative.key = self._rarest(alternative.keys)
            self._by_key.setdefault(alternative.key, set()).add(alternative)
            indexed.alternatives += (alternative,)
        return indexed

    def _rarest(self, keys: Iterable[str]) -> str:
        """Return the rarest key among articles; of equals, the one with the fewest queries."""
        return min(
            keys,
            key=lambda key: (_estimated_share(key), len(self._by_key.get(key, ()))),
            default=ALWAYS,
        )


class _Alternative:
    """An alternative of a standing query: the phrases that an article must all have."""

    __slots__ = ("key", "keys", "phrases", "query")

    def __init__(self, query: "_IndexedQuery", phrases: tuple[MatchKey, ...]) -> None:
        self.query = query
        self.phrases = phrases
        self.keys = tuple(key for needle, _ in phrases for key in keys_of(needle))
        self.key = ALWAYS

    def places(self, article: ArticleIndex) -> dict[MatchKey, Sequence[int]] | None:
        """Return the sentences that hold each phrase; None if the article lacks one."""
        found: dict[MatchKey, Sequence[int]] = {}
        for phrase in self.phrases:
            where = article.where(*phrase)
            if not where:
                return None
            found[phrase] = where
        return found


class _IndexedQuery:
    """A standing query as it is matched, with the subscriptions that have it."""

    __slots__ = ("_excluded", "_sources", "alternatives", "ids", "query")

    def __init__(self, query: AlertQuery) -> None:
        self.query = query
        self.ids: set[int] = set()
        self.alternatives: tuple[_Alternative, ...] = ()
        self._sources = match_keys(query.sources)
        self._excluded = match_keys(query.excluded)

    def positions(self, article: ArticleIndex) -> tuple[int, ...] | None:
        """Return the positions of the query's words in the article; None if it does not match."""
        held = [alternative.places(article) for alternative in self.alternatives]
        matched = [places for places in held if places is not None]
        if not matched:
            return None
        if self._sources and not any(article.is_from(needle) for needle, _ in self._sources):
            return None
        if self._excluded and any(map(article.has, self._excluded)):
            return None
        return _best(list(reduce(or_, matched).values()))


_OF_PAIR = 0.5
"""How common a pair is taken to be, beside the rarer of its two: words are pairs often."""


def _estimated_share(key: str) -> float:
    """Estimate the share of news sentences that hold a key; 0 for all but the commonest keys."""
    syllables = key.split(" ")
    if key.startswith(FOLDED):
        rarest = min(folded_frequency(syllable.removeprefix(FOLDED)) for syllable in syllables)
    else:
        rarest = min(map(word_frequency, syllables))
    return rarest if len(syllables) == 1 else _OF_PAIR * rarest


def _best(found: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the sentences that occur in most of some lists, then the earliest."""
    if len(found) == 1:
        return tuple(found[0][:POSITIONS_MAX])
    counts = Counter(chain.from_iterable(found))
    ranked = sorted(counts, key=lambda position: (-counts[position], position))
    return tuple(ranked[:POSITIONS_MAX])
