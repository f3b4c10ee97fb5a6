"""Whether the first quote is to be trusted: how likely it is that it answers.

A logistic regression over `index.evidence`, the same for every collection, learned by
`python -m tests.benchmarks.trust`. Fitting it on the collection at hand, by questions made of
its own sentences, was tried and was worse in each of five collections of 200 to a million
sentences; the README has the figures.
"""

import math
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.data import rows
from index.engines import Field, Snapshot
from index.evidence import EVIDENCE, Evidence, evidence_of
from index.query import Query
from index.ranking import Ranked

INTERCEPT = "intercept"

BRIEF_CONCEPTS = 5
"""How many words a question has that says little."""

FEW_SENTENCES = 300
"""As many as some dozen articles have."""

_PERSONAL = frozenset("bạn mình tôi tớ em you your yours me my i thanks thank cảm ơn".split())

_MISSING_NAMES = EVIDENCE.index(Evidence.MISSING_NAMES)

_SAID = 0.5
"""The certainty of what a question says itself, not of what only its kind makes expected."""

# Within articles that were asked for: logistic regression on hand-written news questions.
_WITHIN = -2.4
_WITHIN_SURROUNDINGS = 2.8
_WITHIN_SENTENCE = 1.1


def probability(query: Query, best: Ranked, snapshot: Snapshot) -> float:
    """How likely it is that the best of all candidates answers the question, 0 to 1.

    Args:
        query: The analysed question.
        best: The candidate that is quoted first.
        snapshot: Where the statistics come from.
    """
    if not any(concept.certainty for concept in query.concepts):
        return 0.0
    intercept, weights = _weights()
    evidence = evidence_of(query, best, snapshot)
    likely = _logistic(intercept + float((weights * evidence).sum()))
    if _is_brief(query, snapshot) and not evidence[_MISSING_NAMES]:
        return max(likely, probability_within(query, best))
    return likely


def probability_within(query: Query, best: Ranked) -> float:
    """The same where articles were asked for, or little was; see `probability`.

    What they are about need not be said again, so that a question may be of one word: what
    counts is the share of it, by weight, that the quote and what is around it hold.
    """
    certainty = np.array([concept.certainty for concept in query.concepts])
    # How telling a concept is: its idf².
    weights = certainty * best.idf[: len(certainty)] ** 2
    if not weights.sum():
        return 0.0
    return _logistic(
        _WITHIN
        + _WITHIN_SURROUNDINGS * _coverage(weights, best.block + best.title)
        + _WITHIN_SENTENCE * _coverage(weights, best.sentence)
    )


def _is_brief(query: Query, snapshot: Snapshot) -> bool:
    """Whether a question says so little that among few sentences all of it tells enough.

    `ai dự hội nghị?` has no word that would tell one of many articles. What speaks to the bot
    itself is no such question.
    """
    if snapshot.totals(Field.SYLLABLES).documents > FEW_SENTENCES:
        return False
    if not _PERSONAL.isdisjoint(re.findall(r"\w+", query.question.lower())):
        return False
    return sum(concept.certainty >= _SAID for concept in query.concepts) <= BRIEF_CONCEPTS


def _logistic(exponent: float) -> float:
    return 1 / (1 + math.exp(-exponent))


def _coverage(weights: NDArray[np.float64], frequencies: NDArray[np.float64]) -> float:
    held = frequencies[: len(weights)] > 0
    return float(weights[held].sum() / weights.sum())


@cache
def _weights() -> tuple[float, NDArray[np.float64]]:
    """The intercept, and what each of `EVIDENCE` counts for."""
    found = {name: float(weight) for name, weight in rows("confidence.tsv")}
    return found[INTERCEPT], np.array([found[each] for each in EVIDENCE])
