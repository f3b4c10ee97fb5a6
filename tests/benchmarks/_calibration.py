"""Calibration of confidence: how reliable it is, and risk against coverage."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks._grades import Graded

BINS = 10


class Bin(NamedTuple):
    """Questions of about equal confidence."""

    confidence: float
    """Their mean confidence."""

    right: float
    """The share of them with a right quote."""

    number: int


class Curve(NamedTuple):
    """Values for each threshold of confidence, from the highest down."""

    thresholds: NDArray[np.float64]
    coverage: NDArray[np.float64]
    """The share of the answerable questions that are answered from the threshold on."""

    risk: NDArray[np.float64]
    """The share of these of which no quote is right."""

    false: NDArray[np.float64]
    """The share of the questions that nothing answers which are answered nevertheless."""


def reliability(questions: Iterable[Graded]) -> list[Bin]:
    """Count how often a quote is right, by tenths of confidence; empty tenths are left out."""
    bins: defaultdict[int, list[Graded]] = defaultdict(list)
    for question in questions:
        bins[min(int(question.confidence * BINS), BINS - 1)].append(question)
    return [
        Bin(
            float(np.mean([question.confidence for question in several])),
            float(np.mean([is_right(question) for question in several])),
            len(several),
        )
        for _, several in sorted(bins.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far bins are off, by their numbers."""
    numbers = np.array([each.number for each in bins])
    off = np.array([abs(each.confidence - each.right) for each in bins])
    return float((numbers * off).sum() / numbers.sum())


def risk_and_coverage(questions: Sequence[Graded]) -> Curve:
    """Compute risk and coverage at each confidence that an answerable question has.

    There must be one that is answerable.
    """
    answerable = [question for question in questions if question.rights is not None]
    others = [question.confidence for question in questions if question.rights is None]
    ordered = sorted(answerable, key=lambda question: -question.confidence)
    confidences = np.array([question.confidence for question in ordered])
    wrong = np.array([not is_right(question) for question in ordered])
    last = np.flatnonzero(np.append(np.diff(confidences) != 0, [True]))  # of equal ones
    false = np.array([np.mean([each >= confidences[at] for each in others] or [0]) for at in last])
    return Curve(
        confidences[last], (last + 1) / len(ordered), np.cumsum(wrong)[last] / (last + 1), false
    )


def is_right(question: Graded) -> bool:
    """Whether one of the quotes is right; none is where nothing answers."""
    return any(question.rights or ())
