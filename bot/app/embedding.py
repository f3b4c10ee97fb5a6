"""Embed articles in the background while the bot runs, where `semantic` is on.

Of several processes over one database, one at a time does.
"""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from index import Library
from index.search.semantic import Semantics
from index.store.sharing import Lease
from index.workers import LoggedFailures

LOOK_SECONDS = 5.0  # between looks for new articles
LEASE = "embed articles"
NICENESS = 10  # answers come first, and so does everything else

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def embedding_in_background(
    library: Library, *, pause: float = LOOK_SECONDS
) -> AsyncIterator[None]:
    """Embed articles without vectors, old and new ones, in a thread of low priority.

    Args:
        library: The library; nothing is done if semantic search is off.
        pause: Seconds between looks for new articles.
    """
    if library.semantics is None:
        yield
        return
    stop = threading.Event()
    # A thread of its own: it is busy for hours, and its priority stays low.
    worker = threading.Thread(
        target=_embed, args=(library, library.semantics, stop, pause), name="embedding articles"
    )
    worker.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(worker.join)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The turn of this process to embed, which ends at a stop, or if it hung and lost its lease."""

    stop: threading.Event
    lease: Lease

    def is_set(self) -> bool:
        return self.stop.is_set() or not self.lease.is_mine


def _embed(library: Library, semantics: Semantics, stop: threading.Event, pause: float) -> None:
    if sys.platform == "linux":  # only there threads have priorities
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + NICENESS)
    failures = LoggedFailures(_LOGGER, "articles are not embedded")
    while not stop.is_set():
        with failures:
            if not semantics.is_complete():
                with library.leases.held(LEASE, wait=False) as lease:
                    semantics.embed_missing(_Turn(stop, lease), _log_rate)
        stop.wait(pause)


def _log_rate(articles: int, seconds: float) -> None:
    rate = articles / max(seconds, 0.001)
    _LOGGER.info("%s more articles are found by meaning too, %.1f a second", articles, rate)
