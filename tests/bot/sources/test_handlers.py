"""Admins tend the sources in their private chat with the bot; nobody else does."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.conversation.callback_data import CallbackData
from bot.playground import Playground
from bot.sources.views import SourceAction, identity
from tests.support.admin import AdminTalk, admin_talk, with_a_feed
from tests.support.bot import ARTICLES, MESSAGES, labels
from tests.support.follower import FLOOD, feed, item
from tests.support.playground import GROUP, LAN, MINH, Client
from tests.support.waiting import until
from tests.support.web_site import Site, hang

COMMANDS = ("add https://bao.example", "remove Báo", "pause Báo", "check Báo", "check", "ADD x.vn")


@pytest.fixture
def site(site: Site) -> Site:
    return with_a_feed(site)


class TestForEverybody:
    async def test_sources_are_where_the_articles_come_from(
        self, admin: AdminTalk, site: Site
    ) -> None:
        admin.library.ingest(ARTICLES)
        admin.add(site, "/tin.rss", "Báo Mật")
        shown = await admin.ask("/sources", user=MINH)
        assert shown["text"].startswith("Các nguồn\n\n• Báo Thử: 2 bài")
        assert "Báo Mật" not in shown["text"]
        assert labels(shown) == []

    @pytest.mark.parametrize("command", COMMANDS)
    async def test_tending_is_refused_with_their_id_and_without_a_word_on_the_sources(
        self, admin: AdminTalk, site: Site, command: str
    ) -> None:
        admin.add(site, "/tin.rss", "Báo")
        shown = await admin.ask(f"/sources {command}", user=MINH)
        assert shown["text"] == (
            "Chỉ người quản trị bot mới sửa được các nguồn. ID Telegram của bạn là 1002."
        )
        assert admin.sources() == [("Báo", None)]
        assert site.requests == []

    async def test_tending_is_refused_in_groups_to_admins_too(
        self, admin: AdminTalk, site: Site
    ) -> None:
        admin.library.ingest(ARTICLES)
        admin.add(site, "/tin.rss", "Báo")
        for user in (LAN, MINH):
            shown = await admin.ask("/sources@hoibao_bot pause Báo", user=user, chat=GROUP)
            assert "trong cuộc trò chuyện riêng với tôi" in shown["text"]
        listed = await admin.ask("/sources@hoibao_bot", chat=GROUP)
        assert "theo dõi" not in listed["text"]
        assert admin.sources() == [("Báo", None)]

    async def test_buttons_do_nothing_for_who_is_no_admin(
        self, admin: AdminTalk, site: Site
    ) -> None:
        source = admin.add(site, "/tin.rss", "Báo")
        remove = CallbackData(SourceAction.REMOVE_SURELY, (*identity(source), 0))
        shown = await admin.ask("/help", user=MINH)
        notice = await admin.press_data(shown["message_id"], remove.encode(), user=MINH)
        assert notice == MESSAGES["notice_admins_only"]
        shown = await admin.ask("/help@hoibao_bot", chat=GROUP)
        notice = await admin.press_data(shown["message_id"], remove.encode(), chat=GROUP)
        assert notice == MESSAGES["notice_admins_only"]
        assert admin.sources() == [("Báo", None)]

    async def test_nobody_is_an_admin_where_none_is_named(self, tmp_path: Path) -> None:
        async with admin_talk(tmp_path, admins=()) as admin:
            shown = await admin.ask("/sources add https://bao.example")
            assert "Chỉ người quản trị" in shown["text"]


class TestAdding:
    async def test_finds_the_feed_of_a_site_and_takes_in_its_back_catalogue(
        self, admin: AdminTalk, site: Site
    ) -> None:
        shown = await admin.answered(f"/sources add {site.url('/')}", "Vừa kiểm tra")

        assert shown["text"].startswith("Đã bắt đầu theo dõi.")
        assert "Bài cũ chỉ dùng để trả lời câu hỏi" in shown["text"]
        assert f"Báo\nRSS · {site.url('/tin.rss')}" in shown["text"]
        assert "Vừa kiểm tra: 1 bài mới." in shown["text"]
        assert labels(shown) == [
            "Kiểm tra ngay",
            "Tạm dừng",
            MESSAGES["button_remove"],
            "‹ Các nguồn",
        ]
        (source,) = admin.followed.all()
        (found,) = admin.followed.items.all(source.id)
        assert found.is_back_catalogue
        assert "120 hộ dân" in (await admin.ask("bao nhiêu hộ dân bị cô lập?"))["text"]

    async def test_shows_the_newest_article_with_its_date_and_first_sentence(
        self, admin: AdminTalk, site: Site
    ) -> None:
        old = FLOOD.replace("Lũ quét", "Mưa lớn").replace("04/09/2023", "03/09/2023")
        site.page("/cu.html", old)
        site.page("/tin.rss", feed(item(site, "/cu.html"), item(site, "/lu.html")))
        shown = await admin.answered(f"/sources add {site.url('/tin.rss')}", "Vừa kiểm tra")
        assert shown["text"].endswith(
            "Vừa kiểm tra: 2 bài mới.\n\nBài mới nhất\nLũ quét ở Mường Lống\n"
            "Báo · Thứ Hai, 04/09/2023 08:05\n\nNước lũ lên nhanh."
        )
        checked = await admin.answered("/sources check Báo", "Vừa kiểm tra")
        assert "Bài mới nhất" not in checked["text"]

    async def test_says_so_where_the_newest_article_shows_no_date(
        self, admin: AdminTalk, site: Site
    ) -> None:
        site.page("/lu.html", FLOOD.replace("Thứ Hai 04/09/2023 08:05", ""))
        shown = await admin.answered(f"/sources add {site.url('/')}", "Vừa kiểm tra")
        assert "Lũ quét ở Mường Lống\nBáo · nhận lúc " in shown["text"]
        assert shown["text"].endswith("\n\nNước lũ lên nhanh.")

    async def test_takes_a_name_of_several_words(self, admin: AdminTalk, site: Site) -> None:
        await admin.answered(f"/sources add {site.url('/')} Báo  Nghệ An", "Vừa kiểm tra")
        assert admin.sources() == [("Báo Nghệ An", None)]

    async def test_of_a_listing_page_tells_which_links_are_taken(
        self, admin: AdminTalk, site: Site
    ) -> None:
        links = [
            f"<a href='/tin/bai-{n}001.html'>Trường học số {n} đóng cửa vì ngập sâu một mét</a>"
            for n in range(4)
        ]
        site.page("/tin", f"<html><body><main>{'<br>'.join(links)}</main></body></html>")
        shown = await admin.answered(f"/sources add {site.url('/tin')}", "Vừa kiểm tra")
        assert MESSAGES["source_kind_listing"] in shown["text"]
        assert "Mẫu liên kết bài: ^/" in shown["text"]
        assert "4 lỗi" in shown["text"]
        assert "máy chủ báo lỗi 404 Not Found (127.0.0.1)" in shown["text"]

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ("tin", "đây không phải địa chỉ web"),
            ("http://u:p@127.0.0.1/", "không nhận địa chỉ kèm tên đăng nhập và mật khẩu"),
            ("ftp://bao.example/", "đây không phải địa chỉ web"),
            ("/etc", "đây không phải địa chỉ web"),
            ("http://127.0.0.1:9/", "không kết nối được (127.0.0.1)"),
            ("{site}/khong-co", "máy chủ báo lỗi 404 Not Found (127.0.0.1/khong-co)"),
            ("{site}/trong.html", "không thấy RSS hay trang chuyên mục nào"),
            ("{site}/tin.rss", "đã theo dõi rồi, dưới tên “Báo”"),
            ("{site}/khac.rss Báo", "đã có nguồn tên này"),
            ("{site}/khac.rss " + "dài " * 150, "tên dài quá 500 ký tự"),
        ],
    )
    async def test_of_what_cannot_be_followed_says_why(
        self, admin: AdminTalk, site: Site, given: str, words: str
    ) -> None:
        site.page("/trong.html", "<html><body>Không có gì.</body></html>")
        site.page("/khac.rss", feed())
        admin.add(site, "/tin.rss", "Báo")
        place = given.replace("{site}", site.url("").rstrip("/"))
        shown = await admin.answered(f"/sources add {place}", words)
        assert shown["text"].startswith("Tôi chưa thêm được nguồn này.")
        assert shown["text"].count("\n") == 1  # below: the reason
        assert admin.sources() == [("Báo", None)]

    async def test_of_an_address_on_this_machine_is_refused(
        self, tmp_path: Path, site: Site
    ) -> None:
        async with admin_talk(tmp_path, private_networks=False) as admin:
            await admin.answered("/sources add http://127.0.0.1/", "không công khai")
            await admin.answered(f"/sources add {site.url('/')}", "không dùng được cổng")
            assert site.requests == []

    async def test_of_a_folder_is_left_to_the_command_line(
        self, admin: AdminTalk, tmp_path: Path
    ) -> None:
        await admin.answered(f"/sources add {tmp_path}", "chưa thêm được")
        assert admin.sources() == []

    async def test_of_something_else_says_how_to(self, admin: AdminTalk) -> None:
        assert (await admin.ask("/sources thêm"))["text"].startswith("Quản lý nguồn")

    async def test_does_not_keep_the_chat_waiting_for_a_site_that_hangs(
        self, admin: AdminTalk, site: Site
    ) -> None:
        site.handlers["/"] = hang
        await admin.answered(f"/sources add {site.url('/')}", "Đang tìm nguồn")
        assert "Cách hỏi" in (await admin.ask("/help"))["text"]


@pytest.mark.slow
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
