"""Read what is stored: sources by state, pending deliveries, updates that wait, the index."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, Self, TypeVar

from bot.app.monitoring.parts import Monitored
from index import Library
from index.engine.sync import Revisions
from index.errors import HoiBaoError
from index.store.chats import Backlog
from index.store.sources import SourceState

PATIENCE_SECONDS = 4.0  # for database and engine; Prometheus waits for ten by default

_LOGGER = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class StoreReading:
    """Figures of the database: the followed sources by state, the pending deliveries.

    Where several workers share it: how many updates wait, for how many seconds the one that waits
    longest does, and how many workers live, by their roles.
    """

    sources: Mapping[SourceState, int]
    backlog: Backlog
    updates: int
    updates_late: float
    workers: Mapping[str, int]

    @classmethod
    def of(cls, library: Library, bot: int) -> Self:
        """Read the figures of a library and of a bot, by its number."""
        return cls(
            sources=Counter(source.state for source in library.followed.all()),
            backlog=library.outbox.backlog(bot),
            updates=library.inbox.waiting(bot),
            updates_late=library.inbox.lateness(bot),
            workers=Counter(
                role for member in library.workers.members() for role in member.roles.split()
            ),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures of the database and of the search index; None of the one that does not answer."""

    store: StoreReading | None = None
    revisions: Revisions | None = None


def readiness(parts: Monitored, reading: Reading) -> Mapping[str, bool]:
    """Return whether the database, the search index and the way to Telegram are there."""
    return {
        "database": reading.store is not None,
        "index": reading.revisions is not None,
        "telegram": parts.receives_updates(),
    }


def read_store(library: Library, bot: int) -> StoreReading | None:
    """Read the figures of the database, and of a bot by its number; None if it does not answer."""
    try:
        return StoreReading.of(library, bot)
    except HoiBaoError as error:
        _LOGGER.debug("The database does not answer: %s", error)
        return None


def read_revisions(library: Library) -> Revisions | None:
    """Read how far the store and the index are; None without an index that answers; blocks."""
    try:
        is_missing, revisions = library.index_sync.is_missing(), library.index_sync.revisions()
        return None if is_missing else revisions
    except HoiBaoError as error:
        _LOGGER.debug("The search index does not answer: %s", error)
        return None


class Readings:
    """Reader of figures in threads of its own, one of each kind at a time however many ask.

    Args:
        library: The library whose figures are read.
        bot: The number of the bot.
        patience: Seconds after which a database or an engine counts as one that does not answer.
    """

    def __init__(self, library: Library, bot: int, patience: float = PATIENCE_SECONDS) -> None:
        self._store = SharedReading(partial(read_store, library, bot), patience)
        self._revisions = SharedReading(partial(read_revisions, library), patience)

    async def read(self) -> Reading:
        """Read the figures, or share those that are being read; None of what takes too long."""
        return Reading(*await asyncio.gather(self._store.read(), self._revisions.read()))

    async def close(self) -> None:
        """Wait a little for the figures that are being read, since the library closes next."""
        await asyncio.gather(self._store.close(), self._revisions.close())


class SharedReading(Generic[Result]):
    """Value that a thread reads once for all that ask meanwhile.

    Args:
        read: Reads it; blocks.
        patience: Seconds after which it is None to who waits.
    """

    def __init__(self, read: Callable[[], Result], patience: float) -> None:
        self._read = read
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "monitoring")
        self._reading: asyncio.Future[Result] | None = None

    async def read(self) -> Result | None:
        """Read it, or share what is being read."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().run_in_executor(self._thread, self._read)
        done, _ = await asyncio.wait({self._reading}, timeout=self._patience)
        return self._reading.result() if done else None

    async def close(self) -> None:
        """Wait a little for what is being read."""
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=self._patience)
        self._thread.shutdown(wait=False)
