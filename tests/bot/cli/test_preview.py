"""`hoibao preview` shows what articles would become, and stores nothing."""

import asyncio
import json
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from index import Library, Rejection
from index.articles.preview import Preview
from index.articles.readers import title_key
from index.articles.validation import LONGEST_URL
from index.models.source_kind import SourceKind
from index.sources.inputs import preview_inputs
from index.store.sources import ReadPage
from tests.support.commands import RECORDS, Commands, is_one_line, lines
from tests.support.web_site import Site

TEXT = ("Nước lũ lên nhanh trong đêm 3/9.", "Xã Mường Lống có 120 hộ dân bị cô lập hoàn toàn.")
PAGE = f"""<html><head><title>Lũ quét ở Mường Lống</title>
<meta property="og:site_name" content="Báo Sông Thương"></head><body>
<h1>Lũ quét ở Mường Lống</h1><div>Thứ Hai 04/09/2023 08:05</div>
<article><p>{TEXT[0]}</p><p>{TEXT[1]}</p><p class="author">Thu Hà</p></article>
<div class="tin-lien-quan"><ul><li><a href="/mua.html">Mưa lớn ở miền núi</a></li></ul></div>
</body></html>"""
READ = {
    "title": "Lũ quét ở Mường Lống",
    "published": "2023-09-04T08:05:00+07:00",
    "author": "Thu Hà",
    "source": "Báo Sông Thương",
    "sentences": list(TEXT),
}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "lu.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture
def online(hoibao: Commands) -> Commands:
    """The commands, with access to this machine."""
    hoibao.environment["HOIBAO_PRIVATE_NETWORKS"] = "true"
    return hoibao


async def run(hoibao: Commands, *arguments: str) -> CompletedProcess[str]:
    """Run a command in a thread: the site is served by this one."""
    return await asyncio.to_thread(hoibao, "preview", *arguments)


def objects(result: CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.slow
def test_a_page_is_shown_as_it_would_be_stored_and_nothing_is(
    hoibao: Commands, page: Path, tmp_path: Path
) -> None:
    result = hoibao("preview", "lu.html")
    assert result.returncode == 0
    shown = result.stdout.splitlines()
    assert shown[:7] == [
        "lu.html",
        "  Lũ quét ở Mường Lống",
        "  Monday, 4 September 2023, 08:05",
        "  by Thu Hà",
        "  from Báo Sông Thương",
        f"     1. {TEXT[0]}",
        f"     2. {TEXT[1]}",
    ]
    assert shown[7].endswith(" cut; hoibao preview --verbose says why")
    assert list(tmp_path.iterdir()) == [page]


def test_what_was_cut_is_shown_with_its_reason_on_request(hoibao: Commands, page: Path) -> None:
    (with_cuts,) = objects(hoibao("preview", "lu.html", "--verbose", "--json"))
    reasons = {cut["text"]: cut["reason"] for cut in with_cuts.pop("cuts")}
    assert with_cuts == {"input": "lu.html", **READ}
    related = reasons["Mưa lớn ở miền núi"]
    shown = hoibao("preview", "lu.html", "--verbose").stdout
    assert shown.index(TEXT[1]) < shown.index("  cut, ")
    assert f"  cut, {related}:\n      - Mưa lớn ở miền núi\n" in shown


def test_each_article_is_a_line_in_order_and_a_bad_one_costs_only_itself(
    hoibao: Commands, page: Path, tmp_path: Path
) -> None:
    (tmp_path / "menu.html").write_text("<html><body><a href='/'>Trang chủ</a></body></html>")
    (tmp_path / "anh.html").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "note.txt").write_text("Tin ngắn\n\nTrường Lê Lợi thắng trận chung kết 3-1.")
    given = ["lu.html", "menu.html", "./none.html", "./lu.html", "anh.html", "note.txt", "lu.html"]
    result = hoibao("preview", "--json", *given)
    found = objects(result)
    assert result.returncode == 1
    assert [values["input"] for values in found] == given
    assert [number for number, values in enumerate(found) if "rejected" in values] == [1, 2, 4]
    assert all(set(found[number]) == {"input", "rejected"} for number in (1, 2, 4))
    assert all(found[number] == {"input": given[number], **READ} for number in (0, 3, 6))
    assert (found[5]["published"], found[5]["author"]) == (None, None)


def test_a_rejection_is_said_with_its_reason_and_an_unknown_date_as_such(
    hoibao: Commands, tmp_path: Path
) -> None:
    (tmp_path / "note.txt").write_text("Tin ngắn\n\nTrường Lê Lợi thắng trận chung kết 3-1.")
    result = hoibao("preview", "none.txt", "note.txt")
    assert result.returncode == 1
    assert result.stderr == "rejected none.txt: it cannot be read: no such file or directory\n"
    assert "  date unknown\n  author unknown\n  source unknown\n" in result.stdout


def test_folders_and_records_are_previewed_one_by_one_as_they_would_be_taken_in(
    hoibao: Commands, page: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    page.rename(folder / "b.html")
    unstorable = {"text": "Tin.", "url": f"https://bao.example/{'x' * LONGEST_URL}"}
    records = lines([RECORDS[0], unstorable])
    (folder / "a.jsonl").write_text(records + "{", encoding="utf-8")
    found = objects(hoibao("preview", "in", "--json"))
    places = ["in/a.jsonl, line 1", "in/a.jsonl, line 2", "in/a.jsonl, line 3", "in/b.html"]
    assert [values["input"] for values in found] == places
    assert ["rejected" in values for values in found] == [False, True, True, False]
    assert found[0]["sentences"] == ["Lũ quét xảy ra đêm 3/9.", "Có 120 hộ dân bị cô lập."]
    (given,) = objects(hoibao("preview", "-", "--json", text=lines(RECORDS[:1])))
    assert given == {**found[0], "input": "standard input, line 1"}


async def test_an_address_is_fetched_as_the_operator(online: Commands, site: Site) -> None:
    online.environment["HOIBAO_CONTACT"] = "toa-soan@bao.example"
    site.page("/lu.html", PAGE)
    address = site.url("/lu.html")
    result = await run(online, address, site.url("/none.html"), "--json")
    found, missing = objects(result)
    assert found == {"input": address, **READ}
    assert missing.keys() == {"input", "rejected"}
    assert missing["rejected"].startswith("127.0.0.1: it answered 404")
    assert "toa-soan@bao.example" in site.asked("/lu.html")[0].headers["user-agent"]
    assert result.returncode == 1


async def test_a_private_address_is_not_fetched_unless_the_settings_allow_it(
    hoibao: Commands, site: Site
) -> None:
    site.page("/lu.html", PAGE)
    (refused,) = objects(await run(hoibao, site.url("/lu.html"), "--json"))
    assert "private_networks" in refused["rejected"]
    assert site.requests == []


async def test_a_feed_gives_its_articles_and_says_which_are_only_the_feeds_own_text(
    online: Commands, site: Site
) -> None:
    site.page("/lu.html", PAGE)
    items = (
        f"<item><link>{site.url('/lu.html')}</link></item>"
        f"<item><title>Mưa</title><link>{site.url('/mua.html')}</link>"
        "<description>Mưa lớn suốt ba ngày ở miền núi.</description></item>"
    )
    site.page("/rss", f"<rss version='2.0'><channel>{items}</channel></rss>")
    result = await run(online, site.url("/rss"))
    assert result.returncode == 0
    first, second = result.stdout.split(site.url("/mua.html"))
    assert TEXT[1] in first
    assert "not that of its page" not in first
    assert "not that of its page: 127.0.0.1: it answered 404" in second
    assert "     1. Mưa lớn suốt ba ngày ở miền núi." in second


async def test_lines_on_most_pages_of_a_followed_source_are_cut_and_said_to_be(
    online: Commands, site: Site, tmp_path: Path
) -> None:
    site.page("/lu.html", PAGE)
    with Library.open(tmp_path / "data") as library:
        address = site.url("/rss")
        source = library.followed.add(
            name="Báo", given=address, kind=SourceKind.FEED, address=address, now=0
        )
        others = [ReadPage(f"bài {number}", (title_key(TEXT[1]),), {}) for number in range(9)]
        library.followed.pages.record(source.id, 0, others)
    (shown,) = objects(await run(online, site.url("/lu.html"), "--json", "--verbose"))
    assert shown["sentences"] == [TEXT[0]]
    reasons = {cut["text"]: cut["reason"] for cut in shown["cuts"]}
    assert reasons[TEXT[1]] == "stands on most pages of this source"


def test_what_cannot_begin_is_one_line(hoibao: Commands, tmp_path: Path) -> None:
    assert is_one_line(hoibao("preview"), "PAGE_OR_URL")
    (tmp_path / "config.toml").write_text("broken = = 1", encoding="utf-8")
    assert is_one_line(hoibao("preview", "lu.html"), "config.toml")


def test_an_input_is_read_only_when_it_is_its_turn(page: Path) -> None:
    """So memory does not grow with the number of inputs."""
    previews = preview_inputs(str(page) for _ in range(3))
    assert isinstance(next(previews), Preview)
    page.unlink()
    assert isinstance(next(previews), Rejection)
