"""Standing query of a subscription, as a value and as text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from index.language.spelling import fold

EVERYTHING = "*"
"""How a query for everything is written; nothing at all means the same."""

AND = "+"
"""Separator of two single words in a canonical text, which would read as one compound."""


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
        return f'{prefix}"{words}"' if len(self.syllables) > 1 else f"{prefix}{words}"


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """A standing query, parsed by `index.alerts.parse`.

    An article is wanted if it has each of the phrases looked for anywhere and in
    the title, comes from one of the sources (if any is named), and has none of
    the excluded phrases. A query without phrases wants everything.

    `str(query)` is a text that parses to the same query: `bão + lũ "quảng bình" -phim`.
    """

    phrases: tuple[AlertPhrase, ...] = ()

    @property
    def required(self) -> tuple[AlertPhrase, ...]:
        """The phrases that an article must have, those of its source aside."""
        return tuple(phrase for phrase in self._wanted if phrase.place != FieldScope.SOURCE)

    @property
    def sources(self) -> tuple[AlertPhrase, ...]:
        """The wanted sources: the article must come from one of them."""
        return tuple(phrase for phrase in self._wanted if phrase.place == FieldScope.SOURCE)

    @property
    def excluded(self) -> tuple[AlertPhrase, ...]:
        """The phrases that an article must not have."""
        return tuple(phrase for phrase in self.phrases if phrase.excluded)

    @property
    def _wanted(self) -> Iterator[AlertPhrase]:
        return (phrase for phrase in self.phrases if not phrase.excluded)

    @property
    def as_typed(self) -> str:
        """The text of the query with the capitals that were typed; parses to the same query."""
        return self._joined([phrase.written(phrase.words) for phrase in self.phrases])

    def __str__(self) -> str:
        return self._joined(list(map(str, self.phrases)))

    def _joined(self, texts: list[str]) -> str:
        """Join the texts of the phrases, so that single words do not read as one compound."""
        if all(phrase.excluded for phrase in self.phrases):
            return " ".join([EVERYTHING, *texts])
        pieces = texts[:1]
        for before, phrase, text in zip(self.phrases, self.phrases[1:], texts[1:], strict=False):
            if _is_single(before) and _is_single(phrase):
                pieces.append(AND)
            pieces.append(text)
        return " ".join(pieces)


def _is_single(phrase: AlertPhrase) -> bool:
    return len(phrase.syllables) == 1 and not phrase.place and not phrase.excluded
