"""Sources are followed: what they announce comes in once, and failures cost only themselves."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.articles.urls import is_localhost
from index.models.source_kind import SourceKind
from index.sources.fetch.fetcher import Fetcher
from index.sources.following.follower import Follower
from index.sources.report import CheckReport
from index.sources.schedule import Bounds
from index.store.sources.items import ItemState
from index.store.sources.sources import Source
from tests.support.follower import (
    BOUNDS,
    RAIN,
    START,
    Clock,
    FollowerDesk,
    feed,
    item,
    open_desk,
    states,
    with_two_articles,
)
from tests.support.waiting import PATIENCE_SECONDS
from tests.support.web_site import Request, Site, hang, reset


@pytest.fixture
def site(site: Site) -> Site:
    return with_two_articles(site)


async def test_a_source_that_fails_is_left_alone_longer_each_time_and_then_paused(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", status=500)
    desk.add(site.url("/rss"))
    assert (Bounds().failures, BOUNDS.failures) == (10, 3)
    for failures, wait in ((1, 120), (2, 240)):
        report = await desk.check()
        assert report.error is not None
        assert "500" in report.error
        assert desk.source().failures == failures
        assert desk.source().next_check_at == START + wait
    report = await desk.check()
    assert report.paused is not None
    assert "3 times in a row" in report.paused
    assert desk.library.followed.claim(None, START + 10**9, 9) == []
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.library.followed.resume(desk.source().id, START)
    assert (await desk.check()).new == 1
    assert (desk.source().failures, desk.source().paused) == (0, None)


async def fail_often(desk: FollowerDesk, *names: str) -> list[str | None]:
    """Check sources as often as one may fail, and return why each was paused."""
    for _ in range(BOUNDS.failures):
        reports = [await desk.check(name) for name in names]
    return [report.paused for report in reports]


async def test_no_source_is_paused_for_a_network_that_reaches_none(
    site: Site, desk: FollowerDesk
) -> None:
    site.handlers["/rss"] = reset
    desk.add(site.url("/rss"), name="Bị ngắt")
    desk.add("http://127.0.0.1:9/rss", name="Từ chối")
    assert await fail_often(desk, "Bị ngắt", "Từ chối") == [None, None]
    assert desk.source("Bị ngắt").failures == BOUNDS.failures
    site.page("/rss", feed(item(site, "/lu.html")))
    assert (await desk.check("Bị ngắt")).new == 1
    assert (await desk.check("Từ chối")).paused is not None


@pytest.mark.parametrize("other", ["read", "not on the web", "paused", "none"])
async def test_a_source_that_is_not_reached_is_paused_beside(
    site: Site, desk: FollowerDesk, tmp_path: Path, other: str
) -> None:
    desk.add("http://127.0.0.1:9/rss", name="Từ chối")
    if other == "not on the web":
        desk.add(str(tmp_path / "none"), SourceKind.FOLDER, name="Khác")
    elif other != "none":
        site.page("/rss", feed())
        desk.add(site.url("/rss"), name="Khác")
        await desk.check("Khác")
    if other == "paused":
        desk.library.followed.pause(desk.source("Khác").id)
    (paused,) = await fail_often(desk, "Từ chối")
    assert paused is not None


async def test_sources_that_answer_with_errors_are_paused_though_none_is_read(
    site: Site, desk: FollowerDesk
) -> None:
    for name in ("A", "B"):
        site.page(f"/{name}", status=500)
        desk.add(site.url(f"/{name}"), name=name)
    assert None not in await fail_often(desk, "A", "B")
    assert desk.source("A").paused_by_failures


async def test_a_source_that_is_removed_while_it_is_checked_leaves_nothing(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    source = desk.add(site.url("/rss"))
    desk.library.followed.remove(source.id)
    assert (await desk.follower.check(source)).error == "it was removed meanwhile"
    assert desk.library.followed.all() == []


async def test_a_source_comes_back_when_its_server_asked_it_to(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", status=429, headers={"Retry-After": "5000"})
    desk.add(site.url("/rss"))
    await desk.check()
    assert desk.source().next_check_at == START + 5000


async def test_a_restart_goes_on_where_it_was(site: Site, fetcher: Fetcher, tmp_path: Path) -> None:
    site.page("/rss", feed(item(site, "/lu.html"), item(site, "/mua.html")))
    with open_desk(tmp_path / "data", fetcher) as desk:
        source = desk.add(site.url("/rss"))
        reached = asyncio.Event()

        async def reach(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            reached.set()
            await hang(request, reader, writer)

        site.handlers["/mua.html"] = reach
        task = asyncio.create_task(desk.check())
        await reached.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert set(states(desk)) == {ItemState.SEEN}
    site.page("/mua.html", RAIN)
    with open_desk(tmp_path / "data", fetcher) as desk:
        assert (await desk.check()).new == 2
        items = desk.library.followed.items.all(source.id)
        assert all(found.is_back_catalogue for found in items)


async def test_following_goes_on_beside_sources_that_hang_or_refuse(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    elsewhere = feed(item(site, "/lu.html")).replace("127.0.0.1", "localhost")
    site.page("/rss", elsewhere)  # each host is asked for one thing at a time
    checked: dict[str, CheckReport] = {}
    others, stop = asyncio.Event(), asyncio.Event()

    async def hang_until_others_are_checked(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await others.wait()

    def note(source: Source, report: CheckReport) -> None:
        checked[source.name] = report
        if checked.keys() == {"Từ chối", "Tốt"}:
            others.set()
        if len(checked) == 3:
            stop.set()

    site.handlers["/hang"] = hang_until_others_are_checked
    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/hang"), name="Treo")
        desk.add("http://127.0.0.2:9/rss", name="Từ chối")
        desk.add(site.url("/rss", host="localhost"), name="Tốt")
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), PATIENCE_SECONDS)
    assert checked["Tốt"].new == 1
    assert checked["Treo"].error is not None
    assert checked["Từ chối"].error is not None


async def test_an_error_in_this_program_is_a_failure_of_the_source_that_is_told(
    site: Site, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    stop = asyncio.Event()
    told: list[str | None] = []

    def note(source: Source, report: CheckReport) -> None:
        told.append(report.error)
        stop.set()

    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/rss"))
        # There is no such error that could be brought about from outside.
        monkeypatch.setattr(desk.library.followed.items, "record_items", lambda *_, **__: 1 / 0)
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), PATIENCE_SECONDS)
        assert desk.source().failures == 1
    assert told == ["division by zero"]


async def test_a_site_is_not_hammered_while_its_failures_cannot_be_stored(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.page("/rss", feed())
    stop = asyncio.Event()
    told: list[str] = []

    def note(source: Source, report: CheckReport) -> None:
        told.append(source.name)
        if source.name == "B":
            stop.set()
        elif told == ["A"]:
            desk.add(site.url("/rss"), name="B")
            follower.wake()

    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/none"), name="A")
        with closing(sqlite3.connect(tmp_path / "data" / "hoibao.db")) as database:
            database.execute(
                "CREATE TRIGGER full BEFORE UPDATE ON sources WHEN NEW.failures > 0 "
                "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            )
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), PATIENCE_SECONDS)
    assert told == ["A", "B"]
    assert len(site.asked("/none")) == 1


async def test_a_listener_that_stumbles_is_logged_and_ends_nothing(
    site: Site, fetcher: Fetcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    stop = asyncio.Event()
    told: list[str] = []

    def stumble(source: Source, report: CheckReport) -> None:
        told.append(source.name)
        if len(told) == 2:
            stop.set()
        raise RuntimeError("stumbled")

    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/rss"), name="A")
        desk.add(site.url("/none"), name="B")
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=stumble)
        await asyncio.wait_for(follower.run(stop), PATIENCE_SECONDS)
    assert sorted(told) == ["A", "B"]
    assert "an error in this program" in caplog.text


async def test_a_feed_on_this_machine_is_looked_at_like_a_folder_if_that_is_wanted(
    site: Site, fetcher: Fetcher, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    near = replace(BOUNDS, nearby=5)
    follower = Follower(desk.library, fetcher, bounds=near, clock=desk.clock)

    await follower.check(desk.source())
    assert desk.source().next_check_at == START + 5
    await desk.check()
    assert desk.source().next_check_at > START + 5


@pytest.mark.parametrize(
    ("address", "is_near"),
    [
        ("http://127.0.0.1:8000/rss", True),
        ("http://localhost/rss", True),
        ("http://[::1]/rss", True),
        ("http://10.0.0.5/rss", False),
        ("https://bao.example/rss", False),
        ("không phải", False),
    ],
)
def test_only_loopback_is_this_machine(address: str, is_near: bool) -> None:
    assert is_localhost(address) is is_near
