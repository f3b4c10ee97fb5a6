"""Plot of cost against collection size."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure


def draw(curves: Mapping[str, Mapping[int, float]], file: Path) -> None:
    """Plot milliseconds a question against sentences, a curve for each name."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for name, curve in curves.items():
        is_ours = name.startswith("Hỏi Báo")
        axes.plot(
            list(curve),
            list(curve.values()),
            marker="o",
            label=name,
            linewidth=3 if is_ours else 1.5,
            linestyle="-" if is_ours else "--",
        )
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="sentences",
        ylabel="CPU milliseconds a question, median",
    )
    axes.grid(visible=True, which="major", alpha=0.3)
    figure.legend(loc="outside right upper")
    figure.savefig(file, dpi=110)
