"""Sources are checked, paused and removed by button and by command."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from index.models.source_kind import SourceKind
from tests.support.admin import LATER, AdminTalk, admin_talk, with_a_feed
from tests.support.bot import ARTICLES, MESSAGES, labels
from tests.support.follower import feed, item
from tests.support.waiting import PATIENCE_SECONDS, until
from tests.support.web_site import Request, Site, hang


@pytest.fixture
def site(site: Site) -> Site:
    return with_a_feed(site)


class TestCheckingNow:
    async def test_by_name_reports_what_came(self, admin: AdminTalk, site: Site) -> None:
        admin.add(site, "/tin.rss", "Báo Nghệ An")
        shown = await admin.answered("/sources check báo nghệ an", "Vừa kiểm tra")
        assert "Vừa kiểm tra: 1 bài mới." in shown["text"]
        shown = await admin.answered("/sources check Báo Nghệ An", "Vừa kiểm tra")
        assert "Vừa kiểm tra: không có gì mới." in shown["text"]

    async def test_by_a_button_reports_what_failed(self, admin: AdminTalk, site: Site) -> None:
        site.page("/tin.rss", feed(item(site, "/lu.html"), item(site, "/mat.html")))
        admin.add(site, "/tin.rss", "Báo")
        listed = await admin.ask("/sources")
        await admin.press(listed, "1")
        card = await admin.message(listed["message_id"])
        assert await admin.press(card, "Kiểm tra ngay") == ""
        shown = await admin.shown(card, "Vừa kiểm tra")
        assert "Vừa kiểm tra: 1 bài mới, 1 lỗi." in shown["text"]
        assert "/mat.html: máy chủ báo lỗi 404" in shown["text"]

    async def test_that_fails_says_why(self, admin: AdminTalk, site: Site) -> None:
        admin.add(site, "/none.rss", "Hỏng")
        shown = await admin.answered("/sources check Hỏng", "Vừa kiểm tra")
        assert "Vừa kiểm tra nhưng chưa đọc được. Lý do: máy chủ báo lỗi 404" in shown["text"]
        assert "Lỗi liên tiếp: 1 lần." in shown["text"]

    async def test_has_a_paused_source_go_on(self, admin: AdminTalk, site: Site) -> None:
        admin.followed.pause(admin.add(site, "/tin.rss", "Báo").id)
        listed = await admin.ask("/sources")
        await admin.press(listed, "1")
        card = await admin.message(listed["message_id"])
        assert labels(card) == [MESSAGES["button_go_on"], MESSAGES["button_remove"], "‹ Các nguồn"]
        await admin.press(card, MESSAGES["button_go_on"])
        await admin.shown(card, "Vừa kiểm tra: 1 bài mới.")
        assert admin.sources() == [("Báo", None)]

    async def test_of_all_leaves_those_alone_that_are_paused(
        self, admin: AdminTalk, site: Site
    ) -> None:
        admin.add(site, "/tin.rss", "Báo")
        admin.add(site, "/none.rss", "Hỏng")
        admin.followed.pause(admin.add(site, "/paused.rss", "Nghỉ").id)
        shown = await admin.answered("/sources check", "Đã kiểm tra")
        assert shown["text"].splitlines() == [
            "Đã kiểm tra 2 nguồn: 1 bài mới.",
            "",
            "• Hỏng: Vừa kiểm tra nhưng chưa đọc được. "
            "Lý do: máy chủ báo lỗi 404 Not Found (127.0.0.1).",
        ]
        assert site.asked("/paused.rss") == []

    async def test_of_all_where_there_are_none_says_so(self, admin: AdminTalk) -> None:
        assert (await admin.ask("/sources check"))["text"] == "Không có nguồn nào để kiểm tra."

    async def test_never_runs_beside_another_check_of_the_source(
        self, admin: AdminTalk, site: Site
    ) -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()
        play = site.handlers["/tin.rss"]

        async def wait(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            begun.set()
            await go_on.wait()
            await play(request, reader, writer)

        site.handlers["/tin.rss"] = wait
        admin.add(site, "/tin.rss", "Báo", is_due=True)
        first = await admin.ask("/sources check Báo")
        await asyncio.wait_for(begun.wait(), PATIENCE_SECONDS)
        second = await admin.ask("/sources check Báo")
        assert "Đang kiểm tra…" in second["text"]
        assert labels(second) == []
        go_on.set()
        for message in (first, second):
            await admin.shown(message, "Vừa kiểm tra")
        assert len(site.asked("/lu.html")) == 1
        assert site.most_open == 1

    async def test_ends_with_the_bot(self, tmp_path: Path, site: Site) -> None:
        site.handlers["/hang.rss"] = hang
        async with AsyncExitStack() as bot:
            admin = await bot.enter_async_context(admin_talk(tmp_path))
            admin.add(site, "/hang.rss", "Treo")
            await admin.answered("/sources check Treo", "Đang kiểm tra…")
            await until(lambda: _asked(site, "/hang.rss"))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await bot.aclose()


class TestPausingAndRemoving:
    async def test_a_source_is_paused_by_name_or_button(self, admin: AdminTalk, site: Site) -> None:
        admin.add(site, "/a", "A")
        admin.add(site, "/b", "B")
        shown = await admin.ask("/sources pause A")
        assert "Đang tạm dừng theo yêu cầu." in shown["text"]
        listed = await admin.ask("/sources")
        await admin.press(listed, "2")
        card = await admin.message(listed["message_id"])
        assert await admin.press(card, "Tạm dừng") == ""
        assert "Đang tạm dừng" in (await admin.message(card["message_id"]))["text"]
        assert admin.sources() == [("A", "by command"), ("B", "by command")]

    async def test_a_source_is_removed_once_that_is_confirmed(
        self, admin: AdminTalk, site: Site
    ) -> None:
        admin.library.ingest(ARTICLES)
        admin.add(site, "/a", "A")
        admin.add(site, "/b", "B")
        asked = await admin.ask("/sources remove A")
        assert asked["text"] == "Bỏ theo dõi A? Các bài đã lấy về vẫn còn."
        assert await admin.press(asked, "Giữ lại") == ""
        card = await admin.message(asked["message_id"])
        assert len(admin.sources()) == 2
        assert await admin.press(card, MESSAGES["button_remove"]) == ""
        asked = await admin.message(card["message_id"])
        assert (
            await admin.press(asked, MESSAGES["button_remove_surely"]) == MESSAGES["notice_removed"]
        )
        assert "Nguồn đang theo dõi (1)" in (await admin.message(asked["message_id"]))["text"]
        assert admin.sources() == [("B", None)]
        assert admin.library.status().articles == len(ARTICLES)

    async def test_of_one_that_the_settings_name_it_is_said_that_it_comes_back(
        self, tmp_path: Path, site: Site
    ) -> None:
        setting = {"url": site.url("/tin.rss"), "kind": "feed", "name": "Tin nhanh"}
        async with admin_talk(tmp_path, sources=[setting]) as admin:
            asked = await admin.ask("/sources remove Tin nhanh")
            assert "lần khởi động sau sẽ xuất hiện lại" in asked["text"]

    async def test_a_name_that_is_not_followed_is_said_to_be_so(self, admin: AdminTalk) -> None:
        for command in ("remove", "pause", "check"):
            shown = await admin.ask(f"/sources {command} Báo <b>")
            assert shown["text"].startswith("Tôi không theo dõi nguồn nào tên Báo <b>.")

    async def test_a_button_of_a_removed_source_spares_the_one_that_got_its_number(
        self, admin: AdminTalk, site: Site
    ) -> None:
        old = admin.add(site, "/a", "Cũ")
        asked = await admin.ask("/sources remove Cũ")
        admin.followed.remove(old.id)
        new = admin.followed.add(
            name="Mới", given="x", kind=SourceKind.FEED, address="x", now=LATER + 1
        )
        admin.followed.pause(new.id)
        assert new.id == old.id
        assert (
            await admin.press(asked, MESSAGES["button_remove_surely"])
            == "Nguồn này không còn được theo dõi."
        )
        assert admin.sources() == [("Mới", "by command")]

    @pytest.mark.parametrize("data", ["1S", "1Sx:0", "1Sd:0", "1So5", "1S" + "z" * 62])
    async def test_buttons_that_cannot_be_read_are_old(self, admin: AdminTalk, data: str) -> None:
        shown = await admin.ask("/sources")
        notice = await admin.press_data(shown["message_id"], data)
        assert notice == "Nút này không còn dùng được. Bạn hỏi lại nhé."


async def _asked(site: Site, path: str) -> list[Any]:
    return site.asked(path)
