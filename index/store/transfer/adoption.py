"""Adopt a database whose content was replaced from outside, as `pg_restore` does.

It becomes another collection, so that indexes and caches of the former content are renewed.
Counters go on, what may have been sent since is dropped, and the next items of sources are no news.
"""

import time
from collections.abc import Iterable, Mapping

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
from index.store.tables import articles, collection, source_items, sources, subscriptions


def adopt(database: Database, indexed: int) -> int:
    """Make the content of a database another collection.

    Args:
        database: The database.
        indexed: The revision up to which an index of the former content goes, or 0; later
            articles get higher numbers, since buttons in chats name those.

    Returns:
        The number of articles.

    Raises:
        StorageError: The database cannot be used.
    """
    with database.writing() as connection:
        _adopt(connection, indexed)
        return connection.scalar(select(func.count()).select_from(articles)) or 0


def adopt_if_restored(database: Database, indexed: int) -> bool:
    """Adopt a database of PostgreSQL that was restored from a dump; return whether it was.

    The tables of a dump are other ones than those that it was made of, which are remembered: the
    numbers that PostgreSQL gave to them, to the database and to the server's data differ. They are
    the same on a server that took over from another one.

    Args:
        database: The database.
        indexed: See `adopt`.

    Raises:
        StorageError: The database cannot be used.
    """
    if database.address.get_backend_name() != "postgresql":
        return False
    with database.reading() as connection:
        if find_value(connection, HOME) == _home(connection):
            return False
    with database.writing() as connection:
        stored, home = find_value(connection, HOME), _home(connection)
        is_restored = stored is not None and stored != home
        if is_restored:
            _adopt(connection, indexed)
        else:
            upsert(connection, collection, {"name": HOME, "value": home})
    return is_restored


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


def _adopt(connection: Connection, indexed: int) -> None:
    counters = {name: int(value(connection, name)) + 1 for name in ("revision", SUBSCRIPTIONS)}
    counters["revision"] = max(counters["revision"], indexed + 1)
    drop_what_was_sent(connection)
    renew_metadata(connection, counters, collection_ids(connection))
    remove_value(connection, COPY)
    if connection.dialect.name == "postgresql":
        upsert(connection, collection, {"name": HOME, "value": _home(connection)})


def _home(connection: Connection) -> str:
    """Return the numbers of the server's data, of the database, and of a table of it."""
    may = connection.scalar(
        text("SELECT has_function_privilege('pg_catalog.pg_control_system()', 'execute')")
    )
    system = "SELECT system_identifier FROM pg_catalog.pg_control_system()"
    server = connection.scalar(text(system)) if may else 0
    numbers = text(
        "SELECT oid, CAST(to_regclass('collection') AS oid) FROM pg_catalog.pg_database "
        "WHERE datname = current_database()"
    )
    of_database, of_table = connection.execute(numbers).one()
    return f"{server}/{of_database}/{of_table}"
