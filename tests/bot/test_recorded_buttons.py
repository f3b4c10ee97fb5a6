"""Buttons of messages that were sent before still do what they did.

`callback_data.json` holds the callback data of every kind of button, as commit c1b244b wrote it,
and what pressing it did then, in this order; kinds that came later stand at the end, and the texts
are as they are worded now.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from index.alerts.announcer import Alert
from tests.support.admin import AdminTalk, admin_talk, with_a_feed
from tests.support.bot import ARTICLES, LANS_CHAT, Talk, talking
from tests.support.paths import DATA
from tests.support.playground import CHANNEL, LAN
from tests.support.subscriptions import numbered_article, subscriptions_of
from tests.support.web_site import Site

RECORDED = json.loads((DATA / "callback_data.json").read_text("utf-8"))


@pytest.mark.slow
async def test_recorded_buttons_of_the_chat_do_what_they_did(tmp_path: Path) -> None:
    async with talking(tmp_path, (*ARTICLES, numbered_article(1)), quotes=1) as talk:
        pressed = await messages_with_buttons(talk)
        for record in RECORDED["chat"]:
            found = await outcome(talk, pressed[record["on"]], record["data"])
            assert record | {"outcome": found} == record


async def test_recorded_buttons_of_sources_do_what_they_did(tmp_path: Path, site: Site) -> None:
    async with admin_talk(tmp_path) as admin:
        listed = await messages_with_sources(admin, site)
        for record in RECORDED["sources"]:
            found = await outcome_for_sources(admin, listed, record["data"], record["shows"])
            assert record | {"outcome": found} == record


async def messages_with_buttons(talk: Talk) -> dict[str, int]:
    """Have the bot send a message of each kind that has buttons; return their ids."""
    asked = {
        "answer": "ai tham dự hội nghị?",
        "dated": "ai tham dự hội nghị ngày 5/1/2021?",
        "nothing": "giá vàng thế giới?",
        "language": "/lang",
        "headlines": "Quảng Ngãi",
        "timeline": "/timeline Quảng Ngãi",
        "today": "/today",
        "subscribed": "/subscribe bão",
        "list": "/subscriptions",
        "forget": "/forget",
    }
    found = {name: (await talk.ask(text))["message_id"] for name, text in asked.items()}
    talk.library.ingest([numbered_article(2)], alert=Alert.ALL)
    found["alert"] = (await talk.alert("Bão mạnh đổ bộ 2"))["message_id"]
    await talk.client.post("/membership", user=LAN, chat=CHANNEL, status="administrator")
    found["channel"] = (await talk.alert("lên kênh Bản tin Sông Thương"))["message_id"]
    return found


async def messages_with_sources(admin: AdminTalk, site: Site) -> int:
    """Follow sources, and have the bot list them; return the id of the list."""
    with_a_feed(site)
    for number in range(10):
        admin.add(site, "/tin.rss" if number == 0 else f"/{number}", f"Báo {number}")
    return int((await admin.ask("/sources"))["message_id"])


async def outcome(talk: Talk, message: int, data: str) -> dict[str, Any]:
    """Press a button, and return what it said, showed and changed."""
    before = await talk.client.messages(LANS_CHAT)
    notice = await talk.press_data(message, data)
    shown = await talk.message(message)
    new = (await talk.client.messages(LANS_CHAT))[len(before) :]
    return {
        "notice": notice,
        "shown": _shown(shown),
        "new": [_shown(each) for each in new],
        "stored": _stored(talk),
    }


async def outcome_for_sources(
    admin: AdminTalk, message: int, data: str, shows: str
) -> dict[str, Any]:
    """Press a button of sources, and return what it said, changed, and showed with some words."""
    notice = await admin.press_data(message, data)
    shown = await admin.shown({"message_id": message}, shows)
    return {
        "notice": notice,
        "shown": _shown(shown),
        "stored": [list(each) for each in admin.sources()],
    }


def _shown(message: dict[str, Any]) -> list[str | None]:
    """Return the first line of a message, and the data of its buttons."""
    rows = message["buttons"] or []
    data = [button.get("data") for row in rows for button in row]
    return [message["html"].split("\n")[0], *data]


def _stored(talk: Talk) -> list[list[Any]]:
    """Return what is stored on Lan's chat and on the channel, without moments."""
    rows: list[list[Any]] = []
    for each in subscriptions_of(talk):
        schedule = each.schedule
        rows.append([each.id, each.wish, each.is_silent, each.paused_at is not None])
        rows.append([schedule.rhythm.value, schedule.weekday, schedule.minute])
    rows += [[each.article, each.position, each.is_good] for each in talk.library.feedback.all()]
    for chat in map(talk.library.chats.get, (LANS_CHAT, CHANNEL)):
        hours = [chat.quiet.start, chat.quiet.end] if chat.quiet else None
        rows.append([chat.language, chat.time_zone, chat.title, hours])
    return rows
