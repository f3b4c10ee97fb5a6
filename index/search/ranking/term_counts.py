"""Count the terms of a query in sentences, blocks and articles, and how much of it these cover.

In coverage a concept counts by its idf. In some columns it counts the more the fewer sentences of
its article hold it, or not at all if its title says it: what an article says again and again does
not tell its sentences apart. The sentence before may say what a sentence goes on with; a title is
before none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.articles.term_codes import (
    CODE_BYTES,
    CONTINUES,
    Codes,
    decode_terms,
    folded_code,
    term_code,
)
from index.engine.protocol import Field, SentenceAddress
from index.search.query.model import QueryTerm, Variant

Frequencies = NDArray[np.float64]
"""Of shape (texts, concepts)."""

Lengths = NDArray[np.int64]
"""Of shape (texts,)."""

Rows = NDArray[np.int64]
"""Of shape (texts,)."""

Spans = NDArray[np.int64]
"""Rows `[first, end)`, of shape (texts, 2)."""

LEAST_UNTITLED = 0.15
"""The least share of a question that counts as not said by a title, so that a word by itself does
not count for all of it."""

Columns = Mapping[str, NDArray[np.float64]]
"""The values of features by name, of shape (sentences,)."""


class TermCounts:
    """Term counts over a few articles, read from their term codes.

    Args:
        concepts: The concepts to count; each variant counts by its weight.
        articles: The codes of each article, by its number.

    Attributes:
        frequencies: How often each sentence holds each concept.
        syllables: The length of each sentence in syllables.
        words: The length of each sentence in words.
    """

    def __init__(self, concepts: Sequence[QueryTerm], articles: Mapping[int, bytes]) -> None:
        codes = decode_terms(b"".join(articles.values()))
        is_end = codes[:, 1] == 0
        ends = np.flatnonzero(is_end)
        self.syllables = np.diff(ends, prepend=-1) - 1
        sentence_of = np.repeat(np.arange(len(ends)), self.syllables + 1)
        starts_word = ~is_end & (codes[:, 0] & CONTINUES == 0)
        self.words = np.add.reduceat(starts_word, ends - self.syllables, dtype=np.int64)
        self.frequencies = _frequencies(codes, concepts, sentence_of, len(ends))
        sizes = (len(encoded) // CODE_BYTES for encoded in articles.values())
        bounds = np.searchsorted(ends, np.cumsum([0, *sizes]))
        counts = np.diff(bounds)
        self._firsts = np.repeat(bounds[:-1], counts)
        self._ends = np.repeat(bounds[1:], counts)
        self._articles = dict(zip(articles, pairwise(map(int, bounds)), strict=True))

    def sentences(self, article: int) -> int:
        """Return the number of sentences of an article with its title; 0 for an unknown one."""
        first, end = self._articles.get(article, (0, 0))
        return end - first

    def rows(self, addresses: Iterable[SentenceAddress]) -> Rows:
        """Return the rows of sentences."""
        rows = [self._articles[article][0] + position for article, position in addresses]
        return np.array(rows, dtype=np.int64)

    def blocks(self, rows: Rows, reach: int) -> Spans:
        """Return the rows `[first, end)` of sentences with their neighbours on each side."""
        firsts = np.maximum(self._firsts[rows], rows - reach)
        return np.column_stack([firsts, np.minimum(self._ends[rows], rows + reach + 1)])

    def article(self, article: int) -> tuple[int, int]:
        """Return the rows `[first, end)` of an article."""
        return self._articles[article]

    def over(self, spans: Spans | Sequence[tuple[int, int]]) -> tuple[Frequencies, Lengths]:
        """Sum the frequencies and the syllables of texts made of neighbouring rows."""
        firsts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        frequencies, syllables = self._up_to
        return frequencies[ends] - frequencies[firsts], syllables[ends] - syllables[firsts]

    def neighbours(self, rows: Rows) -> tuple[Frequencies, ...]:
        """Return the frequencies of sentences, of those before and behind, and of their titles.

        There are zeros where none is; a title is before no sentence.
        """
        firsts, last = self._firsts[rows], len(self.frequencies) - 1
        is_after_another = (rows - 1 > firsts)[:, None]
        has_next = (rows + 1 < self._ends[rows])[:, None]
        return (
            self.frequencies[rows],
            self.frequencies[np.maximum(rows - 1, 0)] * is_after_another,
            self.frequencies[np.minimum(rows + 1, last)] * has_next,
            self.frequencies[firsts],
        )

    def holding(self, rows: Rows) -> tuple[NDArray[np.int64], Lengths]:
        """Count the sentences of the article of a row that hold each concept, and all of them.

        The title counts among all of them only.
        """
        firsts, ends = self._firsts[rows], self._ends[rows]
        return self._holding[ends] - self._holding[firsts + 1], ends - firsts

    def is_alone(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell of each concept whether at most one sentence of the article of a row holds it."""
        alone: NDArray[np.bool_] = (
            self._holding[self._ends[rows]] - self._holding[self._firsts[rows]] <= 1
        )
        return alone

    @cached_property
    def _holding(self) -> NDArray[np.int64]:
        """How many of all rows before each row, and of all, hold each concept."""
        holding = np.zeros((len(self.frequencies) + 1, self.frequencies.shape[1]), dtype=np.int64)
        np.cumsum(self.frequencies > 0, axis=0, out=holding[1:])
        return holding

    @cached_property
    def _up_to(self) -> tuple[Frequencies, Lengths]:
        """The sums of all rows before each row, and of all."""
        frequencies = np.zeros((len(self.frequencies) + 1, self.frequencies.shape[1]))
        np.cumsum(self.frequencies, axis=0, out=frequencies[1:])
        return frequencies, np.concatenate([[0], np.cumsum(self.syllables)])


def coverage_features(counts: TermCounts, rows: Rows, idf: NDArray[np.float64]) -> Columns:
    """Compute the coverage features of sentences.

    Args:
        counts: The term counts of their articles.
        rows: The rows of the sentences.
        idf: Of each concept that is to be covered; those are the first of the counts.
    """
    own, before, after, title = (
        np.minimum(each[:, : len(idf)], 1.0) for each in counts.neighbours(rows)
    )
    around = np.maximum(own, np.maximum(before, after))
    most = float(idf.sum()) or 1.0
    untitled = idf * (1 - title)
    least = np.maximum(untitled.sum(axis=1), LEAST_UNTITLED * most)
    holding, sentences = counts.holding(rows)
    scarce = idf * _scarcity(holding[:, : len(idf)], sentences)
    return {
        "around": around @ idf / most * (1 - 1 / max(1, len(idf))),
        "before": np.maximum(before - own, 0.0) @ idf / most,
        "untitled": (own * untitled).sum(axis=1) / least,
        "scarce": _share(own, scarce),
    }


def _scarcity(holding: NDArray[np.int64], sentences: Lengths) -> Frequencies:
    """Tell how scarce each concept is in an article: 0 if all sentences hold it, or none."""
    number = sentences[:, None] + 1.0
    scarcity: Frequencies = np.log(number / (holding + 1)) / np.log(number)
    return scarcity * (holding > 0)


def _share(held: Frequencies, weights: Frequencies) -> NDArray[np.float64]:
    of_all = weights.sum(axis=1)
    of_all[of_all == 0] = 1.0
    share: NDArray[np.float64] = (held * weights).sum(axis=1) / of_all
    return share


def _frequencies(
    codes: Codes, concepts: Sequence[QueryTerm], sentence_of: NDArray[np.int64], sentences: int
) -> Frequencies:
    """Count each concept in each sentence; see `TermCounts`.

    `sentence_of` is the sentence of each code.
    """
    by_field: dict[Field, list[tuple[int, Variant]]] = defaultdict(list)
    for number, concept in enumerate(concepts):
        for way in concept.alternatives:
            by_field[way.field].append((number, way))
    places: list[NDArray[np.int64]] = []
    numbers: list[int] = []
    weights: list[float] = []
    for field, ways in by_field.items():
        places += _Column(codes, field, [way.terms for _, way in ways]).occurrences()
        numbers += [number for number, _ in ways]
        weights += [way.weight for _, way in ways]
    if not places:
        return np.zeros((sentences, len(concepts)))
    lengths = list(map(len, places))
    cells = sentence_of[np.concatenate(places)] * len(concepts) + np.repeat(numbers, lengths)
    size = sentences * len(concepts)
    counted = np.bincount(cells, np.repeat(weights, lengths), minlength=size)
    return counted.astype(np.float64, copy=False).reshape(sentences, len(concepts))


class _Column:
    """The codes of a field, read once for all that is looked for in it.

    Args:
        codes: Of articles.
        field: A field of sentences.
        phrases: Neighbouring terms of the field.
    """

    def __init__(self, codes: Codes, field: Field, phrases: Sequence[tuple[str, ...]]) -> None:
        column = np.ascontiguousarray(codes[:, 1 if field is Field.FOLDED else 0])
        self._words = column if field is Field.WORDS else None
        self._codes = column & ~np.uint32(CONTINUES) if field is Field.SYLLABLES else column
        self._phrases = [_phrase_codes(field, phrase) for phrase in phrases]
        firsts = np.array([phrase[0] for phrase in self._phrases], dtype=np.uint32)
        # Places in order of the lower halves of their codes: few codes share one, and sorting
        # numbers of 16 bits takes no longer than reading them.
        halves, begin = self._codes.astype(np.uint16), np.zeros(1 << 16, dtype=np.bool_)
        begin[firsts.astype(np.uint16)] = True
        places = np.flatnonzero(begin.take(halves))
        order = np.argsort(halves[places], kind="stable")
        self._places, in_order = places[order], halves[places][order]
        self._starts = np.searchsorted(in_order, firsts.astype(np.uint16), "left")
        self._ends = np.searchsorted(in_order, firsts.astype(np.uint16), "right")

    def occurrences(self) -> Iterator[NDArray[np.int64]]:
        """Yield the places at which each of the phrases begins."""
        for phrase, start, end in zip(self._phrases, self._starts, self._ends, strict=True):
            places = self._places[start:end]
            for offset, sought in enumerate(phrase):
                # What is behind the last code, which ends a sentence, counts as another one.
                places = places[self._codes.take(places + offset, mode="clip") == sought]
            if self._words is not None:
                # The word must end there. The last code ends a sentence: there is a next one.
                places = places[self._words[places + len(phrase)] & CONTINUES == 0]
            yield places


def _phrase_codes(field: Field, terms: Iterable[str]) -> list[int]:
    """Return the code of each syllable of some neighbouring terms."""
    if field is Field.FOLDED:
        return [folded_code(syllable) for syllable in terms]
    return [
        term_code(syllable) | (CONTINUES if place else 0)
        for term in terms
        for place, syllable in enumerate(term.split("_"))
    ]
