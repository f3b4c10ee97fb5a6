"""Crash safety under kill -9 at random moments: `python -m tests.benchmarks.crashes --times 100`.

The process is killed while it ingests, indexes, upgrades old analyses, migrates and restores a
backup, in turn. After each kill the data folder is opened again and checked by
`index.engine.consistency`.
"""

import statistics

import click
from rich.console import Console
from rich.table import Table

from tests.benchmarks._machine import machine
from tests.support.crashes import NEW, OLD, Figures, measure


def report(found: dict[str, Figures]) -> Table:
    """Format the results as a table."""
    kills = sum(figures.kills for figures in found.values())
    table = Table(title=f"{kills} kill -9, {OLD} to {OLD + NEW} articles")
    for heading in ("while", "kills", "articles lost", "inconsistent", "recovery, s", "slowest"):
        table.add_column(heading, justify="left" if heading == "while" else "right")
    for name, figures in found.items():
        seconds = figures.recovery or [float("nan")]
        table.add_row(
            name,
            str(figures.kills),
            str(figures.lost),
            str(figures.wrong),
            f"{statistics.median(seconds):.2f}",
            f"{max(seconds):.2f}",
        )
    return table


@click.command(help=__doc__)
@click.option("--times", default=100, show_default=True, help="Number of kills.")
@click.option("--seed", type=int, help="Of the random moments.")
def main(times: int, seed: int | None) -> None:
    """Print the table."""
    console = Console()
    console.print(machine())
    console.print(report(measure(times, seed)))


if __name__ == "__main__":
    main()
