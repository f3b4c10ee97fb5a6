"""Work in a process with a library of its own."""

import os
import signal
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import WorkerError
from index.filters import FilterError, FilterReason
from index.worker import Worker
from tests.processes_support import is_running

QUESTION = "ai dự hội nghị?"


def ask(library: Library, question: str) -> str:
    return library.ask(question, limit=1).quotes[0].text


def niceness(_: Library) -> int:
    return os.nice(0)


def die(_: Library) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(library: Library, sign: Path) -> str:
    if not sign.exists():
        sign.touch()
        die(library)
    return ask(library, QUESTION)


def test_a_process_answers_as_the_library_does_and_sees_what_comes_later(library: Library) -> None:
    worker = Worker(library.opener())
    try:
        assert worker.do(ask, QUESTION) == ask(library, QUESTION)
        text = "Giá cà phê sáng nay ở Đắk Lắk là 95.000 đồng một ký."
        library.ingest(Article(title="Giá cà phê", text=text))
        assert worker.do(ask, "giá cà phê ở Đắk Lắk") == text
    finally:
        worker.close()


def test_an_error_comes_back_as_it_was_raised(library: Library) -> None:
    worker = Worker(library.opener())
    try:
        with pytest.raises(FilterError) as caught:
            worker.do(ask, "ai dự since:hômnào")
    finally:
        worker.close()
    assert caught.value.reason is FilterReason.NOT_A_DATE
    assert caught.value.values["value"] == "hômnào"


def test_what_a_killed_process_was_doing_is_done_once_more(
    library: Library, tmp_path: Path
) -> None:
    worker = Worker(library.opener(), niceness=3)
    try:
        assert worker.do(niceness) == os.nice(0) + 3
        first = worker.pid
        assert worker.do(die_once, tmp_path / "sign") == ask(library, QUESTION)
        assert worker.pid != first
        with pytest.raises(WorkerError, match="die"):
            worker.do(die)
        assert worker.do(ask, QUESTION) == ask(library, QUESTION)
    finally:
        worker.close()


def test_a_closed_one_leaves_no_process_behind(library: Library) -> None:
    worker = Worker(library.opener())
    worker.do(niceness)
    pid = worker.pid
    assert pid is not None
    assert is_running(pid)
    worker.close()
    assert not is_running(pid)
