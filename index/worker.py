"""A process of its own that works with a library: long CPU work holds Python's lock.

It is started when there is something to do, and kept. One that dies is replaced, and its work is
done once more. It ends with the process that started it, however that ends: then the line
between them breaks.
"""

import logging
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from index.errors import HoiBaoError, WorkerError
from index.library import Library
from index.processes import interrupts_held_back

ATTEMPTS = 2

_LOGGER = logging.getLogger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Doer(Protocol):
    """Does work with a library; it blocks, and may be called from any thread."""

    def do(
        self,
        work: Callable[Concatenate[Library, Given], Result],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """Do some work with the library, and return what comes of it."""


class Here:
    """Does the work in the thread that asks for it, with a library that is open."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def do(
        self,
        work: Callable[Concatenate[Library, Given], Result],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """Do some work with the library, and return what comes of it."""
        return work(self._library, *args, **kwargs)


class Worker:
    """Does the work in a process, one after the other.

    Args:
        opening: Opens the library there; it is pickled, as `Library.opener` is.
        niceness: How far it makes way for other processes, as in `os.nice`.
    """

    def __init__(self, opening: Callable[[], Library], *, niceness: int = 0) -> None:
        self._opening = opening
        self._niceness = niceness
        self._lock = Lock()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return self._process.pid if self._process else None

    def do(
        self,
        work: Callable[Concatenate[Library, Given], Result],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """Do some work with the library, and return what comes of it.

        Args:
            work: A function of a module, which is pickled with its arguments and its result.
            args: What it is given after the library.
            kwargs: What it is given by name.

        Raises:
            WorkerError: If the process died, and another one as well.
        """
        with self._lock:
            for _ in range(ATTEMPTS):
                try:
                    result, error = self._done(work, args, kwargs)
                except (EOFError, OSError):
                    _LOGGER.warning("a process (%s) died at its work", self.pid)
                    self._end()
                    continue
                if error is not None:
                    raise error
                return cast(Result, result)
        raise WorkerError(f"two processes died at the same work ({work.__qualname__})")

    def close(self) -> None:
        """End the process, after what it does."""
        with self._lock:
            self._end()

    def _done(
        self, work: Callable[..., object], args: object, kwargs: object
    ) -> tuple[object, Exception | None]:
        if self._line is None:
            self._start()
        assert self._line is not None
        self._line.send((work, args, kwargs))
        outcome: tuple[object, Exception | None] = self._line.recv()
        return outcome

    def _start(self) -> None:
        context = get_context("spawn")  # this process has threads
        line, theirs = context.Pipe()
        process = context.Process(
            target=_work, args=(theirs, self._opening, self._niceness), name="hoibao worker"
        )
        with interrupts_held_back():
            process.start()
        theirs.close()
        self._line, self._process = line, process

    def _end(self) -> None:
        if self._line is None or self._process is None:
            return
        self._line.close()
        self._process.join()
        self._process.close()
        self._line = self._process = None


def _work(line: Connection, opening: Callable[[], Library], niceness: int) -> None:
    """Do what comes by the line, until it breaks."""
    # It may be sent to all processes; this one ends when its work is done.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if niceness:
        os.nice(niceness)
    library: Library | None = None
    with ExitStack() as stack:
        while True:
            try:
                work, args, kwargs = line.recv()
            except (EOFError, OSError):
                return
            result: object = None
            failure: Exception | None = None
            try:
                library = library or stack.enter_context(opening())
                result = work(library, *args, **kwargs)
            except HoiBaoError as error:
                failure = error
            except Exception as error:
                _LOGGER.exception("a process failed at its work (%s)", work.__qualname__)
                failure = error
            try:
                line.send((result, failure))
            except OSError:
                return
