"""A cluster of three nodes beside the embedded engine: `python -m tests.benchmarks.cluster`.

Real servers are started on loopback: PostgreSQL, and three nodes of OpenSearch with 3 shards and a
copy of each. One collection, the shared news and the paragraphs of XQuAD, is indexed by both
engines, and both are asked the same questions. Then nodes are killed with -9 while questions are
asked and articles taken in, first new ones, then revised ones (`--kills`). `--articles 3000,60000`
measures several collections, the largest of them under kills; `--cache` keeps everything for the
next run. `--plan` prints what a hundred times as many sentences would need, from the costs of this
run.
"""

import signal
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.table import Table

from tests.benchmarks._both_engines import (
    REPLICAS,
    SHARDS,
    Building,
    Collection,
    Work,
    running_servers,
)
from tests.benchmarks._cluster_plan import SENTENCES, SOURCES, Measured, plan
from tests.benchmarks._engine_comparison import Comparison, compare, percentile, questions
from tests.benchmarks._machine import machine
from tests.benchmarks._node_kills import Kills, Round, kill_nodes
from tests.benchmarks._questions import require_data
from tests.support import opensearch_server, postgresql_server


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a collection."""

    building: Building
    comparison: Comparison
    sentences: int
    index_bytes: int
    database_bytes: int

    def measured(self) -> Measured:
        """Return the costs that a plan is made from."""
        asked, articles = self.comparison.asked, self.building.articles
        taking_in, indexing = self.building.taking_in, self.building.indexing
        return Measured(
            sentences=self.sentences,
            articles=articles,
            index_bytes=self.index_bytes / self.sentences,
            database_bytes=self.database_bytes / self.sentences,
            question_nodes=self.comparison.nodes_cpu / asked,
            question_own=statistics.mean(self.comparison.cluster.cpu)
            + self.comparison.database_cpu / 2 / asked,
            article_own=(taking_in.cpu - taking_in.nodes + indexing.own + indexing.database)
            / articles,
            article_nodes=indexing.nodes / articles,
            requests=statistics.mean(self.comparison.requests),
        )


@click.command(help=__doc__)
@click.option("--articles", default="60000", show_default=True, help="Sizes of collections.")
@click.option("--asked", default=600, show_default=True, help="Number of questions.")
@click.option("--heap", default="1g", show_default=True, help="Heap of a node.")
@click.option("--kills/--no-kills", default=True, help="Kill nodes.")
@click.option("--seed", default=19, show_default=True, help="Of which nodes are killed.")
@click.option("--plan", "is_planned", is_flag=True, help="Print what a larger one would need.")
@click.option("--cache", type=click.Path(path_type=Path), help="Keep servers' data here.")
def main(
    articles: str,
    asked: int,
    heap: str,
    seed: int,
    cache: Path | None,
    *,
    kills: bool,
    is_planned: bool,
) -> None:
    """Print the tables."""
    require_data()
    if absent := opensearch_server.missing() or postgresql_server.missing():
        raise SystemExit(f"{absent}: there is no cluster to ask")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped
    sizes = sorted(map(int, articles.split(",")))
    console = Console(width=150)
    with (
        TemporaryDirectory(prefix="hoibao-cluster-") as temporary,
        running_servers(cache or Path(temporary), heap) as servers,
    ):
        collections = [Collection(servers, size) for size in sizes]
        buildings = [each.build(_progress) for each in collections]
        pairs = reversed(list(zip(collections, buildings, strict=True)))
        found = [_measure(*each, asked) for each in pairs][::-1]  # the smallest when it is warm
        memory = [node.megabytes() for node in servers.nodes.nodes]
        console.print(_describe(memory, heap))
        console.print(_answers_table(found))
        console.print(_cost_table(found))
        if is_planned:
            small = found[0].measured() if len(found) > 1 else None
            console.print(_plan_table(small, found[-1].measured()))
        if kills:
            for revised in (False, True):
                found_kills = kill_nodes(
                    collections[-1], questions(asked), seed, _progress, revised=revised
                )
                _print_kills(console, found_kills, asked)


def _progress(text: str) -> None:
    click.echo(text, err=True)


def _measure(collection: Collection, building: Building, asked: int) -> Figures:
    collection.servers.nodes.wait_until_green()
    with collection.cluster() as library:
        sentences = library.status().sentences
    _progress(f"asking {asked} questions of {sentences:,} sentences")
    comparison = compare(collection, questions(asked))
    sizes = collection.index_bytes(), collection.database_bytes()
    return Figures(building, comparison, sentences, *sizes)


def _describe(memory: Sequence[float], heap: str) -> str:
    nodes = ", ".join(f"{each:.0f}" for each in memory)
    return (
        f"{machine()}; OpenSearch {opensearch_server.VERSION}, {len(memory)} nodes on this machine "
        f"(heap {heap}, {nodes} MB resident), {SHARDS} shards, {REPLICAS} replica"
    )


def _answers_table(found: Sequence[Figures]) -> Table:
    table = Table(title="the cluster beside the embedded engine")
    table.add_column("", no_wrap=True)
    table.add_column("wanted", no_wrap=True)
    for each in found:
        table.add_column(f"{each.sentences:,} sentences", justify="right")
    rows = zip(*(list(_answers_rows(each.comparison)) for each in found), strict=True)
    for row in rows:
        table.add_row(row[0][0], row[0][1], *(cell for _, _, cell in row))
    return table


def _answers_rows(found: Comparison) -> Iterator[tuple[str, str, str]]:
    ours, theirs = found.embedded, found.cluster
    yield "questions", "600", f"{found.asked}"
    yield "the same first quote", "≥ 99 %", f"{statistics.mean(found.same_first):.1%}"
    yield "the same confidence", "", f"{statistics.mean(found.same_confidence):.1%}"
    yield "overlap of the first ten", "≥ 0.98", f"{statistics.mean(found.overlaps):.4f}"
    yield "own CPU, embedded: median (95 %), ms", "", _milliseconds(ours.cpu)
    yield "own CPU, cluster", "", _milliseconds(theirs.cpu)
    ratio = sum(theirs.cpu) / sum(ours.cpu)
    yield "own CPU of all, times the embedded", "≤ 2", f"{ratio:.2f}"
    yield "CPU of the nodes a question, ms", "", f"{1000 * found.nodes_cpu / found.asked:.1f}"
    yield "by the clock, embedded, ms", "", _milliseconds(ours.wall)
    yield "by the clock, cluster", "", _milliseconds(theirs.wall)
    yield "its search by itself", "", _milliseconds(found.searches)
    ratio = percentile(theirs.wall) / percentile(found.searches)
    yield "95 % of a question, times that of its search", "≤ 3", f"{ratio:.2f}"
    trips = f"{statistics.mean(found.round_trips):.1f} ({max(found.round_trips)})"
    yield "round trips a question (most)", "≤ 5", trips
    yield "requests a question", "", f"{statistics.mean(found.requests):.1f}"


def _milliseconds(seconds: Sequence[float]) -> str:
    return f"{1000 * statistics.median(seconds):.1f} ({1000 * percentile(seconds):.1f})"


def _cost_table(found: Sequence[Figures]) -> Table:
    table = Table(title="what a collection costs")
    columns = (
        "articles",
        "",
        "own CPU ms an article",
        "PostgreSQL",
        "nodes",
        "articles a second",
        "index, B a sentence",
        "PostgreSQL, B",
    )
    for column in columns:
        table.add_column(column, justify="right")
    for each in found:
        building = each.building
        table.add_row(
            f"{building.articles:,}",
            "taken in, embedded",
            *_work_cells(building.taking_in, building.articles),
            "",
            f"{each.database_bytes / each.sentences:.0f}",
        )
        table.add_row(
            "",
            "indexed in the cluster",
            *_work_cells(building.indexing, building.articles),
            f"{each.index_bytes / each.sentences:.0f}",
            "",
        )
    return table


def _work_cells(work: Work, articles: int) -> Iterator[str]:
    for cpu in (work.own, work.database, work.nodes):
        yield f"{1000 * cpu / articles:.2f}"
    yield f"{articles / work.seconds:.0f}"


def _print_kills(console: Console, kills: Kills, asked: int) -> None:
    news = "new articles" if kills.rebuilt is None else "revised articles"
    console.print(_kills_table(kills.rounds, news))
    for line in sorted({line for each in kills.rounds for line in each.refusals}):
        console.print(f"refused: {line}")
    for fault in kills.faults:
        console.print(f"store and index do not agree: {fault}")
    console.print(f"store and index compared: {len(kills.faults)} inconsistencies")
    if kills.rebuilt is not None:
        console.print(
            f"other ten quotes by the embedded engine after it was built anew: {kills.rebuilt} of "
            f"{asked} questions"
        )


def _kills_table(rounds: Sequence[Round], news: str) -> Table:
    table = Table(title=f"kill -9 of a node during questions and ingest of {news}")
    columns = (
        "of",
        "answers\n(from the kill on)",
        "refused",
        "other\nten quotes",
        "other\nfirst",
        "least\noverlap",
        "other ten\nat rest",
        "articles\nacknowledged",
        "lost",
        "answers again\nafter, s",
        "slowest\nanswer, s",
        "slowest\ningest, s",
        "green after\nrestart, s",
    )
    for column in columns:
        table.add_column(column, justify="left" if column == "of" else "right")
    for each in rounds:
        table.add_row(
            each.name,
            f"{len(each.asked)} ({len(each.after)})",
            f"{each.refused}",
            f"{len(each.differing)}",
            f"{each.wrong_first}",
            f"{each.least_overlap:.2f}",
            f"{each.wrong_after}",
            f"{len(each.acknowledged)}",
            f"{each.lost}",
            f"{each.again:.1f}",
            f"{each.slowest:.1f}",
            f"{max(ended - started for started, ended in each.steps):.1f}",
            f"{each.green - each.restarted:.0f}",
        )
    return table


def _plan_table(small: Measured | None, large: Measured) -> Table:
    table = Table(title=f"on paper: {SENTENCES:,} sentences, {SOURCES:,} sources")
    for column in ("", "needed", "because"):
        table.add_column(column)
    for row in plan(small, large, REPLICAS):
        table.add_row(*row)
    return table


if __name__ == "__main__":
    main()
