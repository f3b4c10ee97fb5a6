"""A progress bar for long runs, on a terminal only."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from index.alerting import Alert
from index.article import Article, Rejection
from index.library import Library
from index.processes import cores
from index.reading import total_size
from index.reports import IngestReport
from index.sources.inputs import WebAccess, read_inputs

Item = TypeVar("Item")
Taking = Callable[[Iterable[Article | Rejection]], Iterable[Article | Rejection]]
"""What is taken in of what is read."""


def ingest_with_progress(
    library: Library,
    inputs: Sequence[str],
    *,
    alert: str,
    web: WebAccess | None = None,
    taking: Taking = iter,
    workers: int | None = None,
) -> IngestReport:
    """Ingest files, folders, addresses or standard input, showing how far it has come.

    Without a number of `workers` there are as many as cores.
    """
    ingest = partial(library.ingest, alert=Alert(alert), workers=workers or cores())
    if not sys.stderr.isatty():
        return ingest(taking(read_inputs(inputs, web=web)))
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.fields[articles]} articles"),
        BarColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total_size(inputs) or None, articles=0, rate=0.0)

        def show(report: IngestReport) -> None:
            done = report.added + report.updated + report.unchanged
            bar.update(task, articles=done, rate=done / max(report.seconds, 0.001))

        reading = read_inputs(inputs, lambda size: bar.advance(task, size), web)
        return ingest(taking(reading), progress=show)


def with_progress(items: Sequence[Item], name: str) -> Iterator[Item]:
    """Give the items one by one, showing how many of them are done."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (MofNCompleteColumn(), "{task.description}", BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield from bar.track(items, description=name)
