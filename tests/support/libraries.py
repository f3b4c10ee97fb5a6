"""Open libraries of sample articles, ingested once a run and then copied (ten times faster)."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from index import Article, Library
from index.store import Database
from index.store.database import sqlite_address
from index.store.meta import HOME, remove_value
from tests.support.postgresql_server import fresh_database

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
"""Parameters of a fixture `server` by which a suite runs on both kinds of databases."""


@contextmanager
def open_library(
    folder: Path, articles: tuple[Article | Path, ...] = (), server: URL | None = None
) -> Iterator[Library]:
    """Open a library of these articles in a folder, or the one that the folder has already.

    Args:
        folder: Its folder.
        articles: Its articles.
        server: The PostgreSQL server of its database, which is a new one; None for SQLite.
    """
    is_new, database = not folder.exists() or not any(folder.iterdir()), None
    if is_new:
        filled = _filled(articles, server)
        shutil.copytree(filled, folder, dirs_exist_ok=True)
        if server:
            database = fresh_database(server, template=filled.name)
    with Library.open(folder, database=database) as library:
        if not is_new:
            library.ingest(articles)
        yield library


def empty_database(folder: Path) -> URL:
    """Create an empty SQLite database in a folder, and return its URL."""
    path = folder / "hoibao.db"
    shutil.copy(_filled(()) / "hoibao.db", path)
    return sqlite_address(path)


@cache
def _filled(articles: tuple[Article | Path, ...], server: URL | None = None) -> Path:
    """Fill a folder, and on a server a database of the same name, that others are copied from."""
    folder = Path(tempfile.mkdtemp(prefix="hoibao-tests-"))
    atexit.register(shutil.rmtree, folder)
    database = fresh_database(server, name=folder.name) if server else None
    with Library.open(folder, database=database) as library:
        library.ingest(articles)
    if database:
        with closing(Database(database)) as opened, opened.writing() as connection:
            remove_value(connection, HOME)  # else a copy would be taken for a restored dump
    return folder
