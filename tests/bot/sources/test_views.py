"""The list of followed sources, and the card of each, as admins see them."""

from functools import partial
from pathlib import Path

import pytest

from index.models.problem import Code, Problem
from index.models.source_kind import SourceKind
from tests.support.admin import LATER, NOW, AdminTalk, admin_talk, with_a_feed
from tests.support.bot import ARTICLES, MESSAGES, labels
from tests.support.follower import feed, item
from tests.support.playground import ANNA
from tests.support.web_site import Site

TEXT_LIMIT = 4096  # UTF-16 units; Telegram: sendMessage.text


@pytest.fixture
def site(site: Site) -> Site:
    return with_a_feed(site)


class TestTheList:
    async def test_of_no_sources_says_how_to_add_one(self, admin: AdminTalk) -> None:
        shown = await admin.ask("/sources")
        assert "Chưa theo dõi nguồn nào" in shown["text"]
        assert "/sources add" in shown["text"]

    async def test_stands_below_what_everybody_sees_and_tells_how_each_source_does(
        self, admin: AdminTalk, site: Site, tmp_path: Path
    ) -> None:
        admin.library.ingest(ARTICLES)
        admin.add(site, "/a", "A chạy tốt")
        failing = admin.add(site, "/b", "B trục trặc")
        error = Problem(Code.STATUS, "bao.example", status="404 Not Found")
        fail = partial(admin.followed.record_failure, error=error, now=NOW, next_check_at=LATER)
        fail(failing, failures=2)
        dead = admin.add(site, "/c", "C đã chết")
        fail(dead, failures=10, paused="it failed 10 times")
        admin.followed.pause(admin.add(site, "/d", "D nghỉ").id)
        admin.followed.add(
            name="E mới", given="/x", kind=SourceKind.FOLDER, address=str(tmp_path), now=int(LATER)
        )

        await admin.words()  # that a source is paused, which would stand between
        shown = await admin.ask("/sources")

        public, followed, hint = shown["text"].split("\n\n")
        assert public.startswith("Các nguồn\n• Báo Thử: 2 bài")
        assert followed.splitlines() == [
            "Nguồn đang theo dõi (5)",
            "1. A chạy tốt · RSS",
            "Kiểm tra lúc 05:13 ngày 15/11, lần tới: 14:06 ngày 2/10.",
            "2. B trục trặc · RSS",
            "Lỗi liên tiếp: 2 lần. Lý do: máy chủ báo lỗi 404 Not Found (bao.example). "
            "Thử lại: 14:06 ngày 2/10.",
            "3. C đã chết · RSS",
            "Đã tạm dừng sau 10 lần lỗi liên tiếp. "
            "Lý do: máy chủ báo lỗi 404 Not Found (bao.example).",
            "4. D nghỉ · RSS",
            "Đang tạm dừng theo yêu cầu.",
            "5. E mới · thư mục",
            "Chưa kiểm tra lần nào.",
        ]
        assert "/sources add" in hint
        assert labels(shown) == ["1", "2", "3", "4", "5"]

    async def test_is_turned_page_by_page_within_telegrams_limits(
        self, admin: AdminTalk, site: Site
    ) -> None:
        admin.library.ingest(ARTICLES)
        for number in range(20):
            source = admin.add(site, f"/{number}", f"{number:02} <&> {'dài ' * 45}")
            admin.followed.record_failure(
                source, f"x: {'lỗi rất dài ' * 30}", now=NOW, next_check_at=LATER, failures=1
            )
        shown = await admin.ask("/sources")
        assert labels(shown) == [*map(str, range(1, 9)), MESSAGES["button_more"]]
        assert len(shown["text"]) <= TEXT_LIMIT
        assert "8. 07 <&> dài" in shown["text"]

        assert await admin.press(shown, MESSAGES["button_more"]) == ""
        shown = await admin.message(shown["message_id"])
        assert "Nguồn đang theo dõi (20) · Trang 2/3" in shown["text"]
        assert labels(shown) == [*map(str, range(9, 17)), "‹ Trước", MESSAGES["button_more"]]

        assert await admin.press(shown, MESSAGES["button_more"]) == ""
        shown = await admin.message(shown["message_id"])
        assert labels(shown) == [*map(str, range(17, 21)), "‹ Trước"]

        assert await admin.press(shown, "20") == ""
        shown = await admin.message(shown["message_id"])
        assert shown["text"].startswith("19 <&>")
        assert await admin.press(shown, "‹ Các nguồn") == ""
        assert "Trang 3/3" in (await admin.message(shown["message_id"]))["text"]

    async def test_of_many_sources_and_names_fits_into_a_message(
        self, admin: AdminTalk, site: Site
    ) -> None:
        long = [
            {"title": "T", "text": f"Tin số {n}.", "source": f"{n} {'w' * 180}"} for n in range(20)
        ]
        admin.library.ingest(long)
        for number in range(20):
            source = admin.add(site, f"/{number}", f"{number} {'w' * 190}")
            admin.followed.record_failure(
                source, f"x: {'w' * 500}", now=NOW, next_check_at=LATER, failures=1
            )
        shown = await admin.ask("/sources")
        assert len(shown["text"]) <= TEXT_LIMIT
        assert "8. 15 www" in shown["text"]
        assert "/sources add" in shown["text"]

    async def test_is_in_the_language_of_the_admin(self, tmp_path: Path, site: Site) -> None:
        async with admin_talk(tmp_path, admins=(ANNA["id"],)) as admin:
            admin.add(site, "/a", "A")
            shown = await admin.ask("/sources", user=ANNA)
            assert "Checked at 05:13 on 15 Nov, next: 14:06 on 2 Oct." in shown["text"]


class TestTheCard:
    async def test_shows_how_the_last_articles_read(self, admin: AdminTalk, site: Site) -> None:
        login = "Bạn cần đăng nhập để xem tiếp nội dung này của tòa soạn."
        site.page("/khoa.html", f"<html><body><h1>Đăng nhập</h1><p>{login}</p></body></html>")
        locked = item(site, "/khoa.html", "Bến Lức khánh thành cầu treo", "Cầu dài 64 m.")
        site.page("/tin.rss", feed(locked, item(site, "/lu.html")))
        admin.add(site, "/tin.rss", "Báo", is_due=True)
        read = [
            "2 bài gần nhất: từ 1 đến 2 câu mỗi bài, thường là 1.",
            "Không thấy ngày đăng: 1 bài.",
            "Chỉ có phần chữ trong RSS, vì không đọc được trang: 1 bài.",
            "Số dòng đã bỏ: ngày và tác giả 1.",
        ]
        checked = await admin.answered("/sources check Báo", "Vừa kiểm tra")
        assert checked["text"].split("\n\n")[1].splitlines() == read

        listed = await admin.ask("/sources")
        await admin.press(listed, "1")
        card = await admin.message(listed["message_id"])
        assert card["text"].split("\n\n")[1].splitlines() == read

    async def test_of_a_source_without_articles_does_not(
        self, admin: AdminTalk, site: Site
    ) -> None:
        site.page("/tin.rss", feed())
        admin.add(site, "/tin.rss", "Báo", is_due=True)
        checked = await admin.answered("/sources check Báo", "Vừa kiểm tra")
        assert "bài gần nhất" not in checked["text"]
