"""What speaks for and against the first quote: how well it and its article match what was asked.

BM25 by itself says little: it grows with the collection and with the question. These are
values that mean the same for a question of three words and one of twenty, in a collection of
a hundred sentences and one of a million.
"""

import math
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from index.analyser import syllable_spans
from index.engines import Field, Snapshot
from index.query import Concept, Query
from index.ranking import Ranked
from index.spelling import fold
from index.weights import FEATURES, Feature


class Evidence(StrEnum):
    """What is looked at.

    `collection` is the logarithm of the number of sentences: the more there are, the better the
    best wrong one matches. `small` goes from 1 to 0 as it grows: of one article "who attended?"
    asks enough, of a thousand it does not, so `asked_small` and `telling_small` are the next two
    times that. `english` is 1 for a question that was translated. `asked` is the logarithm of
    1 + the number of concepts, `telling` that of 1 + the weight of the telling ones that the
    quote's block and title hold: small talk has few. `article` and `lead` are the ranking's
    features. `missing_names` is the number of the syllables of names that the whole article does
    not hold, `missing_numbers` the weight of the numbers that it does not.
    """

    COLLECTION = "collection"
    SMALL = "small"
    ENGLISH = "english"
    ASKED = "asked"
    ASKED_SMALL = "asked_small"
    TELLING = "telling"
    TELLING_SMALL = "telling_small"
    ARTICLE = "article"
    LEAD = "lead"
    MISSING_NAMES = "missing_names"
    MISSING_NUMBERS = "missing_numbers"


EVIDENCE = tuple(Evidence)

COMMON_IDF = 3.0
"""Up to here, in one sentence of twenty or more, a concept tells nothing."""

SMALL_SENTENCES = 100
"""A collection of so many is half small."""

MOSTLY_CAPITALS = 0.8
"""The share of capitalised syllables above which a question's capitals mark no names."""


def evidence_of(query: Query, best: Ranked, snapshot: Snapshot) -> NDArray[np.float64]:
    """The values of `EVIDENCE` for the candidate that is quoted first.

    Args:
        query: The analysed question that the candidate was ranked for, or `undated` of it: the
            same concepts in the same order.
        best: The candidate.
        snapshot: Where the statistics come from.
    """
    concepts = query.concepts
    number = len(concepts)
    certainty = np.array([concept.certainty for concept in concepts])
    idf = best.idf[:number]
    near = (best.block + best.title)[:number] > 0
    missing = certainty * idf * (best.article[:number] == 0)
    names = _names(query.question)
    is_name = np.array([_is_of(names, concept) for concept in concepts], dtype=np.bool_)
    is_number = np.array([_is_number(concept) for concept in concepts], dtype=np.bool_)
    telling = certainty * np.maximum(0.0, idf - COMMON_IDF)
    documents = snapshot.totals(Field.SYLLABLES).documents
    small = SMALL_SENTENCES / (SMALL_SENTENCES + documents)
    asks, tells = math.log1p(np.count_nonzero(certainty)), math.log1p(telling[near].sum())
    values = {
        Evidence.COLLECTION: math.log1p(documents),
        Evidence.SMALL: small,
        Evidence.ENGLISH: not query.words,
        Evidence.ASKED: asks,
        Evidence.ASKED_SMALL: asks * small,
        Evidence.TELLING: tells,
        Evidence.TELLING_SMALL: tells * small,
        Evidence.ARTICLE: best.features[FEATURES.index(Feature.ARTICLE)],
        Evidence.LEAD: best.features[FEATURES.index(Feature.LEAD)],
        Evidence.MISSING_NAMES: np.count_nonzero(missing[is_name]),
        Evidence.MISSING_NUMBERS: missing[is_number].sum(),
    }
    return np.array([values[each] for each in EVIDENCE], dtype=np.float64)


def _names(question: str) -> frozenset[str]:
    """The syllables, without marks, that a question writes with a capital as names have it.

    The capital of the first one means nothing, unless the next has one too.
    """
    spans = syllable_spans(question)
    capital = [question[start].isupper() for _, start, _ in spans]
    if sum(capital) > MOSTLY_CAPITALS * len(capital):
        return frozenset()
    if capital[:2] == [True, False]:
        capital[0] = False
    return frozenset(fold(spans[at][0]) for at in np.flatnonzero(capital))


def _is_of(names: frozenset[str], concept: Concept) -> bool:
    """Whether it is of a name, in one word or in several: `Hanoi` is `Hà Nội`."""
    terms = [fold(term) for term in concept.alternatives[0].terms]
    return not names.isdisjoint((*terms, "".join(terms)))


def _is_number(concept: Concept) -> bool:
    return concept.alternatives[0].terms[0][0].isdecimal()
