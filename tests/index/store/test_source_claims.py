"""Each source is claimed by one worker at a time, and is free when that one dies."""

import os
import signal
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.engine import URL

from index.models.source_kind import SourceKind
from index.store import Database, Sources, Workers
from index.store.sharing.workers import Worker
from index.store.sources import ClaimLostError, Source, SourceError
from index.store.tables import sources as table
from index.store.tables import workers
from index.workers.fork_server import FORKING, serving
from tests.support.waiting import wait_until

NOW = 1_700_000_000
SOURCES = 200
CLAIMERS = 3


@pytest.fixture
def sources(database: Database) -> Sources:
    return Sources(database)


def add(sources: Sources, name: str, address: str | None = None) -> Source:
    address = address or f"https://{name}.example/rss"
    return sources.add(name=name, given=address, kind=SourceKind.FEED, address=address, now=NOW)


def member(database: Database, name: str = "here", seconds: float = 60) -> Worker:
    worker = Worker(database, name, ["follow"], seconds)
    worker.renew()
    return worker


def claim(sources: Sources, worker: Worker, most: int = 9) -> list[str]:
    return [source.name for source in sources.claim(worker.id, NOW, most)]


def succeed(sources: Sources, source: Source, worker: Worker | None) -> bool:
    return sources.record_success(
        source,
        now=NOW,
        next_check_at=NOW,
        interval=60,
        etag=None,
        last_modified=None,
        worker=worker.id if worker else None,
    )


def owner(database: Database, source: Source) -> str | None:
    with database.reading() as connection:
        return connection.scalar(select(table.c.claimed_by).where(table.c.id == source.id))


def forget_members(database: Database) -> None:
    """Let the membership of all workers run out."""
    with database.coordinating() as connection:
        connection.execute(update(workers).values(until=1.0))


def test_a_claimed_source_is_free_once_its_check_is_recorded(
    database: Database, sources: Sources
) -> None:
    one, two = member(database), member(database)
    first, second = add(sources, "a"), add(sources, "b")
    assert claim(sources, one, most=1) == ["a"]
    assert claim(sources, two) == ["b"]
    assert [source.name for source in sources.claim(None, NOW, 9)] == []
    assert succeed(sources, first, one)
    assert sources.record_failure(
        second, "x", now=NOW, next_check_at=NOW, failures=1, worker=two.id
    )
    assert claim(sources, two) == ["a", "b"]
    sources.claims.release(two.id)
    assert claim(sources, one) == ["a", "b"]


def test_a_worker_goes_on_with_what_it_claimed_unless_another_has_it(
    database: Database, sources: Sources
) -> None:
    one, two, source = member(database), member(database), add(sources, "a")
    assert claim(sources, one) == claim(sources, one) == ["a"]
    forget_members(database)
    sources.claims.require(source.id, one.id)
    two.renew()
    assert claim(sources, two) == ["a"]
    one.renew()
    with pytest.raises(ClaimLostError, match="another worker"):
        sources.claims.require(source.id, one.id)
    assert not succeed(sources, source, one)
    assert not sources.record_failure(
        source, "x", now=NOW, next_check_at=NOW, failures=1, worker=one.id
    )
    sources.claims.release(one.id)
    assert owner(database, source) == two.id
    assert sources.by_id(source.id).checked_at is None
    assert claim(sources, one) == []


@pytest.mark.postgresql
def test_a_worker_that_stops_does_not_wait_for_one_that_stores(postgresql_address: URL) -> None:
    database = Database(postgresql_address)
    sources, worker = Sources(database), member(database)
    source = add(sources, "a")
    claim(sources, worker)
    with database.writing():
        sources.claims.release(worker.id)
    assert owner(database, source) is None
    database.close()


def test_a_source_that_is_not_due_is_taken_if_no_other_worker_is_at_its_host(
    database: Database, sources: Sources
) -> None:
    one, two = member(database), member(database)
    first = add(sources, "a", "https://www.bao.example/rss")
    second = add(sources, "b", "https://bao.example/tin.rss")
    sources.check_soon([first.id, second.id], 2 * NOW)
    assert sources.claims.take(one.id, first.id)
    assert sources.claims.take(one.id, first.id)
    assert not sources.claims.take(two.id, first.id)
    assert not sources.claims.take(two.id, second.id)
    assert succeed(sources, first, one)
    assert sources.claims.take(two.id, second.id)
    sources.remove(first.id)
    assert not sources.claims.take(one.id, first.id)


def test_a_check_without_a_claim_leaves_that_of_a_worker(
    database: Database, sources: Sources
) -> None:
    worker, source = member(database), add(sources, "a")
    claim(sources, worker)
    assert succeed(sources, source, None)
    assert owner(database, source) == worker.id


def test_a_check_of_a_source_that_is_changed_meanwhile_but_ends_its_claim(
    database: Database, sources: Sources
) -> None:
    worker, source = member(database), add(sources, "a", "https://a.example/tin")
    claim(sources, worker)
    moved = sources.change_address(
        source.id, kind=SourceKind.LISTING, address=source.address, pattern="/b/*", given="a"
    )
    assert not succeed(sources, source, worker)
    assert (owner(database, source), sources.by_id(source.id)) == (None, moved)


def test_a_removed_source_is_nobodys(database: Database, sources: Sources) -> None:
    worker, source = member(database), add(sources, "a")
    claim(sources, worker)
    sources.remove(source.id)
    with pytest.raises(SourceError, match="removed"):
        sources.claims.require(source.id, worker.id)
    assert not succeed(sources, source, worker)


def test_one_worker_at_a_time_is_at_a_host(database: Database, sources: Sources) -> None:
    one, two = member(database), member(database)
    local = ("http://127.0.0.1:8000/a", "http://localhost/b", "/srv/tin")
    first = add(sources, "a", "https://www.bao.example/rss")
    add(sources, "b", "https://bao.example:8443/tin.rss")
    add(sources, "c", "https://khac.example/rss")
    for name, address in zip("def", local, strict=True):
        add(sources, name, address)
    assert claim(sources, one, most=1) == ["a"]
    assert claim(sources, two, most=2) == ["c", "d"]
    assert claim(sources, two, most=4) == ["c", "d", "e", "f"]
    assert succeed(sources, first, one)
    assert claim(sources, two, most=6) == ["a", "b", "c", "d", "e", "f"]


def _claim_all(address: URL, folder: Path) -> None:
    """Claim sources until none is left, a file for each; fail if another one has it."""
    database = Database(address)
    sources = Sources(database)
    with Workers(database).joined(str(os.getpid()), ["follow"]) as worker:
        busy: list[int] = []
        while claimed := sources.claim(worker.id, NOW, 7, busy):
            busy += [source.id for source in claimed]
            for source in claimed:
                (folder / str(source.id)).touch(exist_ok=False)
        (folder / f"ended-{os.getpid()}").touch()
        signal.pause()


def _claim_and_hang(address: URL, folder: Path) -> None:
    database = Database(address)
    with Workers(database).joined("killed", ["follow"], seconds=1.0) as worker:
        Sources(database).claim(worker.id, NOW, 9)
        (folder / "hanging").touch()
        signal.pause()


def _started(work: Callable[[URL, Path], None], address: URL, folder: Path) -> ForkServerProcess:
    process = FORKING.Process(target=work, args=(address, folder))
    with serving():
        process.start()
    return process


def test_processes_that_claim_in_parallel_never_hold_the_same(
    address: URL, database: Database, sources: Sources, tmp_path: Path
) -> None:
    with database.writing() as connection:
        for number in range(SOURCES):
            connection.execute(
                table.insert().values(
                    name=f"{number}",
                    given=f"{number}",
                    kind="feed",
                    address=f"https://b{number}.example/",
                    added_at=NOW,
                    next_check_at=NOW,
                    interval=60,
                    failures=0,
                )
            )
    folder = tmp_path / "claimed"
    folder.mkdir()
    claimers = [_started(_claim_all, address, folder) for _ in range(CLAIMERS)]
    try:
        wait_until(lambda: len(list(folder.glob("ended-*"))) == CLAIMERS, patience=120)
        assert len(list(folder.iterdir())) == SOURCES + CLAIMERS
    finally:
        for claimer in claimers:
            claimer.kill()
            claimer.join()


def test_what_a_killed_worker_claimed_is_free_soon(
    address: URL, database: Database, sources: Sources, tmp_path: Path
) -> None:
    add(sources, "a")
    worker = member(database)
    killed = _started(_claim_and_hang, address, tmp_path)
    wait_until((tmp_path / "hanging").exists)
    assert claim(sources, worker) == []
    killed.kill()
    killed.join()
    wait_until(lambda: claim(sources, worker) == ["a"])
