"""Admins take lists of sources out of the chat as files, and send them to it."""

import base64
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from bot.sources.opml import FILE_NAME
from index.models.source_kind import SourceKind
from tests.support.admin import LATER, AdminTalk, admin_talk
from tests.support.bot import LANS_CHAT, MESSAGES
from tests.support.playground import LAN, MINH

FEEDS = {"Báo Một": "https://mot.example/rss", "Báo & Hai": "https://hai.example/rss"}


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


def feed_outline(name: str, address: str) -> str:
    named = name.replace("&", "&amp;")
    return f"<outline type='rss' text='{named}' xmlUrl='{address}'/>"


LIST = opml(*(feed_outline(name, address) for name, address in FEEDS.items()))


async def send(
    admin: AdminTalk, content: bytes, name: str = "nguon.opml", **more: Any
) -> dict[str, Any]:
    """Send a file, and return the bot's answer as it first is."""
    file = {"name": name, "content": base64.b64encode(content).decode()}
    number = await admin.client.write("", document=file, **more)
    return await admin.answer(more.get("chat", more.get("user", LAN)["id"]), number)


def sources(admin: AdminTalk) -> dict[str, str]:
    return {source.name: source.address for source in admin.followed.all()}


async def test_a_list_that_an_admin_sends_is_followed(admin: AdminTalk) -> None:
    answer = await send(admin, LIST)

    await admin.shown(answer, "Đã thêm 2 nguồn từ danh sách.")
    assert sources(admin) == FEEDS


async def test_what_is_given_out_can_be_taken_in_again(admin: AdminTalk, tmp_path: Path) -> None:
    for name, address in FEEDS.items():
        admin.followed.add(
            name=name, given=address, kind=SourceKind.FEED, address=address, now=LATER
        )
    admin.followed.add(name="Tệp", given="/tin", kind=SourceKind.FOLDER, address="/tin", now=LATER)

    given = await admin.ask("/sources export")

    assert (given["document"], given["text"]) == (FILE_NAME, "2 nguồn, không kể thư mục.")
    path = f"/playground/chats/{LANS_CHAT}/messages/{given['message_id']}/document"
    content = (await admin.client.http.get(path)).content
    async with admin_talk(tmp_path / "other") as other:
        await other.shown(await send(other, content), "Đã thêm 2 nguồn")
        assert sources(other) == FEEDS


async def test_what_is_left_out_is_named_with_the_reason(admin: AdminTalk) -> None:
    address = FEEDS["Báo Một"]
    admin.followed.add(
        name="Đã có", given=address, kind=SourceKind.FEED, address=address, now=LATER
    )
    listing = "<outline type='listing' text='{0}' url='https://{0}.example/' pattern='{1}'/>"
    patterns = {"mau": "/tin/*.html", "nguy": "^/(a+)+$", "sao": "/*a*a*a*a*"}
    several = (listing.format(*each) for each in patterns.items())

    answer = await send(admin, opml(*several, feed_outline("Báo Một", address)), "danh-sach.XML")

    shown = await admin.shown(answer, "Bỏ qua 3 nguồn:")
    assert shown["text"].startswith("Đã thêm 1 nguồn")
    assert "đã theo dõi rồi, dưới tên “Đã có”" in shown["text"]
    assert shown["text"].count("mẫu liên kết này chỉ thêm được trên máy chủ") == 2
    assert {each.pattern for each in admin.followed.all()} == {None, "/tin/*.html"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<rss/>", "đây không phải danh sách OPML"),
        (b"khong phai XML", "Tôi chưa đọc được danh sách này."),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml>&a;</opml>", "bị từ chối"),
        (opml(), "không có nguồn nào để thêm"),
        (opml("<outline type='folder' url='/etc'/>"), "không có nguồn nào để thêm"),
    ],
    ids=["rss", "words", "entities", "empty", "folder"],
)
async def test_a_file_that_is_no_list_adds_nothing_and_says_so(
    admin: AdminTalk, content: bytes, words: str
) -> None:
    await admin.shown(await send(admin, content), words)

    assert sources(admin) == {}


async def test_of_nobody_but_admins_in_private_a_file_is_taken(admin: AdminTalk) -> None:
    refused = await send(admin, LIST, user=MINH)
    other = await send(admin, LIST, name="tin.txt")
    await admin.client.write("/sources export", user=MINH)

    assert refused["text"] == other["text"] == MESSAGES["not_text"]
    assert sources(admin) == {}


async def test_a_file_that_is_too_large_is_not_even_fetched(admin: AdminTalk) -> None:
    with patch("bot.sources.opml.MOST_MEGABYTES", 0):
        answer = await send(admin, LIST)

    assert answer["text"] == MESSAGES["import_too_large"].format(most=0)
    assert sources(admin) == {}


async def test_how_to_send_a_list_is_told(admin: AdminTalk) -> None:
    assert (await admin.ask("/sources import"))["text"] == MESSAGES["import_how"]
    assert (await admin.ask("/sources export"))["text"].startswith("Chưa theo dõi nguồn nào.")
