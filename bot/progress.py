"""A progress bar for long runs, on a terminal only."""

import sys
from collections.abc import Sequence

from index.alerting import Alert
from index.library import IngestReport, Library
from index.reading import read, total_size


def ingest_with_progress(
    library: Library, inputs: Sequence[str], *, alert: str, private_networks: bool
) -> IngestReport:
    """Ingest files, folders, addresses or standard input, showing how far it has come."""
    if not sys.stderr.isatty():
        articles = read(inputs, private_networks=private_networks)
        return library.ingest(articles, alert=Alert(alert))
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

        reading = read(
            inputs,
            on_progress=lambda size: bar.advance(task, size),
            private_networks=private_networks,
        )
        return library.ingest(reading, progress=show, alert=Alert(alert))
