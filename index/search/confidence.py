"""Estimate confidence, the probability that the first quote answers a question, and grade it.

A logistic regression, the same for every collection, learned by `python -m tests.benchmarks.trust`.
BM25 by itself says little: it grows with the collection and with the question. The features mean
the same for a question of three words and one of twenty, in a collection of a hundred sentences
and one of a million. Fitting the weights on the collection at hand, by questions made of its own
sentences, was tried and was worse in each of five collections of 200 to a million sentences; the
README has the figures.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.engine.protocol import Field, Snapshot
from index.language.analyser import syllable_spans
from index.language.data import rows
from index.language.spelling import fold
from index.models.answer import Certainty, Share
from index.search.answer_spans import holds_answer
from index.search.query.model import Query, QueryTerm
from index.search.ranking.candidates import Ranked
from index.search.ranking.weights import FEATURES

ANSWER_FROM = 0.5
"""The confidence from which an answer is to be trusted. The weights are learned for this threshold,
with a false answer as bad as three missed ones."""

MAYBE_FROM = 0.3
"""The confidence from which quotes are shown in doubt; the figures stand in
tests/benchmarks/README.md ("How sure is an answer?"), by `python -m tests.benchmarks.trust`.

Of questions on news that get no answer although one of three quotes is right, this shows the
quotes of a quarter to a half, in collections of one article to a million sentences; and of small
talk and questions about nothing, those of one in ten at most. When it was chosen, under an earlier
ranking, from 0.25 on hardly more would have been right and half as many more wrong, from 0.4 on a
third would have been right in place of two.
"""

INTERCEPT = "intercept"

CONFIDENCE_FEATURES = (
    *("collection", "small", "english", "asked", "asked_small", "telling", "telling_small"),
    *("article", "lead", "around", "missing_names", "missing_numbers", "plain_small"),
)
"""Names of the features of the first quote that speak for or against it.

`collection` is the logarithm of the number of sentences: the more there are, the better the best
wrong one matches. `small` goes from 1 to 0 as it grows: of one article "who attended?" asks enough,
of a thousand it does not, so `asked_small` and `telling_small` are the next two times that.
`english` is 1 for a question that was translated. `asked` is the logarithm of 1 + the number of
concepts, `telling` that of 1 + the weight of the telling ones that the quote's block and title
hold: small talk has few. `article`, `lead` and `around` are the ranking's features.
`missing_names` is the number of the syllables of names that the whole article does not hold,
`missing_numbers` the weight of the numbers that it does not. `plain_small` is how far the quote by
itself holds more than two thirds of what is asked, by weight, times `small`; 0 if names are
missing. Of few articles, a sentence in the words of the question answers it.
"""

BRIEF_CONCEPTS = 5
"""The number of words up to which a question says little."""

FEW_SENTENCES = 300
"""As many as some dozen articles have."""

COMMON_IDF = 3.0
"""Up to here, in one sentence of twenty or more, a concept tells nothing."""

SMALL_SENTENCES = 100
"""A collection of so many is half small."""

MOSTLY_CAPITALS = 0.8
"""The share of capitalised syllables above which a question's capitals mark no names."""

_PERSONAL = frozenset("bạn mình tôi tớ em you your yours me my i thanks thank cảm ơn".split())

_MISSING_NAMES = CONFIDENCE_FEATURES.index("missing_names")

_SAID = 0.5
"""The certainty of what a question says itself, not of what only its kind makes expected."""

# Within articles that were asked for: logistic regression on hand-written news questions.
_WITHIN = -2.4
_WITHIN_SURROUNDINGS = 2.8
_WITHIN_SENTENCE = 1.1

_OF_KIND = -0.4
"""The log-odds of a part of the kind that is all that was asked for: in doubt, as there may be
several."""


def certainty_of(confidence: float) -> Certainty:
    """Return the grade of a confidence of 0 to 1."""
    if confidence >= ANSWER_FROM:
        return Certainty.ANSWER
    return Certainty.MAYBE if confidence >= MAYBE_FROM else Certainty.NONE


@dataclass(frozen=True, slots=True)
class Probability:
    """A probability of 0 to 1, and the evidence that adds up to its log-odds; none for 0."""

    value: float = 0.0
    evidence: tuple[Share, ...] = ()

    @classmethod
    def of(cls, evidence: Iterable[Share]) -> Self:
        """Return the probability that some evidence makes up."""
        shares = tuple(evidence)
        return cls(_logistic(sum(share.points for share in shares)), shares)


def probability(query: Query, best: Ranked, snapshot: Snapshot) -> Probability:
    """Estimate the probability that the best of all candidates answers the question, 0 to 1.

    Args:
        query: The analysed question.
        best: The candidate that is quoted first.
        snapshot: Where the statistics come from.
    """
    if not any(concept.certainty for concept in query.concepts):
        return Probability()
    intercept, weights = _weights()
    features = confidence_features(query, best, snapshot)
    points = (intercept, *(weights * features).tolist())
    likely = Probability.of(map(Share, (INTERCEPT, *CONFIDENCE_FEATURES), points))
    brief = brief_probability(query, best, snapshot, features)
    return max(likely, brief, key=lambda each: each.value)


def brief_probability(
    query: Query, best: Ranked, snapshot: Snapshot, features: NDArray[np.float64]
) -> Probability:
    """Estimate the same where little was asked of few sentences; 0 elsewhere.

    Args:
        query: The analysed question.
        best: The candidate that is quoted first.
        snapshot: Where the statistics come from.
        features: The values of `CONFIDENCE_FEATURES` for the candidate.
    """
    if features[_MISSING_NAMES] or not _is_brief(query, snapshot):
        return Probability()
    return probability_within(query, best)


def probability_within(query: Query, best: Ranked) -> Probability:
    """Estimate the same where articles were asked for; see `probability`.

    What they are about need not be said again, so that a question may be of one word: what
    counts is the share of it, by weight, that the quote and what is around it hold.
    """
    certainty = np.array([concept.certainty for concept in query.concepts])
    # How telling a concept is: its idf².
    weights = certainty * best.table.idf[: len(certainty)] ** 2
    if not weights.sum():
        return Probability()
    evidence = (
        Share(INTERCEPT, _WITHIN),
        Share("surroundings", _WITHIN_SURROUNDINGS * _coverage(weights, best.surroundings)),
        Share("sentence", _WITHIN_SENTENCE * _coverage(weights, best.sentence)),
    )
    return Probability.of(evidence)


def probability_of_kind(query: Query, sentence: str) -> Probability:
    """Estimate the same where articles were asked for nothing but a kind of answer: `khi nào?`.

    It is 0 if the sentence holds none of this kind.

    Args:
        query: The analysed question.
        sentence: The candidate that is quoted first.
    """
    if not holds_answer(query.kind, sentence, query.said):
        return Probability()
    return Probability.of((Share("kind", _OF_KIND),))


def _is_brief(query: Query, snapshot: Snapshot) -> bool:
    """Whether a question says so little that among few sentences all of it tells enough.

    `ai dự hội nghị?` has no word that would tell one of many articles. A question to the bot
    itself is none of these.
    """
    if snapshot.totals(Field.SYLLABLES).documents > FEW_SENTENCES:
        return False
    if not _PERSONAL.isdisjoint(re.findall(r"\w+", query.question.lower())):
        return False
    return sum(concept.certainty >= _SAID for concept in query.concepts) <= BRIEF_CONCEPTS


_MOST_EXPONENT = 700.0  # exp(709.8) is the largest that a float holds


def _logistic(exponent: float) -> float:
    return 1 / (1 + math.exp(-max(exponent, -_MOST_EXPONENT)))


def _coverage(weights: NDArray[np.float64], frequencies: NDArray[np.float64]) -> float:
    held = frequencies[: len(weights)] > 0
    return float(weights[held].sum() / weights.sum())


def confidence_features(query: Query, best: Ranked, snapshot: Snapshot) -> NDArray[np.float64]:
    """Compute the values of `CONFIDENCE_FEATURES` for the candidate that is quoted first.

    Args:
        query: The analysed question that the candidate was ranked for, or that without its date
            terms: the same concepts in the same order.
        best: The candidate.
        snapshot: Where the statistics come from.
    """
    concepts = query.concepts
    number = len(concepts)
    certainty = np.array([concept.certainty for concept in concepts])
    idf = best.table.idf[:number]
    near = best.surroundings[:number] > 0
    missing = certainty * idf * (best.article[:number] == 0)
    names = _names(query.question)
    is_name = np.array([_is_of(names, concept) for concept in concepts], dtype=np.bool_)
    is_number = np.array([_is_number(concept) for concept in concepts], dtype=np.bool_)
    telling = certainty * np.maximum(0.0, idf - COMMON_IDF)
    documents = snapshot.totals(Field.SYLLABLES).documents
    small = SMALL_SENTENCES / (SMALL_SENTENCES + documents)
    weight = certainty * idf
    held = weight[best.sentence[:number] > 0].sum() / (weight.sum() or 1.0)
    missing_names = np.count_nonzero(missing[is_name])
    asks, tells = math.log1p(np.count_nonzero(certainty)), math.log1p(telling[near].sum())
    values = {
        "collection": math.log1p(documents),
        "small": small,
        "english": not query.words,
        "asked": asks,
        "asked_small": asks * small,
        "telling": tells,
        "telling_small": tells * small,
        "article": best.features[FEATURES.index("article")],
        "lead": best.features[FEATURES.index("lead")],
        "around": best.features[FEATURES.index("around")],
        "missing_names": missing_names,
        "missing_numbers": missing[is_number].sum(),
        "plain_small": 0.0 if missing_names else small * max(0.0, 3 * held - 2),
    }
    return np.array([values[name] for name in CONFIDENCE_FEATURES], dtype=np.float64)


def _names(question: str) -> frozenset[str]:
    """Return the syllables of names in a question, without diacritics, by their capitals.

    The capital of the first syllable means nothing, unless the next has one too.
    """
    spans = syllable_spans(question)
    capital = [question[start].isupper() for _, start, _ in spans]
    if sum(capital) > MOSTLY_CAPITALS * len(capital):
        return frozenset()
    if capital[:2] == [True, False]:
        capital[0] = False
    return frozenset(fold(spans[at][0]) for at in np.flatnonzero(capital))


def _is_of(names: frozenset[str], concept: QueryTerm) -> bool:
    """Whether a concept is of a name, in one word or in several: `Hanoi` is `Hà Nội`."""
    terms = [fold(term) for term in concept.alternatives[0].terms]
    return not names.isdisjoint((*terms, "".join(terms)))


def _is_number(concept: QueryTerm) -> bool:
    return concept.alternatives[0].terms[0][0].isdecimal()


@cache
def _weights() -> tuple[float, NDArray[np.float64]]:
    """Return the intercept, and the weight of each of `CONFIDENCE_FEATURES`."""
    weights = {name: float(weight) for name, weight in rows("confidence.tsv", "index.search")}
    return weights[INTERCEPT], np.array([weights[name] for name in CONFIDENCE_FEATURES])
