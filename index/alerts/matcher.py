"""Match an article against the standing queries of all subscriptions.

A query is indexed under one key: the rarest syllable that it asks for, or pair of
neighbouring ones. Only queries indexed under a key that the article holds are
looked at, each distinct one once, however many subscriptions share it.
`python -m tests.benchmarks.matching` measures the time for an article.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import chain, repeat
from threading import Lock
from typing import NamedTuple

from index.alerts.match_keys import ALWAYS, FOLDED, ArticleIndex, keys_of, match_key, match_keys
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
        self._by_key: dict[str, dict[AlertQuery, _IndexedQuery]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, subscription: int, query: AlertQuery) -> None:
        """Add or replace the standing query of a subscription, given by its id."""
        with self._lock:
            self._remove(subscription)
            key = self._rarest(query)
            queries = self._by_key.setdefault(key, {})
            indexed = queries.get(query)
            if indexed is None:
                indexed = queries[query] = _IndexedQuery(key, query)
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
            for key in article.keys & self._by_key.keys():
                for indexed in self._by_key[key].values():
                    if not article.keys.issuperset(indexed.keys):
                        continue
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
            queries = self._by_key[indexed.key]
            del queries[indexed.query]
            if not queries:
                del self._by_key[indexed.key]

    def _rarest(self, query: AlertQuery) -> str:
        """Return the rarest key among articles; of equals, the one with the fewest queries.

        One query may come to two keys over time, as the queries around it change;
        each subscription is then found under the key that it was indexed under.
        """
        keys = (key for phrase in query.required for key in keys_of(match_key(phrase)))
        return min(
            keys,
            key=lambda key: (_estimated_share(key), len(self._by_key.get(key, ()))),
            default=ALWAYS,
        )


class _IndexedQuery:
    """A standing query as it is matched, with the subscriptions that have it."""

    __slots__ = ("_excluded", "_required", "_sources", "ids", "key", "keys", "query")

    def __init__(self, key: str, query: AlertQuery) -> None:
        self.key = key
        self.query = query
        self.ids: set[int] = set()
        self._required = match_keys(query.required)
        self.keys = tuple(key for needle, _ in self._required for key in keys_of(needle))
        self._sources = match_keys(query.sources)
        self._excluded = match_keys(query.excluded)

    def positions(self, article: ArticleIndex) -> tuple[int, ...] | None:
        """Return the positions of the query's words in the article; None if it does not match."""
        found: list[Sequence[int]] = []
        for needle, place in self._required:
            where = article.where(needle, place)
            if not where:
                return None
            found.append(where)
        if self._sources and not any(article.is_from(needle) for needle, _ in self._sources):
            return None
        if self._excluded and any(map(article.has, self._excluded)):
            return None
        return _best(found)


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
