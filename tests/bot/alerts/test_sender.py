"""The sender under an embedded Telegram that refuses, breaks off and limits."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import DEFAULT, patch

import pytest
import time_machine
from sqlalchemy import update
from telegram import Message
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.alerts.composer import AlertMessage
from bot.alerts.failures import CUT_OFF_AFTER
from bot.alerts.sender import Sender, sending
from bot.app.application import rate_limiter_of
from bot.app.runner import running
from bot.playground import Limits, Playground
from bot.playground.world.state import User
from bot.transport.rate_limiter import RateLimiter
from bot.transport.send_queue import SendQueue
from index import Article, Library
from index.alerts.announcer import Alert
from index.errors import DatabaseLostError
from index.models.schedule import Rhythm, Schedule
from index.store.chats.deliveries import ChatBatch, Outbox
from index.store.tables import senders
from tests.support.bot import (
    FLOODED,
    LANS_CHAT,
    LONGEST_LATE,
    Talk,
    answering,
    bot_under,
    talking,
    waiting_is_over_when_set,
)
from tests.support.opensearch_server import free_port
from tests.support.playground import (
    ECONOMY,
    FORUM,
    GROUP,
    LAN,
    MINH,
    WEATHER,
    Client,
    serve_playground,
)
from tests.support.waiting import PATIENCE_SECONDS, until

MINHS_CHAT = 1002
LONG_SECONDS = 50  # longer than anything here is waited for


def subscribe(talk: Talk, chat: int = LANS_CHAT, *, thread: int | None = None) -> None:
    added, _ = talk.library.subscriptions.add(
        bot=talk.application.bot.id,
        chat=chat,
        thread=thread,
        wish="*",
        now=int(time.time()),
        most=100,
    )
    assert added.wish == "*"


def publish(library: Library, number: int) -> None:
    library.ingest([bulletin(number)], alert=Alert.ALL)


def bulletin(number: int) -> Article:
    text = f"Bản tin số {number} của đài khí tượng."
    return Article(id=f"tin-{number}", title=f"Tin {number}", text=text)


async def settled(talk: Talk, **expected: int) -> None:
    """Wait until the outbox says so: the states, with `_` for what stands between words."""
    wanted = {name.replace("__", ": "): count for name, count in expected.items()}

    async def is_so() -> bool:
        return talk.library.outbox.counts() == wanted

    await until(is_so)


async def texts(talk: Talk, chat: int = LANS_CHAT) -> list[str]:
    return [message["text"] for message in await talk.client.messages(chat)]


async def order(talk: Talk, **fault: Any) -> None:
    await talk.client.post("/faults", method="sendMessage", **fault)


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


class RecordedPace:
    """Pace that notes when it is waited for."""

    def __init__(self, events: list[str]) -> None:
        self._events = events

    async def wait(self, *, alert: bool) -> None:
        assert alert
        self._events.append("pace")

    def close(self) -> None:
        pass


@asynccontextmanager
async def a_sender(
    client: Client, library: Library, send_queue: SendQueue | None = None
) -> AsyncIterator[Sender]:
    application = bot_under(client, library)
    patience = application.bot.rate_limiter
    assert isinstance(patience, RateLimiter)
    await application.initialize()
    queue = send_queue or patience.send_queue
    sender = Sender(library, application.bot, queue, longest_late=LONGEST_LATE)
    try:
        async with sending(sender):
            yield sender
    finally:
        await application.shutdown()
        await application.bot.shutdown()


async def test_two_processes_send_each_alert_once(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library, Library.open(tmp_path) as other:
        async with serve_playground(Playground()) as client, answering(client, library) as talk:
            async with a_sender(client, other):
                for chat in (LANS_CHAT, MINHS_CHAT, 1003):
                    subscribe(talk, chat)
                publish(library, 1)
                publish(other, 2)

                await settled(talk, sent=6)

            for chat in (LANS_CHAT, MINHS_CHAT, 1003):
                found = "\n".join(await texts(talk, chat))
                assert found.count("Tin 1") == found.count("Tin 2") == 1


async def test_another_process_goes_on_where_one_ended(tmp_path: Path) -> None:
    async with serve_playground(Playground()) as client:
        with Library.open(tmp_path) as library:
            application = bot_under(client, library)
            async with running(application):
                talk = Talk(client, application, library)
                subscribe(talk)
                publish(library, 1)
                sender = Sender(
                    library,
                    application.bot,
                    rate_limiter_of(application).send_queue,
                    longest_late=LONGEST_LATE,
                )
                stop = asyncio.Event()
                stop.set()
                await sender.run(stop)
                assert library.outbox.counts() == {"owed": 1}
                async with a_sender(client, library):
                    await talk.alert("Tin 1")


@pytest.mark.slow
@FLOODED
async def test_a_question_is_answered_while_many_alerts_wait(tmp_path: Path) -> None:
    playground = Playground(limits=Limits())
    async with talking(tmp_path, playground=playground) as talk:
        for chat in range(5_001, 5_121):
            playground.world.put_user(User(id=chat, name=f"Người {chat}"))
            talk.library.subscriptions.add(
                bot=talk.application.bot.id, chat=chat, thread=None, wish="*", now=0, most=1
            )
        publish(talk.library, 1)
        await talk.alert("Tin 1", 5_001)

        answer = await talk.ask("ai tham dự hội nghị?")

        assert "Lương Văn Cầu" in answer["text"]
        assert talk.library.outbox.counts()["owed"] > 0
        await settled(talk, sent=120)
        assert playground.throttle.refused == 0


async def test_what_is_unsubscribed_while_its_alert_waits_is_not_sent(talk: Talk) -> None:
    subscribe(talk)

    async def is_claimed() -> bool:
        (delivery,) = talk.library.chats.export(LANS_CHAT)["deliveries"]
        return delivery["leased_by"] is not None

    async with rate_limiter_of(talk.application).send_queue.turn(LANS_CHAT):  # it waits meanwhile
        publish(talk.library, 1)
        await until(is_claimed)
        (known,) = talk.library.subscriptions.of_chat(talk.application.bot.id, LANS_CHAT)
        talk.library.subscriptions.remove(known.id, int(time.time()))
    subscribe(talk)
    publish(talk.library, 2)  # which is sent to the same chat after the turn of the first

    await talk.alert("Tin 2")
    assert len(await texts(talk)) == 1


@pytest.mark.slow
async def test_a_question_is_answered_while_another_program_writes_the_database(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alerts that were sent cannot be marked then, which is no reason to keep answers waiting."""
    chats = range(5_001, 5_041)
    for chat in chats:
        await talk.client.write("xin chào", user={"id": chat, "name": f"Người {chat}"})
        subscribe(talk, chat)
    release, locked = threading.Event(), threading.Event()

    def write() -> None:
        with talk.library._database.writing():
            locked.set()
            release.wait(2 * PATIENCE_SECONDS)

    writer = threading.Thread(target=write)
    mark = talk.library.outbox.mark_sent

    def mark_while_locked(*given: Any) -> None:
        if not locked.is_set():
            writer.start()
            locked.wait()
        mark(*given)

    monkeypatch.setattr(talk.library.outbox, "mark_sent", mark_while_locked)
    publish(talk.library, 1)
    try:
        await asyncio.to_thread(locked.wait, PATIENCE_SECONDS)
        answer = await talk.ask("ai tham dự hội nghị?")
        assert "Lương Văn Cầu" in answer["text"]
        assert writer.is_alive()
    finally:
        release.set()
        writer.join()
    await settled(talk, sent=40)


async def test_an_error_in_this_program_does_not_end_the_alerts(talk: Talk) -> None:
    subscribe(talk)
    claim, failures = talk.library.outbox.claim, iter([RuntimeError("unforeseen")])

    def failing(*args: Any, **more: Any) -> list[ChatBatch]:
        for failure in failures:
            raise failure
        return claim(*args, **more)

    with patch.object(talk.library.outbox, "claim", failing):
        publish(talk.library, 1)
        await talk.alert("Tin 1")


@asynccontextmanager
async def undisturbed(folder: Path) -> AsyncIterator[Talk]:
    """A bot without a sender of alerts."""
    with Library.open(folder) as library:
        async with serve_playground(Playground()) as client:
            application = bot_under(client, library)
            async with running(application):
                yield Talk(client, application, library)


async def test_the_shared_slot_is_waited_for_last_and_only_for_what_is_pending(
    tmp_path: Path,
) -> None:
    events: list[str] = []
    answers = iter([False])
    async with undisturbed(tmp_path) as talk:
        are_pending, send = talk.library.outbox.are_pending, ExtBot.send_message

        def checking(*given: Any) -> bool:
            events.append("check")
            return next(answers, True) and are_pending(*given)

        async def sending_it(self: ExtBot[Any], *given: Any, **more: Any) -> Message:
            events.append("request")
            return await send(self, *given, **more)

        with (
            patch.object(talk.library.outbox, "are_pending", checking),
            patch.object(ExtBot, "send_message", sending_it),
        ):
            queue = SendQueue(pace=RecordedPace(events))
            async with a_sender(talk.client, talk.library, queue):
                subscribe(talk)
                publish(talk.library, 1)
                await settled(talk, sent=1)
    assert events == ["check", "check", "pace", "request"]


async def test_an_alert_that_has_its_turn_does_not_wait_until_others_are_composed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, compose = threading.Event(), Sender._compose

    def composing(self: Sender, batch: ChatBatch) -> list[AlertMessage]:
        if batch.chat == MINHS_CHAT:
            release.wait(PATIENCE_SECONDS)
        return compose(self, batch)

    monkeypatch.setattr(Sender, "_compose", composing)
    subscribe(talk)
    subscribe(talk, MINHS_CHAT)
    publish(talk.library, 1)
    try:
        await talk.alert("Tin 1")
        assert not await texts(talk, MINHS_CHAT)
    finally:
        release.set()
    await settled(talk, sent=2)


def expire_lease(library: Library) -> None:
    with library._database.coordinating() as connection:
        connection.execute(update(senders).values(until=1.0))


async def test_a_sender_that_lost_its_database_for_a_while_takes_over_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alerts.sender.LEASE_SECONDS", 1.0)
    async with undisturbed(tmp_path) as talk, a_sender(talk.client, talk.library) as sender:
        outbox, bot = talk.library.outbox, talk.application.bot.id

        await until(lambda: _is_so(sender._is_sender))
        with patch.object(outbox, "acquire_lease", side_effect=DatabaseLostError("gone")):
            await until(lambda: _is_so(lambda: not sender._is_sender()))
            subscribe(talk)
            publish(talk.library, 1)
            expire_lease(talk.library)
            assert Outbox.acquire_lease(outbox, bot, "another", LONG_SECONDS)
            now = int(time.time())
            assert outbox.claim(bot, "another", now, seconds=600, most=9, at_once=9)
            expire_lease(talk.library)  # it was killed
        await talk.alert("Tin 1")


async def test_what_cannot_be_freed_while_the_database_is_lost_is_freed_after_that(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    lost = DatabaseLostError("gone")
    outbox = talk.library.outbox
    subscribe(talk)
    with (
        patch.object(outbox, "are_pending", side_effect=[lost, True]),
        patch.object(outbox, "retry", wraps=outbox.retry, side_effect=[lost, DEFAULT]),
    ):
        publish(talk.library, 1)
        await talk.alert("Tin 1")
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.slow
@pytest.mark.parametrize("is_alone", [False, True])
async def test_a_sender_that_does_not_reach_telegram_leaves_the_alerts_to_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_alone: bool
) -> None:
    monkeypatch.setattr("bot.alerts.sender.LEASE_SECONDS", 1.0)
    monkeypatch.setattr("bot.alerts.sender.REST_SECONDS", 0.1 if is_alone else LONG_SECONDS)
    monkeypatch.setattr("bot.alerts.failures.FIRST_PAUSE_SECONDS", 0.05)
    async with undisturbed(tmp_path) as talk, AsyncExitStack() as opened:
        cut_off = await opened.enter_async_context(a_sender(talk.client, talk.library))
        await until(lambda: _is_so(cut_off._is_sender))
        reached = cut_off._bot._base_url
        cut_off._bot._base_url = f"http://127.0.0.1:{free_port()}/bot"
        if not is_alone:
            await opened.enter_async_context(a_sender(talk.client, talk.library))
        subscribe(talk)
        publish(talk.library, 1)
        if is_alone:
            await until(lambda: _is_so(lambda: cut_off._failures._failures > CUT_OFF_AFTER))
            cut_off._bot._base_url = reached
        await talk.alert("Tin 1")


async def _is_so(condition: Callable[[], bool]) -> bool:
    return condition()


async def _waits(pace: SendQueue, chat: int) -> bool:
    return pace.wait(chat) > 2
