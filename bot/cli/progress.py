"""Progress bars for long runs, on a terminal only."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from index.alerts.announcer import Alert
from index.articles.readers import total_size
from index.library import Library
from index.models.article import Article, IngestReport, Rejection
from index.sources.inputs import FetchOptions, read_inputs
from index.workers import cores

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


Item = TypeVar("Item")
Articles = Iterable[Article | Mapping[str, object] | Rejection]
Selection = Callable[[Articles], Articles]
"""Selects articles to ingest of those read."""


def ingest_with_progress(
    library: Library,
    inputs: Sequence[str],
    *,
    alert: Alert,
    web: FetchOptions | None = None,
    select: Selection = iter,
    workers: int | None = None,
) -> IngestReport:
    """Ingest files, folders, addresses or standard input, with a progress bar on a terminal.

    Args:
        library: The library to ingest into.
        inputs: Paths and addresses; `-` is standard input.
        alert: Which new articles trigger alerts.
        web: Contact and permissions for fetching addresses.
        select: Selects articles of those read.
        workers: The number of processes that analyse; by default that of cores.
    """
    ingest = partial(library.ingest, alert=alert, workers=workers or cores())
    if not sys.stderr.isatty():
        return ingest(select(read_inputs(inputs, web=web)))
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn

    with _bar(
        TextColumn("{task.fields[articles]} articles"),
        BarColumn(),
        TextColumn("{task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    ) as bar:
        task = bar.add_task("", total=total_size(inputs) or None, articles=0, rate=0.0)

        def show(report: IngestReport) -> None:
            done = report.added + report.updated + report.unchanged
            bar.update(task, articles=done, rate=done / max(report.seconds, 0.001))

        reading = read_inputs(inputs, lambda size: bar.advance(task, size), web)
        return ingest(select(reading), progress=show)


def with_progress(items: Sequence[Item], name: str) -> Iterator[Item]:
    """Iterate over items, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn

    columns = (MofNCompleteColumn(), "{task.description}", BarColumn(), TimeRemainingColumn())
    with _bar(*columns) as bar:
        yield from bar.track(items, description=name)


def _bar(*columns: "str | ProgressColumn") -> "Progress":
    """Make a bar on standard error; rich, a sixth of a second to import, is for terminals only."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(*columns, console=Console(stderr=True), transient=True)
