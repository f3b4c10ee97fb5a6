"""Candidates: propose sentences and articles from the search index, and what ranking makes of them.

Proposing is the first stage of retrieval; `bm25` fills the table of features and ranks by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from index.engine.protocol import Field, SentenceAddress, Snapshot, TermSearch, WeightedTerm
from index.models.answer import Share
from index.models.article import ArticleFilter
from index.search.query.model import Query, QueryTerm, Variant
from index.search.ranking.term_counts import CollectionCounts, Frequencies, Rows
from index.search.ranking.weights import FEATURES, feature_weights

SENTENCES = 60
"""Sentences proposed by their own terms."""

ARTICLES = 5
"""Articles proposed as a whole."""

SENTENCES_AN_ARTICLE = 1_000
"""How many sentences of an article are looked at when it is proposed as a whole."""

SYLLABLES_WEIGHT, WORDS_WEIGHT, BIGRAMS_WEIGHT = 0.7, 0.3, 0.2
"""Weights of a sentence's fields in the first stage; those of ranking are in `weights`."""

COMMON_FROM = 0.1
"""The share of sentences from which a term proposes none of them for a Vietnamese question: it
tells hardly any apart, and reading all that hold it takes the engine longest."""

FEW_SENTENCES = 20_000
"""So many are read whatever their share."""

COMMON_IN_ARTICLES_FROM, FEW_ARTICLES = 0.25, 2_000
"""The same for proposing articles, in whatever language: over 60,000 of them four fifths of the
time are saved, and what is found is as good."""


Scores = NDArray[np.float64]
"""Of shape (texts,)."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates for an answer: sentences and articles.

    Args:
        sentences: Sentences by themselves.
        articles: Articles all of whose sentences may, if they are not too many.
        scope: Articles that were asked for: all of their sentences.
    """

    sentences: Sequence[SentenceAddress] = ()
    articles: Sequence[int] = ()
    scope: Sequence[int] = ()

    @property
    def numbers(self) -> set[int]:
        """The numbers of all articles among the candidates."""
        of_sentences = {address.article for address in self.sentences}
        return of_sentences | set(self.articles) | set(self.scope)

    def joined(self, others: "Candidates") -> "Candidates":
        """Return the union with other candidates; the scope stays."""
        return Candidates(
            tuple(dict.fromkeys((*self.sentences, *others.sentences))),
            tuple(dict.fromkeys((*self.articles, *others.articles))),
            self.scope,
        )


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Feature table of sentences for a query: a column each.

    Args:
        features: A row for each of `index.search.ranking.weights.FEATURES`.
        sentences: How often each sentence holds each concept of the question.
        surroundings: The same for its block and the title of its article.
        articles: The same for its whole article, then for the words and the pairs of the question.
        idf: The idf of each concept among sentences.
    """

    features: NDArray[np.float64]
    sentences: Frequencies
    surroundings: Frequencies
    articles: Frequencies
    idf: NDArray[np.float64]

    @property
    def scores(self) -> Scores:
        """The sum of the features by their weights."""
        scores: Scores = (self.features * feature_weights()[:, None]).sum(axis=0)
        return scores

    def joined(self, other: "FeatureTable") -> "FeatureTable":
        """Return a table of the sentences of both."""
        return FeatureTable(
            np.concatenate([self.features, other.features], axis=1),
            np.concatenate([self.sentences, other.sentences], axis=1),
            np.concatenate([self.surroundings, other.surroundings], axis=1),
            np.concatenate([self.articles, other.articles], axis=1),
            self.idf,
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score: a column of the table that it was ranked in.

    `added` are the shares of the score that are not of the table, in order.
    """

    address: SentenceAddress
    score: float
    table: FeatureTable
    column: int
    added: tuple[Share, ...] = ()

    @property
    def shares(self) -> tuple[Share, ...]:
        """What makes up the score: the features of the table that count, then what was added."""
        points: list[float] = (self.features * feature_weights()).tolist()
        counting = (Share(*each) for each in zip(FEATURES, points, strict=True) if each[1])
        return (*counting, *self.added)

    def gain(self, *shares: Share) -> Self:
        """Return the candidate with shares added to its score."""
        score = self.score + sum(share.points for share in shares)
        return replace(self, score=score, added=(*self.added, *shares))

    def rescore(self, name: str, score: float) -> Self:
        """Return the candidate with another score; the difference is a share of that name."""
        return replace(self, score=score, added=(*self.added, Share(name, score - self.score)))

    @property
    def features(self) -> NDArray[np.float64]:
        """The features of its score; see `index.search.ranking.weights`."""
        return self._column_of(self.table.features)

    @property
    def sentence(self) -> NDArray[np.float64]:
        """How often it holds each concept."""
        return self._column_of(self.table.sentences)

    @property
    def surroundings(self) -> NDArray[np.float64]:
        """How often its block and the title of its article hold each concept."""
        return self._column_of(self.table.surroundings)

    @property
    def article(self) -> NDArray[np.float64]:
        """How often its whole article holds each of all concepts."""
        return self._column_of(self.table.articles)

    def _column_of(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        column: NDArray[np.float64] = matrix[:, self.column]
        return column


class RankedSentences(Sequence[Ranked]):
    """Ranked candidates, best first: each is made where it is read, as most never are.

    Args:
        table: The table that they were ranked in.
        columns: The column of each in it.
        numbers: The number of its article.
        positions: Its position in its article.
        scores: Its score.
    """

    def __init__(
        self, table: FeatureTable, columns: Rows, numbers: Rows, positions: Rows, scores: Scores
    ) -> None:
        self._table = table
        self._columns = columns
        self._numbers, self._positions, self._scores = numbers, positions, scores

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, at: int) -> Ranked: ...

    @overload
    def __getitem__(self, at: slice) -> list[Ranked]: ...

    def __getitem__(self, at: int | slice) -> Ranked | list[Ranked]:
        if isinstance(at, int):
            return self._made([at])[0]
        return self._made(at)

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self._made(slice(None)))

    def _made(self, at: slice | list[int]) -> list[Ranked]:
        addresses = map(SentenceAddress, self._numbers[at].tolist(), self._positions[at].tolist())
        rest = zip(self._scores[at].tolist(), self._columns[at].tolist(), strict=True)
        return [
            Ranked(address, score, self._table, column)
            for address, (score, column) in zip(addresses, rest, strict=True)
        ]


def propose(
    query: Query,
    collection: CollectionCounts,
    snapshot: Snapshot,
    filters: Sequence[ArticleFilter],
) -> list[Candidates]:
    """Propose the best sentences by themselves, and the best articles as a whole.

    Args:
        query: The analysed question.
        collection: The statistics of its terms.
        snapshot: The engine to ask.
        filters: The filters of the articles.

    Returns:
        The candidates of each filter.
    """
    of_both = (Field.SYLLABLES, Field.ARTICLE)
    sentences, articles = (collection.totals(field).documents for field in of_both)
    terms, of_articles = list(_sentence_terms(query)), list(_article_terms(query))
    if query.words:
        terms = _telling(terms, collection, max(FEW_SENTENCES, COMMON_FROM * sentences))
    most = max(FEW_ARTICLES, COMMON_IN_ARTICLES_FROM * articles)
    searches = (
        TermSearch(terms, SENTENCES),
        TermSearch(_telling(of_articles, collection, most), ARTICLES),
    )
    return [Candidates(*hits) for hits in snapshot.best(*searches, filters)]


def _sentence_terms(query: Query) -> Iterator[WeightedTerm]:
    weight = SYLLABLES_WEIGHT if query.words else 1.0
    for concept in query.concepts:
        yield from _terms(concept, weight)
    for word in query.words:
        yield from map(_of_syllables, _terms(word, WORDS_WEIGHT))
    for bigram in query.bigrams:
        yield from _terms(bigram, BIGRAMS_WEIGHT)


def _telling(
    terms: Sequence[WeightedTerm], collection: CollectionCounts, most: float
) -> list[WeightedTerm]:
    """Return the terms that at most so many documents hold; all of them if there are none."""
    few = [term for term in terms if collection.of_term(term.field, term.text) <= most]
    return few or list(terms)


def _of_syllables(word: WeightedTerm) -> WeightedTerm:
    """Turn a word of one syllable into that syllable: the engine need not read both."""
    return word if "_" in word.text else word._replace(field=Field.SYLLABLES)


def _terms(concept: QueryTerm, weight: float) -> Iterator[WeightedTerm]:
    for way in _proposing(concept):
        if way.field is Field.SYLLABLES and len(way.terms) > 1:
            pairs = list(pairwise(way.terms))
            for pair in pairs:
                share = weight * way.weight / len(pairs)
                yield WeightedTerm(Field.BIGRAMS, "_".join(pair), share)
        else:
            for term in way.terms:
                yield WeightedTerm(way.field, term, weight * way.weight / len(way.terms))


def _proposing(concept: QueryTerm) -> Iterator[Variant]:
    """Yield the variants that propose: not a syllable without diacritics.

    It stands beside its forms with diacritics, is in too many sentences to tell them apart, and
    costs the engine most.
    """
    return (way for way in concept.alternatives if way.field is not Field.FOLDED)


def _article_terms(query: Query) -> Iterator[WeightedTerm]:
    for concept in query.concepts:
        for way in _proposing(concept):
            for term in way.terms:
                yield WeightedTerm(Field.ARTICLE, term, way.weight / len(way.terms))
