"""Standing query of a subscription, as a value and as text."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, pairwise
from typing import Self

from index.language.spelling import fold

EVERYTHING = "*"
"""How a query for everything is written; nothing at all means the same."""

AND = "+"
"""Separator of two single words in a canonical text, which would read as one compound."""


OR = "OR"
"""Separator of alternatives in a canonical text."""

_CONNECTOR = re.compile(r"\bor\b|\bhoặc\b|\bhoac\b", re.IGNORECASE)


def holds_connector(words: str) -> bool:
    """Tell whether words hold one that separates alternatives where no quotes are around it."""
    return _CONNECTOR.search(words) is not None


class FieldScope(StrEnum):
    """The part of an article in which a phrase is searched."""

    ANYWHERE = ""
    TITLE = "title"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class AlertPhrase:
    """Neighbouring syllables of one sentence; most often a single one.

    Args:
        syllables: At least one, as the analyser gives them, with diacritics as typed.
        place: The part of an article in which they are searched.
        excluded: Whether an article that has them is not wanted.
        exact: Whether their diacritics count; if not, `bao` stands for `bão` as well.
        typed: How they were written, capitals and all; it says nothing else.
    """

    syllables: tuple[str, ...]
    place: FieldScope = FieldScope.ANYWHERE
    excluded: bool = False
    exact: bool = True
    typed: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The phrase as it was typed: `Quảng Bình`, `COVID-19`."""
        return self.typed or " ".join(self.syllables)

    @property
    def sought(self) -> tuple[str, ...]:
        """The syllables to compare with: folded, unless the phrase is exact."""
        return self.syllables if self.exact else tuple(map(fold, self.syllables))

    def __str__(self) -> str:
        return self.written(" ".join(self.syllables))

    def written(self, words: str) -> str:
        """Write the phrase with its signs, in these words."""
        prefix = ("-" if self.excluded else "") + (f"{self.place}:" if self.place else "")
        quoted = len(self.syllables) > 1 or holds_connector(words)
        return f'{prefix}"{words}"' if quoted else f"{prefix}{words}"


@dataclass(frozen=True, slots=True, eq=False)
class AlertQuery:
    """A standing query, parsed by `index.alerts.parser`.

    An article is wanted if it has each phrase of one of the alternatives, comes from
    one of the sources (if any is named), and has none of the excluded phrases. A query
    without alternatives wants whatever an article says.

    Queries that differ in nothing but the order of their parts are equal. `str(query)` is a text
    that parses to the same query: `bão + lũ OR "quảng bình" source:báo -phim`.
    """

    alternatives: tuple[tuple[AlertPhrase, ...], ...] = ()
    sources: tuple[AlertPhrase, ...] = ()
    excluded: tuple[AlertPhrase, ...] = ()

    @classmethod
    def of(cls, *groups: Iterable[AlertPhrase]) -> Self:
        """Make a query of alternatives; sources and excluded phrases among them count for all."""
        sources: dict[AlertPhrase, None] = {}
        excluded: dict[AlertPhrase, None] = {}
        alternatives: dict[frozenset[AlertPhrase], tuple[AlertPhrase, ...]] = {}
        for group in groups:
            wanted: dict[AlertPhrase, None] = {}
            for phrase in sorted(group, key=lambda each: list(FieldScope).index(each.place)):
                is_source = phrase.place is FieldScope.SOURCE
                (excluded if phrase.excluded else sources if is_source else wanted)[phrase] = None
            if wanted:
                alternatives.setdefault(frozenset(wanted), tuple(wanted))
        return cls(tuple(alternatives.values()), tuple(sources), tuple(excluded))

    @property
    def wanted(self) -> tuple[AlertPhrase, ...]:
        """The phrases of all alternatives, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.alternatives)))

    @property
    def phrases(self) -> tuple[AlertPhrase, ...]:
        """All phrases, each once."""
        return self.wanted + self.sources + self.excluded

    @property
    def as_typed(self) -> str:
        """The text of the query with the capitals that were typed; parses to the same query."""
        return self._text(lambda phrase: phrase.written(phrase.words))

    def without(self, dropped: AlertPhrase) -> Self:
        """Return the query without a phrase; an alternative of nothing else goes with it."""
        groups = (*self.alternatives, self.sources + self.excluded)
        return self.of(*([each for each in group if each != dropped] for group in groups))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AlertQuery) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)

    def __str__(self) -> str:
        return self._text(str)

    @property
    def _parts(self) -> tuple[frozenset[object], ...]:
        alternatives = frozenset(map(frozenset, self.alternatives))
        return alternatives, frozenset(self.sources), frozenset(self.excluded)

    def _text(self, write: Callable[[AlertPhrase], str]) -> str:
        alternatives = f" {OR} ".join(_joined(group, write) for group in self.alternatives)
        if not self.alternatives and not self.sources:
            alternatives = EVERYTHING
        others = map(write, self.sources + self.excluded)
        return " ".join(filter(None, (alternatives, *others)))


def _joined(phrases: Sequence[AlertPhrase], write: Callable[[AlertPhrase], str]) -> str:
    """Join the texts of phrases, so that single words do not read as one compound."""
    pieces = [write(phrase) for phrase in phrases[:1]]
    for before, phrase in pairwise(phrases):
        if _is_single(before) and _is_single(phrase):
            pieces.append(AND)
        pieces.append(write(phrase))
    return " ".join(pieces)


def _is_single(phrase: AlertPhrase) -> bool:
    return len(phrase.syllables) == 1 and not phrase.place
