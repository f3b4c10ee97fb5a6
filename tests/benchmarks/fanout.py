"""Alert fan-out under kill -9: losses, duplicates, rate: `python -m tests.benchmarks.fanout`.

An article comes into a watched folder that every chat subscribed to: people, and some groups.
`hoibao run` is killed with -9 at random moments and started again, under an embedded Telegram
that enforces the documented limits, while a person asks a question every few seconds. An answer
counts if the process lived through it. `--deliveries N --kills N` make it shorter.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.benchmarks._machine import machine
from tests.support.fanout import Figures, measure


def report(figures: Figures, refused: int, seconds: float) -> Table:
    """Format the results as a table, each with its target."""
    table = Table(title=f"{figures.deliveries:,} deliveries, {len(figures.kills)} kill -9")
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("wanted")
    in_flight = sum(figures.in_flight)
    answers = sorted(figures.answers) or [float("nan")]
    worst = f"{answers[-1]:.2f}"
    rows = [
        ("lost", f"{figures.lost}", "0"),
        ("sent twice", f"{figures.duplicates}", f"at most in flight at the kills: {in_flight}"),
        ("refused with 429", f"{refused}", "0"),
        ("messages a second, sustained", f"{figures.rate:.1f}", "at least 28"),
        (f"answers meanwhile, s: median of {len(figures.answers)}", _median(answers), ""),
        ("answers meanwhile, s: slowest", worst, "under 1"),
        ("whole run, s", f"{seconds:.0f}", ""),
    ]
    for row in rows:
        table.add_row(*row)
    return table


def _median(answers: Sequence[float]) -> str:
    return f"{statistics.median(answers):.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    arguments = parser.parse_args()
    started = time.monotonic()
    figures, refused = asyncio.run(measure(arguments.deliveries, arguments.kills))
    console = Console()
    console.print(machine())
    console.print(report(figures, refused, time.monotonic() - started))


if __name__ == "__main__":
    main()
