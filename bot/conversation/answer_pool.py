"""Answer pool: run questions in a few worker processes, with a bounded queue."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Concatenate, ParamSpec, Self, TypeVar

from index import Library
from index.errors import HoiBaoError
from index.workers import Executor, InlineExecutor, ProcessExecutor

THREADS = 4  # that answer if there are no processes
WAITING_LIMIT = 500  # questions

Params = ParamSpec("Params")
Result = TypeVar("Result")


class BusyError(HoiBaoError):
    """The queue of questions is full."""


class AnswerPool:
    """Pool of executors that run functions over a library, first come, first served.

    Args:
        executors: Each runs one function at a time; the one freed last is reused first, so
            that idle ones need not start.
        waiting: How many questions may wait for an executor.

    `room` is how many more may wait, `turned_away` how many found the queue full.
    """

    def __init__(
        self, executors: Sequence[Executor[Library]], waiting: int = WAITING_LIMIT
    ) -> None:
        self._executors = len(executors)
        self._free = list(reversed(executors))
        self._turns = asyncio.Semaphore(len(executors))  # first come, first served
        self._limit = self.room = waiting
        self.turned_away = 0

    @property
    def waiting(self) -> int:
        """The number of questions that wait for an executor."""
        return self._limit - self.room

    @property
    def is_full(self) -> bool:
        """Whether as many questions wait as can be answered at a time."""
        return self.waiting >= self._executors

    @property
    def working(self) -> int:
        """The number of executors that are at a question."""
        return self._executors - len(self._free)

    @classmethod
    def of_threads(cls, library: Library) -> Self:
        """Return a pool of threads of this process."""
        return cls([InlineExecutor(library)] * THREADS)

    async def run(
        self,
        function: Callable[Concatenate[Library, Params], Result],
        /,
        *args: Params.args,
        **kwargs: Params.kwargs,
    ) -> Result:
        """Run a function with a library and these arguments; see `ProcessExecutor.run`.

        Raises:
            BusyError: Too many questions wait.
            WorkerError: Two processes died at it.
        """
        if self._turns.locked() and not self.room:
            self.turned_away += 1
            raise BusyError("too many questions wait for an answer")
        self.room -= 1
        try:
            await self._turns.acquire()
        finally:
            self.room += 1
        executor = self._free.pop()
        try:
            return await executor.run(function, *args, **kwargs)
        finally:
            self._free.append(executor)
            self._turns.release()


@asynccontextmanager
async def answer_pool(
    library: Library, processes: int, pool: type[AnswerPool] = AnswerPool
) -> AsyncIterator[AnswerPool]:
    """Open a pool of processes that answer from a library.

    Args:
        library: The library to search.
        processes: The number of processes; 0 means threads of this one.
        pool: The class of the pool.
    """
    if not processes:
        yield pool.of_threads(library)
        return
    async with AsyncExitStack() as stack:
        yield pool(
            [
                await stack.enter_async_context(ProcessExecutor(library.opener()))
                for _ in range(processes)
            ]
        )
