"""Whether the first quote is to be trusted: does it speak of what was asked?

The sign is the share of the question, by weight, that the quote's block and its
article's title hold between them. A telling word that occurs nowhere near the
quote pulls it down, a common one hardly does. BM25 scores are no sign by
themselves: they grow with the collection.
"""

import math

import numpy as np
from numpy.typing import NDArray

from index.background import smoothed_idf
from index.engines import Field, Snapshot
from index.query import Concept, Query
from index.ranking import Ranked, background_share, document_frequency

# Logistic regression on 120 hand-written news questions, each in three forms, over
# 60,000 articles and over 6,000 of them, where most of their articles are missing.
INTERCEPT = -2.4
SURROUNDINGS_COVERAGE = 2.8
SENTENCE_COVERAGE = 1.1


def probability(query: Query, best: Ranked, snapshot: Snapshot) -> float:
    """How likely it is that the best candidate answers the question, 0 to 1.

    Args:
        query: The analysed question.
        best: The candidate that is quoted first.
        snapshot: Where the statistics come from.
    """
    weights = np.array([weight(concept, snapshot) for concept in query.concepts])
    if not weights.sum():
        return 0.0
    exponent = (
        INTERCEPT
        + SURROUNDINGS_COVERAGE * _coverage(weights, best.block + best.title)
        + SENTENCE_COVERAGE * _coverage(weights, best.sentence)
    )
    return 1 / (1 + math.exp(-exponent))


def weight(concept: Concept, snapshot: Snapshot) -> float:
    """How telling a concept is: its idf², counted together with the background."""
    documents = snapshot.totals(Field.SYLLABLES).documents
    frequency = document_frequency(concept, Field.SYLLABLES, snapshot)
    idf = smoothed_idf(documents, frequency, background_share(concept))
    return concept.certainty * idf**2


def _coverage(weights: NDArray[np.float64], frequencies: NDArray[np.float64]) -> float:
    held = frequencies[: len(weights)] > 0
    return float(weights[held].sum() / weights.sum())
