"""Match keys: the syllables and pairs of syllables under which standing queries are indexed.

A *needle* is a phrase as one string, `quảng bình`, or `~quang ~binh` where diacritics
do not count. A *key* is a needle of one syllable or two, which can be looked up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from sys import intern

from index.alerts.query import AlertPhrase, FieldScope
from index.language.analyser import Terms, syllable_spans
from index.language.spelling import fold

FOLDED = "~"
"""Before each syllable without diacritics: no syllable holds it."""

ALWAYS = ""
"""The key that each article has, for queries that name no word of it."""

MatchKey = tuple[str, FieldScope]
"""A needle, and the part of an article in which it is searched."""


class ArticleIndex:
    """An article by its match keys: syllables and pairs of them, each with and without diacritics.

    Args:
        terms: The words form of the title and then of each sentence.
        sources: The names of its sources.
    """

    def __init__(self, terms: Sequence[str], sources: Iterable[str]) -> None:
        exact = [Terms(text).syllables for text in terms]
        folded = [[FOLDED + syllable for syllable in Terms(text).folded] for text in terms]
        places: defaultdict[str, list[int]] = defaultdict(list)
        for row in (exact, folded):
            for position, syllables in enumerate(row):
                for key in {*syllables, *_pairs(syllables)}:
                    places[key].append(position)
        self._places: dict[str, Sequence[int]] = {**places}
        self.keys = frozenset((*places, ALWAYS))
        self._exact = exact
        self._folded = folded
        self._sources = [
            row
            for name in sources
            for row in _padded([syllable for syllable, _, _ in syllable_spans(name)])
        ]

    def where(self, needle: str, place: FieldScope) -> Sequence[int]:
        """Return the sentences that hold a phrase, in order; only the title, if so scoped."""
        places = self._places.get(needle)
        if places is None:
            if needle.count(" ") < 2:
                return ()
            places = self._places[needle] = self._search(needle)
        if place is FieldScope.TITLE:
            return places[:1] if places and places[0] == 0 else ()
        return places

    def is_from(self, needle: str) -> bool:
        """Whether the name of a source holds the phrase."""
        return any(f" {needle} " in name for name in self._sources)

    def has(self, sought: MatchKey) -> bool:
        """Whether the article has the phrase within its scope."""
        needle, place = sought
        return (
            self.is_from(needle) if place is FieldScope.SOURCE else bool(self.where(needle, place))
        )

    def _search(self, needle: str) -> list[int]:
        """Find a needle of three syllables or more among the sentences with all its pairs."""
        places = [set(self._places.get(key, ())) for key in keys_of(needle)]
        rows = self._folded if needle.startswith(FOLDED) else self._exact
        return [
            position
            for position in sorted(set.intersection(*places))
            if f" {needle} " in f" {' '.join(rows[position])} "
        ]


def match_keys(phrases: Iterable[AlertPhrase]) -> tuple[MatchKey, ...]:
    """Return the needles of phrases, each with its scope."""
    return tuple((match_key(phrase), phrase.place) for phrase in phrases)


def match_key(phrase: AlertPhrase) -> str:
    """Return the needle of a phrase: one string for all standing queries that hold it."""
    if phrase.exact:
        return intern(" ".join(phrase.syllables))
    return intern(" ".join(FOLDED + fold(syllable) for syllable in phrase.syllables))


def keys_of(needle: str) -> list[str]:
    """Return the keys of a needle: its pairs of syllables, or its only syllable."""
    syllables = needle.split(" ")
    return list(_pairs(syllables)) if len(syllables) > 1 else [needle]


def _pairs(syllables: Sequence[str]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairwise(syllables))


def _padded(syllables: Sequence[str]) -> tuple[str, str]:
    """Write syllables as text, a space around each: with diacritics and without."""
    return (
        f" {' '.join(syllables)} ",
        f" {' '.join(FOLDED + fold(syllable) for syllable in syllables)} ",
    )
