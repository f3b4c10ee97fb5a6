"""Open and migrate the database; transactions; driver errors as readable messages."""

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Engine,
    Float,
    FromClause,
    Row,
    Select,
    Table,
    Update,
    cast,
    create_engine,
    delete,
    event,
    extract,
    func,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from index.errors import DatabaseLostError, StorageError
from index.store import connections
from index.store.private_files import PRIVATE_FILE
from index.store.tables import HEAD

DATABASE_FILE = "hoibao.db"
"""Name of the SQLite file in a data folder."""

BUSY_TIMEOUT_SECONDS = 60
SCRUB_TIMEOUT_SECONDS = 3

MAX_FAULTS = 20
"""Maximum number of faults of each kind that are reported."""

WRITER_LOCK = 0x686F6962616F
"""Number of the advisory lock that a writer holds in PostgreSQL: "hoibao" in ASCII."""

CLAIM_LOCK = WRITER_LOCK + 1
"""Number of the advisory lock that a worker holds while it claims sources."""

_LOGGER = logging.getLogger(__name__)

_NUMBER_OF_ERROR = re.compile(r"\[Errno -?\d+\] ")

_VALUES_A_STATEMENT = 10_000
"""SQLite takes at most 32,766 values a statement, PostgreSQL 65,535."""


class Database:
    """Database, SQLite or PostgreSQL, migrated when it is opened.

    Args:
        address: An SQLAlchemy address, such as `sqlite:///data/hoibao.db` or
            `postgresql+psycopg://user@host/name`.

    Raises:
        StorageError: The database cannot be opened, is damaged, or was made by
            a newer version.

    While a server of PostgreSQL does not answer, all methods raise DatabaseLostError, and the log
    has one line of it.
    """

    def __init__(self, address: str | URL) -> None:
        try:
            self.address = make_url(address)
            self._engine = _create_engine(self.address)
        except ImportError as error:
            raise StorageError(
                f"database address: its driver is not installed: {error}; for PostgreSQL: "
                "pip install 'hoibao[postgresql]'"
            ) from None
        except (ArgumentError, NoSuchModuleError, ValueError):
            # The address may contain a password, and so may the message of the error.
            raise StorageError(
                "database address: it cannot be read; write it as driver://user@host/name"
            ) from None
        self._losing, self._is_lost = threading.Lock(), True  # until it has answered
        self._writer = self._engine.execution_options(write=True)
        self._reader = self._engine
        if self.has_row_locks:
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        self.name = self.address.database or self.address.render_as_string(hide_password=True)
        with self._storage_errors():
            self._migrate()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a read-only transaction: one consistent view of the database."""
        with self._storage_errors(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin the only writing transaction; it is rolled back on an exception."""
        with self._storage_errors(), self._writer.begin() as connection:
            lock(connection, WRITER_LOCK)
            yield connection

    @contextmanager
    def coordinating(self) -> Iterator[Connection]:
        """Begin a short transaction on what processes share, such as a lease.

        It does not wait for the one that writes articles; it locks the rows that it changes.
        """
        with self._storage_errors(), self._writer.begin() as connection:
            yield connection

    @property
    def has_row_locks(self) -> bool:
        """Whether several transactions can change rows at once; else one writes at a time."""
        return self.address.get_backend_name() == "postgresql"

    @property
    def can_notify(self) -> bool:
        """Whether `listening` is possible."""
        return self._engine.driver == "psycopg"

    @contextmanager
    def listening(self, channel: str) -> Iterator[Callable[[float], bool]]:
        """Listen to a channel of PostgreSQL, with a connection of its own.

        Yields:
            A function that waits some seconds and tells whether something was notified.
        """
        listener = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with self._storage_errors(), listener.connect() as connection:
            driver: Any = connection.connection.driver_connection
            connection.detach()
            connection.exec_driver_sql(f"LISTEN {channel}")

            def wait(seconds: float) -> bool:
                try:
                    return bool(list(driver.notifies(timeout=seconds, stop_after=1)))
                except self._engine.dialect.loaded_dbapi.Error as error:
                    cause = describe_driver_error(error)
                    raise StorageError(f"database {self.name}: {cause}") from error

            yield wait

    def scrub(self) -> bool:
        """Empty the write-ahead log of SQLite, which else keeps deleted data for a while.

        Blocks for a few seconds at most. PostgreSQL overwrites deleted data by itself.

        Returns:
            Whether the log is empty; it is not if the database was being read all the time.
        """
        if self.address.get_backend_name() != "sqlite":
            return True
        with self._storage_errors(), self._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA busy_timeout = {SCRUB_TIMEOUT_SECONDS * 1000}")
            try:
                busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
        # Alembic is slow to import, and needed only here.
        from index.store.migrations import upgrade

        with self._writer.begin() as connection:
            lock(connection, WRITER_LOCK)
            upgrade(connection, self.name)

    @contextmanager
    def _storage_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            message = f"database {self.name}: {describe_driver_error(error.orig)}"
            if self.address.get_backend_name() == "sqlite" or not connections.is_lost(error):
                raise StorageError(message) from error
            self._lost(message)
            raise DatabaseLostError(message) from error
        except PoolTimeoutError as error:
            raise StorageError(f"database {self.name}: all of its connections are busy") from error
        else:
            self._is_lost = False

    def _lost(self, message: str) -> None:
        """Log in one line, until it answers again, that the server does not answer."""
        with self._losing:
            was_lost, self._is_lost = self._is_lost, True
        if not was_lost:
            _LOGGER.warning("%s; what needs it is tried again", message)


def columns_of(record: type[Any], table: FromClause) -> list[ColumnElement[Any]]:
    """Return the columns of a table that are named as the fields of a dataclass, in their order."""
    return [table.c[field.name] for field in fields(record)]


def batched_values(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Split values into lists short enough for one SQL statement."""
    remaining = list(values)
    for start in range(0, len(remaining), _VALUES_A_STATEMENT):
        yield remaining[start : start + _VALUES_A_STATEMENT]


def rows_in(
    connection: Connection, query: Select[Any], column: ColumnElement[Any], values: Iterable[Any]
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Run a query for the rows whose column has one of some values, however many these are."""
    for batch in batched_values(values):
        yield from connection.execute(query.where(column.in_(batch)))


def change_rows_in(
    connection: Connection,
    change: Update | Delete,
    column: ColumnElement[Any],
    values: Iterable[Any],
) -> None:
    """Update or delete the rows whose column has one of some values, however many these are."""
    for batch in batched_values(values):
        connection.execute(change.where(column.in_(batch)))


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Update the row with the same primary key, or insert it; other columns stay."""
    same = [column == row[column.name] for column in table.primary_key]
    if connection.execute(update(table).where(*same).values(row)).rowcount == 0:
        connection.execute(insert(table).values(row))


def inserting(connection: Connection, table: Table) -> Insert:
    """Return an insert that can say what is done on a conflict, in the dialect of a connection."""
    # PostgreSQL's is imported where it is used only: it takes a tenth of a second.
    statement: Insert = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(
        table
    )
    return statement


def insert_if_absent(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; return False if there is one with the same primary key."""
    statement = inserting(connection, table).values(row).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def replace_rows(
    connection: Connection, table: Table, rows: Mapping[int, Iterable[Mapping[str, Any]]]
) -> None:
    """Replace all rows of some articles in a table.

    Args:
        connection: A writing transaction.
        table: A table with the column `article`, an article's number.
        rows: The new rows without that column, by article number.
    """
    change_rows_in(connection, delete(table), table.c.article, rows)
    new = [{"article": number, **row} for number, several in rows.items() for row in several]
    if new:
        connection.execute(insert(table), new)


def lock(connection: Connection, number: int) -> None:
    """Wait until no other transaction has a lock; in SQLite, BEGIN IMMEDIATE has done so.

    Args:
        connection: The transaction, which has the lock until its end.
        number: The lock, such as `WRITER_LOCK`.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def clock_of(connection: Connection) -> ColumnElement[float]:
    """Return the clock of the database, in seconds since the epoch, as a part of a statement."""
    if connection.dialect.name == "sqlite":
        return (func.julianday("now") - 2_440_587.5) * 86_400
    # The time now; `now()` is that at which the transaction began to wait for others.
    return cast(extract("epoch", func.clock_timestamp()), Float)


def now_in(connection: Connection) -> float:
    """Return the time by the clock of the database, in seconds since the epoch."""
    return float(connection.scalar(select(clock_of(connection))) or 0)


def _create_engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return connections.connect(url)
    if url.database and not url.database.startswith((":", "file:")):
        # SQLite gives its write-ahead log the permissions of the file. If this cannot be
        # made, or is there, SQLite opens it or says why not.
        with suppress(OSError):
            Path(url.database).touch(PRIVATE_FILE, exist_ok=False)
    waiting = {"timeout": BUSY_TIMEOUT_SECONDS}
    # The error of a statement is logged; its values may be private.
    engine = create_engine(url, connect_args=waiting, hide_parameters=True)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not open transactions of its own: `_begin_sqlite` does.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # Deleted data of a chat must not stay in the file. Ingesting 1,500 articles took the
    # same CPU time with it as without.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would fail while another one writes,
    # instead of waiting for it, so writers take the lock at once.
    write: Any = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return row[0] if row else None


def describe_driver_error(error: object) -> str:
    """Describe an error of a database driver in one line, with advice."""
    cause = (str(error).strip() or type(error).__name__).splitlines()[0]
    cause = _NUMBER_OF_ERROR.sub("", cause)
    hints = {
        "failed to resolve host": "check the name of the host in database",
        "readonly": "it cannot be written; check the folder's permissions",
        "unable to open": "it cannot be opened; check that the folder exists and is writable",
        "disk is full": "the disk is full; free some space, what was stored before is kept",
        "disk I/O error": "the disk cannot be read or written",
        "is locked": "another process holds it; stop that one or try again",
        "lock timeout": "another process holds it; stop that one or try again",
        "not a database": "the file is not a database; move it away or give another data folder",
        "malformed": "the file is damaged; move it away, then: hoibao restore FILE",
    }
    hint = next((words for sign, words in hints.items() if sign in cause), None)
    return f"{cause}: {hint}" if hint else cause


def faults_of_sqlite(connection: sqlite3.Connection) -> list[str]:
    """List failed integrity checks of an SQLite database, and references to missing rows."""
    damage = connection.execute(f"PRAGMA integrity_check({MAX_FAULTS})").fetchall()
    dangling = connection.execute("PRAGMA foreign_key_check").fetchmany(MAX_FAULTS)
    return [
        *(" ".join(fault.split()) for (fault,) in damage if fault != "ok"),
        *(f"row {row[1]} of table {row[0]} points to none of {row[2]}" for row in dangling),
    ]


def sqlite_address(path: Path) -> URL:
    """Return the SQLAlchemy address of an SQLite file."""
    return URL.create("sqlite", database=str(path))
