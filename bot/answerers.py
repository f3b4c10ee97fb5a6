"""Who answers: some questions at a time, the others in turn, and no more than can wait."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Concatenate, ParamSpec, TypeVar

from bot.errors import BusyError
from index import Library
from index.sources.threads import in_thread
from index.worker import Doer, Here, Worker

THREADS = 4  # that answer at a time where there are no processes
WAITING_LIMIT = 500  # questions

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Answerers:
    """Has the work of answering done, in the order in which it is asked for.

    Args:
        doers: Each does one thing at a time; the last one that became free is the first to go
            on, so that the others need not start.
        waiting: How many questions may wait for one.
    """

    def __init__(self, doers: Sequence[Doer], waiting: int = WAITING_LIMIT) -> None:
        self._free = list(reversed(doers))
        self._turns = asyncio.Semaphore(len(doers))  # first come, first served
        self.room = waiting

    @classmethod
    def within(cls, library: Library) -> "Answerers":
        """Return those that answer in threads of this process."""
        return cls([Here(library)] * THREADS)

    async def do(
        self,
        work: Callable[Concatenate[Library, Given], Result],
        /,
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result:
        """Do some work with the library, see `Worker.do`.

        Raises:
            BusyError: If too many questions wait.
            WorkerError: If it cannot be done.
        """
        if self._turns.locked() and not self.room:
            raise BusyError("too many questions wait for an answer")
        self.room -= 1
        try:
            await self._turns.acquire()
        finally:
            self.room += 1
        doer = self._free.pop()
        try:
            return await in_thread(doer.do, work, *args, **kwargs)
        finally:
            self._free.append(doer)
            self._turns.release()


@asynccontextmanager
async def answerers(library: Library, processes: int) -> AsyncIterator[Answerers]:
    """Answer from a library while the context is open.

    Args:
        library: What is asked.
        processes: How many processes answer; with 0, threads of this one do.
    """
    if not processes:
        yield Answerers.within(library)
        return
    workers = [Worker(library.opener()) for _ in range(processes)]
    try:
        yield Answerers(workers)
    finally:
        await asyncio.gather(*(asyncio.to_thread(worker.close) for worker in workers))
