import asyncio
import gc
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
from pydantic import AnyHttpUrl, SecretStr
from telegram.error import NetworkError
from telegram.request import HTTPXRequest

from bot.app.application import BotApplication, build_application
from bot.app.errors import StartError, TokenError, WebhookError
from bot.app.runner import STOP_SECONDS, run, run_with_services, running
from bot.playground import Playground
from bot.questions.overviews import Overview
from bot.questions.service import AnswerPage, find_answer
from bot.settings import Settings, Webhook
from bot.sources.context import SourceAdmin
from index import Article, Library
from index.alerts.announcer import Alert
from tests.bot.transport.test_polling import UNPARSABLE
from tests.support.alerts import subscribe
from tests.support.bot import ARTICLES, FLOODED, WHO, Talk, bot_under
from tests.support.bot_process import answered, answering_once, started
from tests.support.commands import IN_ONE_PROCESS, free_port
from tests.support.libraries import open_library
from tests.support.playground import serve_playground
from tests.support.processes import family, is_running
from tests.support.virtual_time import in_virtual_time, now
from tests.support.waiting import PATIENCE_SECONDS, until, until_logged


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, ARTICLES) as opened:
        yield opened


def webhook_on(port: int) -> Webhook:
    return Webhook(url=AnyHttpUrl(f"http://127.0.0.1:{port}/hook.v1"), port=port)


@asynccontextmanager
async def listening(library: Library, webhook: Webhook) -> AsyncIterator[Talk]:
    playground = Playground()
    async with serve_playground(playground) as client:
        application = bot_under(client, library)
        async with running(application, webhook=webhook):
            yield Talk(client, application, library)


async def test_updates_come_by_webhook(library: Library) -> None:
    async with listening(library, webhook_on(free_port())) as talk:
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]


async def test_nobody_without_the_secret_can_deliver_updates(library: Library) -> None:
    webhook = webhook_on(free_port())
    async with listening(library, webhook), httpx.AsyncClient() as stranger:
        refused = await stranger.post(str(webhook.url), json={"update_id": 1})
        wrong = await stranger.post(
            str(webhook.url),
            json={"update_id": 1},
            headers={"X-Telegram-Bot-Api-Secret-Token": "guess"},
        )

    assert (refused.status_code, wrong.status_code) == (403, 403)


async def test_delivered_updates_that_cannot_be_parsed_are_skipped(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(library, webhook_on(free_port())) as talk:
        for kind, content in UNPARSABLE:
            talk.client.playground.updates.put(kind, content)
        assert "Lương Văn Cầu" in (await talk.ask(WHO))["text"]

    assert len(caplog.messages) == len(UNPARSABLE), caplog.text
    assert "bí mật" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[" * 10_000, b"{}", b"null", b'{"update_id": "b\xc3\xad m\xe1"}']
)
async def test_what_is_no_update_is_taken_with_one_line_of_the_log(
    library: Library, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    webhook = webhook_on(free_port()).model_copy(update={"secret": SecretStr("kim-chi")})
    headers = {"X-Telegram-Bot-Api-Secret-Token": "kim-chi"}
    async with listening(library, webhook), httpx.AsyncClient() as telegram:
        answer = await telegram.post(str(webhook.url), content=body, headers=headers)

    assert answer.status_code == 200
    assert [message.partition(" (")[0] for message in caplog.messages] == [
        "What was delivered is no update"
    ]
    assert "Traceback" not in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_busy_port_is_a_clear_error(library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with serve_playground(Playground()) as client:
            application = bot_under(client, library)
            with pytest.raises(WebhookError, match=rf"webhook\.port {port}: .*in use"):
                async with running(application, webhook=webhook_on(port)):
                    raise AssertionError("nobody listens")
            assert (await client.result("getWebhookInfo"))["url"] == ""
    gc.collect()  # tornado leaves the socket that could not be bound to the collector


async def test_a_refused_webhook_is_a_clear_error(library: Library) -> None:
    playground = Playground()
    async with serve_playground(playground) as client:
        await client.post("/faults", method="setWebhook", error=400, times=1)
        application = bot_under(client, library)
        with pytest.raises(WebhookError, match=r"webhook\.url .*Telegram refuses it") as caught:
            async with running(application, webhook=webhook_on(free_port())):
                raise AssertionError("nobody listens")
    assert "127.0.0.1" in str(caught.value)
    assert "hook.v1" not in str(caught.value)


async def test_an_address_without_a_bot_api_is_not_called_a_bad_token(library: Library) -> None:
    async with serve_playground(Playground()) as client:
        application = bot_under(
            client, library, token="1:abc", api_url=f"{client.http.base_url}/elsewhere"
        )
        with pytest.raises(StartError, match=r"404 Not Found.*api_url"):
            async with running(application):
                raise AssertionError("nobody is there")


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_what_telegram_refuses_for_good_is_not_tried_for_ever(
    library: Library, method: str
) -> None:
    async with serve_playground(Playground()) as client:
        await client.post("/faults", method=method, error=400, times=1000)
        application = bot_under(client, library)
        with pytest.raises(StartError, match="Telegram refuses what the bot needs"):
            async with asyncio.timeout(PATIENCE_SECONDS), running(application):
                raise AssertionError("nobody is let in")


@pytest.mark.slow
async def test_a_token_that_is_revoked_later_ends_the_bot_with_one_clear_line(
    tmp_path: Path,
) -> None:
    async with answering_once(tmp_path, **IN_ONE_PROCESS) as (process, client, token):
        await client.post("/faults", method="getUpdates", error=401, times=1000)
        await client.write(WHO)

        async with asyncio.timeout(PATIENCE_SECONDS):
            _, errors = await process.communicate()
        lines = errors.decode().splitlines()
        assert process.returncode == 2
        assert lines[-1].startswith("hoibao: Telegram refuses the token")
        assert "Traceback" not in errors.decode()
        assert token not in errors.decode()


@FLOODED
async def test_the_bot_does_not_wait_out_what_telegram_asks_for_when_it_stops(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.app.runner.STOP_SECONDS", 0.2)
    async with serve_playground(Playground()) as client:
        application = bot_under(client, library)
        with caplog.at_level("INFO"):
            async with asyncio.timeout(PATIENCE_SECONDS):
                async with running(application):
                    await client.post("/faults", method="sendMessage", error=429, retry_after=50)
                    await client.write(WHO)
                    await until_logged(caplog, "Telegram asks to wait 50")
        assert not application.running
        assert "An update was not answered: Flood control exceeded" in caplog.text


async def test_questions_that_wait_when_the_bot_stops_are_given_up(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun, may_end = [], Event()

    def find_slowly(*given: Any) -> AnswerPage | Overview:
        begun.append(given)
        may_end.wait(PATIENCE_SECONDS)
        return find_answer(*given)

    monkeypatch.setattr("bot.questions.handlers.find_answer", find_slowly)
    monkeypatch.setattr("bot.app.runner.STOP_SECONDS", 0.2)
    async with serve_playground(Playground()) as client, asyncio.timeout(PATIENCE_SECONDS):
        application = bot_under(client, library)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(application))
            questions = [await client.write(WHO) for _ in range(9)]
            await until(lambda: are_waiting(application, len(questions)))
            stopping = asyncio.create_task(stack.pop_all().aclose())
            await until_logged(caplog, "9 updates are given up")
            may_end.set()
            await stopping
        assert not application.running
        assert len(begun) == 1
        assert not any([await answered(client, question) for question in questions])


@in_virtual_time
async def test_a_stop_has_one_deadline_while_telegram_hangs_with_updates_and_alerts(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    is_sent = asyncio.Event()

    async def hang(_: object, url: str, *_given: object, **_named: object) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        if method == "sendMessage":
            is_sent.set()
        if method in {"getUpdates", "sendMessage"}:
            await asyncio.Event().wait()
        return answer_of(url)

    monkeypatch.setattr(HTTPXRequest, "do_request", hang)
    settings = Settings(token=SecretStr("1:abc"))
    application = build_application(library, settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            run_with_services(application, SourceAdmin(library, settings))
        )
        subscribe(library, "*", bot=1)
        library.ingest([Article(title="Tin mới", text="Mưa đã tạnh.")], alert=Alert.ALL)
        await is_sent.wait()
        begun = now()

    assert now() - begun == STOP_SECONDS
    assert "an alert did not reach Telegram" in caplog.text


@in_virtual_time
async def test_a_stop_does_not_wait_out_the_pause_before_updates_are_fetched_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object, url: str, *_given: object, **_named: object) -> tuple[int, bytes]:
        if url.endswith("/getUpdates"):
            raise NetworkError("no network")
        return answer_of(url)

    monkeypatch.setattr(HTTPXRequest, "do_request", fail)
    async with running(build_application(library, Settings(token=SecretStr("1:abc")))):
        await asyncio.sleep(200)  # the library's pauses grow to 30 s
        begun = now()

    assert now() - begun <= STOP_SECONDS


def answer_of(url: str) -> tuple[int, bytes]:
    """Answer a request as the Bot API does."""
    bot = {"id": 1, "is_bot": True, "first_name": "Hỏi Báo", "username": "hoibao_bot"}
    result = bot if url.endswith("/getMe") else True
    return 200, json.dumps({"ok": True, "result": result}).encode()


async def are_waiting(application: BotApplication, count: int) -> bool:
    return application.update_processor.current_concurrent_updates == count


def test_a_missing_token_is_a_clear_error(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOIBAO_TOKEN", raising=False)

    with pytest.raises(TokenError, match=r"no token.*hoibao playground"):
        run(library, Settings())


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_bot_stops_gracefully_when_asked(tmp_path: Path, number: signal.Signals) -> None:
    """A terminal and a service manager send the signal to all processes of the bot."""
    async with answering_once(tmp_path) as (process, _, token):
        processes = family(process.pid)
        assert len(processes) > 1

        for each in reversed(processes):
            os.kill(each, number)

        async with asyncio.timeout(PATIENCE_SECONDS):
            _, errors = await process.communicate()
        assert process.returncode == 0
        assert b"Traceback" not in errors
        assert token.encode() not in errors
        await until(lambda: ended(processes), PATIENCE_SECONDS)


@pytest.mark.slow
async def test_the_bot_stops_while_it_still_tries_to_connect(tmp_path: Path) -> None:
    async with started(tmp_path, "1:abc", "http://127.0.0.1:9", **IN_ONE_PROCESS) as process:
        assert process.stderr is not None
        while b"Telegram cannot be reached" not in await process.stderr.readline():
            pass

        process.send_signal(signal.SIGTERM)

        async with asyncio.timeout(PATIENCE_SECONDS):
            _, errors = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in errors


@pytest.mark.slow
async def test_no_process_is_left_when_the_bot_is_killed(tmp_path: Path) -> None:
    async with answering_once(tmp_path) as (process, *_):
        processes = family(process.pid)
        assert len(processes) > 1

        process.kill()

        await process.communicate()
        await until(lambda: ended(processes), PATIENCE_SECONDS)


async def ended(processes: list[int]) -> bool:
    return not any(map(is_running, processes))
