"""A bot finds what another process stored in its database, with a data folder of its own."""

import threading
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from bot.app.reindexing import reindexing_in_background
from index import Library, StorageError
from index.engine.sync import IndexSync
from index.store import Database
from index.store.sharing.notifications import listen, notify
from index.workers import in_thread
from index.workers.fork_server import FORKING, serving
from tests.support.articles import ARTICLES, FLOOD
from tests.support.libraries import empty_database
from tests.support.waiting import PATIENCE_SECONDS, until

QUESTION = "cầu thủ nào ghi hai bàn?"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The address of an empty database."""
    if request.param == "sqlite":
        return empty_database(tmp_path)
    found: URL = request.getfixturevalue("postgresql_address")
    return found


def _ingest(folder: Path, address: URL) -> None:
    with Library.open(folder, database=address) as library:
        library.ingest(ARTICLES)


@pytest.mark.parametrize("error", [StorageError("the disk is full"), BrokenProcessPool("died")])
async def test_what_stays_wrong_is_logged_once_and_tried_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    tries = 0

    def fail(_: IndexSync, *, wait: bool) -> bool:
        nonlocal tries
        tries += 1
        raise error

    async def is_tried_again() -> bool:
        return tries > 2

    with Library.open(tmp_path) as library:
        monkeypatch.setattr(IndexSync, "sync_if_available", fail)
        async with reindexing_in_background(library, pause=0.01):
            await until(is_tried_again)
    assert caplog.messages == [f"articles are not indexed, trying again: {error}"]


@pytest.mark.parametrize("is_empty", [True, False])
async def test_what_another_process_takes_in_is_found(
    address: URL, tmp_path: Path, is_empty: bool
) -> None:
    with Library.open(tmp_path / "one", database=address) as library:
        if not is_empty:
            library.ingest(FLOOD)

        async def is_found() -> bool:
            return bool((await in_thread(library.ask, QUESTION)).confident)

        assert not await is_found()
        async with reindexing_in_background(library, pause=0.1):
            process = FORKING.Process(target=_ingest, args=(tmp_path / "two", address))
            with serving():
                process.start()
            await until(is_found, patience=120)
            process.join()
        assert process.exitcode == 0
        assert library.status().behind == 0


@pytest.mark.postgresql
async def test_what_another_process_stores_is_told_at_once(
    postgresql_address: URL, tmp_path: Path
) -> None:
    with (
        Library.open(tmp_path / "one", database=postgresql_address) as library,
        Library.open(tmp_path / "two", database=postgresql_address) as other,
    ):

        async def is_found() -> bool:
            return bool((await in_thread(library.ask, QUESTION)).confident)

        # Without being told it would look again in an hour.
        async with reindexing_in_background(library, pause=3600):
            await in_thread(other.ingest, ARTICLES)
            await until(is_found)


@pytest.mark.postgresql
def test_a_listener_connects_again(postgresql_address: URL) -> None:
    database, told, stop = Database(postgresql_address), threading.Semaphore(0), threading.Event()
    listener = threading.Thread(target=listen, args=(database, stop, told.release))
    listener.start()
    try:
        assert told.acquire(timeout=PATIENCE_SECONDS)
        for _ in range(2):
            with database.coordinating() as connection:
                notify(connection)
            assert told.acquire(timeout=PATIENCE_SECONDS)
        with database.reading() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
            assert connection.exec_driver_sql(end).scalars().all() == [True]
        assert told.acquire(timeout=PATIENCE_SECONDS)  # since it may have missed something
        with database.coordinating() as connection:
            notify(connection)
        assert told.acquire(timeout=PATIENCE_SECONDS)
    finally:
        stop.set()
        listener.join()
        database.close()


def test_where_a_database_cannot_notify_nobody_listens(tmp_path: Path) -> None:
    database = Database(empty_database(tmp_path))
    listen(database, threading.Event(), lambda: pytest.fail("there is no notice"))
    database.close()
