"""Count a query's terms in the collection, in sentences and articles, and what these cover of it.

In coverage a concept counts by its idf. In some columns it counts the more the fewer sentences of
its article hold it, or not at all if its title says it: what an article says again and again does
not tell its sentences apart. The sentence before may say what a sentence goes on with; a title is
before none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise, zip_longest
from typing import Self

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
from index.engine.protocol import Field, SentenceAddress, Snapshot
from index.search.query.diacritics import diacritic_variants
from index.search.query.model import Query, QueryTerm, Variant

Frequencies = NDArray[np.float64]
"""Of shape (concepts, texts)."""

Lengths = NDArray[np.int64]
"""Of shape (texts,)."""

Rows = NDArray[np.int64]
"""Numbers of sentences, of shape (texts,)."""

LEAST_UNTITLED = 0.15
"""The least share of a question that counts as not said by a title, so that a word by itself does
not count for all of it."""

Columns = Mapping[str, NDArray[np.float64]]
"""The values of features by name, of shape (sentences,)."""


class CollectionCounts:
    """Numbers of documents of the collection that hold a query's terms, read in one request.

    Args:
        query: The query.
        snapshot: The engine to ask.

    Attributes:
        totals: Returns the size of the collection in documents of a field.
        concepts: The document frequency of each of the concepts that are ranked by a field: that
            of its commonest variant.
    """

    def __init__(self, query: Query, snapshot: Snapshot) -> None:
        self.totals = snapshot.totals
        ranked = {
            Field.SYLLABLES: query.concepts,
            Field.ARTICLE: query.concepts,
            Field.WORDS: query.words,
            Field.BIGRAMS: query.bigrams,
        }
        variants = {
            field: [
                [(way.weight, *_parts(way, field)) for way in concept.alternatives]
                for concept in concepts
            ]
            for field, concepts in ranked.items()
        }
        terms = defaultdict[Field, list[str]](list)
        for _, column, parts in chain.from_iterable(chain.from_iterable(variants.values())):
            terms[column] += chain.from_iterable(parts)
        # A word of one syllable proposes as that syllable.
        terms[Field.SYLLABLES] += (word for word in terms[Field.WORDS] if "_" not in word)
        self._documents = snapshot.document_frequencies(terms)
        self.concepts: Mapping[Field, Sequence[float]] = {
            field: [
                max([weight * self._rarest(column, parts) for weight, column, parts in ways])
                for ways in of_field
            ]
            for field, of_field in variants.items()
        }

    def of_term(self, field: Field, term: str) -> int:
        """Return the document frequency of a term that proposes."""
        return self._documents[field][term]

    def _rarest(self, column: Field, parts: Sequence[Sequence[str]]) -> int:
        """Return the document frequency of the rarest part, each the sum of its forms."""
        documents = self._documents[column]
        return min([sum([documents[form] for form in forms]) for forms in parts])


def _parts(way: Variant, field: Field) -> tuple[Field, Sequence[Sequence[str]]]:
    """Return the parts of a variant, each by its forms in the index, and the field they are of.

    Without diacritics, a syllable has all forms with them. Of a phrase the parts are its pairs.
    """
    if way.field is Field.FOLDED:
        column = field if field is Field.ARTICLE else Field.SYLLABLES
        return column, [diacritic_variants(term) for term in way.terms]
    if field is Field.ARTICLE:
        return field, [(term,) for term in way.terms]
    if way.field is Field.SYLLABLES and len(way.terms) > 1:
        return Field.BIGRAMS, [("_".join(pair),) for pair in pairwise(way.terms)]
    return way.field, [(term,) for term in way.terms]


class TermCounts:
    """Term counts over a few articles, read from their term codes.

    Their sentences, titles among them, are numbered from 0 through all articles, in order.

    Args:
        concepts: The concepts to count; each variant counts by its weight.
        articles: The codes of each article, by its number.
        others: Further concepts, which are counted in sentences and in whole articles only.

    Attributes:
        frequencies: How often each sentence holds each concept, the further ones behind the others.
        syllables: The length of each sentence in syllables.
        words: The length of each sentence in words.
        firsts: The first sentence of each article, its title.
        ends: The sentence behind the last one of each article.
        article_of: The article of each sentence, by its place among all of them.
        numbers: The number of the article of each sentence.
        positions: The position of each sentence in its article.
    """

    def __init__(
        self,
        concepts: Sequence[QueryTerm],
        articles: Mapping[int, bytes],
        others: Sequence[QueryTerm] = (),
    ) -> None:
        articles = {number: encoded for number, encoded in articles.items() if encoded}
        codes = decode_terms(b"".join(articles.values()))
        is_end = codes[:, 1] == 0
        ends = np.flatnonzero(is_end)
        self.syllables = np.diff(ends, prepend=-1) - 1
        sentence_of = np.repeat(np.arange(len(ends)), self.syllables + 1)
        starts_word = ~is_end & (codes[:, 0] & CONTINUES == 0)
        self.words = np.add.reduceat(starts_word, ends - self.syllables, dtype=np.int64)
        self.frequencies = _frequencies(codes, (*concepts, *others), sentence_of, len(ends))
        self._concepts = self.frequencies[: len(concepts)]
        sizes = (len(encoded) // CODE_BYTES for encoded in articles.values())
        bounds = np.searchsorted(ends, np.cumsum([0, *sizes]))
        self.firsts, self.ends = bounds[:-1], bounds[1:]
        self.article_of = np.repeat(np.arange(len(articles)), np.diff(bounds))
        self.numbers = np.array([*articles], dtype=np.int64)[self.article_of]
        self.positions = np.arange(len(ends)) - self.firsts[self.article_of]
        ranges = map(range, self.firsts.tolist(), self.ends.tolist())
        self._sentences = dict(zip(articles, ranges, strict=True))

    def are_of(self, numbers: Iterable[int]) -> NDArray[np.bool_]:
        """Tell of each sentence whether it is of one of some articles."""
        wanted = frozenset(numbers)
        are_wanted = np.array([number in wanted for number in self._sentences], dtype=np.bool_)
        return are_wanted[self.article_of]

    def rows(self, addresses: Iterable[SentenceAddress]) -> Rows:
        """Return those of some sentences that are there."""
        found = ((self._sentences.get(article, ()), position) for article, position in addresses)
        rows = [sentences[position] for sentences, position in found if position < len(sentences)]
        return np.array(rows, dtype=np.int64)

    def block(self, rows: Rows, reach: int) -> tuple[Frequencies, Lengths]:
        """Sum what sentences hold with their neighbours on each side; see `over`."""
        firsts, ends = self._bounds(rows)
        return self.over(np.maximum(firsts, rows - reach), np.minimum(ends, rows + reach + 1))

    def over(self, firsts: Rows, ends: Rows) -> tuple[Frequencies, Lengths]:
        """Sum the frequencies and the syllables of texts, the sentences `[first, end)` each."""
        frequencies, syllables = self._up_to
        held = frequencies.take(ends, axis=1) - frequencies.take(firsts, axis=1)
        return held, syllables[ends] - syllables[firsts]

    def neighbours(self, rows: Rows) -> tuple[Frequencies, Frequencies]:
        """Return the frequencies of the sentences before and behind sentences.

        There are zeros where none is; a title is before no sentence.
        """
        firsts, ends = self._bounds(rows)
        before = self._concepts.take(rows - 1, axis=1, mode="clip") * (rows - 1 > firsts)
        return before, self._concepts.take(rows + 1, axis=1, mode="clip") * (rows + 1 < ends)

    @cached_property
    def titles(self) -> Frequencies:
        """How often the title of each article holds each concept."""
        return self._concepts.take(self.firsts, axis=1)

    @cached_property
    def articles(self) -> Frequencies:
        """How often each article holds each concept, the further ones too."""
        return np.add.reduceat(self.frequencies, self.firsts, axis=1)

    @cached_property
    def holding(self) -> NDArray[np.int64]:
        """How many sentences of each article, the title among them, hold each concept."""
        return np.add.reduceat(self._concepts > 0, self.firsts, axis=1, dtype=np.int64)

    def _bounds(self, rows: Rows) -> tuple[Rows, Rows]:
        articles = self.article_of[rows]
        return self.firsts[articles], self.ends[articles]

    @cached_property
    def _up_to(self) -> tuple[Frequencies, Lengths]:
        """The sums of all sentences before each one, and of all."""
        frequencies = np.zeros((len(self._concepts), len(self.syllables) + 1))
        np.cumsum(self._concepts, axis=1, out=frequencies[:, 1:])
        return frequencies, np.concatenate([[0], np.cumsum(self.syllables)])


@dataclass(frozen=True, slots=True)
class ArticleCoverage:
    """The shares of a question that each concept is in each article; see `coverage_features`.

    Args:
        idf: Of each concept but the further ones.
        untitled: The share of each among those that the title does not say.
        scarce: The share of each among those that few sentences hold.
    """

    idf: NDArray[np.float64]
    untitled: Frequencies
    scarce: Frequencies

    @classmethod
    def of(cls, counts: TermCounts, idf: NDArray[np.float64]) -> Self:
        """Compute the shares in all articles that were counted."""
        most = float(idf.sum()) or 1.0
        untitled = idf[:, None] * (1 - np.minimum(counts.titles, 1.0))
        of_untitled = np.maximum(untitled.sum(axis=0), LEAST_UNTITLED * most)
        sentences = counts.ends - counts.firsts
        scarce = idf[:, None] * _scarcity(counts.holding - (counts.titles > 0), sentences)
        of_scarce = scarce.sum(axis=0)
        of_scarce[of_scarce == 0] = 1.0
        return cls(idf, untitled / of_untitled, scarce / of_scarce)


def coverage_features(counts: TermCounts, rows: Rows, articles: ArticleCoverage) -> Columns:
    """Compute the coverage features of sentences.

    Args:
        counts: The term counts of their articles.
        rows: The sentences.
        articles: The shares of the question in their articles.
    """
    idf, article_of = articles.idf, counts.article_of[rows]
    neighbours = counts.neighbours(rows)
    own, before, after = (
        np.minimum(each, 1.0)
        for each in (counts.frequencies[: len(idf)].take(rows, axis=1), *neighbours)
    )
    around = np.maximum(own, np.maximum(before, after))
    most = float(idf.sum()) or 1.0
    return {
        "around": idf @ around / most * (1 - 1 / max(1, len(idf))),
        "before": idf @ np.maximum(before - own, 0.0) / most,
        "untitled": (own * articles.untitled.take(article_of, axis=1)).sum(axis=0),
        "scarce": (own * articles.scarce.take(article_of, axis=1)).sum(axis=0),
    }


def _scarcity(holding: NDArray[np.int64], sentences: Lengths) -> Frequencies:
    """Tell how scarce each concept is in articles: 0 if all sentences hold it, or none."""
    number = sentences + 1.0
    scarcity: Frequencies = np.log(number / (holding + 1)) / np.log(number)
    return scarcity * (holding > 0)


def _frequencies(
    codes: Codes, concepts: Sequence[QueryTerm], sentence_of: NDArray[np.int64], sentences: int
) -> Frequencies:
    """Count each concept in each sentence; see `TermCounts`.

    `sentence_of` is the sentence of each code.
    """
    cells_of_all = len(concepts) * sentences
    counted: NDArray[np.float64] | None = None
    ways = [(at, way) for at, concept in enumerate(concepts) for way in concept.alternatives]
    for column, fields in enumerate(_FIELDS):
        wanted = [(at, way) for at, way in ways if way.field in fields]
        if wanted:
            numbers, weights = np.array([(at, way.weight) for at, way in wanted]).T
            column_codes = np.ascontiguousarray(codes[:, column])
            places, of = _occurrences(column_codes, [way for _, way in wanted])
            cells = sentence_of[places] + numbers.astype(np.int64)[of] * sentences
            found = np.bincount(cells, weights[of], minlength=cells_of_all).astype(
                np.float64, copy=False
            )
            counted = found if counted is None else counted + found
    if counted is None:
        counted = np.zeros(cells_of_all)
    return counted.reshape(len(concepts), sentences)


_FIELDS = ((Field.SYLLABLES, Field.WORDS), (Field.FOLDED,))
"""Fields of sentences by the column of their codes."""

_ANYTHING = 0
"""Stands for the codes behind a phrase; no syllable has it."""

_SYLLABLE, _WORD = ~np.uint32(CONTINUES), ~np.uint32(0)
"""The bits of codes that tell syllables, and words, apart."""


def _occurrences(
    codes: NDArray[np.uint32], ways: Sequence[Variant]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find variants in a column of codes: return the places at which one begins, and which one."""
    phrases = list(map(_phrase_codes, ways))
    sought = np.array(list(zip_longest(*phrases, fillvalue=_ANYTHING)), dtype=np.uint32)
    is_word = np.array([way.field is Field.WORDS for way in ways])
    # Places in order of the lower halves of their codes: few codes share one, and sorting numbers
    # of 16 bits takes no longer than reading them.
    halves, firsts = (codes & _SYLLABLE).astype(np.uint16), sought[0].astype(np.uint16)
    begins = np.zeros(1 << 16, dtype=np.bool_)
    begins[firsts] = True
    beginning = np.flatnonzero(begins.take(halves))
    beginning = beginning[np.argsort(halves[beginning], kind="stable")]
    in_order = halves[beginning]
    starts, ends = (np.searchsorted(in_order, firsts, side) for side in ("left", "right"))
    places = np.concatenate([beginning[start:end] for start, end in zip(starts, ends, strict=True)])
    of = np.repeat(np.arange(len(ways)), ends - starts)
    bits = np.where(is_word, _WORD, _SYLLABLE)
    for offset, code in enumerate(sought):
        # What is behind the last code, which ends a sentence, counts as another one.
        found = codes.take(places + offset, mode="clip") & bits[of]
        is_there = (found == code[of]) | (code[of] == _ANYTHING)
        places, of = places[is_there], of[is_there]
    lengths = np.array(list(map(len, phrases)))
    # A word must end there. The last code ends a sentence: there is a next one.
    ends_there = codes[places + lengths[of]] & CONTINUES == 0
    is_there = ends_there | ~is_word[of]
    return places[is_there], of[is_there]


def _phrase_codes(way: Variant) -> list[int]:
    """Return the code of each syllable of a variant."""
    if way.field is Field.FOLDED:
        return [folded_code(syllable) for syllable in way.terms]
    return [
        term_code(syllable) | (CONTINUES if place else 0)
        for term in way.terms
        for place, syllable in enumerate(term.split("_"))
    ]
