"""Reliability, risk and coverage of graded answers, counted by hand."""

import pytest

from tests.benchmarks._calibration import (
    Bin,
    calibration_error,
    reliability,
    risk_and_coverage,
)
from tests.benchmarks._grades import Graded


def graded(confidence: float, *rights: bool) -> Graded:
    return Graded("900", "news", "vi", confidence, rights)


def unanswerable(confidence: float) -> Graded:
    return Graded("900", "small talk", "vi", confidence, None)


ASKED = [
    graded(0.9, True),
    graded(0.8, False, True),
    graded(0.6, False, False),
    graded(0.2),
    unanswerable(0.65),
    unanswerable(0.1),
]


def test_reliability_counts_right_quotes_by_tenths_of_confidence() -> None:
    asked = [graded(0.62, True), graded(0.68, False), unanswerable(0.65), graded(1.0, True)]
    few, sure = reliability(asked)
    assert few.confidence == pytest.approx(0.65)
    assert few.right == pytest.approx(1 / 3)
    assert few.number == 3
    assert sure == Bin(1.0, 1.0, 1)


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    assert calibration_error([Bin(0.9, 0.7, 3), Bin(0.1, 0.2, 1)]) == pytest.approx(0.175)


def test_risk_and_false_answers_rise_with_coverage() -> None:
    curve = risk_and_coverage(ASKED)
    assert curve.thresholds.tolist() == [0.9, 0.8, 0.6, 0.2]
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == [0, 0, pytest.approx(1 / 3), 0.5]
    assert curve.false.tolist() == [0, 0, 0.5, 0.5]


def test_questions_of_one_confidence_are_answered_together() -> None:
    curve = risk_and_coverage([graded(0.5, True), graded(0.5, False)])
    assert (curve.coverage.tolist(), curve.risk.tolist()) == ([1.0], [0.5])
