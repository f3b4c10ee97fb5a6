"""Adopt a database whose content was replaced from outside, as `pg_restore` does.

It becomes another collection, so that indexes and caches of the former content are renewed.
Counters go on far above, what may have been sent since is dropped, and the next items of sources
are no news.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import Self

from sqlalchemy import Connection, func, select, text, true, update

from index.store.chats.bulletins import skip_missed_bulletins
from index.store.chats.delivery_rows import DropReason, drop_pending
from index.store.database import Database, upsert
from index.store.meta import (
    COPY,
    HOME,
    SUBSCRIPTIONS,
    collection_ids,
    find_value,
    remove_value,
    renew_id,
    set_value,
    value,
)
from index.store.tables import (
    articles,
    collection,
    metadata,
    source_items,
    sources,
    subscriptions,
)
from index.store.transfer.counters import count_on, last_number

NUMBERS_LEFT_OUT = 10_000_000
"""More than are given between a dump and its restore; buttons in chats name them. A table with the
smallest type of keys has enough for 200 of these."""


@dataclass(frozen=True, slots=True)
class _Home:
    """Numbers that PostgreSQL gave to a server's data, a database and a table of it.

    That of the server is 0 if it is not known: its function may be forbidden.
    """

    server: int
    database: int
    table: int

    @classmethod
    def parse(cls, stored: str) -> Self:
        return cls(*map(int, stored.split("/")))

    def __str__(self) -> str:
        return "/".join(map(str, astuple(self)))

    def may_be(self, other: Self) -> bool:
        """Whether the two are the same, as far as they are known."""
        servers = {self.server, other.server} - {0}
        here = (self.database, self.table) == (other.database, other.table)
        return here and len(servers) < 2

    def is_beside(self, other: Self) -> bool:
        """Whether the two are surely in the same database."""
        return 0 != self.server == other.server and self.database == other.database


def adopt(database: Database) -> int:
    """Make the content of a database another collection, which has no index yet.

    An index of the former one is not taken over: it may be that of the database that this one is
    a copy of, or the copy's.

    Returns:
        The number of articles.

    Raises:
        StorageError: The database cannot be used.
    """
    with database.writing() as connection:
        _adopt(connection, replaced=())
        return connection.scalar(select(func.count()).select_from(articles)) or 0


def adopt_if_restored(database: Database) -> bool:
    """Adopt a database of PostgreSQL that was restored from a dump; return whether it was.

    The tables of a dump are other ones than those that it was made of, which are remembered: the
    numbers that PostgreSQL gave to them, to the database and to the server's data differ. They are
    the same on a server that took over from another one.

    Only a dump that was restored where it was made takes over the index of the former content.
    Elsewhere that is the index of another database, which goes on with it.

    Raises:
        StorageError: The database cannot be used.
    """
    if database.address.get_backend_name() != "postgresql":
        return False
    with database.reading() as connection:
        if _is_at_home(connection):
            return False
    with database.writing() as connection:
        if _is_at_home(connection):
            return False
        stored, home = _stored_home(connection), _find_home(connection)
        if stored is None:
            upsert(connection, collection, {"name": HOME, "value": str(home)})
            return False
        replaced = collection_ids(connection) if stored.is_beside(home) else ()
        _adopt(connection, replaced)
        return True


def drop_what_was_sent(connection: Connection) -> None:
    """Drop pending deliveries and missed bulletins: they may have been sent since."""
    now = int(time.time())
    drop_pending(connection, true(), DropReason.RESTORED, now)
    skip_missed_bulletins(connection, now)


def renew_metadata(
    connection: Connection, counters: Mapping[str, int], replaced: Iterable[str]
) -> None:
    """Keep counters increasing, invalidate caches, and make coming items a back catalogue."""
    renew_id(connection, replaced)
    for name, number in counters.items():
        set_value(connection, name, str(number))
    last = connection.scalar(select(func.max(articles.c.revision)))
    raised = {"revision": counters["revision"]}
    connection.execute(update(articles).where(articles.c.revision == last).values(raised))
    connection.execute(update(subscriptions).values(revision=counters[SUBSCRIPTIONS]))
    unread = source_items.c.article.is_(None)
    connection.execute(update(source_items).where(unread).values(is_back_catalogue=True))
    unknown = {"first_read_at": None, "etag": None, "last_modified": None}
    connection.execute(update(sources).values(unknown))


def _adopt(connection: Connection, replaced: Iterable[str]) -> None:
    counters = {name: int(value(connection, name)) + 1 for name in ("revision", SUBSCRIPTIONS)}
    counters["revision"] += NUMBERS_LEFT_OUT
    for table in metadata.sorted_tables:
        count_on(connection, table, last_number(connection, table) + NUMBERS_LEFT_OUT)
    drop_what_was_sent(connection)
    renew_metadata(connection, counters, replaced)
    remove_value(connection, COPY)
    if connection.dialect.name == "postgresql":
        upsert(connection, collection, {"name": HOME, "value": str(_find_home(connection))})


def _is_at_home(connection: Connection) -> bool:
    stored = _stored_home(connection)
    return stored is not None and stored.may_be(_find_home(connection))


def _stored_home(connection: Connection) -> _Home | None:
    stored = find_value(connection, HOME)
    return None if stored is None else _Home.parse(stored)


def _find_home(connection: Connection) -> _Home:
    """Return where a database of PostgreSQL is."""
    may = connection.scalar(
        text("SELECT has_function_privilege('pg_catalog.pg_control_system()', 'execute')")
    )
    system = "SELECT system_identifier FROM pg_catalog.pg_control_system()"
    server = connection.scalar(text(system)) if may else 0
    numbers = text(
        "SELECT oid, CAST(to_regclass('collection') AS oid) FROM pg_catalog.pg_database "
        "WHERE datname = current_database()"
    )
    return _Home(int(server or 0), *connection.execute(numbers).one())
