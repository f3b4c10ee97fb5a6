"""Several workers over one PostgreSQL and one token: each message is answered once, in order."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import AnyHttpUrl, SecretStr
from sqlalchemy import select, update
from sqlalchemy.engine import URL

from bot.app.application import build_application
from bot.app.errors import StartError
from bot.app.runner import running
from bot.app.workers import receiving
from bot.app.workers.sharing import shared
from bot.playground import Playground
from bot.settings import Role, Settings, Webhook
from bot.transport.connection import NoBotApiError
from bot.transport.polling import PollingBot
from index import Library
from index.store import Database
from index.store.sharing import MOST_ATTEMPTS
from index.store.tables import updates
from tests.support.bot import ARTICLES, BOT_NAME, WHO, Talk, labels
from tests.support.bot_process import answered, started
from tests.support.commands import IN_ONE_PROCESS, free_port
from tests.support.playground import LAN, Client, polled, serve_playground
from tests.support.relay import relayed
from tests.support.waiting import START_SECONDS, until, until_logged

pytestmark = pytest.mark.postgresql
SECRET = "bi-mat"
ALL = tuple(Role)


class Desk:
    """An embedded Telegram, and workers over one database."""

    def __init__(self, client: Client, address: URL, folder: Path) -> None:
        self.client = client
        self.address = address
        self.folder = folder
        self.made = 0

    @contextmanager
    def library(self) -> Iterator[Library]:
        """A library of the database with a folder of its own, as on another machine."""
        self.made += 1
        with Library.open(self.folder / str(self.made), database=self.address) as library:
            yield library

    @asynccontextmanager
    async def worker(
        self,
        *roles: Role,
        webhook: Webhook | None = None,
        per_minute: int = 600,
        route: str | None = None,
    ) -> AsyncIterator[Talk]:
        settings = Settings.model_validate(
            {
                "token": self.client.playground.token,
                "api_url": route or self.client.address,
                "questions_per_minute": per_minute,
                "roles": roles or ALL,
            }
        )
        with self.library() as library, shared(library, settings) as sharing:
            assert sharing is not None
            application = build_application(library, settings, is_shared=True)
            async with running(application, webhook=webhook, sharing=sharing):
                yield Talk(self.client, application, library)


@pytest.fixture
async def desk(postgresql_address: URL, tmp_path: Path) -> AsyncIterator[Desk]:
    async with serve_playground(Playground()) as client:
        desk = Desk(client, postgresql_address, tmp_path)
        with desk.library() as library:
            library.ingest(ARTICLES)
        yield desk


async def count_answers(client: Client, words: str) -> int:
    texts = [message["text"] for message in await client.messages(LAN["id"])]
    return sum(words in text for text in texts)


async def test_one_worker_receives_and_another_answers(desk: Desk) -> None:
    async with desk.worker(Role.BOT), desk.worker(Role.ANSWER) as talk:
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]


async def test_messages_wait_until_somebody_answers(desk: Desk) -> None:
    async with desk.worker(Role.BOT) as receiver:
        number = await desk.client.write(WHO)

        async def is_stored() -> bool:
            return receiver.library.inbox.waiting(receiver.application.bot.id) > 0

        await until(is_stored)
    assert not await answered(desk.client, number)
    async with desk.worker(Role.ANSWER):
        await until(lambda: answered(desk.client, number))


async def test_the_article_asked_for_is_known_to_the_next_worker(desk: Desk) -> None:
    async with desk.worker(Role.BOT):
        async with desk.worker(Role.ANSWER) as first:
            answer = await first.ask(WHO)
            button = next(label for label in labels(answer) if "🔎" in label)
            await first.press(answer, button)
        async with desk.worker(Role.ANSWER) as second:
            within = await second.ask("sơ tán bao nhiêu người?")
            assert within["text"].startswith("Bài bạn hỏi")


async def test_what_one_worker_remembers_is_forgotten_at_another(desk: Desk) -> None:
    async with desk.worker(Role.BOT) as receiver:
        chats = receiver.library.chats
        async with desk.worker(Role.ANSWER) as first:
            await first.ask(WHO)
        assert WHO in str(json.loads(chats.export(LAN["id"])["conversations"][0]["state"]))
        async with desk.worker(Role.ANSWER) as second:
            await second.press(await second.ask("/forget"), "Xóa hết")
        stored = chats.export(LAN["id"])
    assert stored["asked"] == []
    remembered = json.loads(stored["conversations"][0]["state"])
    assert remembered.keys() == {"latest"}  # the number of the message that says so


async def test_an_update_that_a_stopping_worker_did_not_begin_is_no_attempt(desk: Desk) -> None:
    async with desk.worker(Role.BOT) as receiver:
        await desk.client.post("/faults", method="sendMessage", error=429, retry_after=1, times=1)
        for question in (WHO, "bão số mấy?"):
            await desk.client.write(question)

        async def are_stored() -> bool:
            return receiver.library.inbox.waiting(receiver.application.bot.id) == 2

        await until(are_stored)
        with closing(Database(desk.address)) as database:

            async def attempts() -> list[int]:
                waiting = select(updates.c.attempts).where(updates.c.done_at.is_(None))
                with database.reading() as connection:
                    return list(connection.scalars(waiting.order_by(updates.c.id)))

            async def is_begun() -> bool:
                return await attempts() == [1, 0]

            async with desk.worker(Role.ANSWER):
                await until(is_begun)
            assert set(await attempts()) == {0}


async def test_what_is_remembered_outlives_an_update_that_is_given_up(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with desk.worker(Role.BOT) as receiver:
        async with desk.worker(Role.ANSWER) as first:
            answer = await first.ask(WHO)
            button = next(label for label in labels(answer) if "🔎" in label)
            await first.press(answer, button)
        await desk.client.write(WHO)

        async def is_stored() -> bool:
            return receiver.library.inbox.waiting(receiver.application.bot.id) > 0

        await until(is_stored)
        with closing(Database(desk.address)) as database, database.coordinating() as connection:
            connection.execute(update(updates).values(attempts=MOST_ATTEMPTS))
        async with desk.worker(Role.ANSWER) as second:
            await until_logged(caplog, "is given up")
            within = await second.ask("sơ tán bao nhiêu người?")
            assert within["text"].startswith("Bài bạn hỏi")


async def test_workers_count_floods_together(desk: Desk) -> None:
    async with desk.worker(Role.BOT):
        async with desk.worker(Role.ANSWER, per_minute=2) as first:
            await first.ask(WHO)
            await first.ask("bão số mấy?")
        async with desk.worker(Role.ANSWER, per_minute=2) as second:
            assert "Lương Văn Cầu" not in (await second.ask(WHO))["text"]


async def test_an_update_delivered_to_two_workers_is_answered_once(desk: Desk) -> None:
    ports = [free_port(), free_port()]
    hooks = [
        Webhook(
            url=AnyHttpUrl(f"http://127.0.0.1:{port}/hook"), port=port, secret=SecretStr(SECRET)
        )
        for port in ports
    ]
    sender = {"id": LAN["id"], "is_bot": False, "first_name": "Lan"}
    message = {"message_id": 900, "date": 1, "chat": {"id": LAN["id"], "type": "private"}}
    delivered = {"update_id": 77, "message": {**message, "from": sender, "text": WHO}}
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient())
        for hook in hooks:
            await stack.enter_async_context(desk.worker(webhook=hook))
        for hook in hooks * 2:
            response = await http.post(str(hook.url), json=delivered, headers=headers)
            assert response.status_code == 200
        await until(lambda: count_answers(desk.client, "Lương Văn Cầu"))
        other = {**delivered, "update_id": 78}
        other["message"] = {**message, "message_id": 901, "from": sender, "text": "bão số mấy?"}
        await http.post(str(hooks[0].url), json=other, headers=headers)
        await until(lambda: count_answers(desk.client, "Quảng Ngãi"))
    assert await count_answers(desk.client, "Lương Văn Cầu") == 1


async def test_questions_of_one_person_stay_in_order(desk: Desk) -> None:
    questions = [f"{WHO} {number}" for number in range(6)]
    async with desk.worker(), desk.worker():
        numbers = [await desk.client.write(question) for question in questions]
        await until(lambda: answered(desk.client, numbers[-1]))

        async def answers() -> list[int]:
            found = [
                message["reply_to"]
                for message in await desk.client.messages(LAN["id"])
                if message["from"] == BOT_NAME and message["reply_to"]
            ]
            return found if len(found) >= len(questions) - 1 else []

        order = await until(answers)
    assert order == sorted(order)


@pytest.mark.slow
async def test_another_worker_polls_when_the_first_one_is_killed(desk: Desk) -> None:
    variables = IN_ONE_PROCESS | {"HOIBAO_DATABASE": desk.address.render_as_string(False)}
    token, telegram = desk.client.playground.token, desk.client.address
    async with (
        started(desk.folder / "one", token, telegram, **variables) as one,
        AsyncExitStack() as stack,
    ):
        number = await desk.client.write(WHO)
        await until(lambda: answered(desk.client, number), START_SECONDS)
        two = started(desk.folder / "two", token, telegram, **variables)
        await stack.enter_async_context(two)
        with desk.library() as library:

            async def are_two() -> bool:
                return len(await asyncio.to_thread(library.workers.members)) == 2

            await until(are_two, START_SECONDS)
        one.kill()
        await one.communicate()
        number = await desk.client.write("bão số mấy?")
        await until(lambda: answered(desk.client, number), START_SECONDS)


@pytest.mark.slow
async def test_another_worker_polls_when_the_first_one_does_not_reach_telegram(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "SHARED_POLL_TIME", timedelta(seconds=1))
    monkeypatch.setattr(receiving, "SILENT_SECONDS", 3.0)
    async with relayed(desk.client.address) as route, desk.worker(route=route.address) as first:
        await first.ask(WHO)
        async with desk.worker(Role.BOT), desk.worker(Role.ANSWER):
            await route.cut()
            number = await desk.client.write("bão số mấy?")
            await until(lambda: answered(desk.client, number))


async def test_a_worker_that_reaches_telegram_again_goes_on_polling(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(receiving, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(receiving, "STAND_BY_SECONDS", 0.1)
    monkeypatch.setattr(receiving, "LOOK_SECONDS", 0.05)
    async with relayed(desk.client.address) as route, desk.worker(route=route.address):
        await until(lambda: polled(desk.client, 1))
        await route.cut()
        await until_logged(caplog, "leaves them to others")
        await asyncio.sleep(1.0)  # in which its silence would last on
        caplog.clear()
        await route.open()
        await until_logged(caplog, "this worker fetches the updates")
        await asyncio.sleep(0.5)
    assert caplog.text.count("This worker fetches the updates") == 1


async def test_what_a_worker_cannot_answer_is_answered_by_another_one(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        desk.worker(Role.BOT),
        relayed(desk.client.address) as route,
        desk.worker(Role.ANSWER, route=route.address) as first,
    ):
        await first.ask(WHO)
        await route.cut()
        number = await desk.client.write("bão số mấy?")
        await until_logged(caplog, "is left to other workers")
        await desk.client.write(WHO)
        async with desk.worker(Role.ANSWER):
            await until(lambda: answered(desk.client, number))
        assert caplog.text.count("is left to other workers") == 1  # it claims no more


async def test_a_worker_answers_again_when_it_reaches_telegram(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(receiving, "RECONNECT_SECONDS", 0.1)
    async with (
        desk.worker(Role.BOT),
        relayed(desk.client.address) as route,
        desk.worker(Role.ANSWER, route=route.address),
    ):
        await route.cut()
        number = await desk.client.write(WHO)
        await until_logged(caplog, "is left to other workers")
        await route.open()
        await until(lambda: answered(desk.client, number))


async def test_two_requests_for_updates_at_a_handover_are_no_error(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with desk.worker() as worker:
        await desk.client.post("/faults", method="getUpdates", error=409, times=1)
        assert "Lương Văn Cầu" in (await worker.ask(WHO))["text"]
        await until_logged(caplog, "ends a request")
    assert "another program" not in caplog.text.lower()


async def test_polling_begins_again_after_a_wrong_answer(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(receiving, "STAND_BY_SECONDS", 0.1)
    delete_webhook, answers = PollingBot.delete_webhook, iter([NoBotApiError("404 Not Found")])

    async def fail_once(*args: Any, **kwargs: Any) -> bool:
        for error in answers:
            raise error
        return await delete_webhook(*args, **kwargs)

    monkeypatch.setattr(PollingBot, "delete_webhook", fail_once)
    async with desk.worker() as worker:
        assert "Lương Văn Cầu" in (await worker.ask(WHO))["text"]
    assert "updates cannot be fetched, trying again: the server answers 404" in caplog.text


def test_one_process_does_all_over_a_file(tmp_path: Path) -> None:
    settings = Settings.model_validate({"roles": ["bot"]})
    with (
        Library.open(tmp_path) as library,
        pytest.raises(StartError, match=r"roles: .*PostgreSQL"),
        shared(library, settings),
    ):
        raise AssertionError("it is shared")
    with Library.open(tmp_path) as library, shared(library, Settings()) as sharing:
        assert sharing is None
