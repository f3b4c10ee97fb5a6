"""Copy everything that is stored to another database, SQLite or PostgreSQL, and compare the two.

A run copies the state at its beginning, in one view of the source, which may be in use. Rows that
the target has already are compared and left, so that a killed run is resumed by the next one, and a
further run makes up for what has changed since. `take_into_use` tells a copy from a database that
lives on by itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)

from index.errors import StorageError
from index.store.database import Database, upsert
from index.store.meta import COPY, HOME, find_value, remove_value, value
from index.store.sharing import Leases
from index.store.tables import PASSING, articles, chats, collection, metadata
from index.store.transfer.counters import count_on, last_number

TABLES = [
    collection,
    *(each for each in metadata.sorted_tables if each not in (collection, *PASSING)),
]
"""What is copied, each table after those that it refers to."""

ROWS_AT_ONCE = 500

UNFINISHED, COMPLETE = "unfinished", "complete"
"""State of a copy, stored with the id of its collection."""

DIGEST_BITS = 128

Progress = Callable[[str, int, int], object]
"""Called after each batch with the name of the table, its rows so far, and all of them."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Number of rows of a table, and the sum of their hashes, whatever their order."""

    rows: int
    digest: int


@dataclass(frozen=True, slots=True)
class TableComparison:
    """Content of a table in the source and in the target."""

    name: str
    source: Content
    target: Content

    @property
    def is_same(self) -> bool:
        """Whether it is the same in both."""
        return self.source == self.target


def copy(source: Database, target: Database, progress: Progress) -> list[TableComparison]:
    """Bring a database to the state that another one has now.

    What processes share for a while is not copied; see `index.store.tables.PASSING`.

    Args:
        source: The database to copy; it may be in use.
        target: An empty database, or an earlier copy that is not in use yet.
        progress: Called after each batch.

    Returns:
        The content of each table on both sides; the copy is complete if all are the same.

    Raises:
        StorageError: The target holds something else, or one of the two cannot be used.
    """
    with Leases(target).held("copy"), source.reading() as reading:
        if reading.dialect.name == "postgresql":
            # It waits while the target is written, and compared.
            reading.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        name = value(reading, "id")
        _begin(target, name)
        # A chat that became another one goes only when its subscriptions have gone over to that.
        for table in reversed(TABLES):
            if table is not chats:
                _delete_gone(reading, target, table)
        for table in TABLES:
            _write(reading, target, table, progress)
        _delete_gone(reading, target, chats)
        compared = [_compare(reading, target, table, progress) for table in TABLES]
        with target.writing() as connection:
            for table in TABLES:
                count_on(connection, table, last_number(reading, table))
            if all(each.is_same for each in compared):
                set_state(connection, COMPLETE, name)
    return compared


def take_into_use(database: Database, *, lasting: bool) -> None:
    """Refuse a copy that is unfinished; a complete one may be no target of a further run then.

    Args:
        database: A database that is being opened.
        lasting: Whether it is used from now on; else it can still be brought up to date.

    Raises:
        StorageError: It is an unfinished copy.
    """
    with database.reading() as connection:
        state = find_value(connection, COPY) or ""
    if state.startswith(UNFINISHED):
        raise StorageError(
            f"database {database.name}: an unfinished copy; give the same hoibao copy again, which "
            "completes it"
        )
    if state and lasting:
        with database.writing() as connection:
            remove_value(connection, COPY)


def set_state(connection: Connection, state: str, name: str) -> None:
    """Store how far a copy of a collection, by its id, is."""
    upsert(connection, collection, {"name": COPY, "value": f"{state} {name}"})


def _begin(target: Database, name: str) -> None:
    """Mark a database as an unfinished copy; refuse one that holds something else."""
    with target.writing() as connection:
        state = find_value(connection, COPY)
        if state is None and value(connection, "id") == name:
            raise StorageError(
                f"database {target.name}: it is the one to copy, or a copy that has been in use "
                "since; give an empty one"
            )
        if state is not None and state.split()[-1] != name:
            raise StorageError(
                f"database {target.name}: it holds a copy of another collection; give an empty one"
            )
        if state is None and any(_count(connection, each) for each in TABLES[1:]):
            raise StorageError(
                f"database {target.name}: it holds a collection already; give an empty one"
            )
        set_state(connection, UNFINISHED, name)


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _rows(connection: Connection, table: Table) -> Iterator[list[Row[Any]]]:
    """Read a table in batches, without what a database says of itself."""
    query = select(table)
    if table is collection:
        query = query.where(collection.c.name.not_in((COPY, HOME)))
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    for part in found.partitions():
        yield list(part)


def _key(table: Table, row: Row[Any]) -> Key:
    return tuple(row._mapping[column] for column in table.primary_key)


def _find(connection: Connection, table: Table, keys: Iterable[Key]) -> dict[Key, Row[Any]]:
    """Read the rows with some primary keys."""
    columns = list(table.primary_key)
    if len(columns) == 1:
        wanted = columns[0].in_([key for (key,) in keys])
    else:
        wanted = tuple_(*columns).in_(list(keys))
    return {_key(table, row): row for row in connection.execute(select(table).where(wanted))}


def _delete_gone(reading: Connection, target: Database, table: Table) -> None:
    """Delete the rows that the source does not have."""
    with target.reading() as connection:
        gone = [
            key
            for part in _rows(connection, table)
            for key in {_key(table, row) for row in part}
            - _find(reading, table, [_key(table, row) for row in part]).keys()
        ]
    if gone:
        with target.writing() as connection:
            connection.execute(
                delete(table).where(_is_row(table)), [_named(table, k) for k in gone]
            )


def _is_row(table: Table) -> ColumnElement[bool]:
    """Return the condition that a row has the key that is given as parameters."""
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


def _named(table: Table, key: Key) -> dict[str, Any]:
    return {f"key_{column.name}": part for column, part in zip(table.primary_key, key, strict=True)}


def _write(reading: Connection, target: Database, table: Table, progress: Progress) -> None:
    """Insert and update the rows that the target has not, or otherwise."""
    done, count = 0, _count(reading, table)
    with target.reading() as connection:
        is_empty = _count(connection, table) == 0
    for part in _rows(reading, table):
        try:
            with target.writing() as connection:
                known = {} if is_empty else _find(connection, table, [_key(table, r) for r in part])
                new = [dict(row._mapping) for row in part if _key(table, row) not in known]
                other = [row for row in part if known.get(_key(table, row), row) != row]
                if not is_empty and table is articles:
                    _release_addresses(connection, part)
                if new:
                    connection.execute(insert(table), new)
                if other:
                    changed = [dict(r._mapping) | _named(table, _key(table, r)) for r in other]
                    connection.execute(update(table).where(_is_row(table)), changed)
        except StorageError as error:
            raise StorageError(f"{error} (table {table.name}, copied so far: {done:,})") from error
        done += len(part)
        progress(table.name, done, count)


def _release_addresses(connection: Connection, part: Iterable[Row[Any]]) -> None:
    """Take addresses from the articles that had them before; those get their own in their turn."""
    owners = {row.url_key: row.number for row in part if row.url_key is not None}
    held = select(articles.c.url_key, articles.c.number).where(articles.c.url_key.in_(owners))
    lost = [row.number for row in connection.execute(held) if owners[row.url_key] != row.number]
    if lost:
        released = update(articles).where(articles.c.number.in_(lost))
        connection.execute(released.values(url_key=None))


def _compare(
    reading: Connection, target: Database, table: Table, progress: Progress
) -> TableComparison:
    with target.reading() as connection:
        sides = [_content(side, table, progress) for side in (reading, connection)]
    return TableComparison(table.name, *sides)


def _content(connection: Connection, table: Table, progress: Progress) -> Content:
    rows = digest = 0
    count = _count(connection, table)
    for part in _rows(connection, table):
        for row in part:
            hashed = blake2b(repr(tuple(row)).encode(), digest_size=DIGEST_BITS // 8).digest()
            digest = (digest + int.from_bytes(hashed)) % (1 << DIGEST_BITS)
        rows += len(part)
        progress(f"{table.name}, compared", rows, count)
    return Content(rows, digest)
