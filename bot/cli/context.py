"""Context of the commands: settings, data folder, library; parse dates, print results."""

import ctypes
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import click

from bot.settings import Settings, load
from index.errors import StorageError, UnavailableError
from index.language.dates import read_datetime
from index.library import Library
from index.store.database import DATABASE_FILE
from index.workers import hide, redact_stderr

ARENAS = 2
"""Ingesting a million sentences then needs 580 MB instead of 640, and no more time."""

_M_ARENA_MAX = -8  # as malloc.h has it; see mallopt(3)


@dataclass(frozen=True)
class Context:
    """Common options. Settings are read when a command needs them, so not for `--help`."""

    config: Path | None
    folder: Path | None

    @cached_property
    def settings(self) -> Settings:
        """The settings of the file and the environment; their secrets are redacted from now on."""
        settings = load(self.config)
        hide(*settings.secrets)
        redact_stderr()
        return settings

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder or self.settings.data

    @property
    def has_own_data(self) -> bool:
        """Whether a data folder was chosen."""
        return self.folder is not None or "data" in self.settings.model_fields_set

    def open_library(
        self, data: Path | None = None, *, indexing: bool = True, is_there: bool = False
    ) -> Library:
        """Open the library of the data folder; see `Library.open`.

        Args:
            data: Another folder.
            indexing: Whether to index articles that the search index lacks.
            is_there: Whether an empty data folder is an error.

        Raises:
            SettingsError: If the settings cannot be read.
            StorageError: If the library cannot be opened.
        """
        limit_arenas()
        folder = data or self.data
        secret, reranker = self.settings.database, self.settings.reranker
        database = secret.get_secret_value() if secret and data is None else None
        if is_there and not database and not (folder / DATABASE_FILE).is_file():
            raise StorageError(
                f"data folder {folder}: nothing is stored there; is it the right one?"
            )
        return Library.open(
            folder,
            database=database,
            semantic=self.settings.semantic,
            reranker=reranker.server if reranker else None,
            cluster=self.settings.cluster if data is None else None,
            indexing=indexing,
        )


def limit_arenas() -> None:
    """Limit glibc to two malloc arenas, so that threads reuse each other's freed memory.

    Best called before there are threads. Does nothing where the C library is another one.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


class Day(click.ParamType[date]):
    """A calendar day, as 2021-01-05 or day first, as 5/1/2021."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day."""
        moment = read_datetime(value)
        if moment is None:
            self.fail(f"{value!r} is not a date; write 2021-01-05 or 5/1/2021", param, ctx)
        return moment.date()


def warn_if_outdated(library: Library) -> None:
    """Warn that new articles may not be searchable, and older ones are not as they could be."""
    with suppress(UnavailableError):
        if library.index_sync.is_outdated():
            click.echo(
                "hoibao: an older version indexed these articles; hoibao run renews that while it "
                "answers, and so does: hoibao reindex",
                err=True,
            )


def pluralise(number: int, thing: str) -> str:
    """Format a count: `1 article`, `2 articles`, `1,016,503 sentences`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def print_json(value: object) -> None:
    """Print a value as one line of JSON, with dates and times in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat()))
