"""`hoibao preview`: show what articles would become, without storing them."""

import sys
from itertools import groupby
from operator import attrgetter
from typing import Any

import click

from bot.cli.context import Context, pluralise, print_json
from index.articles.preview import Preview
from index.articles.readers import Cut
from index.articles.urls import host_of
from index.errors import StorageError
from index.language.dates import format_datetime
from index.models.article import Rejection
from index.sources.inputs import FetchOptions, preview_inputs
from index.sources.pages import cut_repeated_lines
from index.store.sources import RepeatedLines


@click.command()
@click.argument("inputs", metavar="PAGE_OR_URL...", nargs=-1, required=True)
@click.option("--verbose", is_flag=True, help="Also show what was cut from pages, and why.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each article.")
@click.pass_obj
def preview(context: Context, inputs: tuple[str, ...], verbose: bool, as_json: bool) -> None:
    """Show what articles would become, and store nothing: title, date, author, source, sentences.

    Takes what ingest takes: files, folders, addresses of articles and feeds, - for JSON Lines.
    """
    settings = context.settings
    web = FetchOptions(settings.contact, settings.private_networks)
    is_all_good = True
    is_online = any(place.lower().startswith(("http:", "https:")) for place in inputs)
    repeated = _repeated_lines(context) if is_online else {}
    for found in preview_inputs(inputs, web):
        if isinstance(found, Preview):
            found = cut_repeated_lines(found, repeated.get(host_of(found.article.url) or ""))
        is_all_good &= isinstance(found, Preview)
        if as_json:
            print_json(_values(found, verbose=verbose))
        else:
            print_preview(found, verbose=verbose)
    if not is_all_good:
        sys.exit(1)


def print_preview(found: Preview | Rejection, *, verbose: bool = False) -> None:
    """Print an article for people to read, or on standard error why there is none.

    Args:
        found: The article or the rejection.
        verbose: Whether to print what was cut, and not only how much.
    """
    if isinstance(found, Rejection):
        click.echo(f"rejected {found.input}: {found.reason}", err=True)
        return
    article = found.article
    click.echo(f"{found.input}\n  {article.title or 'no title'}")
    click.echo(f"  {format_datetime(article.published, 'en')}")
    click.echo(f"  by {article.author}" if article.author else "  author unknown")
    click.echo(f"  from {article.source}" if article.source else "  source unknown")
    if found.problem:
        click.echo(f"  the text in the feed, not that of its page: {found.problem}")
    for number, sentence in enumerate(found.sentences, start=1):
        click.echo(f"  {number:4}. {sentence}")
    if verbose:
        _print_cuts(found.cuts)
    elif found.cuts:
        click.echo(f"  {pluralise(len(found.cuts), 'line')} cut; hoibao preview --verbose says why")


def _repeated_lines(context: Context) -> dict[str, RepeatedLines]:
    """Return the lines on most pages of each followed source, by host; empty without a store."""
    try:
        library = context.open_library(indexing=False, is_there=True)
    except StorageError:
        return {}
    with library:
        pages = library.followed.pages
        return {
            host: pages.repeated(source.id)
            for source in library.followed.all()
            if source.is_on_web and (host := host_of(source.address))
        }


def _print_cuts(cuts: tuple[Cut, ...]) -> None:
    """Print what was cut in the order of the page, neighbours with one reason together."""
    for reason, together in groupby(cuts, attrgetter("reason")):
        click.echo(f"  cut, {reason}:")
        for cut in together:
            click.echo(f"      - {cut.text}")


def _values(found: Preview | Rejection, *, verbose: bool) -> dict[str, Any]:
    """Return the values of the JSON object of an article or rejection."""
    if isinstance(found, Rejection):
        return {"input": found.input, "rejected": found.reason}
    values: dict[str, Any] = {
        "input": found.input,
        "title": found.article.title,
        "published": found.article.published,
        "author": found.article.author,
        "source": found.article.source,
        "sentences": found.sentences,
    }
    if verbose:
        values["cuts"] = [{"text": cut.text, "reason": cut.reason} for cut in found.cuts]
    return values
