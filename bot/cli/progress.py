"""Progress bars for long runs, on a terminal only."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import click

from bot.cli.context import pluralise
from index.alerts.announcer import Alert
from index.articles.readers import total_size
from index.library import Library
from index.models.article import Article, IngestReport, Rejection
from index.sources.inputs import FetchOptions, read_inputs
from index.workers import cores

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
    size = total_size(inputs)
    reading = _Reading()
    with click.progressbar(
        length=size or 1,
        # How much addresses and standard input hold is unknown: only articles are counted.
        bar_template="[%(bar)s]  %(info)s" if size else "%(info)s",
        show_eta=size > 0,
        show_percent=size > 0,
        item_show_func=_counts,
        file=sys.stderr,
        update_min_steps=0,
    ) as bar:

        def show(report: IngestReport) -> None:
            bar.update(reading.stored(report) - bar.pos if size else 0, report)

        articles = reading.counted(select(read_inputs(inputs, reading.advance, web)))
        report = ingest(articles, progress=show)
        bar.update(bar.length - bar.pos if bar.length else 0, report)
    return report


@dataclass(slots=True)
class _Reading:
    """Bytes and articles read so far; reading is ahead of storing."""

    size: int = 0
    articles: int = 0

    def advance(self, size: int) -> None:
        """Count bytes."""
        self.size += size

    def counted(self, articles: Articles) -> Articles:
        """Pass articles on, and count them."""
        for article in articles:
            self.articles += 1
            yield article

    def stored(self, report: IngestReport) -> int:
        """Estimate how many of the bytes have been stored, by the share of the articles."""
        return self.size * _done(report) // max(self.articles, 1)


def _done(report: IngestReport) -> int:
    return report.added + report.updated + report.unchanged + len(report.rejected)


def _counts(report: IngestReport | None) -> str | None:
    """Say how many articles were ingested, and how fast."""
    if report is None:
        return None
    done = report.added + report.updated + report.unchanged
    return f"{pluralise(done, 'article')}, {done / max(report.seconds, 0.001):.0f}/s"


def with_progress(items: Sequence[Item], name: str) -> Iterator[Item]:
    """Iterate over items, with a progress bar on a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, label=name, show_pos=True, file=sys.stderr) as bar:
        yield from bar
