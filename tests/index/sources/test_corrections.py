"""What becomes of an article after it came in: copies elsewhere, corrections, removal."""

import os
import shutil
from pathlib import Path

import pytest
import pytest_asyncio

from index import StoredArticle
from index.models.source_kind import SourceKind
from index.sources.following.follower import MANY_FILES, REVISITS_A_CHECK
from index.sources.report import CheckReport
from index.sources.schedule import REVISIT_AFTER, REVISIT_WITHIN
from tests.support.duplicates import AGENCY, PARAGRAPH
from tests.support.follower import START, FollowerDesk, feed, item, page, taking
from tests.support.web_site import Handler, Site, when_changed

CORRECTED = AGENCY.text.replace("14 ngư dân", "13 ngư dân")
OTHER_TITLE = "Tàu SAR 412 cứu 14 ngư dân trôi dạt trên biển"


def news(text: str = AGENCY.text, title: str = AGENCY.title) -> str:
    return page(title, "</p><p>".join(text.split("\n")))


def unless_known(body: str) -> Handler:
    """Respond with 304 to who has read the body before."""
    return when_changed(body.encode(), '"1"', "Mon, 04 Sep 2023 01:05:00 GMT")


def found(desk: FollowerDesk, url: str) -> StoredArticle:
    article = desk.library.find(url)
    assert article is not None
    return article


@pytest_asyncio.fixture
async def two_papers(site: Site, desk: FollowerDesk) -> tuple[str, str]:
    """Two newspapers that print the same agency's news; the addresses of the two pages."""
    site.page("/a/1.html", news())
    site.page("/b/7.html", news(AGENCY.text + PARAGRAPH, OTHER_TITLE))
    for paper, path, name in (("/a", "/a/1.html", "Báo A"), ("/b", "/b/7.html", "Báo B")):
        site.page(f"{paper}.rss", feed())
        desk.add(site.url(f"{paper}.rss"), name=name)
        await desk.check(name)  # the back catalogue: nothing
        site.page(f"{paper}.rss", feed(item(site, path)))
    return site.url("/a/1.html"), site.url("/b/7.html")


async def test_the_same_text_at_two_sources_is_one_article_of_both(
    desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    first, second = two_papers
    assert await desk.check("Báo A") == CheckReport(new=1)
    assert await desk.check("Báo B") == CheckReport()
    assert desk.library.status().articles == 1
    article = found(desk, second)
    assert (article.url, article.source, article.also) == (first, "Báo A", ("Báo B",))
    (seen,) = desk.library.followed.items.all(desk.source("Báo B").id)
    assert seen.article == article.number


async def test_a_further_source_that_corrects_itself_has_an_article_of_its_own(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    await desk.check("Báo B")
    site.page("/b/7.html", news(CORRECTED))
    site.page("/b.rss", feed(item(site, "/b/7.html", "Đính chính")))
    assert await desk.check("Báo B") == CheckReport(new=1)
    first, second = (found(desk, url) for url in two_papers)
    assert (first.source, first.also) == ("Báo A", ())
    assert (second.source, "13 ngư dân" in second.text) == ("Báo B", True)


async def test_a_page_is_looked_at_again_a_day_later_and_its_silent_correction_taken_over(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.page("/a.rss", feed())  # announced no more
    site.page("/a/1.html", news(CORRECTED))
    desk.clock.now += REVISIT_AFTER - 1
    assert await desk.check("Báo A") == CheckReport()
    desk.clock.now += 1
    assert await desk.check("Báo A") == CheckReport(updated=1)
    quotes = desk.library.ask("bao nhiêu ngư dân gặp nạn?").quotes
    assert any("13 ngư dân" in quote.text for quote in quotes)
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo A") == CheckReport()
    assert len(site.asked("/a/1.html")) == 2


async def test_a_page_that_did_not_change_stays_as_it_was_with_the_date_of_its_feed(
    site: Site, desk: FollowerDesk
) -> None:
    undated = news().replace("Thứ Hai 04/09/2023 08:05", "").replace("18/10", "tháng mười")
    site.page("/a/1.html", undated)
    site.page("/a.rss", feed())
    desk.add(site.url("/a.rss"))
    await desk.check()
    dated = item(site, "/a/1.html", date="Mon, 04 Sep 2023 08:05:00 +0700")
    site.page("/a.rss", feed(dated))
    await desk.check()
    before = found(desk, site.url("/a/1.html"))
    assert before.published is not None
    desk.clock.now += REVISIT_AFTER
    assert await desk.check() == CheckReport()
    assert len(site.asked("/a/1.html")) == 2
    assert found(desk, site.url("/a/1.html")) == before


@pytest.mark.parametrize("status", [404, 410])
async def test_a_text_that_is_removed_at_its_source_stays_marked(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str], status: int
) -> None:
    await desk.check("Báo A")
    site.page("/a/1.html", status=status)
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo A") == CheckReport(removed=1)
    (quote, *_) = desk.library.ask("bao nhiêu ngư dân gặp nạn?").quotes
    assert quote.article.removed is not None


async def test_a_page_that_cannot_be_reached_is_not_removed_and_looked_at_later(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.page("/a/1.html", status=503)
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo A") == CheckReport()
    site.page("/a/1.html", news(CORRECTED))
    assert await desk.check("Báo A") == CheckReport(updated=1)


async def test_a_change_whose_page_was_out_of_order_is_fetched_at_the_next_check(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.page("/a/1.html", status=503)
    site.handlers["/a.rss"] = unless_known(feed(item(site, "/a/1.html", "Đính chính")))
    assert len((await desk.check("Báo A")).failed) == 1
    site.page("/a/1.html", news(CORRECTED))
    assert await desk.check("Báo A") == CheckReport(updated=1)
    assert (await desk.check("Báo A")).not_modified


async def test_a_change_that_could_not_be_fetched_leaves_the_look_a_day_later(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.page("/a/1.html", status=403)
    site.page("/a.rss", feed(item(site, "/a/1.html", "Đính chính")))
    assert len((await desk.check("Báo A")).failed) == 1
    site.page("/a/1.html", news(CORRECTED))
    assert await desk.check("Báo A") == CheckReport()
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo A") == CheckReport(updated=1)


async def test_changes_that_a_check_leaves_over_are_fetched_by_the_next_one(
    site: Site, desk: FollowerDesk
) -> None:
    paths = [f"/a/{number}.html" for number in range(2)]
    for path in paths:
        site.page(path, page(f"Tin {path}", f"Chuyện số {path} của ngày hôm qua."))
    site.page("/a.rss", feed(*(item(site, path) for path in paths)))
    desk.add(site.url("/a.rss"))
    await desk.check()
    for path in paths:
        site.page(path, page(f"Tin {path}", f"Chuyện số {path} được đính chính."))
        site.handlers[path] = taking(400, desk.clock, site.handlers[path])
    changed = feed(*(item(site, path, "Đính chính") for path in paths))
    site.handlers["/a.rss"] = unless_known(changed)
    assert await desk.check() == CheckReport(updated=1)
    assert await desk.check() == CheckReport(updated=1)
    assert (await desk.check()).not_modified


async def test_a_page_that_leads_elsewhere_now_changes_nothing(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.redirect("/a/1.html", "/")
    site.page("/", page("Báo A", "Đây là trang đầu của Báo A, có nhiều tin khác nhau mỗi ngày."))
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo A") == CheckReport()
    assert desk.library.status().articles == 1
    assert found(desk, two_papers[0]).text == AGENCY.text


async def test_a_removed_page_that_its_feed_announces_again_is_there_again(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    site.page("/a/1.html", status=404)
    site.page("/a.rss", feed(item(site, "/a/1.html", "Đã gỡ")))
    assert (await desk.check("Báo A")).removed == 1
    site.page("/a/1.html", news())
    site.page("/a.rss", feed(item(site, "/a/1.html", "Đăng lại")))
    assert await desk.check("Báo A") == CheckReport()
    assert found(desk, two_papers[0]).removed is None


async def test_what_is_gone_from_a_further_source_is_still_at_the_first(
    site: Site, desk: FollowerDesk, two_papers: tuple[str, str]
) -> None:
    await desk.check("Báo A")
    await desk.check("Báo B")
    site.page("/b/7.html", status=404)
    desk.clock.now += REVISIT_AFTER
    assert await desk.check("Báo B") == CheckReport()
    article = found(desk, two_papers[0])
    assert (article.removed, article.also) == (None, ())


async def test_a_back_catalogue_is_not_looked_at_again(site: Site, desk: FollowerDesk) -> None:
    site.page("/a/1.html", news())
    site.page("/a.rss", feed(item(site, "/a/1.html")))
    desk.add(site.url("/a.rss"))
    await desk.check()
    desk.clock.now += REVISIT_AFTER
    await desk.check()
    assert len(site.asked("/a/1.html")) == 1


async def test_only_so_many_pages_are_looked_at_again_in_a_row_and_none_too_late(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/a.rss", feed())
    desk.add(site.url("/a.rss"))
    await desk.check()
    paths = [f"/a/{number}.html" for number in range(REVISITS_A_CHECK + 2)]
    for path in paths:
        site.page(path, page(f"Tin {path}", f"Chuyện số {path} của ngày hôm qua."))
    site.page("/a.rss", feed(*(item(site, path) for path in paths)))
    await desk.check()
    desk.clock.now += REVISIT_AFTER
    asked = len(site.requests)
    await desk.check()
    assert len(site.requests) == asked + 1 + REVISITS_A_CHECK
    desk.clock.now += REVISIT_WITHIN + 1
    await desk.check()
    assert len(site.requests) == asked + 2 + REVISITS_A_CHECK


async def test_a_site_that_takes_long_does_not_hold_a_check_while_it_is_looked_at_again(
    site: Site, desk: FollowerDesk
) -> None:
    site.page("/a.rss", feed())
    desk.add(site.url("/a.rss"))
    await desk.check()
    paths = [f"/a/{number}.html" for number in range(4)]
    for path in paths:
        site.page(path, page(f"Tin {path}", f"Chuyện số {path} của ngày hôm qua."))
    site.page("/a.rss", feed(*(item(site, path) for path in paths)))
    await desk.check()
    for path in paths:
        site.handlers[path] = taking(200, desk.clock, site.handlers[path])
    desk.clock.now += REVISIT_AFTER
    for asked in (6, 8, 8):
        await desk.check()
        assert sum(len(site.asked(path)) for path in paths) == asked


@pytest.fixture
def folder(desk: FollowerDesk, tmp_path: Path) -> Path:
    path = tmp_path / "tin"
    path.mkdir()
    write(path / "lu.txt", "Lũ quét ở Mường Lống\n\nCó 120 hộ dân bị cô lập.")
    write(path / "mua.txt", "Mưa lớn ở Kỳ Sơn\n\nMưa suốt ba ngày.")
    desk.add(str(path), SourceKind.FOLDER)
    return path


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (START, START))


def move(path: Path, name: str) -> None:
    path.rename(path.with_name(name))


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def removed(desk: FollowerDesk) -> set[str]:
    return {article.title for article in desk.library.latest(9) if article.removed}


async def test_a_file_that_is_gone_leaves_its_article_marked(
    desk: FollowerDesk, folder: Path
) -> None:
    await desk.check()
    (folder / "lu.txt").unlink()
    assert await desk.check() == CheckReport(removed=1)
    assert await desk.check() == CheckReport()
    assert removed(desk) == {"Lũ quét ở Mường Lống"}
    assert "120 hộ" in desk.library.ask("bao nhiêu hộ dân bị cô lập?").quotes[0].text


async def test_a_file_that_is_there_again_has_its_article_there_again(
    desk: FollowerDesk, folder: Path
) -> None:
    await desk.check()
    move(folder / "lu.txt", ".lu.txt")
    await desk.check()
    move(folder / ".lu.txt", "lu.txt")
    assert await desk.check() == CheckReport()
    assert removed(desk) == set()


async def test_a_file_that_is_but_renamed_is_not_gone(desk: FollowerDesk, folder: Path) -> None:
    await desk.check()
    move(folder / "lu.txt", "lu-quet.txt")
    assert await desk.check() == CheckReport()
    assert removed(desk) == set()
    (folder / "lu-quet.txt").unlink()
    assert await desk.check() == CheckReport(removed=1)


async def test_the_articles_of_a_file_of_several_stay_as_they_are(
    desk: FollowerDesk, folder: Path
) -> None:
    records = [f'{{"id": "{name}", "text": "Bài {name}."}}' for name in ("một", "hai")]
    write(folder / "nhieu.jsonl", "\n".join(records))
    await desk.check()
    (folder / "nhieu.jsonl").unlink()
    assert await desk.check() == CheckReport()
    assert removed(desk) == set()


async def test_a_folder_that_is_gone_as_a_whole_removes_nothing(
    desk: FollowerDesk, folder: Path
) -> None:
    await desk.check()
    move(folder, "khac")
    assert (await desk.check()).error is not None
    assert removed(desk) == set()


def fill(folder: Path) -> None:
    """Write files until there are `MANY_FILES`."""
    for number in range(MANY_FILES - len(list(folder.iterdir()))):
        write(folder / f"bai-{number}.txt", f"Bài số {number}\nXã {number} có chợ mới.")


async def test_a_folder_without_any_file_counts_as_not_mounted_and_removes_nothing(
    desk: FollowerDesk, folder: Path
) -> None:
    fill(folder)
    await desk.check()
    away = folder.with_name("away")
    move(folder, "away")
    (folder / "lost+found").mkdir(parents=True)
    expected = (
        f"folder {folder}: it is empty, though {MANY_FILES} of its files were read: is it mounted?"
    )
    assert await desk.check() == CheckReport(error=expected)
    assert removed(desk) == set()
    shutil.rmtree(folder)
    move(away, "tin")
    assert await desk.check() == CheckReport()
    assert desk.source().failures == 0


async def test_a_folder_whose_files_are_all_deleted_is_told_by_any_other_file(
    desk: FollowerDesk, folder: Path
) -> None:
    fill(folder)
    await desk.check()
    empty(folder)
    (folder / ".emptied").touch()
    assert await desk.check() == CheckReport(removed=MANY_FILES)
    (folder / ".emptied").unlink()
    assert await desk.check() == CheckReport()


async def test_the_articles_of_a_few_files_are_marked_at_once(
    desk: FollowerDesk, folder: Path
) -> None:
    await desk.check()
    empty(folder)
    assert await desk.check() == CheckReport(removed=2)


async def test_another_folder_may_be_empty(desk: FollowerDesk, folder: Path) -> None:
    await desk.check()
    other = folder.with_name("tin mới")
    other.mkdir()
    desk.library.followed.change_address(
        desk.source().id,
        kind=SourceKind.FOLDER,
        address=str(other),
        pattern=None,
        given=str(other),
    )
    assert (await desk.check()).error is None
