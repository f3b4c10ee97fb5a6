"""The sender under an embedded Telegram that refuses, breaks off and limits."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from telegram import Message
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.app.application import rate_limiter_of
from bot.transport.send_queue import SendQueue
from index import Library
from index.alerts.announcer import Alert
from index.models.schedule import Rhythm, Schedule
from tests.support.bot import (
    FLOODED,
    LANS_CHAT,
    LONGEST_LATE,
    Talk,
    talking,
    waiting_is_over_when_set,
)
from tests.support.playground import (
    ECONOMY,
    FORUM,
    GROUP,
    LAN,
    MINH,
    WEATHER,
)
from tests.support.sending import MINHS_CHAT, bulletin, order, publish, settled, subscribe, texts
from tests.support.waiting import until

LONG_SECONDS = 50  # longer than anything here is waited for


@FLOODED
@pytest.mark.parametrize(
    "fault",
    [
        {"error": 429, "retry_after": 1},
        {"error": 502},
        {"error": "disconnect"},
    ],
    ids=lambda fault: str(fault["error"]),
)
async def test_what_fails_for_now_is_sent_later_once(talk: Talk, fault: Mapping[str, Any]) -> None:
    subscribe(talk)
    await order(talk, **fault)

    publish(talk.library, 1)

    await talk.alert("Tin 1")
    await settled(talk, sent=1)
    assert len(await texts(talk)) == 1


async def test_what_arrived_though_nobody_heard_of_it_comes_once_more(talk: Talk) -> None:
    subscribe(talk)
    await order(talk, error="reply lost")

    publish(talk.library, 1)

    await settled(talk, sent=1)
    assert len(await texts(talk)) == 2


@FLOODED
async def test_a_limited_chat_keeps_no_other_chat_waiting(talk: Talk) -> None:
    subscribe(talk)
    subscribe(talk, MINHS_CHAT)
    await order(talk, error=429, retry_after=LONG_SECONDS, chat=LANS_CHAT)

    publish(talk.library, 1)

    await talk.alert("Tin 1", MINHS_CHAT)
    await until(lambda: _waits(rate_limiter_of(talk.application).send_queue, LANS_CHAT))
    assert await texts(talk) == []


@FLOODED
async def test_what_limits_an_answer_holds_the_alerts_of_that_chat_too(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = waiting_is_over_when_set(monkeypatch)
    subscribe(talk)
    subscribe(talk, MINHS_CHAT)
    await order(talk, error=429, retry_after=LONG_SECONDS)
    asked = await talk.client.write("ai tham dự hội nghị?")
    pace = rate_limiter_of(talk.application).send_queue
    await until(lambda: _waits(pace, LANS_CHAT))

    publish(talk.library, 1)

    await talk.alert("Tin 1", MINHS_CHAT)
    await settled(talk, owed=1, sent=1)
    assert await texts(talk) == ["ai tham dự hội nghị?"]
    over.set()
    assert "Lương Văn Cầu" in (await talk.answer(LANS_CHAT, asked))["text"]
    assert talk.library.outbox.counts() == {"owed": 1, "sent": 1}


@pytest.mark.parametrize(
    "error", [403, "chat not found", "user is deactivated", "bot was kicked from the group chat"]
)
async def test_a_chat_that_cannot_be_written_to_is_given_up(talk: Talk, error: int | str) -> None:
    subscribe(talk)
    await order(talk, error=error)

    publish(talk.library, 1)

    await settled(talk, dropped__chat_gone=1)
    publish(talk.library, 2)
    assert talk.library.outbox.counts() == {"dropped: chat_gone": 1}
    assert len(talk.library.subscriptions.of_chat(talk.application.bot.id, LANS_CHAT)) == 1


async def test_a_topic_that_is_gone_pauses_its_subscriptions_only(talk: Talk) -> None:
    subscribe(talk, GROUP, thread=77)
    await order(talk, error="message thread not found")

    publish(talk.library, 1)

    async def is_paused() -> bool:
        (known,) = talk.library.subscriptions.of_chat(talk.application.bot.id, GROUP)
        return known.paused_at is not None

    await until(is_paused)
    assert talk.library.chats.get(GROUP).inactive_since is None


@pytest.mark.parametrize("thread", [None, WEATHER], ids=["general", "weather"])
async def test_of_a_closed_topic_an_administrator_is_told_once(
    talk: Talk, thread: int | None
) -> None:
    await talk.client.write("Chào cả nhà", chat=FORUM)
    subscribe(talk, FORUM, thread=thread)
    subscribe(talk, FORUM, thread=ECONOMY)
    await order(talk, error="TOPIC_CLOSED", chat=FORUM)

    publish(talk.library, 1)

    await until(lambda: was_told(talk, LANS_CHAT))
    bot = talk.application.bot.id
    closed, open_ = talk.library.subscriptions.of_chat(bot, FORUM)
    assert closed.paused_at is not None
    assert open_.paused_at is None
    assert talk.library.chats.get(FORUM).inactive_since is None
    publish(talk.library, 2)
    await talk.alert("Tin 2", FORUM)
    (notice,) = await texts(talk)
    assert "Tòa soạn" in notice
    assert "/subscriptions" in notice


async def test_if_the_owner_cannot_be_told_of_a_closed_topic_another_administrator_is(
    talk: Talk,
) -> None:
    await talk.client.write("Chào cả nhà", chat=FORUM)
    await talk.client.write("Chào Lan", user=MINH, chat=FORUM)
    await talk.client.post(
        "/membership", user=LAN, chat=FORUM, member=MINHS_CHAT, status="administrator"
    )
    subscribe(talk, FORUM)
    await order(talk, error="TOPIC_CLOSED", chat=FORUM)
    await order(talk, error="bot can't initiate conversation with a user", chat=LANS_CHAT)

    publish(talk.library, 1)

    await until(lambda: was_told(talk, MINHS_CHAT))
    assert await texts(talk) == []


async def was_told(talk: Talk, chat: int) -> bool:
    return any("Tòa soạn" in text for text in await texts(talk, chat))


async def test_a_message_that_telegram_does_not_take_is_dropped(talk: Talk) -> None:
    subscribe(talk)
    await order(talk, error="message is too long")

    publish(talk.library, 1)

    await settled(talk, dropped__refused=1)


@pytest.mark.parametrize("rhythm", [Rhythm.NOW, Rhythm.DAILY])
async def test_one_article_that_telegram_does_not_take_drops_none_beside_it(
    talk: Talk, rhythm: Rhythm
) -> None:
    subscribe(talk)
    (known,) = talk.library.subscriptions.of_chat(talk.application.bot.id, LANS_CHAT)
    yesterday = time.time() - 86_400
    talk.library.subscriptions.set_schedule(known.id, Schedule(rhythm), int(yesterday))
    send = ExtBot.send_message

    async def refusing(self: ExtBot[Any], chat: int, text: str, **more: Any) -> Message:
        if "Tin 3" in text:
            raise BadRequest("Message is too long")
        return await send(self, chat, text, **more)

    with patch.object(ExtBot, "send_message", refusing):
        with time_machine.travel(yesterday):
            talk.library.ingest([bulletin(number) for number in range(1, 11)], alert=Alert.ALL)
        await settled(talk, sent=9, dropped__refused=1)

    found = "\n".join(await texts(talk)) + "\n"
    assert [found.count(f"Tin {number}\n") for number in range(1, 11)] == [1, 1, 0, *[1] * 7]


async def test_a_group_that_became_a_supergroup_gets_its_alert_there(talk: Talk) -> None:
    await talk.client.post("/chats", id=-4321, type="group", title="Nhóm cũ")
    subscribe(talk, -4321)
    await order(talk, error="migrate_to_chat_id", chat=-4321)

    publish(talk.library, 1)

    await settled(talk, sent=1)
    (delivery,) = talk.library.chats.export(-1_000_000_004_321)["deliveries"]
    assert delivery["state"] == "sent"


async def test_what_is_too_late_to_matter_is_dropped_and_counted(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.subscriptions.add(
            bot=7000000001, chat=LANS_CHAT, thread=None, wish="*", now=0, most=1
        )
        publish(library, 1)
    later = LONGEST_LATE + 60
    async with talking(tmp_path, clock=lambda: time.time() + later) as talk:
        await settled(talk, dropped__too_old=1)
        assert await texts(talk) == []


async def _waits(pace: SendQueue, chat: int) -> bool:
    return pace.wait(chat) > 2
