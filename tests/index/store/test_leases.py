"""One process at a time holds a lease, by the clock of the database, and a killed one loses it."""

import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import URL

from index.store import Database, Leases
from index.store.sharing.leases import Lease
from index.store.tables import leases
from index.workers.fork_server import FORKING, serving
from tests.support.waiting import wait_until

BUILDERS = 3


def until_of(database: Database) -> float:
    with database.reading() as connection:
        return connection.scalar(select(leases.c.until)) or 0.0


def expire(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(update(leases).values(until=1.0))


def test_one_at_a_time_holds_a_lease(database: Database) -> None:
    mine, theirs = (Lease(database, "builder", 60) for _ in range(2))
    assert mine.acquire()
    assert not theirs.acquire()
    assert Lease(database, "writer", 60).acquire()
    mine.release()
    assert theirs.acquire()


def test_a_lease_that_ran_out_is_lost_once_another_has_acquired_it(database: Database) -> None:
    mine, theirs = (Lease(database, "builder", 60) for _ in range(2))
    assert mine.acquire()
    expire(database)
    assert mine.renew()
    assert not theirs.acquire()
    expire(database)
    assert theirs.acquire()
    assert not mine.renew()
    mine.release()
    assert theirs.renew()


def test_the_clock_is_that_of_the_database(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert Lease(database, "builder", 60).acquire()
    assert until_of(database) == pytest.approx(now + 60, abs=30)


def test_a_held_lease_is_renewed_and_then_released(database: Database) -> None:
    held = Leases(database, seconds=0.3)
    with held.held("builder") as lease:
        assert lease.is_mine
        acquired = until_of(database)
        wait_until(lambda: until_of(database) > acquired)
        with held.held("builder", wait=False) as other:
            assert not other.is_mine
        assert lease.renew()
    assert until_of(database) == 0.0


def test_who_waits_gets_it_when_it_is_released(database: Database) -> None:
    held, got = Leases(database), threading.Event()

    def wait() -> None:
        with held.held("builder"):
            got.set()

    waiting = threading.Thread(target=wait)
    with held.held("builder"):
        waiting.start()
        assert not got.is_set()
    waiting.join()
    assert got.is_set()


def _build(address: URL, folder: Path, seconds: float) -> None:
    """Leave a file while it builds; fail if another process does so, too."""
    database = Database(address)
    with Leases(database, seconds).held("builder"):
        file = folder / "building"
        file.touch(exist_ok=False)
        time.sleep(0.05)
        file.unlink()
    (folder / f"built-{os.getpid()}").touch()
    database.close()


def _hang(address: URL, folder: Path, seconds: float) -> None:
    with Leases(Database(address), seconds).held("builder"):
        (folder / "hanging").touch()
        signal.pause()


def _started(work: Callable[[URL, Path, float], None], *arguments: object) -> ForkServerProcess:
    process = FORKING.Process(target=work, args=arguments)
    with serving():
        process.start()
    return process


def test_processes_build_one_after_another_and_after_a_killed_one(
    address: URL, tmp_path: Path
) -> None:
    Database(address).close()
    killed = _started(_hang, address, tmp_path, 3.0)
    wait_until((tmp_path / "hanging").exists)
    builders = [_started(_build, address, tmp_path, 3.0) for _ in range(BUILDERS)]
    killed.kill()
    for builder in builders:
        builder.join()
    killed.join()
    assert [builder.exitcode for builder in builders] == [0] * BUILDERS
    assert len(list(tmp_path.glob("built-*"))) == BUILDERS
