"""Back up an SQLite database to a compressed file, and restore it, while it is in use."""

import gzip
import os
import shlex
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, delete, func, insert, select

from index.errors import DamagedError, StorageError
from index.store.database import (
    BUSY_TIMEOUT_SECONDS,
    Database,
    describe_driver_error,
    faults_of_sqlite,
    sqlite_address,
)
from index.store.meta import SUBSCRIPTIONS, collection_ids, value
from index.store.private_files import PRIVATE_FILE, PRIVATE_FOLDER
from index.store.tables import (
    HEAD,
    PASSING,
    articles,
    deliveries,
    metadata,
)
from index.store.transfer.adoption import drop_what_was_sent, renew_metadata

_COMPRESSION = 1  # 6 takes four times as long for a tenth less
_GZIP, _SQLITE = b"\x1f\x8b", b"SQLite format 3\0"
_BYTES_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 500


def back_up(database: Database, path: Path) -> int:
    """Write a consistent snapshot of a database to a file.

    An existing backup is replaced once the new one is complete and found sound.

    Args:
        database: The database.
        path: The file.

    Returns:
        The number of articles.

    Raises:
        StorageError: The database is not SQLite or is damaged, or the file cannot be written.
    """
    source = _sqlite_file(database, f"pg_dump --format=custom --file={shlex.quote(str(path))}")
    _check_target(source, path)
    with (
        _storage_errors(f"backup {path}"),
        TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder,
    ):
        snapshot, packed = Path(folder) / "copy.db", Path(folder) / "copy.gz"
        try:
            count = _copy(source, snapshot)
        except DamagedError as error:
            kept = "the backup that is there was kept" if path.exists() else "no backup was written"
            raise StorageError(
                f"database {source}: it is damaged ({error}), so {kept}; move the database away, "
                "then: hoibao restore FILE"
            ) from error
        packed.touch(PRIVATE_FILE)
        with snapshot.open("rb") as plain, packed.open("wb") as file:
            with gzip.GzipFile("", "wb", _COMPRESSION, file) as zipped:
                shutil.copyfileobj(plain, zipped, _BYTES_AT_ONCE)
            file.flush()
            os.fsync(file.fileno())
        packed.replace(path)
    return count


def restore(database: Database, path: Path, analyser_version: int) -> int:
    """Replace the content of a database by that of a backup, in one transaction.

    Other processes see it at their next transaction. The collection gets another id, so that its
    index is rebuilt, but revision counters go on. Deliveries sent since the backup stay sent;
    deliveries that were pending then and are not now are dropped; bulletins go on with the next
    day; the next items of sources are no news.

    Args:
        database: The database to replace.
        path: The backup.
        analyser_version: The version of the analyser of this program.

    Returns:
        The number of articles.

    Raises:
        StorageError: The file is no backup, is damaged or made by a newer version, or the
            database is not SQLite or cannot be written.
    """
    tool = f"pg_restore --clean --if-exists --no-owner {shlex.quote(str(path))}"
    target = _sqlite_file(database, tool)
    folder = target.parent / "restoring"
    with _storage_errors(f"backup {path}"):
        lock = FileLock(target.parent / "restore.lock")
        try:
            lock.acquire(0)
        except Timeout:
            raise StorageError(f"database {target}: another process is restoring it") from None
        try:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(PRIVATE_FOLDER)
            snapshot = folder / "hoibao.db"
            _unpack(path, snapshot)
            _check(path, snapshot, analyser_version)
            backup = Database(sqlite_address(snapshot))  # an older one is migrated
            try:
                count = _replace(database, backup)
            finally:
                backup.close()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()
    database.scrub()
    return count


def _sqlite_file(database: Database, tool: str) -> Path:
    """Return the file of an SQLite database; for PostgreSQL name the command to give instead."""
    if database.address.get_backend_name() == "sqlite":
        return Path(database.name)
    # pg_dump asks for the password, or finds it in ~/.pgpass.
    given = database.address
    plain = URL.create("postgresql", given.username, None, given.host, given.port, given.database)
    query = {name: part for name, part in given.query.items() if name != "password"}
    address = shlex.quote(plain.set(query=query).render_as_string())
    stop = "with every bot stopped: " if tool.startswith("pg_restore") else ""
    raise StorageError(
        f"database {database.name}: for PostgreSQL its own tools do this; {stop}"
        f"{tool} --dbname={address}"
    )


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)


def _check_target(source: Path, path: Path) -> None:
    """Refuse to overwrite any file but a backup."""
    if path.is_dir():
        raise StorageError(f"backup {path}: it is a folder; name a file in it")
    if not path.parent.is_dir():
        raise StorageError(f"backup {path}: there is no folder {path.parent}")
    if path.exists() and (path.samefile(source) or not _is_backup(path)):
        raise StorageError(f"backup {path}: it is there and no backup; give another name")


def _is_backup(path: Path) -> bool:
    """Whether a file begins as a backup does: a database, compressed."""
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(len(_SQLITE)) == _SQLITE
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False


def _copy(source: Path, snapshot: Path) -> int:
    """Copy a database to a file, check the copy, and return its number of articles.

    Raises:
        DamagedError: The copy is damaged, as the database is then.
    """
    try:
        with closing(_connect(source)) as live, closing(_connect(snapshot)) as connection:
            live.backup(connection)
            # The snapshot must not need a write-ahead log beside it.
            connection.execute("PRAGMA journal_mode = DELETE")
            for fault in faults_of_sqlite(connection):
                raise DamagedError(fault)
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise DamagedError(str(error)) from error
        raise


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_SQLITE))


def _unpack(path: Path, snapshot: Path) -> None:
    """Decompress a backup to a database file; a plain SQLite file is copied."""
    start = _start(path)
    if start[:2] != _GZIP and start != _SQLITE:
        raise StorageError(f"backup {path}: it is none that hoibao backup made")
    opening = gzip.open if start[:2] == _GZIP else open
    with opening(path, "rb") as packed, snapshot.open("wb") as plain:
        shutil.copyfileobj(packed, plain, _BYTES_AT_ONCE)


def _check(path: Path, snapshot: Path, analyser_version: int) -> None:
    with closing(_connect(snapshot)) as connection:
        if faults_of_sqlite(connection):
            raise StorageError(f"backup {path}: it is damaged; take another one")
        try:
            ((schema,),) = connection.execute("SELECT version_num FROM alembic_version")
            values = dict(connection.execute("SELECT name, value FROM collection"))
            analyser = int(values["analyser"])
        except (sqlite3.OperationalError, ValueError, KeyError):
            raise StorageError(f"backup {path}: it is none that hoibao backup made") from None
    if schema > HEAD or analyser > analyser_version:
        raise StorageError(f"backup {path}: made by a newer version of Hỏi Báo; update hoibao")


def _replace(database: Database, backup: Database) -> int:
    """Replace the content of a database; keep deliveries, counters, what processes share."""
    tables = [table for table in metadata.sorted_tables if table not in PASSING]
    with backup.reading() as source, database.writing() as connection:
        counters = {
            name: max(int(value(side, name)) for side in (source, connection)) + 1
            for name in ("revision", SUBSCRIPTIONS)
        }
        replaced = collection_ids(connection)
        sent = list(_shared_deliveries(connection, source))
        for table in reversed(tables):
            connection.execute(delete(table))
        for table in tables:
            rows = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
            for part in rows.mappings().partitions():
                connection.execute(insert(table), [dict(row) for row in part])
        drop_what_was_sent(connection)
        if sent:
            # Of the same article to the same chat, they take the place of the backup's.
            connection.execute(insert(deliveries).prefix_with("OR REPLACE"), sent)
        renew_metadata(connection, counters, replaced)
        return connection.scalar(select(func.count()).select_from(articles)) or 0


def _shared_deliveries(present: Connection, former: Connection) -> Iterator[dict[str, Any]]:
    """Read the present deliveries of articles that are in the backup, too."""
    query = select(deliveries, articles.c.id.label("name")).join(articles)
    ids = select(articles.c.number, articles.c.id)
    for part in present.execute(query).partitions(_ROWS_AT_ONCE):
        numbers = {row.article for row in part}
        rows = former.execute(ids.where(articles.c.number.in_(numbers)))
        names = {row.number: row.id for row in rows}
        for delivery in part:
            if names.get(delivery.article) == delivery.name:
                yield {column.name: delivery._mapping[column] for column in deliveries.c}


@contextmanager
def _storage_errors(what: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise StorageError(f"{what}: it is damaged or incomplete; take another one") from error
    except sqlite3.Error as error:
        raise StorageError(f"{what}: {describe_driver_error(error)}") from error
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror or error}") from error
