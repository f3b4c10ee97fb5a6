"""Workers are members while they live, and what a dead one claimed is free again."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import insert, select, update
from sqlalchemy.engine import URL

from index.store import Database, Workers
from index.store.database import now_in
from index.store.sharing.workers import MEMBER_SECONDS, RENEWALS, Worker, is_free
from index.store.tables import leases, workers
from index.workers.fork_server import FORKING, serving
from tests.support.playground import Clock
from tests.support.waiting import wait_until


@pytest.fixture
def claimed(database: Database) -> Worker:
    """A worker that claimed a row."""
    worker = Worker(database, "here", ["bot"])
    worker.renew()
    with database.coordinating() as connection:
        connection.execute(insert(leases).values(name="row", owner=worker.id, until=0))
    return worker


def free_rows(database: Database) -> list[str]:
    with database.coordinating() as connection:
        free = is_free(connection, leases.c.owner)
        return list(connection.scalars(select(leases.c.name).where(free)))


def test_a_row_is_free_when_its_worker_leaves(database: Database, claimed: Worker) -> None:
    assert claimed.is_alive
    assert free_rows(database) == []
    claimed.leave()
    assert not claimed.is_alive
    assert free_rows(database) == ["row"]


def test_a_row_is_free_when_its_worker_no_longer_renews(
    database: Database, claimed: Worker
) -> None:
    with database.coordinating() as connection:
        connection.execute(update(workers).values(until=1.0))
    assert free_rows(database) == ["row"]
    claimed.renew()
    assert free_rows(database) == []


@pytest.mark.parametrize(
    ("ahead", "warned"), [(0, []), (10, []), (90, ["ahead of"]), (-90, ["behind"])]
)
def test_a_worker_whose_clock_is_far_off_says_so_when_it_joins(
    database: Database, caplog: pytest.LogCaptureFixture, ahead: int, warned: list[str]
) -> None:
    with (
        time_machine.travel(time.time() + ahead, tick=False),
        Workers(database).joined("here", ["bot"]),
    ):
        assert [each for each in warned if f" {each} that of the database" in caplog.text] == warned
    assert len(caplog.records) == len(warned)


def test_members_are_those_that_are_alive(database: Database, claimed: Worker) -> None:
    gone = Worker(database, "gone", ["send"], seconds=-1)
    gone.renew()
    assert not gone.is_alive
    (member,) = Workers(database).members()
    assert (member.id, member.name, member.roles) == (claimed.id, "here", "bot")
    claimed.renew()
    with database.reading() as connection:
        assert list(connection.scalars(select(workers.c.id))) == [claimed.id]


def test_after_a_lapse_others_may_renew_before_anything_is_claimed(database: Database) -> None:
    clock = Clock()
    worker = Worker(database, "here", ["answer"], clock=clock)
    worker.renew()
    clock.now += MEMBER_SECONDS - 1
    worker.renew()
    assert worker.may_claim
    clock.now += MEMBER_SECONDS
    assert not worker.is_alive
    worker.renew()
    assert worker.is_alive
    assert not worker.may_claim
    for _ in range(3):
        clock.now += MEMBER_SECONDS / RENEWALS
        worker.renew()
    assert worker.may_claim


def test_workers_that_renew_at_once_do_not_wait_for_each_other(
    database: Database, claimed: Worker
) -> None:
    other = Worker(database, "there", ["answer"])
    other.renew()
    with database.coordinating() as connection:
        connection.execute(update(workers).values(until=1.0))
    renewing = threading.Thread(target=claimed.renew)
    with database.coordinating() as connection:  # the other one does so just now
        mine = update(workers).where(workers.c.id == other.id)
        connection.execute(mine.values(until=now_in(connection) + MEMBER_SECONDS))
        renewing.start()
        if database.can_notify:  # in SQLite there is one writer at a time
            renewing.join()
    renewing.join()
    assert {member.id for member in Workers(database).members()} == {claimed.id, other.id}


def test_a_worker_renews_by_itself(database: Database) -> None:
    with Workers(database).joined("here", ["bot", "send"], seconds=0.3) as worker:

        def until() -> float:
            with database.reading() as connection:
                return connection.scalar(select(workers.c.until)) or 0.0

        joined = until()
        wait_until(lambda: until() > joined)
        assert worker.is_alive
    assert Workers(database).members() == []


def _hang(address: URL, folder: Path) -> None:
    with Workers(Database(address)).joined(str(os.getpid()), ["bot"], seconds=1.0):
        (folder / "hanging").touch()
        signal.pause()


def test_a_killed_worker_is_counted_out(address: URL, tmp_path: Path) -> None:
    database = Database(address)
    process = FORKING.Process(target=_hang, args=(address, tmp_path))
    with serving():
        process.start()
    wait_until((tmp_path / "hanging").exists)
    assert [member.name for member in Workers(database).members()] == [str(process.pid)]
    process.kill()
    process.join()
    wait_until(lambda: not Workers(database).members())
    database.close()
