"""`hoibao copy` and `adopt`: move to another database, or take over one that was restored."""

import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from bot.cli.context import Context, pluralise
from bot.settings.settings import secrets_of_address
from index.errors import StorageError
from index.store.database import Database
from index.store.private_files import make_private_folder
from index.store.transfer import TableComparison
from index.workers import hide, redact_stderr

PROGRESS_SECONDS = 3.0

FURTHER = (
    "The bot may have stored more meanwhile: stop it, give the same command again, which copies "
    "the rest, set database to the copy, and start it. It indexes what its search index lacks; "
    "hoibao reindex over the copy does so before that, and leaves it open for the last run."
)


@click.command()
@click.option("--to", "target", required=True, metavar="ADDRESS", help="The other database.")
@click.pass_obj
def copy(context: Context, target: str) -> None:
    """Copy everything stored to another database, and compare the two; exit status 1 if not alike.

    ADDRESS is as database in the settings: postgresql+psycopg://user@host/name, or
    sqlite:///folder/hoibao.db. A password is better left to ~/.pgpass: others see the command.
    The bot may keep running. Stopped at any moment, the same command resumes.
    """
    hide(*secrets_of_address(target))
    redact_stderr()
    with (
        context.open_library(is_there=True, indexing=False) as library,
        closing(_open_target(target)) as database,
    ):
        try:
            compared = library.index_sync.copy_to(database, _reporter())
        except KeyboardInterrupt:
            click.echo("hoibao: stopped; the same command resumes", err=True)
            raise
    _print_table(compared)
    if not all(table.is_same for table in compared):
        click.echo(
            "hoibao: the copy is not as it should be and cannot be used; give the same command "
            "again, or copy to an empty database",
            err=True,
        )
        sys.exit(1)
    click.echo(FURTHER)


@click.command()
@click.pass_obj
def adopt(context: Context) -> None:
    """Make what is stored a collection of its own, after its database was restored from outside.

    Alerts that were pending are dropped, coming items of the sources are no news, and the search
    index is rebuilt, as after hoibao restore.
    """
    with context.open_library(is_there=True, indexing=False) as library:
        articles = library.index_sync.adopt()
    click.echo(f"{pluralise(articles, 'article')} adopted and indexed")


def _open_target(address: str) -> Database:
    """Open the database to copy to; an SQLite file is created in a private folder."""
    start, _, path = address.partition(":///")
    if start.startswith("sqlite") and path:
        try:
            make_private_folder(Path(path).parent)
        except OSError as error:
            raise StorageError(f"folder {Path(path).parent}: {error.strerror or error}") from error
    return Database(address)


def _reporter() -> Callable[[str, int, int], None]:
    """Return a function that prints how far a table is, every few seconds."""
    next_at = time.monotonic() + PROGRESS_SECONDS

    def report(name: str, rows: int, count: int) -> None:
        nonlocal next_at
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + PROGRESS_SECONDS
            click.echo(f"{name}: {rows:,} of {pluralise(count, 'row')}", err=True)

    return report


def _print_table(compared: list[TableComparison]) -> None:
    for table in compared:
        if table.source.rows or table.target.rows:
            same = "same" if table.is_same else f"DIFFERENT: {table.target.rows:,} in the copy"
            click.echo(
                f"{table.name:16} {table.source.rows:>12,}  {table.source.digest:032x}  {same}"
            )
