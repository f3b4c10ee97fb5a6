"""Health and readiness of a bot over HTTP, and where they are served."""

import asyncio
import shutil
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Event

import httpx
import pytest

from bot.app.errors import StartError
from bot.app.monitoring import parts as monitored_parts
from bot.app.monitoring.readings import Readings, SharedReading
from bot.app.runner import run_with_services
from bot.playground import Playground
from bot.settings import Metrics, Settings
from bot.sources.context import SourceAdmin
from bot.transport.polling import PollingBot
from index import Library
from index.engine.opensearch import ClusterAddress
from index.store.database import DATABASE_FILE
from tests.support.bot import ARTICLES, WHO, bot_under
from tests.support.commands import IN_ONE_PROCESS, Commands, free_port, is_one_line
from tests.support.libraries import open_library
from tests.support.monitoring import MonitoredTalk, monitored_talk, pages_on
from tests.support.playground import serve_playground
from tests.support.waiting import until

BOT = 7

READY = "database ok\nindex ok\ntelegram ok\n"


async def status(pages: httpx.AsyncClient, path: str) -> int:
    return (await pages.get(path)).status_code


async def is_ready(talk: MonitoredTalk) -> bool:
    return await status(talk.pages, "/readyz") == 200


async def test_a_bot_that_polls_is_alive_and_ready(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        await until(lambda: is_ready(talk))
        health, readiness = await talk.pages.get("/healthz"), await talk.pages.get("/readyz")

        assert (health.status_code, health.text) == (200, "ok\n")
        assert readiness.text == READY
        for part in ("database", "index", "telegram"):
            assert await talk.value("hoibao_ready", part=part) == 1
        assert await status(talk.pages, "/elsewhere") == 404
        assert (await talk.pages.post("/metrics", content="x")).status_code in {400, 405}


async def test_a_bot_that_fetched_no_updates_for_long_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with monitored_talk(tmp_path) as talk:
        await until(lambda: is_ready(talk))
        monkeypatch.setattr(monitored_parts, "POLLED_WITHIN_SECONDS", 0.0)

        assert "telegram failing\n" in (await talk.pages.get("/readyz")).text


async def test_each_update_tells_that_the_bot_polls(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        bot = talk.application.bot
        assert isinstance(bot, PollingBot)
        await until(lambda: is_ready(talk))
        before = bot.polled_at
        await talk.ask(WHO)

        assert before is not None
        assert bot.polled_at is not None
        assert bot.polled_at > before


async def test_a_bot_with_a_webhook_is_ready_once_telegram_knows_it(tmp_path: Path) -> None:
    port = free_port()
    webhook = {"url": f"http://127.0.0.1:{port}/hook", "port": port}
    async with monitored_talk(tmp_path, webhook=webhook) as talk:
        assert (await talk.pages.get("/readyz")).text == READY


async def test_a_bot_that_does_not_reach_telegram_is_alive_but_not_ready(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings.model_validate({"metrics": {"listen": f"127.0.0.1:{port}"}})
    with open_library(tmp_path, ARTICLES) as library:
        desk = SourceAdmin(library, settings)
        async with serve_playground(Playground()) as client, pages_on(port) as pages:
            application = bot_under(client, library, api_url="http://127.0.0.1:9")

            async def run() -> None:
                async with run_with_services(application, desk):
                    raise AssertionError("nobody is there")

            async def answers() -> bool:
                with suppress(httpx.ConnectError):
                    return await status(pages, "/healthz") == 200
                return False

            task = asyncio.create_task(run())
            await until(answers)
            readiness = await pages.get("/readyz")
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    assert readiness.status_code == 503
    assert readiness.text == "database ok\nindex ok\ntelegram failing\n"


async def test_a_bot_is_not_ready_without_its_index(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        shutil.rmtree(tmp_path / "engine")

        readiness = await talk.pages.get("/readyz")

        assert readiness.status_code == 503
        assert "database ok\nindex failing\n" in readiness.text
        assert await talk.value("hoibao_ready", part="index") == 0
        assert await status(talk.pages, "/healthz") == 200


async def test_a_bot_is_not_ready_while_its_database_fails(tmp_path: Path) -> None:
    async with monitored_talk(tmp_path) as talk:
        change(tmp_path, "ALTER TABLE sources RENAME TO gone")

        readiness = await talk.pages.get("/readyz")
        ready = await talk.value("hoibao_ready", part="database")
        names = {sample.name for sample in await talk.samples()}
        change(tmp_path, "ALTER TABLE gone RENAME TO sources")

        assert readiness.status_code == 503
        assert "database failing\n" in readiness.text
        assert ready == 0
        assert "hoibao_sources" not in names
        assert "hoibao_question_seconds_count" in names
        assert "database ok\n" in (await talk.pages.get("/readyz")).text


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.execute(statement)


async def test_a_database_that_hangs_is_waited_for_once_by_all_who_ask() -> None:
    answers, asked = Event(), []

    def hanging() -> str:
        asked.append("a look")
        answers.wait()
        return "there"

    reading = SharedReading(hanging, patience=0.01)
    assert [await reading.read(), await reading.read()] == [None, None]
    assert asked == ["a look"]
    answers.set()
    await reading.close()
    reading = SharedReading(hanging, patience=60)
    assert await reading.read() == "there"
    await reading.close()


async def test_an_engine_that_hangs_hides_no_figure_of_the_database(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        address = ClusterAddress((f"http://127.0.0.1:{hanging.getsockname()[1]}",))
        library = Library.open(tmp_path, cluster=address, indexing=False)
        readings = Readings(library, BOT, patience=2.0)
        found = await readings.read()
    assert found.store is not None
    assert found.revisions is None
    await readings.close()
    library.close()


async def test_a_taken_port_is_a_clear_error(library: Library) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        metrics = Metrics(listen=f"127.0.0.1:{port}")
        with pytest.raises(StartError, match=rf"metrics\.listen 127\.0\.0\.1:{port}: .*in use"):
            await serve_for_a_moment(library, metrics)


@pytest.mark.parametrize("command", ["check", "run", "status"])
def test_an_address_that_is_none_is_one_line_of_each_command(tmp_path: Path, command: str) -> None:
    hoibao = Commands(tmp_path)
    (tmp_path / "config.toml").write_text('[metrics]\nlisten = "here"', encoding="utf-8")
    assert is_one_line(hoibao(command), "config.toml", "metrics.listen: a host and a port")


def test_a_taken_port_ends_the_bot_with_one_line(tmp_path: Path) -> None:
    hoibao = Commands(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        hoibao.environment |= IN_ONE_PROCESS | {"HOIBAO_TOKEN": "1:abc"}
        hoibao.environment |= {"HOIBAO_METRICS__LISTEN": listen}
        assert is_one_line(hoibao("run"), f"metrics.listen {listen}: ", "in use")


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
async def test_a_loopback_address_is_listened_on_without_a_warning(
    library: Library, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    await serve_for_a_moment(library, Metrics(listen=f"{host}:{free_port()}"))
    assert "open to the network" not in caplog.text


async def test_another_address_is_warned_of(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    await serve_for_a_moment(library, Metrics(listen=f"0.0.0.0:{free_port()}"))
    assert "The metrics are open to the network, on 0.0.0.0:" in caplog.text


async def serve_for_a_moment(library: Library, metrics: Metrics) -> None:
    desk = SourceAdmin(library, Settings(metrics=metrics))
    async with (
        serve_playground(Playground()) as client,
        run_with_services(bot_under(client, library), desk),
    ):
        pass
