"""Rank candidates by BM25 of sentence, context and article: the second stage of retrieval.

A candidate is scored by its own terms, by those of the sentences around it and by those of
its whole article: a sum of BM25 layers, each divided by what the question could reach at
most, so that scores of different questions can be compared. The weights of the layers, and how
they were learned, are in `index.search.ranking.weights`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.engine.protocol import Field, SentenceAddress
from index.language.word_frequency import folded_frequency, smoothed_idf, word_frequency
from index.models.answer import Share
from index.search.query.model import Query, QueryTerm
from index.search.ranking.candidates import SENTENCES_AN_ARTICLE, Candidates
from index.search.ranking.term_counts import (
    CollectionCounts,
    Frequencies,
    Lengths,
    Rows,
    TermCounts,
    coverage_features,
)
from index.search.ranking.weights import FEATURES, feature_weights

Scores = NDArray[np.float64]
"""Of shape (texts,)."""

SENTENCE_K1, SENTENCE_B = 0.8, 0.6
CONTEXT_K1, CONTEXT_B = 0.9, 0.6

NEAR_REACH, BLOCK_REACH = 1, 2
"""The neighbours on each side of a sentence that are near it, and that are in its block."""

LEAD_SENTENCES = 3
"""Sentences of an article's lead, which say its subject together with its title."""

SHORT_SYLLABLES = 8
"""A sentence with fewer is a heading, a caption or a piece of one."""

LATE_SENTENCES = 30
"""How far down an article being further down still counts."""


class CandidateBM25(BM25Okapi):
    """`BM25Okapi` over candidates only, with the statistics of the whole collection.

    Args:
        frequencies: How often each candidate holds each term.
        lengths: For each candidate, how many terms it has.
        idf: For each term; see `index.language.word_frequency.smoothed_idf`.
        average_length: Over the whole collection, not over the candidates.
    """

    def __init__(
        self,
        frequencies: Frequencies,
        lengths: Lengths,
        idf: NDArray[np.float64],
        average_length: float,
        *,
        k1: float,
        b: float,
    ) -> None:
        self.frequencies = frequencies
        self.doc_len = lengths
        self.corpus_size = len(lengths)
        self.idf = idf
        self.avgdl = average_length
        self.k1, self.b = k1, b

    def get_scores(self, query: range) -> Scores:
        """Compute the score of each candidate for a range of the terms.

        The sum that rank_bm25 makes term by term, each looked up in a dictionary of each
        document, over a matrix: a seventh of the time, and the same to the last digit but one.
        """
        held = self.frequencies[query.start : query.stop]
        idf = self.idf[query.start : query.stop, None]
        length = self.k1 * (1 - self.b + self.b * self.doc_len / self.avgdl)
        # Not a product of matrices: the threads that share one cost more than they save.
        scores: Scores = (held / (held + length) * (idf * (self.k1 + 1))).sum(axis=0)
        return scores


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


def rank(
    query: Query,
    proposed: Candidates,
    articles: Mapping[int, bytes],
    collection: CollectionCounts,
    near: Collection[int] = (),
    whole: int = 0,
) -> list[Ranked]:
    """Order candidates by how well they answer, best first; those that say nothing are left out.

    Args:
        query: The analysed question.
        proposed: The sentences that may answer it.
        articles: For each of their articles, its codes.
        collection: The statistics of the query's terms.
        near: Articles whose sentences need say nothing, since they may mean it.
        whole: Of how many articles, those of the best sentences, all sentences are candidates too.
    """
    counts = TermCounts(query.concepts, articles, (*query.words, *query.bigrams))
    layers = BM25Layers(query, collection)
    in_scope = np.isin(counts.numbers, proposed.scope)
    first = np.union1d(counts.rows(proposed.sentences), np.flatnonzero(in_scope))
    table = compute_features(query, counts, layers, first)
    best = dict.fromkeys(counts.numbers[first[np.argsort(-table.scores, kind="stable")]].tolist())
    is_whole = np.isin(counts.numbers, [*proposed.articles, *islice(best, whole)])
    others = np.flatnonzero(is_whole & (counts.positions < SENTENCES_AN_ARTICLE))
    others = np.setdiff1d(others, first, assume_unique=True)
    if len(others):
        table = table.joined(compute_features(query, counts, layers, others))
    rows = np.concatenate([first, others])
    scores, numbers, positions = table.scores, counts.numbers[rows], counts.positions[rows]
    says = table.surroundings.any(axis=0) | np.isin(numbers, [*near])
    order = np.lexsort((positions, numbers, -scores))
    columns = order[says[order]]
    addresses = map(SentenceAddress, numbers[columns].tolist(), positions[columns].tolist())
    ranked = zip(addresses, scores[columns].tolist(), columns.tolist(), strict=True)
    return [Ranked(address, score, table, column) for address, score, column in ranked]


def compute_features(
    query: Query, counts: TermCounts, bm25: "BM25Layers", rows: Rows
) -> FeatureTable:
    """Compute the features of sentences.

    Args:
        query: The analysed question.
        counts: The counts of its concepts in their articles.
        bm25: The layers of the question.
        rows: The sentences.
    """
    article_of, firsts, ends = counts.article_of[rows], counts.firsts, counts.ends
    sentences, lengths = counts.frequencies.take(rows, axis=1), counts.syllables[rows]
    concepts = sentences[: len(query.concepts)]
    blocks, block_lengths = counts.block(rows, BLOCK_REACH)
    wholes, lengths_of_wholes = counts.articles, counts.over(firsts, ends)[1]
    titles = counts.titles.take(article_of, axis=1)
    near = counts.block(rows, NEAR_REACH)
    leads = counts.over(firsts, np.minimum(firsts + 1 + LEAD_SENTENCES, ends))
    positions = counts.positions[rows]
    is_alone = (counts.holding <= 1).take(article_of, axis=1)
    own = bm25.scores(Field.SYLLABLES, sentences, lengths)
    asks = query.kind is not None
    words = bm25.scores(Field.WORDS, sentences, counts.words[rows])
    bigrams = bm25.scores(Field.BIGRAMS, sentences, np.maximum(lengths - 1, 0))
    columns = {
        "syllables": own,
        # A question in English has neither: its phrases stand among its concepts.
        "words": words if query.words else own,
        "bigrams": bigrams if query.words else own,
        "near": bm25.scores(Field.SYLLABLES, *near, 2 * NEAR_REACH + 1),
        "block": bm25.scores(Field.SYLLABLES, blocks, block_lengths, 2 * BLOCK_REACH + 1),
        "lead": bm25.scores(Field.SYLLABLES, *leads, 1 + LEAD_SENTENCES)[article_of],
        "article": bm25.scores(Field.ARTICLE, wholes, lengths_of_wholes, 1)[article_of],
        "title": positions == 0,
        "late": np.minimum(positions, LATE_SENTENCES) / LATE_SENTENCES,
        "short": lengths < SHORT_SYLLABLES,
        # A subject is to be in titles; a question is answered by what sentences add to them.
        "alone": bm25.coverage(Field.SYLLABLES, concepts * is_alone) * asks,
        "joint": bm25.coverage(Field.SYLLABLES, concepts + titles) * asks,
        "phrases": bm25.coverage(Field.BIGRAMS, wholes)[article_of],
    }
    coverage = coverage_features(counts, rows, bm25.worth)
    columns |= {name: column * asks for name, column in coverage.items()}
    return FeatureTable(
        np.array([columns[feature] for feature in FEATURES], dtype=np.float64),
        concepts,
        blocks + titles,
        wholes.take(article_of, axis=1),
        bm25.idf,
    )


class BM25Layers:
    """The BM25 of texts for one query, each divided by `most`, the idf of all its concepts.

    Attributes:
        idf: Of each concept of the question, among sentences.
        worth: The same, times the weights of the concepts.
    """

    def __init__(self, query: Query, collection: CollectionCounts) -> None:
        self._collection = collection
        words, bigrams = len(query.concepts), len(query.concepts) + len(query.words)
        self._ranges = {
            Field.SYLLABLES: range(words),
            Field.ARTICLE: range(words),
            Field.WORDS: range(words, bigrams),
            Field.BIGRAMS: range(bigrams, len(query.all_concepts)),
        }
        terms = {field: [query.all_concepts[at] for at in of] for field, of in self._ranges.items()}
        idf = {
            field: _idf(concepts, collection.concepts[field], collection.totals(field).documents)
            for field, concepts in terms.items()
        }
        self._idf = {
            field: idf[field] * np.array([concept.weight for concept in concepts])
            for field, concepts in terms.items()
        }
        self.idf = idf[Field.SYLLABLES]
        self.worth = self._idf[Field.SYLLABLES]
        self.most = float(self.worth.sum()) or 1.0

    def scores(
        self, field: Field, frequencies: Frequencies, lengths: Lengths, stretch: int | None = None
    ) -> Scores:
        """Score texts by their terms of a field.

        Args:
            field: The field.
            frequencies: How often each text holds each of all concepts.
            lengths: The length of each text.
            stretch: How many documents of the field a context is about as long as; None for
                sentences themselves.
        """
        k1, b = (SENTENCE_K1, SENTENCE_B) if stretch is None else (CONTEXT_K1, CONTEXT_B)
        average = self._collection.totals(field).average_length * (stretch or 1)
        idf, held = self._idf[field], self._of_field(field, frequencies)
        bm25 = CandidateBM25(held, lengths, idf, average, k1=k1, b=b)
        return bm25.get_scores(range(len(idf))) / self.most

    def coverage(self, field: Field, frequencies: Frequencies) -> Scores:
        """Compute the share of the concepts of a field, by their idf, that texts hold.

        Syllables are those of `most`; there may be no pairs of them, of which texts then hold none.
        """
        idf = self._idf[field]
        most = self.most if field is Field.SYLLABLES else float(idf.sum()) or 1.0
        scores: Scores = ((self._of_field(field, frequencies) > 0) * idf[:, None]).sum(axis=0)
        return scores / most

    def _of_field(self, field: Field, frequencies: Frequencies) -> Frequencies:
        concepts = self._ranges[field]
        return frequencies[concepts.start : concepts.stop]


def _idf(
    concepts: Sequence[QueryTerm], frequencies: Sequence[float], documents: int
) -> NDArray[np.float64]:
    """Compute the idf of concepts among documents, smoothed by general news."""
    pairs = zip(concepts, frequencies, strict=True)
    return np.array(
        [smoothed_idf(documents, each, _background_share(concept)) for concept, each in pairs]
    )


def _background_share(concept: QueryTerm) -> float:
    """Return the share of news sentences at large that hold the concept, at most."""
    return max(
        [
            min(
                [
                    (folded_frequency if way.field is Field.FOLDED else word_frequency)(term)
                    for term in way.terms
                ]
            )
            for way in concept.alternatives
        ]
    )
