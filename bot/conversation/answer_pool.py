"""Answer pool: run questions in a few worker processes, with a bounded queue."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from bot.errors import BusyError
from index import Library
from index.workers import Executor, InlineExecutor, ProcessExecutor

THREADS = 4  # that answer if there are no processes
WAITING_LIMIT = 500  # questions

Params = ParamSpec("Params")
Result = TypeVar("Result")


class AnswerPool:
    """Pool of executors that run functions over a library, first come, first served.

    Args:
        executors: Each runs one function at a time; the one freed last is reused first, so
            that idle ones need not start.
        waiting: How many questions may wait for an executor.
    """

    def __init__(
        self, executors: Sequence[Executor[Library]], waiting: int = WAITING_LIMIT
    ) -> None:
        self._free = list(reversed(executors))
        self._turns = asyncio.Semaphore(len(executors))  # first come, first served
        self.room = waiting

    @classmethod
    def of_threads(cls, library: Library) -> "AnswerPool":
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
async def answer_pool(library: Library, processes: int) -> AsyncIterator[AnswerPool]:
    """Open a pool of processes that answer from a library.

    Args:
        library: The library to search.
        processes: The number of processes; 0 means threads of this one.
    """
    if not processes:
        yield AnswerPool.of_threads(library)
        return
    async with AsyncExitStack() as stack:
        yield AnswerPool(
            [
                await stack.enter_async_context(ProcessExecutor(library.opener()))
                for _ in range(processes)
            ]
        )
