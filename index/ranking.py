"""The second stage: candidates in order, by BM25 under the collection's statistics.

A sentence is scored by its own terms, by those of its block and by those of its
whole article. The weights were measured on two Vietnamese question sets over
107,725 sentences, k1 and b with them.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.candidates import SENTENCES_AN_ARTICLE, Candidates
from index.counting import Counts, Frequencies, Lengths
from index.engines import Field, SentenceAddress, Snapshot
from index.query import (
    BIGRAMS_WEIGHT,
    SYLLABLES_WEIGHT,
    WORDS_WEIGHT,
    Alternative,
    Concept,
    Query,
)

Scores = NDArray[np.float64]
"""Of shape (texts,)."""

SENTENCE_K1, SENTENCE_B = 0.8, 0.6
CONTEXT_K1, CONTEXT_B = 0.9, 0.6
BLOCK_WEIGHT = 1.0
ARTICLE_WEIGHT = 0.8
TITLE_FACTOR = 0.85
"""A title names what its article is about; the answer stands in the body."""

BLOCK_REACH = 2
"""A block is a sentence with two neighbours on each side."""


class CandidateBM25(BM25Okapi):
    """`BM25Okapi` over candidates only, with the statistics of the whole collection.

    Args:
        frequencies: For each candidate, how often it holds each term.
        lengths: For each candidate, how many terms it has.
        idf: For each term; see `idf`.
        average_length: Over the whole collection, not over the candidates.
    """

    def __init__(
        self,
        frequencies: Sequence[Mapping[int, float]],
        lengths: Lengths,
        idf: Mapping[int, float],
        average_length: float,
        *,
        k1: float,
        b: float,
    ) -> None:
        self.doc_freqs = frequencies
        self.doc_len = lengths
        self.corpus_size = len(lengths)
        self.idf = idf
        self.avgdl = average_length
        self.k1, self.b = k1, b


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score, and how often it, its block and its title hold each concept."""

    address: SentenceAddress
    score: float
    sentence: NDArray[np.float64]
    block: NDArray[np.float64]
    title: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """One BM25 of the sum.

    Args:
        concepts: Which of the query's concepts are scored, by their places.
        field: Whose statistics are used and in which lengths are counted.
        weight: Of this layer in the sum.
        stretch: How many documents of the field a text is made of.
    """

    concepts: range
    field: Field
    weight: float
    k1: float = SENTENCE_K1
    b: float = SENTENCE_B
    stretch: int = 1


def rank(
    query: Query, proposed: Candidates, articles: Mapping[int, bytes], snapshot: Snapshot
) -> list[Ranked]:
    """Order candidates by how well they answer, best first.

    Args:
        query: The analysed question.
        proposed: Which sentences may answer it.
        articles: For each of their articles, its codes.
        snapshot: Where the statistics come from.
    """
    concepts = query.all_concepts
    counts = Counts(concepts, articles)
    addresses = list(dict.fromkeys(_addresses(proposed, counts)))
    if not addresses:
        return []
    rows = [counts.row(address) for address in addresses]
    sentences = counts.frequencies[rows]
    blocks, block_lengths = counts.over([counts.block(a, BLOCK_REACH) for a in addresses])
    place = {number: at for at, number in enumerate(articles)}
    of_article = [place[address.article] for address in addresses]
    whole, whole_lengths = counts.over([counts.article(number) for number in articles])
    scores = np.zeros(len(addresses))
    for layer in _sentence_layers(query):
        lengths = _lengths(counts, layer.field)[rows]
        scores += layer_scores(layer, concepts, sentences, lengths, snapshot)
    scores += layer_scores(_block_layer(query), concepts, blocks, block_lengths, snapshot)
    scores += layer_scores(_article_layer(query), concepts, whole, whole_lengths, snapshot)[
        of_article
    ]
    scores[[address.position == 0 for address in addresses]] *= TITLE_FACTOR
    best_first = sorted(range(len(addresses)), key=lambda at: (-scores[at], addresses[at]))
    titles = counts.frequencies[[counts.article(a.article)[0] for a in addresses]]
    return [
        Ranked(addresses[at], float(scores[at]), sentences[at], blocks[at], titles[at])
        for at in best_first
    ]


def _addresses(proposed: Candidates, counts: Counts) -> Iterator[SentenceAddress]:
    for address in proposed.sentences:
        if address.position < counts.sentences(address.article):
            yield address
    for article in proposed.articles:
        yield from _sentences(article, min(counts.sentences(article), SENTENCES_AN_ARTICLE))
    for article in proposed.scope:
        yield from _sentences(article, counts.sentences(article))


def _sentences(article: int, number: int) -> Iterator[SentenceAddress]:
    return (SentenceAddress(article, position) for position in range(number))


def _lengths(counts: Counts, field: Field) -> Lengths:
    if field is Field.WORDS:
        return counts.words
    return np.maximum(counts.syllables - 1, 0) if field is Field.BIGRAMS else counts.syllables


def layer_scores(
    layer: Layer,
    concepts: Sequence[Concept],
    frequencies: Frequencies,
    lengths: Lengths,
    snapshot: Snapshot,
) -> Scores:
    """The BM25 of each text for a layer, times the layer's weight.

    Args:
        layer: What to score.
        concepts: Those of the query.
        frequencies: How often each text holds each of them.
        lengths: The terms of each text.
        snapshot: Where the statistics come from.
    """
    totals = snapshot.totals(layer.field)
    of_layer = frequencies[:, layer.concepts.start : layer.concepts.stop]
    bm25 = CandidateBM25(
        [dict(zip(layer.concepts, row, strict=True)) for row in of_layer.tolist()],
        lengths,
        {
            number: idf(
                totals.documents, document_frequency(concepts[number], layer.field, snapshot)
            )
            for number in layer.concepts
        },
        totals.average_length * layer.stretch,
        k1=layer.k1,
        b=layer.b,
    )
    scores: Scores = bm25.get_scores(layer.concepts)
    return scores * layer.weight


def idf(documents: int, frequency: float) -> float:
    """`ln(1 + (N - n + 0.5) / (n + 0.5))`: rank_bm25's own is 0 at half of the documents."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def document_frequency(concept: Concept, field: Field, snapshot: Snapshot) -> int:
    """In how many documents of the field the concept occurs: as often as its commonest way."""
    return max(_document_frequency(way, field, snapshot) for way in concept.alternatives)


def _sentence_layers(query: Query) -> list[Layer]:
    concepts, words, bigrams = len(query.concepts), len(query.words), len(query.bigrams)
    if not words:
        return [Layer(range(concepts), Field.SYLLABLES, 1.0)]
    first_bigram = concepts + words
    return [
        Layer(range(concepts), Field.SYLLABLES, SYLLABLES_WEIGHT),
        Layer(range(concepts, first_bigram), Field.WORDS, WORDS_WEIGHT),
        Layer(range(first_bigram, first_bigram + bigrams), Field.BIGRAMS, BIGRAMS_WEIGHT),
    ]


def _block_layer(query: Query) -> Layer:
    concepts = range(len(query.concepts))
    stretch = 2 * BLOCK_REACH + 1
    return Layer(concepts, Field.SYLLABLES, BLOCK_WEIGHT, CONTEXT_K1, CONTEXT_B, stretch)


def _article_layer(query: Query) -> Layer:
    concepts = range(len(query.concepts))
    return Layer(concepts, Field.ARTICLE, ARTICLE_WEIGHT, CONTEXT_K1, CONTEXT_B)


def _document_frequency(way: Alternative, field: Field, snapshot: Snapshot) -> int:
    """Of a phrase, at most as many as of its rarest part."""
    if field is Field.ARTICLE:
        column = Field.ARTICLE_FOLDED if way.field is Field.FOLDED else Field.ARTICLE
        return min(snapshot.document_frequency(column, term) for term in way.terms)
    if way.field is Field.SYLLABLES and len(way.terms) > 1:
        pairs = zip(way.terms, way.terms[1:], strict=False)
        return min(snapshot.document_frequency(Field.BIGRAMS, "_".join(pair)) for pair in pairs)
    return min(snapshot.document_frequency(way.field, term) for term in way.terms)
