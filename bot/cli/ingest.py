"""`hoibao ingest`: add articles."""

import sys
from dataclasses import asdict

import click

from bot.cli.context import Context, pluralise, print_json, warn_if_outdated
from bot.cli.progress import ingest_with_progress
from index.alerts.announcer import Alert
from index.sources.inputs import FetchOptions

MOST_WORKERS = 64


@click.command()
@click.argument("inputs", metavar="PATH_OR_URL...", nargs=-1, required=True)
@click.option(
    "--alert",
    type=click.Choice(["recent", "all", "none"]),
    default="recent",
    show_default=True,
    help="Which new articles to send alerts for.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    help="Processes that analyse many articles [as many as cores].",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON, last line.")
@click.pass_obj
def ingest(
    context: Context, inputs: tuple[str, ...], alert: str, workers: int | None, as_json: bool
) -> None:
    """Add articles from .txt, .html, .jsonl, .jsonl.gz, folders or addresses.

    `-` reads JSON Lines from standard input.
    """
    with context.open_library() as library:
        report = ingest_with_progress(
            library,
            inputs,
            alert=Alert(alert),
            web=FetchOptions(context.settings.contact, context.settings.private_networks),
            workers=workers,
        )
        warn_if_outdated(library)
    for undated in report.undated:
        click.echo(f"date unknown {undated.input}: {undated.reason}", err=True)
    if as_json:
        counts = asdict(report)
        del counts["undated"]
        print_json(counts)
    else:
        for rejection in report.rejected:
            click.echo(f"rejected {rejection.input}: {rejection.reason}", err=True)
        click.echo(
            f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
            f"{len(report.rejected)} rejected ({pluralise(report.sentences, 'sentence')}, "
            f"{report.seconds:.1f} s)"
        )
    if report.rejected:
        sys.exit(1)
