"""Listing pages, sitemaps, sites and folders are followed as feeds are."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from index.models.source_kind import SourceKind
from index.sources.report import CheckReport
from tests.support.follower import FLOOD, START, FollowerDesk, feed, item, page, with_two_articles
from tests.support.web_site import Request, Site, answer


@pytest.fixture
def site(site: Site) -> Site:
    return with_two_articles(site)


def move(desk: FollowerDesk, address: str) -> None:
    """Change the address of the source, as an operator does."""
    desk.library.followed.change_address(
        desk.source().id, kind=SourceKind.FEED, address=address, pattern=None, given=address
    )


def news(desk: FollowerDesk) -> list[str]:
    """Return the paths of the items that are not of the back catalogue."""
    items = desk.library.followed.items.all(desk.source().id)
    return [urlsplit(found.key).path for found in items if not found.is_back_catalogue]


async def test_a_web_page_in_place_of_a_feed_is_a_failure_in_words(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", FLOOD)
    desk.add(site.url("/rss"))
    assert (await desk.check()).error == "127.0.0.1: it is a web page, not a feed"


async def test_a_listing_page_is_followed_by_a_pattern_that_is_found(
    site: Site, desk: FollowerDesk
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
    site: Site, desk: FollowerDesk
) -> None:
    child = site.url("/news.xml")
    index = f"<sitemapindex><sitemap><loc>{child}</loc></sitemap></sitemapindex>"
    site.page("/sitemap.xml", index, headers={"ETag": '"same"'})
    site.page("/news.xml", f"<urlset><url><loc>{site.url('/lu.html')}</loc></url></urlset>")
    desk.add(site.url("/sitemap.xml"), SourceKind.SITEMAP)
    assert await desk.check() == CheckReport(new=1)
    assert desk.source().etag is None


async def test_a_sites_address_is_resolved_at_the_first_check(
    site: Site, desk: FollowerDesk
) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>"
    site.page("/", f"<html><head>{link}</head><body>Báo</body></html>")
    site.page("/tin.rss", feed(item(site, "/lu.html")))
    desk.add(site.url("/"), SourceKind.SITE)
    assert (await desk.check()).new == 1
    assert (desk.source().kind, desk.source().address) == (SourceKind.FEED, site.url("/tin.rss"))


async def test_the_first_reading_of_a_new_address_is_a_back_catalogue(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/rss", feed(item(site, "/lu.html")))
    site.page("/new.rss", feed(item(site, "/lu.html"), item(site, "/mua.html")))
    desk.add(site.url("/rss"))
    await desk.check()
    move(desk, site.url("/new.rss"))
    assert (await desk.check()).new == 1
    site.page("/later.html", page("Đường thông", "Tối qua đường vào xã đã thông."))
    site.page("/new.rss", feed(item(site, "/later.html")))
    assert (await desk.check()).new == 1
    assert news(desk) == ["/later.html"]


@pytest.mark.parametrize("status", [200, 500])
async def test_a_check_of_an_address_that_is_changed_meanwhile_says_nothing_of_the_new_one(
    site: Site, desk: FollowerDesk, status: int
) -> None:
    old = answer(feed(item(site, "/lu.html")), status=status, headers={"ETag": '"1"'})

    async def move_and_answer(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        move(desk, site.url("/new.rss"))
        await old(request, reader, writer)

    site.handlers["/rss"] = move_and_answer
    site.page("/new.rss", feed(item(site, "/mua.html")))
    moved = replace(desk.add(site.url("/rss")), given=site.url("/new.rss"))
    report = await desk.check()
    assert report.error == (None if status == 200 else "it was changed meanwhile")
    assert desk.source() == replace(moved, address=moved.given)
    assert (await desk.check()).new == 1
    assert "if-none-match" not in site.asked("/new.rss")[0].headers
    assert news(desk) == []


async def test_a_folder_gives_new_and_changed_files(desk: FollowerDesk, tmp_path: Path) -> None:
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


async def test_a_folder_that_is_not_there_is_a_failure_in_words(
    desk: FollowerDesk, tmp_path: Path
) -> None:
    desk.add(str(tmp_path / "none"), SourceKind.FOLDER)
    assert "no such file" in str((await desk.check()).error)


async def test_a_file_that_cannot_be_read_costs_only_itself(
    desk: FollowerDesk, tmp_path: Path
) -> None:
    (tmp_path / "hong.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "tot.txt").write_text("Mưa lớn\n\nMưa suốt ba ngày.", encoding="utf-8")
    desk.add(str(tmp_path), SourceKind.FOLDER)
    report = await desk.check()
    assert (report.new, len(report.failed)) == (1, 1)


async def test_one_broken_sitemap_of_an_index_costs_the_others_nothing(
    site: Site, desk: FollowerDesk
) -> None:
    names = [f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in ("/no.xml", "/a.xml")]
    site.page("/sitemap.xml", f"<sitemapindex>{''.join(names)}</sitemapindex>")
    site.page("/a.xml", f"<urlset><url><loc>{site.url('/lu.html')}</loc></url></urlset>")
    desk.add(site.url("/sitemap.xml"), SourceKind.SITEMAP)
    assert await desk.check() == CheckReport(new=1)
    site.page("/a.xml", status=500)
    assert "404" in str((await desk.check()).error)
