"""Sources are followed: what they announce comes in once, and failures cost only themselves."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from index.address import is_of_this_machine
from index.sources.fetching import Fetcher
from index.sources.following import CheckReport, Follower
from index.sources.kinds import SourceKind
from index.store.source_items import ItemState
from index.store.sources import Source
from tests.following_support import (
    BOUNDS,
    PATIENCE,
    START,
    Clock,
    Desk,
    feed,
    item,
    open_desk,
    page,
)
from tests.web_support import Part, Request, Site, answer, hang, web_site, when_changed

FLOOD = page("Lũ quét ở Mường Lống", "Nước lũ lên nhanh. Xã Mường Lống có 120 hộ dân bị cô lập.")
RAIN = page(
    "Mưa lớn ở Kỳ Sơn", "Mưa lớn kéo dài suốt ba ngày. Huyện Kỳ Sơn đóng cửa 15 trường học."
)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with web_site() as served:
        served.page("/lu.html", FLOOD)
        served.page("/mua.html", RAIN)
        yield served


@pytest_asyncio.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(private_networks=True, limits=PATIENCE) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, fetcher: Fetcher) -> Iterator[Desk]:
    with open_desk(tmp_path / "data", fetcher) as opened:
        yield opened


def states(desk: Desk) -> list[ItemState]:
    return [found.state for found in desk.library.followed.items.all(desk.source().id)]


async def test_the_articles_of_a_feed_can_be_asked_in_full(site: Site, desk: Desk) -> None:
    site.page("/rss", feed(item(site, "/lu.html", text="Tóm tắt."), item(site, "/mua.html")))
    desk.add(site.url("/rss"))
    assert await desk.check() == CheckReport(new=2)
    answer = desk.library.ask("bao nhiêu hộ dân bị cô lập?")
    assert "120 hộ dân" in answer.quotes[0].text
    assert answer.quotes[0].article.source == "Báo Thử"


async def test_an_article_keeps_the_name_that_its_page_gives(site: Site, desk: Desk) -> None:
    named = "<meta property='og:site_name' content='Báo Nghệ An'>"
    site.page("/lu.html", page("Lũ quét ở Mường Lống", "Có 120 hộ dân bị cô lập.", named))
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    assert [found.name for found in desk.library.sources()] == ["Báo Nghệ An"]


async def test_what_is_there_at_first_is_back_catalogue_and_what_comes_later_is_not(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    desk.clock.now += 600
    site.page("/rss", feed(item(site, "/mua.html"), item(site, "/lu.html")))
    assert (await desk.check()).new == 1
    old, new = desk.library.followed.items.all(desk.source().id)
    assert (old.is_back_catalogue, old.first_seen_at) == (True, START)
    assert (new.is_back_catalogue, new.first_seen_at) == (False, START + 600)
    rain = desk.library.find(site.url("/mua.html"))
    assert rain is not None
    assert new.article == rain.number


async def test_news_after_an_empty_first_reading_are_no_back_catalogue(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", feed())
    desk.add(site.url("/rss"))
    assert await desk.check() == CheckReport()
    site.page("/rss", feed(item(site, "/lu.html")))
    await desk.check()
    (found,) = desk.library.followed.items.all(desk.source().id)
    assert not found.is_back_catalogue


async def test_an_item_is_fetched_once(site: Site, desk: Desk) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    assert await desk.check() == CheckReport()
    assert len(site.asked("/lu.html")) == 1


async def test_a_feed_that_did_not_change_costs_one_request_without_a_body(
    site: Site, desk: Desk
) -> None:
    body = feed(item(site, "/lu.html")).encode()
    site.parts["/rss"] = when_changed(body, '"a"', "Tue, 05 Jan 2021 07:23:00 GMT")
    desk.add(site.url("/rss"))
    await desk.check()
    asked = len(site.requests)
    assert await desk.check() == CheckReport(not_modified=True)
    assert await desk.check() == CheckReport(not_modified=True)
    assert len(site.requests) == asked + 2
    assert site.asked("/rss")[-1].headers["if-none-match"] == '"a"'


async def test_an_article_that_its_feed_changes_is_fetched_and_updated(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét")))
    desk.add(site.url("/rss"))
    await desk.check()
    site.page("/lu.html", FLOOD.replace("120 hộ", "118 hộ"))
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét (đính chính)")))
    assert await desk.check() == CheckReport(updated=1)
    assert "118 hộ" in desk.library.ask("bao nhiêu hộ dân bị cô lập?").quotes[0].text


async def test_a_change_whose_page_fails_does_not_cut_the_article_to_the_feeds_text(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét")))
    desk.add(site.url("/rss"))
    await desk.check()
    site.page("/lu.html", status=404)
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét mới", "Tóm tắt ngắn của tòa soạn.")))
    report = await desk.check()
    assert (report.updated, len(report.failed)) == (0, 1)
    stored = desk.library.find(site.url("/lu.html"))
    assert stored is not None
    assert "120 hộ" in stored.text


async def test_the_feeds_own_text_stands_in_until_the_page_can_be_got(
    site: Site, desk: Desk
) -> None:
    site.page("/lu.html", status=503)
    site.page("/rss", feed(item(site, "/lu.html", "Lũ quét", "Nước lũ lên nhanh trong đêm.")))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert (report.new, len(report.failed)) == (1, 1)
    assert "503" in report.failed[0].reason
    site.page("/lu.html", FLOOD)
    desk.clock.now += 300
    assert await desk.check() == CheckReport(updated=1)
    stored = desk.library.find(site.url("/lu.html"))
    assert stored is not None
    assert "120 hộ" in stored.text


async def test_an_item_that_fails_is_tried_again_a_few_times_and_then_given_up(
    site: Site, desk: Desk
) -> None:
    site.page("/lu.html", status=503)
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/rss"))
    for _ in range(10):
        report = await desk.check()
        assert report.error is None
        assert await desk.check() == CheckReport()  # not before its time
        desk.clock.now += 6 * 3600
    assert len(site.asked("/lu.html")) == 4
    assert states(desk) == [ItemState.FAILED]


async def test_a_page_that_is_gone_is_not_asked_again(site: Site, desk: Desk) -> None:
    site.page("/rss", feed(item(site, "/gone.html")))
    desk.add(site.url("/rss"))
    for _ in range(3):
        await desk.check()
        desk.clock.now += 6 * 3600
    assert len(site.asked("/gone.html")) == 1


async def test_an_address_with_tracking_parameters_is_the_same_article(
    site: Site, desk: Desk
) -> None:
    site.page("/lu.html?utm_source=rss", FLOOD)
    site.page("/rss", feed(item(site, "/lu.html?utm_source=rss"), item(site, "/lu.html", "Lũ")))
    desk.add(site.url("/rss"))
    assert (await desk.check()).new == 1
    assert desk.library.status().articles == 1


async def test_an_article_that_two_sources_announce_is_fetched_and_stored_once(
    site: Site, desk: Desk
) -> None:
    for path in ("/rss", "/atom"):
        site.page(path, feed(item(site, "/lu.html", path)))
    desk.add(site.url("/rss"))
    desk.add(site.url("/atom"), name="Báo Khác")
    await desk.check()
    assert await desk.check("Báo Khác") == CheckReport()
    assert len(site.asked("/lu.html")) == 1
    first, second = (
        desk.library.followed.items.all(desk.source(name).id)[0] for name in ("Báo Thử", "Báo Khác")
    )
    assert first.article == second.article is not None


async def test_a_source_that_fails_is_left_alone_longer_each_time_and_then_paused(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", status=500)
    desk.add(site.url("/rss"))
    for failures, wait in ((1, 120), (2, 240)):
        report = await desk.check()
        assert report.error is not None
        assert "500" in report.error
        assert desk.source().failures == failures
        assert desk.source().next_check_at == START + wait
    report = await desk.check()
    assert report.paused is not None
    assert "3 times in a row" in report.paused
    assert desk.library.followed.due(START + 10**9) == []
    site.page("/rss", feed(item(site, "/lu.html")))
    desk.library.followed.resume(desk.source().id, START)
    assert (await desk.check()).new == 1
    assert (desk.source().failures, desk.source().paused) == (0, None)


async def fail_often(desk: Desk, *names: str) -> list[str | None]:
    """Check sources as often as one may fail, and return why each was paused."""
    for _ in range(BOUNDS.failures):
        reports = [await desk.check(name) for name in names]
    return [report.paused for report in reports]


async def test_no_source_is_paused_for_a_network_that_reaches_none(site: Site, desk: Desk) -> None:
    site.parts["/hang"] = hang
    desk.add(site.url("/hang"), name="Treo")
    desk.add("http://127.0.0.1:9/rss", name="Từ chối")
    assert await fail_often(desk, "Treo", "Từ chối") == [None, None]
    assert desk.source("Treo").failures == BOUNDS.failures
    site.page("/hang", feed(item(site, "/lu.html")))
    assert (await desk.check("Treo")).new == 1
    assert (await desk.check("Từ chối")).paused is not None


@pytest.mark.parametrize("other", ["read", "not on the web", "paused", "none"])
async def test_a_source_that_is_not_reached_is_paused_beside(
    site: Site, desk: Desk, tmp_path: Path, other: str
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
    site: Site, desk: Desk
) -> None:
    for name in ("A", "B"):
        site.page(f"/{name}", status=500)
        desk.add(site.url(f"/{name}"), name=name)
    assert None not in await fail_often(desk, "A", "B")
    assert desk.source("A").gave_out


async def test_a_source_that_is_removed_while_it_is_checked_leaves_nothing(
    site: Site, desk: Desk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    source = desk.add(site.url("/rss"))
    desk.library.followed.remove(source.id)
    assert (await desk.follower.check(source)).error == "it was removed meanwhile"
    assert desk.library.followed.all() == []


async def test_a_source_comes_back_when_its_server_asked_it_to(site: Site, desk: Desk) -> None:
    site.page("/rss", status=429, headers={"Retry-After": "5000"})
    desk.add(site.url("/rss"))
    await desk.check()
    assert desk.source().next_check_at == START + 5000


async def test_a_web_page_in_place_of_a_feed_is_a_failure_in_words(site: Site, desk: Desk) -> None:
    site.page("/rss", FLOOD)
    desk.add(site.url("/rss"))
    assert (await desk.check()).error == "127.0.0.1: it is a web page, not a feed"


async def test_a_listing_page_is_followed_by_a_pattern_that_is_found(
    site: Site, desk: Desk
) -> None:
    titles = (
        "Lũ quét làm sập hai cây cầu ở Mường Lống",
        "Mưa lớn kéo dài suốt ba ngày ở Kỳ Sơn",
        "Trường học đóng cửa vì ngập sâu một mét",
    )
    links = [f"<a href='/tin-tuc/bai-{n}001.html'>{title}</a>" for n, title in enumerate(titles)]
    site.page("/tin-tuc", f"<html><body><main>{'<br>'.join(links)}</main></body></html>")
    for n, title in enumerate(titles):
        site.page(f"/tin-tuc/bai-{n}001.html", page(title, f"Chuyện số {n} của ngày hôm qua."))
    desk.add(site.url("/tin-tuc"), SourceKind.LISTING)
    assert await desk.check() == CheckReport(new=3)
    assert await desk.check() == CheckReport()


async def test_a_sitemap_index_is_followed_through_its_newest_sitemaps(
    site: Site, desk: Desk
) -> None:
    child = site.url("/news.xml")
    index = f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>"
    site.page("/sitemap.xml", index, headers={"ETag": '"same"'})
    site.page("/news.xml", f"<urlset><url><loc>{site.url('/lu.html')}</loc></url></urlset>")
    desk.add(site.url("/sitemap.xml"), SourceKind.SITEMAP)
    assert await desk.check() == CheckReport(new=1)
    assert desk.source().etag is None


async def test_a_sites_address_is_resolved_at_the_first_check(site: Site, desk: Desk) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>"
    site.page("/", f"<html><head>{link}</head><body>Báo</body></html>")
    site.page("/tin.rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/"), SourceKind.SITE)
    assert (await desk.check()).new == 1
    assert (desk.source().kind, desk.source().address) == (SourceKind.FEED, site.url("/tin.rss"))


async def test_a_folder_gives_new_and_changed_files(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "tin"
    folder.mkdir()
    note = folder / "lu.txt"
    note.write_text("Lũ quét ở Mường Lống\n\nCó 120 hộ dân bị cô lập.", encoding="utf-8")
    desk.add(str(folder), SourceKind.FOLDER)
    assert await desk.check() == CheckReport(new=1)
    assert await desk.check() == CheckReport()
    note.write_text("Lũ quét ở Mường Lống\n\nCó 1180 hộ dân bị cô lập.", encoding="utf-8")
    os.utime(note, (START, START))
    (folder / "mua.txt").write_text("Mưa lớn ở Kỳ Sơn\n\nMưa suốt ba ngày.", encoding="utf-8")
    assert await desk.check() == CheckReport(new=1, updated=1)
    assert "1180" in desk.library.ask("bao nhiêu hộ dân bị cô lập?").quotes[0].text
    old, new = desk.library.followed.items.all(desk.source().id)
    assert (old.is_back_catalogue, new.is_back_catalogue) == (True, False)
    assert None not in (old.article, new.article)


async def test_a_folder_that_is_not_there_is_a_failure_in_words(desk: Desk, tmp_path: Path) -> None:
    desk.add(str(tmp_path / "none"), SourceKind.FOLDER)
    assert "no such file" in str((await desk.check()).error)


async def test_a_file_that_cannot_be_read_costs_only_itself(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "hong.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "tot.txt").write_text("Mưa lớn\n\nMưa suốt ba ngày.", encoding="utf-8")
    desk.add(str(tmp_path), SourceKind.FOLDER)
    report = await desk.check()
    assert (report.new, len(report.failed)) == (1, 1)


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

        site.parts["/mua.html"] = reach
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
    site.parts["/hang"] = hang
    site.page("/rss", feed(item(site, "/lu.html")))
    checked: dict[str, CheckReport] = {}
    stop = asyncio.Event()

    def note(source: Source, report: CheckReport) -> None:
        checked[source.name] = report
        if len(checked) == 3:
            stop.set()

    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/hang"), name="Treo")
        desk.add("http://127.0.0.1:9/rss", name="Từ chối")
        desk.add(site.url("/rss", host="localhost"), name="Tốt")
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), 10)
    assert checked["Tốt"].new == 1
    assert "in time" in str(checked["Treo"].error)
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
        monkeypatch.setattr(desk.library.followed.items, "notice", lambda *_: 1 / 0)
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), 10)
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
            follower.hurry()

    with open_desk(tmp_path / "data", fetcher) as desk:
        desk.add(site.url("/none"), name="A")
        with closing(sqlite3.connect(tmp_path / "data" / "hoibao.db")) as database:
            database.execute(
                "CREATE TRIGGER full BEFORE UPDATE ON sources WHEN NEW.failures > 0 "
                "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            )
        follower = Follower(desk.library, fetcher, bounds=BOUNDS, clock=Clock(), on_checked=note)
        await asyncio.wait_for(follower.run(stop), 10)
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
        await asyncio.wait_for(follower.run(stop), 10)
    assert sorted(told) == ["A", "B"]
    assert "an error in this program" in caplog.text


async def test_a_site_that_cannot_be_reached_any_more_is_not_asked_for_the_rest(
    site: Site, desk: Desk
) -> None:
    paths = [f"/bai-{n}.html" for n in range(6)]
    site.parts[paths[0]] = hang
    for path in paths[1:]:
        site.page(path, status=429)
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    report = await desk.check()
    assert len(report.failed) == 3
    assert states(desk).count(ItemState.SEEN) == 3
    assert desk.source().next_check_at == START + BOUNDS.shortest


@pytest.mark.parametrize(("position", "left"), [(0, 3), (3, 0)])
async def test_a_site_whose_page_asks_to_wait_is_left_alone_for_that_long(
    site: Site, desk: Desk, position: int, left: int
) -> None:
    paths = [f"/bai-{n}.html" for n in range(4)]
    for path in paths:
        site.page(path, page(path, f"Chuyện của {path} ngày hôm qua."))
    site.page(paths[position], status=429, headers={"Retry-After": "5000"})
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    await desk.check()
    assert states(desk).count(ItemState.SEEN) == left
    assert desk.source().next_check_at == START + 5000


async def test_a_site_that_takes_long_gives_the_others_their_turn(site: Site, desk: Desk) -> None:
    paths = [f"/bai-{n}.html" for n in range(4)]
    for path in paths:
        plain = answer(page(path, f"Chuyện của {path} ngày hôm qua."))

        async def play(
            request: Request,
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            plain: Part = plain,
        ) -> None:
            desk.clock.now += 200
            await plain(request, reader, writer)

        site.parts[path] = play
    site.page("/rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/rss"))
    assert (await desk.check()).new == 2
    assert desk.source().next_check_at == desk.clock.now + BOUNDS.shortest
    assert (await desk.check()).new == 2
    assert states(desk) == [ItemState.STORED] * 4


async def test_one_broken_sitemap_of_an_index_costs_the_others_nothing(
    site: Site, desk: Desk
) -> None:
    names = [f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/no.xml", "/a.xml")]
    site.page("/sitemap.xml", f"<sitemapindex>{''.join(names)}</sitemapindex>")
    site.page("/a.xml", f"<urlset><url><loc>{site.url('/lu.html')}</loc></url></urlset>")
    desk.add(site.url("/sitemap.xml"), SourceKind.SITEMAP)
    assert await desk.check() == CheckReport(new=1)
    site.page("/a.xml", status=500)
    assert "404" in str((await desk.check()).error)


async def test_an_item_without_a_page_is_the_text_of_its_feed(site: Site, desk: Desk) -> None:
    for path, text in (("/rss", "Gió giật cấp 8."), ("/atom", "Nắng nóng 39 độ.")):
        bare = f"<item><guid>1</guid><title>Bản tin</title><description>{text}</description></item>"
        site.page(path, feed(bare))
    desk.add(site.url("/rss"))
    desk.add(site.url("/atom", host="localhost"), name="Báo Khác")
    assert (await desk.check()).new == (await desk.check("Báo Khác")).new == 1
    assert desk.library.status().articles == 2


async def test_a_feed_on_this_machine_is_looked_at_like_a_folder_if_that_is_wanted(
    site: Site, fetcher: Fetcher, desk: Desk
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
    assert is_of_this_machine(address) is is_near
