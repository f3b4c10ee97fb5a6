"""Pictures of the calibration of confidence: reliability diagram, risk against coverage."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from index.search.confidence import ANSWER_FROM, MAYBE_FROM
from tests.benchmarks._calibration import (
    Curve,
    calibration_error,
    reliability,
    risk_and_coverage,
)
from tests.benchmarks._grades import Graded

LEAST_IN_BIN = 10
"""Questions in a bin that is drawn: the share of fewer says nothing."""

_PIXELS_AN_INCH = 110

Groups = Mapping[str, Sequence[Graded]]


def draw_reliability(groups: Groups, file: Path) -> None:
    """Plot how often quotes are right against confidence, a curve for each group of questions."""
    figure = Figure(figsize=(8, 5.5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1, label="as often as it says")
    for name, questions in groups.items():
        bins = reliability(questions)
        drawn = [each for each in bins if each.number >= LEAST_IN_BIN]
        label = f"{name}: {len(questions):,} questions, off by {calibration_error(bins):.2f}"
        confidences = [each.confidence for each in drawn]
        axes.plot(confidences, [each.right for each in drawn], marker="o", label=label)
    for threshold in (MAYBE_FROM, ANSWER_FROM):
        axes.axvline(threshold, color="grey", linestyle=":")
    axes.set(xlabel="confidence", ylabel="share with a right quote among three")
    _finish(figure, [axes], file)


def draw_risk(groups: Groups, file: Path) -> None:
    """Plot risk, and answers to what nothing answers, against coverage; grades are marked."""
    figure = Figure(figsize=(11, 5), layout="constrained")
    risk, false = figure.subplots(1, 2)
    for name, questions in groups.items():
        curve = risk_and_coverage(questions)
        for axes, values in ((risk, curve.risk), (false, curve.false)):
            (line,) = axes.plot(curve.coverage, values, label=name if axes is risk else None)
            for marker, at in _grades(curve):
                axes.plot(curve.coverage[at], values[at], marker, color=line.get_color())
    risk.set(ylabel="risk: share of them without a right quote")
    false.set(ylabel="share answered of what nothing answers")
    for axes in (risk, false):
        axes.set(xlabel="coverage: share answered of what is answered there")
    risk.plot([], [], "ko", label=f"answer, from {ANSWER_FROM}")
    risk.plot([], [], "k^", label=f"maybe, from {MAYBE_FROM}")
    _finish(figure, [risk, false], file)


def _grades(curve: Curve) -> Iterator[tuple[str, int]]:
    """Yield a marker for each grade, and the place of its threshold on a curve."""
    for marker, threshold in (("o", ANSWER_FROM), ("^", MAYBE_FROM)):
        if answered := int((curve.thresholds >= threshold).sum()):
            yield marker, answered - 1


def _finish(figure: Figure, several: Iterable[Axes], file: Path) -> None:
    for axes in several:
        axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
        axes.grid(visible=True, alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2, fontsize="small")
    figure.savefig(file, dpi=_PIXELS_AN_INCH)
