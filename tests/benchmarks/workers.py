"""Several workers over one PostgreSQL: `python -m tests.benchmarks.workers`.

First three workers, one of which is killed with -9 twenty times during 5,000 deliveries, news of
ten feeds and questions, under an embedded Telegram that enforces the documented limits. Then how
many questions a CPU second one worker answers, and two, over a Bot API without limits. `--kills 0`
and `--people 0` leave a part out.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index import Library
from tests.benchmarks._machine import machine
from tests.support.bot import ARTICLES
from tests.support.crew import QUESTIONS, Figures, measure_kills, measure_throughput
from tests.support.postgresql_server import fresh_database, missing, postgresql_server, version_of

WANTED_RATIO = 1.7


def report(figures: Figures) -> Table:
    """Format the results of the kills as a table, each with its target."""
    table = Table(title=f"{figures.deliveries:,} deliveries, {figures.kills} kill -9")
    table.add_column("figure")
    table.add_column("measured", justify="right")
    table.add_column("wanted")
    in_flight = sum(figures.in_flight)
    slowest = figures.seconds or [float("nan")]
    rows = [
        ("alerts lost", f"{figures.lost}", "0"),
        ("alerts sent twice", f"{figures.duplicates}", f"at most in flight: {in_flight}"),
        (
            f"articles lost, of {len(figures.published)}",
            f"{len(figures.published) - figures.stored}",
            "0",
        ),
        (
            f"sources checked twice at once, in {figures.checks} checks",
            f"{figures.twice_at_once}",
            "0",
        ),
        (f"questions not answered, of {figures.asked}", f"{figures.asked - figures.answered}", "0"),
        ("answers sent twice", f"{max(0, figures.answers - figures.asked)}", "at most in flight"),
        ("people answered out of order", f"{figures.disordered}", "0"),
        ("refused with 429", f"{figures.refused}", "0"),
        ("answer, s: median, slowest", f"{statistics.median(slowest):.1f}, {slowest[-1]:.1f}", ""),
    ]
    for row in rows:
        table.add_row(*row)
    return table


def compare(results: dict[int, tuple[int, float, float]]) -> Table:
    """Format the throughput of one and two workers as a table."""
    table = Table(title="Questions over a Bot API without limits")
    for column in ("workers", "answers", "a second", "a CPU second of theirs", "as many as one"):
        table.add_column(column, justify="right")
    answers, _, cpu = results[1]
    alone = answers / cpu
    for workers, (answers, seconds, cpu) in results.items():
        times = workers * (answers / cpu) / alone
        table.add_row(
            f"{workers}",
            f"{answers:,}",
            f"{answers / seconds:.1f}",
            f"{answers / cpu:.1f}",
            f"{times:.2f} (wanted {WANTED_RATIO})" if workers > 1 else "1",
        )
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--deliveries", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--sources", type=int, default=10)
    parser.add_argument("--people", type=int, default=100)
    arguments = parser.parse_args()
    if absent := missing():
        raise SystemExit(absent)
    console = Console()
    console.print(machine())
    with postgresql_server() as server, tempfile.TemporaryDirectory() as name:
        console.print(f"PostgreSQL {version_of(server.address)}, {arguments.workers} workers")
        if arguments.kills:
            figures = asyncio.run(
                measure_kills(
                    Path(name) / "kills",
                    fresh_database(server.address),
                    workers=arguments.workers,
                    deliveries=arguments.deliveries,
                    kills=arguments.kills,
                    sources=arguments.sources,
                )
            )
            console.print(report(figures))
        if arguments.people:
            results = {}
            for workers in (1, 2):
                database, folder = fresh_database(server.address), Path(name) / str(workers)
                with Library.open(folder / "setup", database=database) as library:
                    library.ingest(ARTICLES)
                results[workers] = asyncio.run(
                    measure_throughput(
                        folder,
                        database,
                        workers=workers,
                        people=arguments.people,
                        questions=QUESTIONS,
                    )
                )
            console.print(compare(results))


if __name__ == "__main__":
    main()
