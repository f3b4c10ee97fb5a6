"""How often the concepts of a query occur in sentences, blocks and articles."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.codes import CONTINUES, Codes, code, decode, folded_code
from index.engines import Field, SentenceAddress
from index.query import Alternative, Concept

Frequencies = NDArray[np.float64]
"""Of shape (texts, concepts)."""

Lengths = NDArray[np.int64]
"""Of shape (texts,)."""

Spans = NDArray[np.int64]
"""Rows `[first, end)`, of shape (texts, 2)."""


class Counts:
    """Counts over a few articles, read as codes.

    Args:
        concepts: What to count; a way of writing one counts by its weight.
        articles: The codes of each article, by its number.

    Attributes:
        frequencies: How often each sentence holds each concept.
        syllables: The length of each sentence in syllables.
        words: The length of each sentence in words.
    """

    def __init__(self, concepts: Sequence[Concept], articles: Mapping[int, bytes]) -> None:
        parts = [decode(encoded) for encoded in articles.values()]
        codes = np.concatenate(parts) if parts else decode(b"")
        is_end = codes[:, 1] == 0
        ends = np.flatnonzero(is_end)
        self._sentence_of = np.cumsum(is_end) - is_end
        self.syllables = np.diff(ends, prepend=-1) - 1
        self.frequencies = np.zeros((len(ends), len(concepts)))
        starts_word = ~is_end & (codes[:, 0] & CONTINUES == 0)
        self.words = self._per_sentence(np.flatnonzero(starts_word))
        columns = _Columns(codes)
        for number, concept in enumerate(concepts):
            for way in concept.alternatives:
                found = self._per_sentence(columns.occurrences(way))
                self.frequencies[:, number] += way.weight * found
        counts = [np.count_nonzero(part[:, 1] == 0) for part in parts]
        firsts = np.cumsum([0, *counts])
        self._firsts = np.repeat(firsts[:-1], counts)
        self._ends = np.repeat(firsts[1:], counts)
        self._articles = {
            article: (int(first), int(end))
            for article, first, end in zip(articles, firsts, firsts[1:], strict=False)
        }

    def sentences(self, article: int) -> int:
        """How many sentences an article has, its title included; 0 for an unknown one."""
        first, end = self._articles.get(article, (0, 0))
        return end - first

    def row(self, address: SentenceAddress) -> int:
        """The row of a sentence."""
        return self._articles[address.article][0] + address.position

    def blocks(self, rows: Sequence[int], reach: int) -> Spans:
        """The rows `[first, end)` of sentences with their neighbours on each side."""
        at = np.array(rows, dtype=np.int64)
        firsts = np.maximum(self._firsts[at], at - reach)
        return np.column_stack([firsts, np.minimum(self._ends[at], at + reach + 1)])

    def article(self, article: int) -> tuple[int, int]:
        """The rows `[first, end)` of an article."""
        return self._articles[article]

    def over(self, spans: Spans | Sequence[tuple[int, int]]) -> tuple[Frequencies, Lengths]:
        """The frequencies and the syllables of texts made of neighbouring rows."""
        firsts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        frequencies, syllables = self._up_to
        return frequencies[ends] - frequencies[firsts], syllables[ends] - syllables[firsts]

    @cached_property
    def _up_to(self) -> tuple[Frequencies, Lengths]:
        """The sums of all rows before each row, and of all."""
        frequencies = np.zeros((len(self.frequencies) + 1, self.frequencies.shape[1]))
        np.cumsum(self.frequencies, axis=0, out=frequencies[1:])
        return frequencies, np.concatenate([[0], np.cumsum(self.syllables)])

    def _per_sentence(self, places: NDArray[np.int64]) -> Lengths:
        return np.bincount(self._sentence_of[places], minlength=len(self.syllables))


class _Columns:
    """Codes by column, to find terms in."""

    def __init__(self, codes: Codes) -> None:
        self._words = np.ascontiguousarray(codes[:, 0])
        self._syllables = self._words & ~np.uint32(CONTINUES)
        self._folded = np.ascontiguousarray(codes[:, 1])

    def occurrences(self, way: Alternative) -> NDArray[np.int64]:
        """Where a way of writing a concept begins."""
        if way.field is Field.FOLDED:
            wanted, column = [folded_code(term) for term in way.terms], self._folded
        elif way.field is Field.WORDS:
            wanted, column = _word_codes(way.terms), self._words
        else:
            wanted, column = [code(term) for term in way.terms], self._syllables
        places = np.flatnonzero(column[: len(column) - len(wanted) + 1] == wanted[0])
        for offset, next_code in enumerate(wanted[1:], start=1):
            places = places[column[places + offset] == next_code]
        if way.field is Field.WORDS:
            # The word must end there. An article ends with a sentence end: there is a next code.
            places = places[self._words[places + len(wanted)] & CONTINUES == 0]
        return places


def _word_codes(words: Sequence[str]) -> list[int]:
    return [
        code(syllable) | (CONTINUES if place else 0)
        for word in words
        for place, syllable in enumerate(word.split("_"))
    ]
