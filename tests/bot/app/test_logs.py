"""`log_format = "json"`: all that `hoibao run` prints on standard error is one object a line."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import Process
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from index.workers import HIDDEN
from tests.support.bot import ARTICLES, WHO
from tests.support.bot_process import answered, answering_once, started
from tests.support.commands import IN_ONE_PROCESS
from tests.support.libraries import open_library
from tests.support.processes import family
from tests.support.waiting import PATIENCE_SECONDS, START_SECONDS, until

JSON = {"HOIBAO_LOG_FORMAT": "json"}
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


async def entries(process: Process) -> list[dict[str, Any]]:
    """Wait for the end of a process, and parse each line that it printed."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        _, errors = await process.communicate()
    return [json.loads(line) for line in errors.decode().splitlines()]


@pytest.mark.slow
async def test_a_bot_and_its_processes_log_objects(tmp_path: Path) -> None:
    reranker = {"HOIBAO_RERANKER__URL": NOWHERE, "HOIBAO_ANSWERING_PROCESSES": "1"}
    data = tmp_path / "data"
    with open_library(data, ARTICLES):
        pass
    async with answering_once(data, **JSON, **reranker, HOIBAO_LOG_LEVEL="DEBUG") as (
        process,
        client,
        token,
    ):
        await client.post("/faults", method="sendMessage", error=403, times=1)
        await client.write(WHO)
        later = await client.write(WHO)
        await until(lambda: answered(client, later), START_SECONDS)
        for each in reversed(family(process.pid)):
            os.kill(each, signal.SIGTERM)
        logged = await entries(process)

    assert process.returncode == 0
    assert all({"time", "level", "logger", "message"} <= entry.keys() for entry in logged)
    assert all(datetime.fromisoformat(entry["time"]).tzinfo is not None for entry in logged)
    told = [(entry["level"], entry["logger"]) for entry in logged]
    assert ("INFO", "bot.app.runner") in told
    assert ("WARNING", "index.search.reranker.failure_log") in told  # of the process that answers
    assert token not in str(logged)
    assert any(HIDDEN in entry["message"] for entry in logged)


@pytest.mark.slow
async def test_the_reason_of_its_end_is_an_object_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    async with started(data, "no-such-form", NOWHERE, **JSON, **IN_ONE_PROCESS) as process:
        warning, end = await entries(process)

    assert process.returncode == 2
    assert warning["level"] == "WARNING"
    assert f"chmod -R o= {data}" in warning["message"]
    assert end["level"] == "CRITICAL"
    assert end["message"].startswith("the token is malformed")
