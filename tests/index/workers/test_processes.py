"""Functions run in a process with a library of its own."""

import asyncio
import os
import signal
from multiprocessing import active_children
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import WorkerError
from index.search.query.filters import FilterError, FilterReason
from index.workers import ProcessExecutor
from tests.support.processes import is_running

QUESTION = "ai dự hội nghị?"


def ask(library: Library, question: str) -> str:
    return library.ask(question, limit=1).quotes[0].text


def niceness(_: Library) -> int:
    return os.nice(0)


def pid(_: Library) -> int:
    return os.getpid()


def kill(_: Library, number: signal.Signals = signal.SIGKILL) -> int:
    os.kill(os.getpid(), number)
    return os.getpid()


def die_once(library: Library, sign: Path) -> str:
    if not sign.exists():
        sign.touch()
        kill(library)
    return ask(library, QUESTION)


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


async def test_sigterm_does_not_interrupt_a_function(library: Library) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        assert await executor.run(kill, signal.SIGTERM) == await executor.run(pid)


async def test_no_process_is_left_after_the_end(library: Library) -> None:
    async with ProcessExecutor(library.opener()) as executor:
        process = await executor.run(pid)
        assert is_running(process)
    assert not is_running(process)
    assert active_children() == []
