"""Functions run in a process with a library of its own."""

import asyncio
import os
import signal
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import WorkerError
from index.search.query.filters import FilterError, FilterReason
from index.workers import ProcessExecutor, start_process
from tests.support.errands import (
    QUESTION,
    ask,
    die_once,
    kill,
    niceness,
    pid,
    server,
    wait_for_signal,
)
from tests.support.processes import is_running
from tests.support.waiting import START_SECONDS, until


async def test_a_process_answers_as_the_library_does_and_sees_what_comes_later(
    library: Library,
) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        assert await executor.run(ask, QUESTION) == ask(library, QUESTION)
        text = "Giá cà phê sáng nay ở Đắk Lắk là 95.000 đồng một ký."
        library.ingest(Article(title="Giá cà phê", text=text))
        assert await executor.run(ask, "giá cà phê ở Đắk Lắk") == text


async def test_an_error_comes_back_as_it_was_raised(library: Library) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        with pytest.raises(FilterError) as caught:
            await executor.run(ask, "ai dự since:hômnào")
    assert caught.value.reason is FilterReason.NOT_A_DATE
    assert caught.value.values["value"] == "hômnào"


async def test_what_a_killed_process_was_doing_is_done_once_more(
    library: Library, tmp_path: Path
) -> None:
    async with ProcessExecutor(library.opener(), niceness=3) as executor:
        assert await executor.run(niceness) == os.nice(0) + 3
        first = await executor.run(pid)
        assert await executor.run(die_once, tmp_path / "sign") == ask(library, QUESTION)
        assert await executor.run(pid) != first
        with pytest.raises(WorkerError, match="kill"):
            await executor.run(kill)
        assert await executor.run(ask, QUESTION) == ask(library, QUESTION)


async def test_another_function_loses_nothing_to_one_that_kills_its_process(
    library: Library,
) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        outcomes = await asyncio.gather(
            executor.run(kill), executor.run(ask, QUESTION), return_exceptions=True
        )
    assert isinstance(outcomes[0], WorkerError)
    assert outcomes[1] == ask(library, QUESTION)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_what_stops_the_bot_interrupts_no_function(
    library: Library, number: signal.Signals
) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        process = await executor.run(kill, number)
        os.kill(await executor.run(server), number)
        assert await executor.run(pid) == process
    async with ProcessExecutor(library.opener()) as executor:
        assert await executor.run(kill, number) == await executor.run(pid)


@pytest.mark.slow
async def test_a_killed_server_takes_its_processes_along_and_is_replaced(library: Library) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        process, first = await executor.run(pid), await executor.run(server)

        async def is_replaced() -> bool:
            with suppress(WorkerError):
                return await executor.run(server) != first
            return False

        async def is_gone() -> bool:
            return not is_running(process)

        os.kill(first, signal.SIGKILL)
        await until(is_replaced, START_SECONDS)
        assert await executor.run(ask, QUESTION) == ask(library, QUESTION)
        await until(is_gone)


async def test_a_process_in_the_background_can_be_stopped(library: Library) -> None:
    process = await asyncio.to_thread(start_process, wait_for_signal, library.opener())
    process.terminate()
    await asyncio.to_thread(process.join)
    assert process.exitcode == -signal.SIGTERM


async def test_no_process_is_left_after_the_end(library: Library) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        process = await executor.run(pid)
        assert is_running(process)
    assert not is_running(process)
    assert active_children() == []
