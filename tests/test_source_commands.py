"""Admins tend the sources in their private chat with the bot; nobody else does."""

import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.playground import Playground
from bot.source_buttons import SourcePress, SourceVerb, identity
from index.sources.kinds import SourceKind
from tests.bot_support import ARTICLES, labels
from tests.following_support import feed, item, page
from tests.playground_support import ANNA, GROUP, LAN, Client, until
from tests.tending_support import LATER, NOW, Tending, tending
from tests.web_support import Request, Site, hang, web_site

FLOOD = page("Lũ quét ở Mường Lống", "Nước lũ lên nhanh. Xã Mường Lống có 120 hộ dân bị cô lập.")
MINH: dict[str, Any] = {"id": 1002, "name": "Minh", "language": "vi"}
COMMANDS = ("add https://bao.example", "remove Báo", "pause Báo", "check Báo", "check", "ADD x.vn")
TEXT_LIMIT = 4096  # UTF-16 units; Telegram: sendMessage.text


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with web_site() as served:
        served.page("/lu.html", FLOOD)
        served.page("/tin.rss", feed(item(served, "/lu.html")))
        link = "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>"
        served.page("/", f"<html><head>{link}</head><body>Báo</body></html>")
        yield served


@pytest_asyncio.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Tending]:
    async with tending(tmp_path) as started:
        yield started


def sources(talk: Tending) -> list[tuple[str, str | None]]:
    return [(source.name, source.paused) for source in talk.followed.all()]


class TestForEverybody:
    async def test_sources_are_where_the_articles_come_from(
        self, talk: Tending, site: Site
    ) -> None:
        talk.library.ingest(ARTICLES)
        talk.add(site, "/tin.rss", "Báo Mật")
        shown = await talk.ask("/sources", user=MINH)
        assert shown["text"].startswith("Các nguồn\n\n• Báo Thử: 2 bài")
        assert "Báo Mật" not in shown["text"]
        assert labels(shown) == []

    @pytest.mark.parametrize("command", COMMANDS)
    async def test_tending_is_refused_with_their_id_and_without_a_word_on_the_sources(
        self, talk: Tending, site: Site, command: str
    ) -> None:
        talk.add(site, "/tin.rss", "Báo")
        shown = await talk.ask(f"/sources {command}", user=MINH)
        assert shown["text"] == (
            "Chỉ người quản trị mới chỉnh được các nguồn. ID Telegram của bạn là 1002."
        )
        assert sources(talk) == [("Báo", None)]
        assert site.requests == []

    async def test_tending_is_refused_in_groups_to_admins_too(
        self, talk: Tending, site: Site
    ) -> None:
        talk.library.ingest(ARTICLES)
        talk.add(site, "/tin.rss", "Báo")
        for user in (LAN, MINH):
            shown = await talk.ask("/sources@hoibao_bot pause Báo", user=user, chat=GROUP)
            assert "trong cuộc trò chuyện riêng với tôi" in shown["text"]
        listed = await talk.ask("/sources@hoibao_bot", chat=GROUP)
        assert "theo dõi" not in listed["text"]
        assert sources(talk) == [("Báo", None)]

    async def test_buttons_do_nothing_for_who_is_no_admin(self, talk: Tending, site: Site) -> None:
        source = talk.add(site, "/tin.rss", "Báo")
        remove = SourcePress(verb=SourceVerb.REMOVE_SURELY, source=identity(source))
        shown = await talk.ask("/help", user=MINH)
        notice = await talk.press_data(shown["message_id"], remove.encode(), user=MINH)
        assert notice == "Chỉ người quản trị mới dùng được nút này."
        shown = await talk.ask("/help@hoibao_bot", chat=GROUP)
        notice = await talk.press_data(shown["message_id"], remove.encode(), chat=GROUP)
        assert notice == "Chỉ người quản trị mới dùng được nút này."
        assert sources(talk) == [("Báo", None)]

    async def test_nobody_is_an_admin_where_none_is_named(self, tmp_path: Path) -> None:
        async with tending(tmp_path, admins=()) as talk:
            shown = await talk.ask("/sources add https://bao.example")
            assert "Chỉ người quản trị" in shown["text"]


class TestTheList:
    async def test_of_no_sources_says_how_to_add_one(self, talk: Tending) -> None:
        shown = await talk.ask("/sources")
        assert "Chưa theo dõi nguồn nào" in shown["text"]
        assert "/sources add" in shown["text"]

    async def test_stands_below_what_everybody_sees_and_tells_how_each_source_does(
        self, talk: Tending, site: Site, tmp_path: Path
    ) -> None:
        talk.library.ingest(ARTICLES)
        talk.add(site, "/a", "A chạy tốt")
        failing = talk.add(site, "/b", "B trục trặc")
        error = "bao.example: it answered 404 Not Found"
        fail = partial(talk.followed.failed, error=error, now=NOW, next_check_at=LATER)
        fail(failing.id, failures=2)
        dead = talk.add(site, "/c", "C đã chết")
        fail(dead.id, failures=10, paused="it failed 10 times")
        talk.followed.pause(talk.add(site, "/d", "D nghỉ").id)
        talk.followed.add(
            name="E mới", given="/x", kind=SourceKind.FOLDER, address=str(tmp_path), now=int(LATER)
        )

        shown = await talk.ask("/sources")

        public, followed, hint = shown["text"].split("\n\n")
        assert public.startswith("Các nguồn\n• Báo Thử: 2 bài")
        assert followed.splitlines() == [
            "Nguồn đang theo dõi (5)",
            "1. A chạy tốt · feed",
            "Kiểm tra lúc 05:13 ngày 15/11, lần tới: 14:06 ngày 02/10.",
            "2. B trục trặc · feed",
            "Lỗi 2 lần liên tiếp. bao.example: máy chủ trả lời 404 Not Found. "
            "Thử lại: 14:06 ngày 02/10.",
            "3. C đã chết · feed",
            "Đã tạm dừng sau 10 lần lỗi liên tiếp. bao.example: máy chủ trả lời 404 Not Found.",
            "4. D nghỉ · feed",
            "Đang tạm dừng theo yêu cầu.",
            "5. E mới · thư mục",
            "Chưa kiểm tra lần nào.",
        ]
        assert "/sources add" in hint
        assert labels(shown) == ["1", "2", "3", "4", "5"]

    async def test_is_turned_page_by_page_within_telegrams_limits(
        self, talk: Tending, site: Site
    ) -> None:
        talk.library.ingest(ARTICLES)
        for number in range(20):
            source = talk.add(site, f"/{number}", f"{number:02} <&> {'dài ' * 45}")
            talk.followed.failed(
                source.id, f"x: {'lỗi rất dài ' * 30}", now=NOW, next_check_at=LATER, failures=1
            )
        shown = await talk.ask("/sources")
        assert labels(shown) == [*map(str, range(1, 9)), "Thêm ›"]
        assert len(shown["text"]) <= TEXT_LIMIT
        assert "8. 07 <&> dài" in shown["text"]

        assert await talk.press(shown, "Thêm ›") == ""
        shown = await talk.message(shown["message_id"])
        assert "Nguồn đang theo dõi (20) · Trang 2/3" in shown["text"]
        assert labels(shown) == [*map(str, range(9, 17)), "‹ Trước", "Thêm ›"]

        assert await talk.press(shown, "Thêm ›") == ""
        shown = await talk.message(shown["message_id"])
        assert labels(shown) == [*map(str, range(17, 21)), "‹ Trước"]

        assert await talk.press(shown, "20") == ""
        shown = await talk.message(shown["message_id"])
        assert shown["text"].startswith("19 <&>")
        assert await talk.press(shown, "‹ Các nguồn") == ""
        assert "Trang 3/3" in (await talk.message(shown["message_id"]))["text"]

    async def test_of_many_sources_and_names_fits_into_a_message(
        self, talk: Tending, site: Site
    ) -> None:
        long = [
            {"title": "T", "text": f"Tin số {n}.", "source": f"{n} {'w' * 180}"} for n in range(20)
        ]
        talk.library.ingest(long)
        for number in range(20):
            source = talk.add(site, f"/{number}", f"{number} {'w' * 190}")
            talk.followed.failed(
                source.id, f"x: {'w' * 500}", now=NOW, next_check_at=LATER, failures=1
            )
        shown = await talk.ask("/sources")
        assert len(shown["text"]) <= TEXT_LIMIT
        assert "8. 15 www" in shown["text"]
        assert "/sources add" in shown["text"]

    async def test_is_in_the_language_of_the_admin(self, tmp_path: Path, site: Site) -> None:
        async with tending(tmp_path, admins=(ANNA["id"],)) as talk:
            talk.add(site, "/a", "A")
            shown = await talk.ask("/sources", user=ANNA)
            assert "Checked at 05:13 on 15 Nov, next: 14:06 on 2 Oct." in shown["text"]


class TestAdding:
    async def test_finds_the_feed_of_a_site_and_takes_in_its_back_catalogue(
        self, talk: Tending, site: Site
    ) -> None:
        shown = await talk.answered(f"/sources add {site.url('/')}", "Vừa kiểm tra")

        assert shown["text"].startswith("Đã bắt đầu theo dõi.")
        assert "tôi không gửi báo" in shown["text"]
        assert f"Báo\nfeed · {site.url('/tin.rss')}" in shown["text"]
        assert "Vừa kiểm tra: 1 bài mới." in shown["text"]
        assert labels(shown) == ["Kiểm tra ngay", "Tạm dừng", "Xóa", "‹ Các nguồn"]
        (source,) = talk.followed.all()
        (found,) = talk.followed.items.all(source.id)
        assert found.is_back_catalogue
        assert "120 hộ dân" in (await talk.ask("bao nhiêu hộ dân bị cô lập?"))["text"]

    async def test_takes_a_name_of_several_words(self, talk: Tending, site: Site) -> None:
        await talk.answered(f"/sources add {site.url('/')} Báo  Nghệ An", "Vừa kiểm tra")
        assert sources(talk) == [("Báo Nghệ An", None)]

    async def test_of_a_listing_page_tells_which_links_are_taken(
        self, talk: Tending, site: Site
    ) -> None:
        links = [
            f"<a href='/tin/bai-{n}001.html'>Trường học số {n} đóng cửa vì ngập sâu một mét</a>"
            for n in range(4)
        ]
        site.page("/tin", f"<html><body><main>{'<br>'.join(links)}</main></body></html>")
        shown = await talk.answered(f"/sources add {site.url('/tin')}", "Vừa kiểm tra")
        assert "trang danh sách" in shown["text"]
        assert "Liên kết bài: ^/" in shown["text"]
        assert "4 lỗi" in shown["text"]
        assert "127.0.0.1: máy chủ trả lời 404" in shown["text"]

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ("tin", "đây không phải địa chỉ web"),
            ("http://u:p@127.0.0.1/", "không dùng địa chỉ có tên và mật khẩu"),
            ("ftp://bao.example/", "chưa thêm được"),
            ("/etc", "đây không phải địa chỉ web"),
            ("http://127.0.0.1:9/", "127.0.0.1: không kết nối được"),
            ("{site}/khong-co", "127.0.0.1: máy chủ trả lời 404"),
            ("{site}/trong.html", "không tìm thấy feed hay danh sách bài nào"),
            ("{site}/tin.rss", "đã theo dõi rồi, dưới tên “Báo”"),
            ("{site}/khac.rss Báo", "đã có nguồn tên này"),
            ("{site}/khac.rss " + "dài " * 150, "tên dài quá 500 ký tự"),
        ],
    )
    async def test_of_what_cannot_be_followed_says_why(
        self, talk: Tending, site: Site, given: str, words: str
    ) -> None:
        site.page("/trong.html", "<html><body>Không có gì.</body></html>")
        site.page("/khac.rss", feed())
        talk.add(site, "/tin.rss", "Báo")
        place = given.replace("{site}", site.url("").rstrip("/"))
        shown = await talk.answered(f"/sources add {place}", words)
        assert shown["text"].startswith("Tôi chưa thêm được nguồn này.")
        assert "\n" not in shown["text"]
        assert sources(talk) == [("Báo", None)]

    async def test_of_an_address_on_this_machine_is_refused(
        self, tmp_path: Path, site: Site
    ) -> None:
        async with tending(tmp_path, private_networks=False) as talk:
            await talk.answered("/sources add http://127.0.0.1/", "không phải địa chỉ công khai")
            await talk.answered(f"/sources add {site.url('/')}", "không dùng được cổng")
            assert site.requests == []

    async def test_of_a_folder_is_left_to_the_command_line(
        self, talk: Tending, tmp_path: Path
    ) -> None:
        await talk.answered(f"/sources add {tmp_path}", "chưa thêm được")
        assert sources(talk) == []

    async def test_of_nothing_says_how_to(self, talk: Tending) -> None:
        assert (await talk.ask("/sources add"))["text"].startswith("Quản lý nguồn")
        assert (await talk.ask("/sources thêm"))["text"].startswith("Quản lý nguồn")

    async def test_does_not_keep_the_chat_waiting_for_a_site_that_hangs(
        self, talk: Tending, site: Site
    ) -> None:
        site.parts["/"] = hang
        await talk.answered(f"/sources add {site.url('/')}", "Tôi đang tìm nguồn tin")
        assert "Cách hỏi" in (await talk.ask("/help"))["text"]


class TestCheckingNow:
    async def test_by_name_reports_what_came(self, talk: Tending, site: Site) -> None:
        talk.add(site, "/tin.rss", "Báo Nghệ An")
        shown = await talk.answered("/sources check báo nghệ an", "Vừa kiểm tra")
        assert "Vừa kiểm tra: 1 bài mới." in shown["text"]
        shown = await talk.answered("/sources check Báo Nghệ An", "Vừa kiểm tra")
        assert "Vừa kiểm tra: không có gì mới." in shown["text"]

    async def test_by_a_button_reports_what_failed(self, talk: Tending, site: Site) -> None:
        site.page("/tin.rss", feed(item(site, "/lu.html"), item(site, "/mat.html")))
        talk.add(site, "/tin.rss", "Báo")
        listed = await talk.ask("/sources")
        await talk.press(listed, "1")
        card = await talk.message(listed["message_id"])
        assert await talk.press(card, "Kiểm tra ngay") == ""
        shown = await talk.shown(card, "Vừa kiểm tra")
        assert "Vừa kiểm tra: 1 bài mới, 1 lỗi." in shown["text"]
        assert "/mat.html: 127.0.0.1: máy chủ trả lời 404" in shown["text"]

    async def test_that_fails_says_why(self, talk: Tending, site: Site) -> None:
        talk.add(site, "/none.rss", "Hỏng")
        shown = await talk.answered("/sources check Hỏng", "Vừa kiểm tra")
        assert "Vừa kiểm tra, chưa đọc được. 127.0.0.1: máy chủ trả lời 404" in shown["text"]
        assert "Lỗi 1 lần liên tiếp." in shown["text"]

    async def test_has_a_paused_source_go_on(self, talk: Tending, site: Site) -> None:
        talk.followed.pause(talk.add(site, "/tin.rss", "Báo").id)
        listed = await talk.ask("/sources")
        await talk.press(listed, "1")
        card = await talk.message(listed["message_id"])
        assert labels(card) == ["Theo dõi tiếp", "Xóa", "‹ Các nguồn"]
        await talk.press(card, "Theo dõi tiếp")
        await talk.shown(card, "Vừa kiểm tra: 1 bài mới.")
        assert sources(talk) == [("Báo", None)]

    async def test_of_all_leaves_those_alone_that_are_paused(
        self, talk: Tending, site: Site
    ) -> None:
        talk.add(site, "/tin.rss", "Báo")
        talk.add(site, "/none.rss", "Hỏng")
        talk.followed.pause(talk.add(site, "/paused.rss", "Nghỉ").id)
        shown = await talk.answered("/sources check", "Đã kiểm tra")
        assert shown["text"].splitlines() == [
            "Đã kiểm tra 2 nguồn: 1 bài mới.",
            "",
            "• Hỏng: Vừa kiểm tra, chưa đọc được. 127.0.0.1: máy chủ trả lời 404 Not Found.",
        ]
        assert site.asked("/paused.rss") == []

    async def test_of_all_where_there_are_none_says_so(self, talk: Tending) -> None:
        assert (await talk.ask("/sources check"))["text"] == "Không có nguồn nào để kiểm tra."

    async def test_never_runs_beside_another_check_of_the_source(
        self, talk: Tending, site: Site
    ) -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()
        play = site.parts["/tin.rss"]

        async def wait(
            request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            begun.set()
            await go_on.wait()
            await play(request, reader, writer)

        site.parts["/tin.rss"] = wait
        talk.add(site, "/tin.rss", "Báo", is_due=True)
        first = await talk.ask("/sources check Báo")
        await asyncio.wait_for(begun.wait(), 10)
        second = await talk.ask("/sources check Báo")
        assert "Đang kiểm tra…" in second["text"]
        assert labels(second) == []
        go_on.set()
        for message in (first, second):
            await talk.shown(message, "Vừa kiểm tra")
        assert len(site.asked("/lu.html")) == 1
        assert site.most_open == 1

    async def test_ends_with_the_bot(self, tmp_path: Path, site: Site) -> None:
        site.parts["/hang.rss"] = hang
        async with tending(tmp_path) as talk:
            talk.add(site, "/hang.rss", "Treo")
            await talk.answered("/sources check Treo", "Đang kiểm tra…")
            await until(lambda: _asked(site, "/hang.rss"))
            stopped = time.monotonic()
        assert time.monotonic() - stopped < 5


class TestPausingAndRemoving:
    async def test_a_source_is_paused_by_name_or_button(self, talk: Tending, site: Site) -> None:
        talk.add(site, "/a", "A")
        talk.add(site, "/b", "B")
        shown = await talk.ask("/sources pause A")
        assert "Đang tạm dừng theo yêu cầu." in shown["text"]
        listed = await talk.ask("/sources")
        await talk.press(listed, "2")
        card = await talk.message(listed["message_id"])
        assert await talk.press(card, "Tạm dừng") == ""
        assert "Đang tạm dừng" in (await talk.message(card["message_id"]))["text"]
        assert sources(talk) == [("A", "by command"), ("B", "by command")]

    async def test_a_source_is_removed_once_that_is_confirmed(
        self, talk: Tending, site: Site
    ) -> None:
        talk.library.ingest(ARTICLES)
        talk.add(site, "/a", "A")
        talk.add(site, "/b", "B")
        asked = await talk.ask("/sources remove A")
        assert asked["text"] == "Thôi theo dõi A? Các bài đã nhận vẫn còn."
        assert await talk.press(asked, "Giữ lại") == ""
        card = await talk.message(asked["message_id"])
        assert len(sources(talk)) == 2
        assert await talk.press(card, "Xóa") == ""
        asked = await talk.message(card["message_id"])
        assert await talk.press(asked, "Thôi theo dõi") == "Đã thôi theo dõi."
        assert "Nguồn đang theo dõi (1)" in (await talk.message(asked["message_id"]))["text"]
        assert sources(talk) == [("B", None)]
        assert talk.library.status().articles == len(ARTICLES)

    async def test_of_one_that_the_settings_name_it_is_said_that_it_comes_back(
        self, tmp_path: Path, site: Site
    ) -> None:
        setting = {"url": site.url("/tin.rss"), "kind": "feed", "name": "Tin nhanh"}
        async with tending(tmp_path, sources=[setting]) as talk:
            asked = await talk.ask("/sources remove Tin nhanh")
            assert "sẽ trở lại khi tôi khởi động lại" in asked["text"]

    async def test_a_name_that_is_not_followed_is_said_to_be_so(self, talk: Tending) -> None:
        for command in ("remove", "pause", "check"):
            shown = await talk.ask(f"/sources {command} Báo <b>")
            assert shown["text"].startswith("Tôi không theo dõi nguồn nào tên Báo <b>.")

    async def test_a_button_of_a_removed_source_spares_the_one_that_got_its_number(
        self, talk: Tending, site: Site
    ) -> None:
        old = talk.add(site, "/a", "Cũ")
        asked = await talk.ask("/sources remove Cũ")
        talk.followed.remove(old.id)
        new = talk.followed.add(
            name="Mới", given="x", kind=SourceKind.FEED, address="x", now=LATER + 1
        )
        talk.followed.pause(new.id)
        assert new.id == old.id
        assert await talk.press(asked, "Thôi theo dõi") == "Nguồn này không còn được theo dõi."
        assert sources(talk) == [("Mới", "by command")]

    @pytest.mark.parametrize("data", ["1S", "1Sx:0", "1Sd:0", "1So5", "1S" + "z" * 62])
    async def test_buttons_that_cannot_be_read_are_old(self, talk: Tending, data: str) -> None:
        shown = await talk.ask("/sources")
        notice = await talk.press_data(shown["message_id"], data)
        assert notice == "Nút này không còn dùng được. Bạn hỏi lại nhé."


async def test_in_the_playground_its_first_person_tends_the_sources(tmp_path: Path) -> None:
    program = "from bot.cli import main; main()"
    arguments = ("--data", str(tmp_path / "data"), "playground", "--port", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, *arguments, stdout=PIPE, cwd=tmp_path
    )
    assert process.stdout is not None
    try:
        address = (await process.stdout.readline()).decode().split()[-1]
        async with httpx.AsyncClient(base_url=address) as http:
            client = Client(http, Playground())
            for user, words in ((LAN, "Chưa theo dõi nguồn nào"), (MINH, "Chưa có bài báo nào")):
                await client.write("/sources", user=user)
                await until(partial(_says, client, user["id"], words))
    finally:
        process.terminate()
        await process.communicate()
    assert process.returncode == 0


async def _says(client: Client, chat: int, words: str) -> bool:
    return any(words in message["text"] for message in await client.messages(chat))


async def _asked(site: Site, path: str) -> list[Any]:
    return site.asked(path)
