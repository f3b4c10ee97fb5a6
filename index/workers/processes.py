"""Run blocking functions in threads and in worker processes.

Worker processes are forks of a server, see `index.workers.fork_server`. They ignore Ctrl-C, which
a terminal sends to all of its processes, and end when the process that needs them ends, even by
`kill -9`.
"""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.context import ForkServerProcess
from multiprocessing.util import Finalize
from threading import Thread
from typing import Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, cast

from index.errors import WorkerError
from index.workers.fork_server import FORKING, listen_to_sigterm, serving, start_server
from index.workers.logs import LogStyle, log_style, log_to_stderr
from index.workers.redaction import hidden, hide, redact_stderr

ATTEMPTS = 2
BACKGROUND_NICENESS = 10
"""Niceness as in `os.nice`: a background process gets a tenth of a core while all are busy."""

_LOGGER = logging.getLogger(__name__)


class Closable(Protocol):
    """Resource that is closed when its process ends, such as a library."""

    def close(self) -> None:
        """Release the resource."""


Params = ParamSpec("Params")
Result = TypeVar("Result")
Resource = TypeVar("Resource", bound=Closable)
Resource_co = TypeVar("Resource_co", bound=Closable, covariant=True)


class InlineExecutor(Generic[Resource_co]):
    """Runs functions in threads of this process, with a resource that is open."""

    def __init__(self, resource: Resource_co) -> None:
        self._resource = resource

    async def run(
        self,
        function: Callable[Concatenate[Resource_co, Params], Result],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Run a function with the resource and these arguments, and return its result."""
        return await in_thread(function, self._resource, *args, **kwargs)


class ProcessExecutor(Generic[Resource_co]):
    """Runs functions one after another in a worker process, with a resource opened there.

    The process is started when it is first needed, and replaced when it dies. Use it in an
    `async with` statement, which waits for the running function before it ends the process.

    Args:
        opener: Opens the resource; it is pickled.
        niceness: Lowers the priority of the process, as in `os.nice`.
    """

    def __init__(self, opener: Callable[[], Resource_co], *, niceness: int = 0) -> None:
        self._opener = opener
        self._niceness = niceness
        self._lock = asyncio.Lock()
        self._pool: ProcessPoolExecutor | None = None

    async def run(
        self,
        function: Callable[Concatenate[Resource_co, Params], Result],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Run a function with the resource and these arguments, and return its result.

        Args:
            function: A function of a module; it is pickled with its arguments and its result.
            args: The arguments after the resource.
            kwargs: The arguments by name.

        Raises:
            WorkerError: The process died, and so did the one that replaced it.
        """
        async with self._lock:
            for _ in range(ATTEMPTS):
                try:
                    if self._pool is None:
                        self._pool = await in_thread(self._start)
                    future = submit(self._pool, _run_with_resource, function, args, kwargs)
                    return cast(Result, await asyncio.wrap_future(future))
                except BrokenProcessPool:
                    _LOGGER.warning("a worker process died")
                    self._pool = None
        raise WorkerError(f"two worker processes died on the same task ({function.__qualname__})")

    def _start(self) -> ProcessPoolExecutor:
        """Start the process, which takes a second if the server of forks is new."""
        pool = start_pool(1, partial(_prepare_worker, self._opener, self._niceness))
        submit(pool, os.getpid)
        return pool

    async def __aenter__(self) -> Self:
        await in_thread(start_server)  # it imports while nobody needs a process yet
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._pool:
            await asyncio.to_thread(self._pool.shutdown)


Executor = InlineExecutor[Resource_co] | ProcessExecutor[Resource_co]
"""Runs functions that take a resource first."""


@dataclass(frozen=True, slots=True)
class _Inherited:
    """Secrets and the style of the log, which a started process has from the one that needs it."""

    secrets: tuple[str, ...]
    log_style: LogStyle | None

    @classmethod
    def of_this_process(cls) -> Self:
        return cls(hidden(), log_style())


def start_pool(
    processes: int, initializer: Callable[[], object] | None = None
) -> ProcessPoolExecutor:
    """Return a pool whose processes start when they are needed; see `submit`."""
    arguments = _Inherited.of_this_process(), initializer
    return ProcessPoolExecutor(processes, FORKING, _initialize, arguments)


def submit(
    pool: ProcessPoolExecutor,
    function: Callable[Params, Result],
    /,
    *args: Params.args,
    **kwargs: Params.kwargs,
) -> "Future[Result]":
    """Submit a function to a pool, which may start a process."""
    with serving():
        return pool.submit(function, *args, **kwargs)


def start_process(
    function: Callable[[Resource], object], opener: Callable[[], Resource]
) -> ForkServerProcess:
    """Run a function with a resource in a background process, which may be killed at any moment.

    Returns:
        The process, of low priority. Its exit code is 0 once the function has returned.
    """
    arguments = _Inherited.of_this_process(), function, opener
    process = FORKING.Process(target=_run_in_background, args=arguments, daemon=True)
    with serving():
        process.start()
    return process


async def in_thread(
    function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
) -> Result:
    """Run a blocking function in a thread; cancelled, wait for it to return first.

    A database is thus never closed while a function still writes to it.
    """
    return await _returned(asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs)))


class OwnThreads:
    """Threads of one service: it does not wait for others, which may wait for the only writer.

    Args:
        count: How many.
        name: The beginning of their names.
    """

    def __init__(self, count: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(count, name)

    async def run(
        self, function: Callable[Params, Result], *args: Params.args, **kwargs: Params.kwargs
    ) -> Result:
        """Run a blocking function as `in_thread` does."""
        loop, call = asyncio.get_running_loop(), partial(function, *args, **kwargs)
        return await _returned(loop.run_in_executor(self._executor, call))


async def _returned(work: "asyncio.Future[Result]") -> Result:
    """Wait for a function in a thread; cancelled, wait for it to return first."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.gather(work, return_exceptions=True)
        raise


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# The code below runs in the started processes.
_opener: ContextVar[Callable[[], Closable]] = ContextVar("_opener")


def _initialize(inherited: _Inherited, initializer: Callable[[], object] | None = None) -> None:
    hide(*inherited.secrets)
    redact_stderr()
    log_to_stderr(inherited.log_style)
    gc.freeze()  # what the server imported stays, and its memory is shared
    Thread(target=_end_with_parent, daemon=True).start()
    if initializer:
        initializer()
    listen_to_sigterm()


def _end_with_parent() -> None:
    """End this process when the one that needs it ends, even if that is killed."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _prepare_worker(opener: Callable[[], Closable], niceness: int) -> None:
    # A service manager sends SIGTERM to all processes; this one ends when its work is done.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.nice(niceness)
    _opener.set(opener)


def _run_with_resource(
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> object:
    return function(_resource(), *args, **kwargs)


@cache
def _resource() -> Closable:
    """Open the resource of this process, which is closed when the process ends."""
    resource = _opener.get()()
    Finalize(None, resource.close, exitpriority=0)
    return resource


def _run_in_background(
    inherited: _Inherited,
    function: Callable[[Resource], object],
    opener: Callable[[], Resource],
) -> None:
    _initialize(inherited)
    os.nice(BACKGROUND_NICENESS)
    try:
        with closing(opener()) as resource:
            function(resource)
    except Exception:  # the outermost call, which else prints it in no style
        _LOGGER.exception("a background process failed")
        sys.exit(1)
