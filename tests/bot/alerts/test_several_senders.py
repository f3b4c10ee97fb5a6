"""Several senders, a sender beside answers and other programs, and one that loses its database."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import DEFAULT, patch

import pytest
from sqlalchemy import update
from telegram import Message
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
from index import Library
from index.errors import DatabaseLostError
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
)
from tests.support.opensearch_server import free_port
from tests.support.playground import (
    Client,
    serve_playground,
)
from tests.support.sending import MINHS_CHAT, publish, settled, subscribe, texts
from tests.support.waiting import PATIENCE_SECONDS, until

LONG_SECONDS = 50  # longer than anything here is waited for


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
