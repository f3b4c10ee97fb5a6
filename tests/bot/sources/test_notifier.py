"""Admins get word in their private chats: once for each pause, and grouped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sources.changes import assume_pauses_reported
from bot.sources.notifier import LISTED_LIMIT, NOTE, AdminNotifier
from index import Library
from index.models.problem import Code, Problem
from index.sources.report import CheckReport
from index.workers import in_background, in_thread
from tests.support.admin import LATER, NOW, AdminTalk, admin_talk, follow
from tests.support.bot import LANS_CHAT, labels
from tests.support.follower import feed, item, page
from tests.support.playground import ANNA
from tests.support.waiting import until, until_logged
from tests.support.web_site import Site, web_site

FAILING_ONCE = {"failures": 1}
NOBODY = 4242


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once where another worker reports."""
    monkeypatch.setattr("bot.sources.notifier.RETRY_SECONDS", 0.05)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with web_site() as served:
        served.page("/lu.html", page("Lũ quét", "Xã Mường Lống có 120 hộ dân bị cô lập."))
        served.page("/tot.rss", feed())
        yield served


def give_out(library: Library, site: Site, name: str, at: int = NOW) -> None:
    """Pause a source as the follower does after too many failures."""
    source = follow(library, site.url(f"/{name}.rss"), name)
    library.followed.record_failure(
        source,
        Problem(Code.STATUS, "127.0.0.1", status="404 Not Found"),
        now=at,
        next_check_at=at,
        failures=10,
        paused="it failed 10 times in a row",
    )


async def knowing(folder: Path) -> None:
    """Start once, so that what is paused later is news."""
    async with admin_talk(folder) as talk:
        await until(lambda: asyncio.to_thread(talk.library.key_values.get, NOTE))


async def stir(talk: AdminTalk, site: Site) -> None:
    """Have a source checked that fails, so that what is new is looked up."""
    follow(talk.library, site.url("/stir.rss"), "Khuấy", is_due=True)


async def test_a_source_that_is_paused_and_works_again_is_told_once_each(
    tmp_path: Path, site: Site
) -> None:
    async with admin_talk(tmp_path, following=FAILING_ONCE) as talk:
        talk.add(site, "/tot.rss", "Tốt")
        talk.add(site, "/hong.rss", "Báo Hỏng", is_due=True)

        (word,) = await talk.words()

        assert word["text"] == (
            "Nguồn bị tạm dừng: Báo Hỏng\n"
            "Đã tạm dừng sau 1 lần lỗi liên tiếp. Lý do: máy chủ báo lỗi 404 Not Found (127.0.0.1)."
        )
        assert labels(word) == ["Kiểm tra ngay"]

        site.page("/hong.rss", feed(item(site, "/lu.html")))
        assert await talk.press(word, "Kiểm tra ngay") == ""
        card = await talk.shown(word, "Vừa kiểm tra")
        assert "Vừa kiểm tra: 1 bài mới." in card["text"]
        assert talk.followed.by_name("Báo Hỏng").paused is None

        _, again = await talk.words(number=2)
        assert again["text"] == "Đã đọc lại được nguồn Báo Hỏng"
        assert labels(again) == []


async def test_each_admin_is_told_in_their_language_and_who_never_started_costs_a_line(
    tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    admins = (LANS_CHAT, ANNA["id"], NOBODY)
    async with admin_talk(tmp_path, admins=admins, following=FAILING_ONCE) as talk:
        await talk.ask("/lang en", user=ANNA)
        talk.add(site, "/tot.rss", "Tốt")
        talk.add(site, "/hong.rss", "Báo Hỏng", is_due=True)
        (lans,) = await talk.words()
        (annas,) = await talk.words(ANNA["id"])
        await until_logged(caplog, "Admin 4242 could not be notified: Chat not found")
        talk.add(site, "/tot2.rss", "Hỏng nữa", is_due=True)
        assert len(await talk.words(number=2)) == 2
    assert lans["text"].startswith("Nguồn bị tạm dừng: Báo Hỏng")
    assert annas["text"].startswith(
        "Source paused: Báo Hỏng\nPaused; failures in a row: 1. Reason:"
    )


async def test_sources_that_are_paused_together_are_one_message_with_one_button(
    tmp_path: Path, site: Site
) -> None:
    await knowing(tmp_path)
    with Library.open(tmp_path) as library:
        follow(library, site.url("/tot.rss"), "Tốt")
        for number in range(LISTED_LIMIT + 3):
            give_out(library, site, f"n{number}")
    async with admin_talk(tmp_path) as talk:
        (word,) = await talk.words()

        assert word["text"].startswith(
            "18 nguồn bị tạm dừng vì lỗi liên tiếp:\n• n0: máy chủ báo lỗi 404"
        )
        assert word["text"].endswith("… và 3 nguồn khác.")
        assert labels(word) == ["Kiểm tra lại tất cả"]
        for number in range(LISTED_LIMIT + 3):
            site.page(f"/n{number}.rss", feed())
        await talk.press(word, "Kiểm tra lại tất cả")
        await talk.shown(word, "Đã kiểm tra 18 nguồn: không có gì mới.")
        assert all("Đã đọc lại được" in each["text"] for each in (await talk.words(number=2))[1:])
        assert await talk.press_data(word["message_id"], "1Sg:0") == (
            "Không còn nguồn nào tạm dừng vì lỗi."
        )


async def test_that_nothing_can_be_read_is_one_message_and_so_is_its_end(
    tmp_path: Path, site: Site
) -> None:
    with Library.open(tmp_path) as library:
        for name in ("A", "B", "C"):
            source = follow(library, f"http://127.0.0.1:9/{name}", name)
            library.followed.record_failure(
                source,
                Problem(Code.NETWORK, "127.0.0.1", cause="refused"),
                now=NOW,
                next_check_at=LATER if name == "A" else NOW,
                failures=12,
            )
    async with admin_talk(tmp_path) as talk:
        (word,) = await talk.words()

        assert word["text"].startswith("Tôi không đọc được nguồn nào trong 3 nguồn")
        assert "không kết nối được (127.0.0.1)." in word["text"]
        assert labels(word) == []
        await until(lambda: _failed(talk, "B", 13))
        source = talk.followed.by_name("A")
        talk.followed.change_address(
            source.id, kind=source.kind, address=site.url("/tot.rss"), pattern=None
        )
        await talk.answered("/sources check A", "không có gì mới")
        _, end = await talk.words(number=2)
        assert end["text"].startswith("Tôi đã đọc lại được các nguồn.")


async def test_word_that_telegram_does_not_take_now_is_told_after_a_restart_and_no_more(
    tmp_path: Path, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with admin_talk(tmp_path) as talk:
        await talk.client.post("/faults", method="sendMessage", error="disconnect", times=50)
        talk.add(site, "/tot.rss", "Tốt")
        give_out(talk.library, site, "Hỏng")
        await stir(talk, site)
        await until_logged(caplog, "Admin 1001 could not be notified")
        assert [m for m in await talk.client.messages(LANS_CHAT) if m["from"] != "Lan"] == []
    async with admin_talk(tmp_path) as talk:
        (word,) = await talk.words()
        assert word["text"].startswith("Nguồn bị tạm dừng: Hỏng")
    async with admin_talk(tmp_path) as talk:
        give_out(talk.library, site, "Mới")
        talk.followed.check_soon([talk.followed.by_name("Khuấy").id], NOW)
        (word,) = await talk.words()
        assert word["text"].startswith("Nguồn bị tạm dừng: Mới")


@pytest.mark.usefixtures("short_pauses")
async def test_workers_over_one_database_tell_a_pause_once(tmp_path: Path, site: Site) -> None:
    async with admin_talk(tmp_path) as talk:
        talk.add(site, "/tot.rss", "Tốt")
        other = AdminNotifier(talk.library, frozenset({LANS_CHAT}), gather=0)
        async with in_background(other.run(talk.application.bot)):
            await until(lambda: asyncio.to_thread(talk.library.key_values.get, NOTE))
            give_out(talk.library, site, "Hỏng")
            await stir(talk, site)
            (word,) = await talk.words()
            assert word["text"].startswith("Nguồn bị tạm dừng: Hỏng")
            give_out(talk.library, site, "Mới")
            failing = talk.followed.by_name("Khuấy")
            other.note(failing, CheckReport(error="it failed"))
            _, word = await talk.words(number=2)
            assert word["text"].startswith("Nguồn bị tạm dừng: Mới")


@pytest.mark.usefixtures("short_pauses")
async def test_what_another_worker_tells_just_now_is_left_to_it(tmp_path: Path, site: Site) -> None:
    async with admin_talk(tmp_path) as talk:
        talk.add(site, "/tot.rss", "Tốt")
        await until(lambda: asyncio.to_thread(talk.library.key_values.get, NOTE))
        with ExitStack() as stack:
            await in_thread(stack.enter_context, talk.library.leases.held(NOTE))
            give_out(talk.library, site, "Hỏng")
            await stir(talk, site)
            await until(lambda: _failed(talk, "Khuấy", 1))
            told = assume_pauses_reported(talk.followed.all())
            talk.library.key_values.set(NOTE, told.to_json())
            give_out(talk.library, site, "Mới")
        (word,) = await talk.words()
        assert word["text"].startswith("Nguồn bị tạm dừng: Mới")


async def test_what_was_paused_before_the_first_start_with_admins_is_not_told(
    tmp_path: Path, site: Site
) -> None:
    async with admin_talk(tmp_path, admins=()) as talk:
        talk.add(site, "/tot.rss", "Tốt")
        give_out(talk.library, site, "Cũ")
    await knowing(tmp_path)
    async with admin_talk(tmp_path) as talk:
        give_out(talk.library, site, "Mới")
        await stir(talk, site)
        (word,) = await talk.words()
        assert word["text"].startswith("Nguồn bị tạm dừng: Mới")


async def _failed(talk: AdminTalk, name: str, failures: int) -> bool:
    return talk.followed.by_name(name).failures >= failures
