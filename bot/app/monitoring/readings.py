"""Read what is stored: sources by state, pending deliveries, updates that wait, the index."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from bot.app.monitoring.parts import Monitored
from index import Library
from index.engine.sync import Revisions
from index.errors import HoiBaoError
from index.store.chats import Backlog
from index.store.sources import SourceState

PATIENCE_SECONDS = 4.0  # for database and engine; Prometheus waits for ten by default

_LOGGER = logging.getLogger(__name__)


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
        """Read the figures of a library, and of the updates of a bot, by its number."""
        return cls(
            sources=Counter(source.state for source in library.followed.all()),
            backlog=library.outbox.backlog(),
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


def read(library: Library, bot: int) -> Reading:
    """Read the figures of a library and of a bot, by its number; blocks."""
    try:
        store = StoreReading.of(library, bot)
    except HoiBaoError as error:
        _LOGGER.debug("The database does not answer: %s", error)
        return Reading()
    try:
        is_missing, revisions = library.index_sync.is_missing(), library.index_sync.revisions()
    except HoiBaoError as error:
        _LOGGER.debug("The search index does not answer: %s", error)
        return Reading(store)
    return Reading(store, None if is_missing else revisions)


class Readings:
    """Reader of figures in a thread of its own, one at a time however many ask.

    Args:
        library: The library whose figures are read.
        bot: The number of the bot.
        patience: Seconds after which a database or an engine counts as one that does not answer.
    """

    def __init__(self, library: Library, bot: int, patience: float = PATIENCE_SECONDS) -> None:
        self._library = library
        self._bot = bot
        self._patience = patience
        self._thread = ThreadPoolExecutor(1, "monitoring")
        self._reading: asyncio.Future[Reading] | None = None

    async def read(self) -> Reading:
        """Read the figures, or share those that are being read; none if that takes too long."""
        if self._reading is None or self._reading.done():
            loop = asyncio.get_running_loop()
            self._reading = loop.run_in_executor(self._thread, read, self._library, self._bot)
        done, _ = await asyncio.wait({self._reading}, timeout=self._patience)
        return self._reading.result() if done else Reading()

    async def close(self) -> None:
        """Wait a little for the figures that are being read, since the library closes next."""
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=self._patience)
        self._thread.shutdown(wait=False)
