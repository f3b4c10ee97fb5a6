"""No secret leaves the process: not in the log, an exit line or a traceback."""

import asyncio
import json
import logging
import os
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from pydantic import AnyHttpUrl, SecretStr

from bot.app.application import build_application
from bot.app.errors import TokenError
from bot.app.runner import running
from bot.playground import Playground
from bot.settings import Settings, Webhook
from index import Library
from index.workers import HIDDEN
from tests.support.bot import bot_under, talking
from tests.support.commands import HOIBAO, free_port
from tests.support.playground import serve_playground
from tests.support.waiting import until
from tests.support.web_site import web_site

TOKEN = "7000000001:AAF4xyz_secret-part-of-the-token"
SECRET = TOKEN.partition(":")[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Everything that is logged, at every level, as a program would print it."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


async def test_a_whole_conversation_leaves_no_token_in_the_log(
    tmp_path: Path, log: StringIO
) -> None:
    playground = Playground(token=TOKEN)
    async with talking(tmp_path, playground=playground) as talk:
        for error in (400, 403, 502):
            await talk.client.post("/faults", method="sendMessage", error=error, times=1)
            await talk.client.write("ai tham dự hội nghị?")
        await talk.ask("/help")
        talk.application.create_task(_fail(), update=None)
        await until(lambda: _contains(log, "a handler failed"))

    assert "An update was not answered" in log.getvalue()
    assert SECRET not in log.getvalue()


async def _fail() -> None:
    raise RuntimeError(f"a handler failed with {TOKEN}")


async def _contains(log: StringIO, words: str) -> bool:
    return words in log.getvalue()


async def test_the_secret_of_a_webhook_is_in_no_line_at_debug_level(
    empty: Library, log: StringIO
) -> None:
    for secret in (SecretStr("a-secret-of-the-operator"), SecretStr("kim"), None):
        playground, port = Playground(token=TOKEN), free_port()
        url = AnyHttpUrl(f"http://127.0.0.1:{port}/hook")
        async with serve_playground(playground) as client:
            webhook = Webhook(url=url, port=port, secret=secret)
            async with running(bot_under(client, empty), webhook=webhook):
                pass

    lines = [line for line in log.getvalue().splitlines() if "'secret_token'" in line]
    assert len(lines) >= 3
    assert all(f"'secret_token': '{HIDDEN}'" in line for line in lines)


@pytest.mark.slow
async def test_an_exit_line_does_not_hold_the_token_that_a_server_repeats(
    tmp_path: Path,
) -> None:
    answer = {"ok": False, "description": f"no /bot{TOKEN}/ here"}
    async with web_site() as site:
        site.page(f"/bot{TOKEN}/getMe", json.dumps(answer), status=400)
        environment = os.environ | {"HOIBAO_TOKEN": TOKEN, "HOIBAO_API_URL": site.url("")}
        process = await asyncio.create_subprocess_exec(
            HOIBAO, "--data", tmp_path, "run", env=environment, stderr=PIPE
        )
        _, errors = await process.communicate()

    assert process.returncode == 2
    assert f"no /bot{HIDDEN}/ here" in errors.decode()
    assert SECRET not in errors.decode()


def test_the_secrets_of_the_settings_are_known() -> None:
    settings = Settings(
        token=SecretStr(TOKEN),
        database=SecretStr("postgresql+psycopg://hoibao:m%E1%BA%ADt-kh%E1%BA%A9u@db/hoibao"),
        webhook=Webhook(url=AnyHttpUrl("https://bot.example/x"), secret=SecretStr("webhook-1")),
    )
    assert {TOKEN, "webhook-1", "m%E1%BA%ADt-kh%E1%BA%A9u", "mật-khẩu"} < set(settings.secrets)
    assert Settings().secrets == ()


@pytest.mark.parametrize("address", ["://hoibao:{}@db/hoibao", "://db/hoibao?user=h&password={}"])
@pytest.mark.parametrize("password", ["kim-chi", "kim/chi", "kim:chi"])
def test_a_password_is_known_wherever_the_database_takes_one(address: str, password: str) -> None:
    database = SecretStr(f"postgresql+psycopg{address.format(password)}")
    assert password in Settings(database=database).secrets


async def test_an_unreachable_telegram_is_tried_again_without_naming_the_token(
    empty: Library, log: StringIO
) -> None:
    application = build_application(
        empty, Settings(token=SecretStr(TOKEN), api_url=AnyHttpUrl(NOWHERE))
    )

    async def run() -> None:
        async with running(application, pause=0.01):
            raise AssertionError("nobody is there")

    task = asyncio.create_task(run())
    await until(lambda: _tried_twice(log))
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert SECRET not in log.getvalue()


async def _tried_twice(log: StringIO) -> bool:
    return log.getvalue().count("Telegram cannot be reached, trying again") >= 2


async def test_a_bot_connects_once_telegram_is_there(empty: Library) -> None:
    playground = Playground(token=TOKEN)
    async with serve_playground(playground) as client:
        await client.post("/faults", method="getMe", error=502, times=2)
        application = bot_under(client, empty)
        async with running(application, pause=0.01):
            assert application.running


async def test_a_refused_token_is_a_clear_error_without_the_token(
    empty: Library, log: StringIO
) -> None:
    async with serve_playground(Playground()) as client:
        application = bot_under(client, empty, token=TOKEN)
        with pytest.raises(TokenError, match="Telegram refuses the token") as caught:
            async with running(application):
                raise AssertionError("nobody is let in")

    assert SECRET not in f"{caught.value!r}{log.getvalue()}"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("token", ["", "abc", "123:", ":abc", f"{TOKEN}\n", f"{TOKEN} x", "1:é"])
def test_a_malformed_token_is_a_clear_error_without_the_token(empty: Library, token: str) -> None:
    with pytest.raises(TokenError, match="malformed") as caught:
        build_application(empty, Settings(token=SecretStr(token)))

    assert SECRET not in str(caught.value)
