"""Functions that tests run in worker processes; a module that imports little, as workers do."""

import os
import signal
from pathlib import Path
from typing import Any

from bot.questions.overviews import Overview
from bot.questions.service import AnswerPage, find_answer
from index import Library
from index.errors import UnavailableError

QUESTION = "ai dự hội nghị?"


class UnsendableError(Exception):
    """An error that another process cannot make again of its message."""

    def __init__(self, text: str, number: int) -> None:
        super().__init__(f"{text} {number}")


def ask(library: Library, question: str) -> str:
    return library.ask(question, limit=1).quotes[0].text


def niceness(_: Library) -> int:
    return os.nice(0)


def pid(_: Library) -> int:
    return os.getpid()


def server(_: Library) -> int:
    """The process that forked this one."""
    return os.getppid()


def kill(_: Library, number: signal.Signals = signal.SIGKILL) -> int:
    os.kill(os.getpid(), number)
    return os.getpid()


def wait_for_signal(_: Library) -> None:
    signal.pause()


def die_once(library: Library, sign: Path) -> str:
    if not sign.exists():
        sign.touch()
        kill(library)
    return ask(library, QUESTION)


def find_but_die_once(sign: Path, library: Library, *asked: Any) -> AnswerPage | Overview:
    """Find as the bot does, after the process was killed once."""
    if not sign.exists():
        sign.touch()
        kill(library)
    return find_answer(library, *asked)


def search_and_fail(library: Library) -> None:
    """Fail after a search, as one does that the engine does not answer in time."""
    ask(library, QUESTION)
    raise UnavailableError("no answer in 10 s")


def find_or_fail(library: Library, question: str) -> int:
    """Fail as a defect would: with an error that nobody foresaw, or one that cannot be sent."""
    if question == "lỗi":
        raise OverflowError("math range error")
    if question == "lỗi lạ":
        raise UnsendableError("lỗi", 5)
    return len(library.ask(question).quotes)
