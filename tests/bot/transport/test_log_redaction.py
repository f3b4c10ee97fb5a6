import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from pydantic import AnyHttpUrl, SecretStr

from bot.app.application import build_application
from bot.app.runner import running
from bot.errors import TokenError
from bot.playground import Playground
from bot.settings import Settings
from bot.transport.log_redaction import HIDDEN, redacted_logs
from index import Library
from tests.support.bot import bot_under, talking
from tests.support.playground import serve_playground
from tests.support.waiting import until

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


def test_the_token_is_hidden_in_messages_arguments_tracebacks_and_stacks(log: StringIO) -> None:
    logger = logging.getLogger("any.logger")
    with redacted_logs(TOKEN):
        logger.warning("https://api.telegram.org/bot%s/getMe", TOKEN)
        logger.warning("https://proxy.example/%s", TOKEN.replace(":", "%3A"))
        logger.warning({"token": TOKEN})
        logger.warning("only %s", SECRET)
        try:
            try:
                raise ValueError(f"cause {TOKEN}")
            except ValueError as error:
                raise RuntimeError(f"effect {TOKEN}") from error
        except RuntimeError:
            logger.exception("failed")

    written = log.getvalue()
    assert SECRET not in written
    assert written.count(HIDDEN) == 6
    assert "RuntimeError: effect [token]" in written


def test_other_records_are_left_alone_and_logging_is_as_before_afterwards(log: StringIO) -> None:
    factory = logging.getLogRecordFactory()
    with redacted_logs(TOKEN):
        logging.getLogger("any.logger").warning("%d articles", 3)

    assert log.getvalue() == "3 articles\n"
    assert logging.getLogRecordFactory() is factory


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
