"""`hoibao sources`: add, list, check, pause and remove followed sources; import and export OPML."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import click

from bot.cli.context import Context, pluralise
from bot.cli.groups import CommandGroup
from bot.cli.preview import print_preview
from bot.settings import Settings
from bot.sources.registry import add_outlines, follow_settings
from index.articles.preview import Preview, preview
from index.articles.readers import Reading
from index.library import Library
from index.models.article import Rejection
from index.models.period import from_seconds
from index.models.problem import Code, Problem
from index.models.source_kind import SourceKind
from index.sources.feeds import parse_opml, write_opml
from index.sources.report import CheckReport
from index.store.private_files import replace_file
from index.store.sources import Source, SourceReadings

KINDS = [kind.value for kind in SourceKind if kind is not SourceKind.SITE]
MOST_REASONS = 5  # why lines were cut
CHECKING = "check"  # what this process does among others over the database
PREVIEW_SECONDS = 60.0  # for the feed and a page, of a site that may be slow


@click.group(cls=CommandGroup)
def sources() -> None:
    """Follow feeds, sitemaps, section pages and folders: add, list, remove, pause, check."""


@sources.command()
@click.argument("place", metavar="URL_OR_FOLDER")
@click.option("--name", help="Name of the source [what it calls itself].")
@click.option("--kind", type=click.Choice(KINDS), help="Its kind [found out].")
@click.option("--pattern", help="Links of a section page that are articles, as /tin/*.html.")
@click.pass_obj
def add(
    context: Context, place: str, name: str | None, kind: str | None, pattern: str | None
) -> None:
    """Follow a source, and preview its newest article; the feed is found from a site's address.

    Its existing articles are added at the next check.
    """
    from bot.sources.following import add_location  # the HTTP client is slow to import

    with context.open_library() as library:
        added = add_location(library.followed, context.settings, place, name, kind, pattern)
    click.echo(f"added {added.name}: {added.kind} {added.address}")
    if added.pattern:
        click.echo(f"  links to articles: {added.pattern}")
    newest = asyncio.run(_preview_newest(context.settings, added))
    if isinstance(newest, Rejection):
        click.echo(f"no preview: {newest.input}: {newest.reason}", err=True)
    else:
        click.echo("its newest article:")
        print_preview(newest)


@sources.command("list")
@click.pass_obj
def list_sources(context: Context) -> None:
    """List the sources and their state."""
    with _library_with_settings(context) as library:
        followed = library.followed.all()
    for source in followed:
        click.echo(f"{source.name}: {source.kind} {source.address}\n  {_state(source)}")
    if not followed:
        click.echo("No sources are followed yet; add one with: hoibao sources add URL_OR_FOLDER")


@sources.command()
@click.argument("name")
@click.pass_obj
def remove(context: Context, name: str) -> None:
    """Stop following a source; its articles stay.

    A source named in the settings comes back: pause it instead.
    """
    with context.open_library() as library:
        source = library.followed.by_name(name)
        library.followed.remove(source.id)
    click.echo(f"removed {source.name}")


@sources.command()
@click.argument("name")
@click.pass_obj
def pause(context: Context, name: str) -> None:
    """Pause a source until it is checked by hand."""
    with _library_with_settings(context) as library:
        source = library.followed.by_name(name)
        library.followed.pause(source.id)
    click.echo(f"paused {source.name}; resume it with: hoibao sources check {source.name!r}")


@sources.command()
@click.argument("name", required=False)
@click.pass_obj
def check(context: Context, name: str | None) -> None:
    """Check all sources now, or the one with this NAME; a paused one resumes.

    Below the result stands how its last articles read.
    """
    with _library_with_settings(context) as library:
        followed = library.followed
        if name:
            source = followed.by_name(name)
            chosen = [followed.resume(source.id, source.next_check_at)]
            if source.paused is not None:
                click.echo(f"{source.name}: resumed")
        else:
            chosen = [source for source in followed.all() if source.paused is None]
        failed = asyncio.run(_check_all(library, context.settings, chosen))
    if failed:
        raise SystemExit(1)


@sources.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_opml(context: Context, file: Path) -> None:
    """Follow the sources of an OPML file, as feed readers export it."""
    outlines = parse_opml(file.read_bytes(), str(file))
    with context.open_library() as library:
        added, skipped = add_outlines(library.followed, outlines)
    for reason in skipped:
        click.echo(f"skipped {reason}", err=True)
    click.echo(f"{added} added, {len(skipped)} skipped")


@sources.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_obj
def export(context: Context, file: Path | None) -> None:
    """Write the sources as OPML, to a file or standard output; folders are left out."""
    with _library_with_settings(context) as library:
        written = write_opml(library.followed.all())
    if file is None:
        click.echo(written.decode(), nl=False)
    else:
        replace_file(file, written)


async def _preview_newest(settings: Settings, source: Source) -> Preview | Rejection:
    """Preview the newest article of a source, or say why it cannot be shown."""
    # The HTTP client is slow to import.
    from bot.sources.following import make_fetcher
    from index.sources.articles import read_newest

    try:
        async with asyncio.timeout(PREVIEW_SECONDS), make_fetcher(settings) as fetcher:
            found = await read_newest(fetcher, source)
    except TimeoutError:
        return Rejection(source.address, Problem(Code.SILENT))
    return preview(found) if isinstance(found, Reading) else found


@contextmanager
def _library_with_settings(context: Context) -> Iterator[Library]:
    """Open the library, and follow the sources that the settings name."""
    with context.open_library() as library:
        follow_settings(library.followed, context.settings.sources)
        yield library


async def _check_all(library: Library, settings: Settings, chosen: list[Source]) -> bool:
    """Check sources one after the other, and tell whether one of them failed."""
    from bot.sources.following import make_follower  # the HTTP client is slow to import

    failed, followed = False, library.followed
    with library.workers.joined(socket.gethostname(), [CHECKING]) as worker:
        follower = make_follower(library, settings, worker=worker)
        async with follower.fetcher:
            for source in chosen:
                if not followed.claims.take(worker.id, source.id):
                    followed.check_soon([source.id], int(time.time()))
                    click.echo(f"{source.name}: another process is at its site now; it is due next")
                    continue
                report = await follower.check(followed.by_id(source.id))
                _print_report(source, report)
                _print_readings(followed.readings(source.id))
                failed |= report.error is not None
    return failed


def _print_report(source: Source, report: CheckReport) -> None:
    for rejection in report.failed:
        click.echo(f"failed {rejection.input}: {rejection.reason}", err=True)
    if report.error:
        click.echo(f"{source.name}: {report.error}", err=True)
    elif report.not_modified:
        click.echo(f"{source.name}: not modified")
    else:
        removed = f", {report.removed} removed" if report.removed else ""
        counts = f"{report.new} new, {report.updated} updated{removed}, {len(report.failed)} failed"
        click.echo(f"{source.name}: {counts}")


def _print_readings(readings: SourceReadings) -> None:
    """Print how the last articles of a source read, so that trouble shows."""
    counts = readings.sentences
    if not counts:
        return
    found = f"{counts[0]} to {pluralise(counts[-1], 'sentence')}, usually {readings.usual}"
    if counts[0] == counts[-1]:
        found = f"{pluralise(counts[0], 'sentence')} each"
    if readings.undated:
        found += f"; {readings.undated} without a date"
    if readings.from_feed:
        found += f"; {readings.from_feed} with the text of the feed, not of the page"
    click.echo(f"  last {pluralise(len(counts), 'article')}: {found}")
    if readings.cuts:
        cuts = (f"{number:,} {reason}" for reason, number in readings.cuts.items())
        click.echo(f"  lines cut: {', '.join(islice(cuts, MOST_REASONS))}")


def _state(source: Source) -> str:
    if source.paused:
        return f"paused: {source.paused}"
    if source.checked_at is None:
        return "not checked yet"
    checked = f"checked {_moment(source.checked_at)}, next {_moment(source.next_check_at)}"
    failures = f"; failures in a row: {source.failures} ({source.last_error})"
    return checked + (failures if source.failures else "")


def _moment(seconds: int) -> str:
    return from_seconds(seconds).strftime("%Y-%m-%d %H:%M")
