"""What systemd is told over its socket: readiness, pings of the event loop, the stop."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.service_manager import telling_service_manager
from bot.playground import Playground
from tests.support.bot_process import answering_once, started
from tests.support.commands import IN_ONE_PROCESS
from tests.support.playground import serve_playground
from tests.support.waiting import PATIENCE_SECONDS, until

QUICKLY = "300000"  # microseconds


class Notices:
    """Datagram socket of a service manager."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)
        self.told: list[str] = []

    def read(self) -> list[str]:
        """Return what was told since the last look."""
        told = []
        try:
            while True:
                told.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            self.told += told
            return told

    async def came(self, state: str) -> bool:
        """Tell whether a state was told by now."""
        self.read()
        return state in self.told

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def notices(tmp_path: Path) -> Iterator[Notices]:
    notices = Notices(str(tmp_path / "notify"))
    yield notices
    notices.close()


@pytest.mark.slow
async def test_a_running_bot_tells_that_it_is_ready_alive_and_stopping(
    tmp_path: Path, notices: Notices
) -> None:
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": QUICKLY}
    async with answering_once(tmp_path / "data", **IN_ONE_PROCESS, **told) as (process, *_):
        await until(lambda: notices.came("WATCHDOG=1"))
        assert notices.told[0] == "READY=1"
        assert "STOPPING=1" not in notices.told

        process.send_signal(signal.SIGTERM)

        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.communicate()
    assert process.returncode == 0
    assert await notices.came("STOPPING=1")
    assert notices.told[-1] == "STOPPING=1"
    assert notices.told.count("READY=1") == 1


@pytest.mark.slow
async def test_a_bot_is_not_ready_before_telegram_is_reached(
    tmp_path: Path, notices: Notices
) -> None:
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
    playground = Playground()
    async with serve_playground(playground) as client:
        await client.post("/faults", method="getMe", error=502, times=1000)
        token, address = playground.token, client.address
        data = tmp_path / "data"
        async with started(data, token, address, **told, **IN_ONE_PROCESS) as process:
            assert process.stderr is not None
            while b"Telegram cannot be reached" not in await process.stderr.readline():
                pass
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.communicate()
    assert process.returncode == 0
    assert notices.read() == []


async def test_a_hung_event_loop_does_not_ping(tmp_path: Path, notices: Notices) -> None:
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}
    async with telling_service_manager(told):
        await until(lambda: notices.came("WATCHDOG=1"))
        notices.read()
        hang()
        assert notices.read() == []
        notices.told.clear()
        await until(lambda: notices.came("WATCHDOG=1"))


def hang() -> None:
    time.sleep(0.1)


@pytest.mark.parametrize(("process", "pings"), [("this", True), ("", True), ("1", False)])
async def test_only_the_process_that_is_watched_pings(
    tmp_path: Path, notices: Notices, process: str, *, pings: bool
) -> None:
    process = process.replace("this", str(os.getpid()))
    told = {"WATCHDOG_USEC": QUICKLY, "WATCHDOG_PID": process}
    async with telling_service_manager(told | {"NOTIFY_SOCKET": str(tmp_path / "notify")}):
        await asyncio.sleep(0)
        assert notices.read() == ["READY=1", *["WATCHDOG=1"] * pings]


async def test_an_abstract_socket_is_told_too() -> None:
    name = f"hoibao-test-{os.getpid()}"
    notices = Notices(f"\0{name}")
    async with telling_service_manager({"NOTIFY_SOCKET": f"@{name}"}):
        assert notices.read() == ["READY=1"]
    notices.close()


async def test_without_a_service_manager_nothing_happens(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with telling_service_manager({}):
        pass
    assert caplog.text == ""


async def test_a_socket_that_is_gone_does_not_stop_the_bot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with telling_service_manager({"NOTIFY_SOCKET": str(tmp_path / "gone")}):
        pass
    assert "The service manager was not told READY=1" in caplog.text
