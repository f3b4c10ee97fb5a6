"""Of several workers, one checks a source; another one takes over from one that hung."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import update

from index.models.source_kind import SourceKind
from index.sources.fetch.fetcher import Fetcher
from index.sources.following.follower import Follower
from index.sources.poll import scan_folder
from index.sources.report import CheckReport
from index.store import Database
from index.store.sharing.workers import Worker
from index.store.sources import ClaimLostError, Source
from index.store.sources.items import ItemState
from index.store.tables import workers
from tests.support.follower import (
    BOUNDS,
    FLOOD,
    RAIN,
    START,
    Clock,
    feed,
    item,
    open_desk,
    states,
    with_two_articles,
)
from tests.support.waiting import PATIENCE_SECONDS, until_logged
from tests.support.web_site import Request, Site

SCAN = "index.sources.following.follower.scan_folder"


@pytest.fixture
def site(site: Site) -> Site:
    return with_two_articles(site)


async def test_a_worker_that_hung_stores_nothing_of_what_another_has_claimed(
    site: Site, fetcher: Fetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.page("/rss", feed(item(site, "/lu.html"), item(site, "/hang")))
    told: list[CheckReport] = []
    stop = asyncio.Event()

    with open_desk(tmp_path / "data", fetcher) as desk:
        database = Database(desk.library.address)
        hung, other = (Worker(database, name, ["follow"], 600) for name in ("hung", "other"))
        hung.renew()

        async def be_counted_out(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            with database.coordinating() as connection:
                connection.execute(update(workers).values(until=1.0))
            other.renew()
            assert desk.library.followed.claim(other.id, START, 9) != []
            writer.close()

        site.handlers["/hang"] = be_counted_out
        desk.add(site.url("/rss"))
        follower = Follower(
            desk.library,
            fetcher,
            bounds=BOUNDS,
            clock=Clock(),
            on_checked=lambda source, report: told.append(report),
            worker=hung,
        )
        following = asyncio.create_task(follower.run(stop))
        await until_logged(caplog, "another worker checks it now")
        stop.set()
        await following
        assert desk.library.status().articles == 0
        assert (desk.source().failures, desk.source().checked_at) == (0, None)
        desk.library.followed.claims.require(desk.source().id, other.id)
        database.close()
    assert told == []


async def test_a_worker_that_hung_removes_no_file_that_another_has_stored_since(
    fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "lu.html").write_text(FLOOD)

    with open_desk(tmp_path / "data", fetcher) as desk:
        database = Database(desk.library.address)
        hung, other = (Worker(database, name, ["follow"], 600) for name in ("hung", "other"))
        hung.renew()
        followers = {
            worker: Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), worker=worker)
            for worker in (hung, other)
        }
        source = desk.add(str(folder), SourceKind.FOLDER)
        assert desk.library.followed.claim(hung.id, START, 9) == [source]

        def scan_and_hang(address: str) -> dict[str, str]:
            """Scan, then let the other worker take over, find a new file and end its check."""
            monkeypatch.setattr(SCAN, scan_folder)
            scanned = scan_folder(address)
            with database.coordinating() as connection:
                connection.execute(update(workers).values(until=1.0))
            other.renew()
            assert desk.library.followed.claim(other.id, START, 9) == [source]
            (folder / "mua.html").write_text(RAIN)
            assert asyncio.run(followers[other].check(source)).new == 2
            return scanned

        monkeypatch.setattr(SCAN, scan_and_hang)
        with pytest.raises(ClaimLostError):
            await followers[hung].check(source)
        assert states(desk) == [ItemState.STORED, ItemState.STORED]
        database.close()


async def test_a_worker_that_hung_changes_no_address_that_another_reads(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.page("/", "<html><head><link rel='alternate' href='/rss'></head></html>")
    site.page("/rss", feed(item(site, "/lu.html")))

    with open_desk(tmp_path / "data", fetcher) as desk:
        database = Database(desk.library.address)
        worker = Worker(database, "hung", ["follow"], 600)
        desk.add(site.url("/rss"), SourceKind.SITE)
        hung = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), worker=worker)
        with pytest.raises(ClaimLostError):
            await hung.check(desk.source())
        assert desk.source().kind is SourceKind.SITE
        database.close()


async def test_a_worker_checks_what_it_claims_and_releases_it(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    stop = asyncio.Event()
    told: list[CheckReport] = []

    def note(source: Source, report: CheckReport) -> None:
        told.append(report)
        stop.set()

    with open_desk(tmp_path / "data", fetcher) as desk:
        database = Database(desk.library.address)
        worker, other = (Worker(database, name, ["follow"], 600) for name in ("one", "two"))
        worker.renew()
        other.renew()
        desk.add(site.url("/rss"))
        follower = Follower(
            desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note, worker=worker
        )
        await asyncio.wait_for(follower.run(stop), PATIENCE_SECONDS)
        (free,) = desk.library.followed.claim(other.id, START + 10**6, 9)
        assert free.id == desk.source().id
        database.close()
    assert [report.new for report in told] == [1]
