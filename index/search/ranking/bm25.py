"""Rank candidates by BM25 of sentence, context and article: the second stage of retrieval.

A candidate is scored by its own terms, by those of the sentences around it and by those of
its whole article: a sum of BM25 layers, each divided by what the question could reach at
most, so that scores of different questions can be compared. The weights of the layers, and how
they were learned, are in `index.search.ranking.weights`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.engine.protocol import Field
from index.language.word_frequency import folded_frequency, smoothed_idf, word_frequency
from index.search.query.model import Query, QueryTerm
from index.search.ranking.candidates import (
    SENTENCES_AN_ARTICLE,
    Candidates,
    FeatureTable,
    RankedSentences,
    Scores,
)
from index.search.ranking.term_counts import (
    ArticleCoverage,
    CollectionCounts,
    Frequencies,
    Lengths,
    Rows,
    TermCounts,
    coverage_features,
)
from index.search.ranking.weights import FEATURES

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


def rank(
    query: Query,
    proposed: Candidates,
    articles: Mapping[int, bytes],
    collection: CollectionCounts,
    near: Collection[int] = (),
    whole: int = 0,
) -> RankedSentences:
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
    is_first = counts.are_of(proposed.scope)
    is_first[counts.rows(proposed.sentences)] = True
    first = np.flatnonzero(is_first)
    of_articles = ArticleFeatures.of(counts, layers)
    table = compute_features(query, counts, layers, of_articles, first)
    best = dict.fromkeys(counts.numbers[first[np.argsort(-table.scores, kind="stable")]].tolist())
    is_whole = counts.are_of((*proposed.articles, *islice(best, whole)))
    others = np.flatnonzero(is_whole & ~is_first & (counts.positions < SENTENCES_AN_ARTICLE))
    if len(others):
        table = table.joined(compute_features(query, counts, layers, of_articles, others))
    rows = np.concatenate([first, others])
    scores, numbers, positions = table.scores, counts.numbers[rows], counts.positions[rows]
    says = table.surroundings.any(axis=0) | counts.are_of(near)[rows]
    order = np.lexsort((positions, numbers, -scores))
    columns = order[says[order]]
    return RankedSentences(table, columns, numbers[columns], positions[columns], scores[columns])


@dataclass(frozen=True, slots=True)
class ArticleFeatures:
    """Features of articles, which all of their sentences share: computed once for all passes.

    Args:
        lead: The BM25 of their leads.
        article: That of their whole texts.
        phrases: The share of the question's pairs of syllables that they hold.
        coverage: The shares of the question that each concept is in them.
    """

    lead: Scores
    article: Scores
    phrases: Scores
    coverage: ArticleCoverage

    @classmethod
    def of(cls, counts: TermCounts, bm25: "BM25Layers") -> Self:
        """Compute the features of all articles that were counted."""
        firsts, ends = counts.firsts, counts.ends
        wholes, lengths = counts.articles, counts.over(firsts, ends)[1]
        leads = counts.over(firsts, np.minimum(firsts + 1 + LEAD_SENTENCES, ends))
        return cls(
            bm25.scores(Field.SYLLABLES, *leads, 1 + LEAD_SENTENCES),
            bm25.scores(Field.ARTICLE, wholes, lengths, 1),
            bm25.coverage(Field.BIGRAMS, wholes),
            ArticleCoverage.of(counts, bm25.worth),
        )


def compute_features(
    query: Query, counts: TermCounts, bm25: "BM25Layers", articles: ArticleFeatures, rows: Rows
) -> FeatureTable:
    """Compute the features of sentences.

    Args:
        query: The analysed question.
        counts: The counts of its concepts in their articles.
        bm25: The layers of the question.
        articles: The features of their articles.
        rows: The sentences.
    """
    article_of = counts.article_of[rows]
    sentences, lengths = counts.frequencies.take(rows, axis=1), counts.syllables[rows]
    concepts = sentences[: len(query.concepts)]
    blocks, block_lengths = counts.block(rows, BLOCK_REACH)
    titles = counts.titles.take(article_of, axis=1)
    near = counts.block(rows, NEAR_REACH)
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
        "lead": articles.lead[article_of],
        "article": articles.article[article_of],
        "title": positions == 0,
        "late": np.minimum(positions, LATE_SENTENCES) / LATE_SENTENCES,
        "short": lengths < SHORT_SYLLABLES,
        # A subject is to be in titles; a question is answered by what sentences add to them.
        "alone": bm25.coverage(Field.SYLLABLES, concepts * is_alone) * asks,
        "joint": bm25.coverage(Field.SYLLABLES, concepts + titles) * asks,
        "phrases": articles.phrases[article_of],
    }
    coverage = coverage_features(counts, rows, articles.coverage)
    columns |= {name: column * asks for name, column in coverage.items()}
    return FeatureTable(
        np.array([columns[feature] for feature in FEATURES], dtype=np.float64),
        concepts,
        blocks + titles,
        counts.articles.take(article_of, axis=1),
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
