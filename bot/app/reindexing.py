"""Index in the background: what another process stored, and all anew for a new version."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from index import Library
from index.workers import LoggedFailures, in_background, in_thread, start_process

LOOK_SECONDS = 2.0
"""Between looks whether all stored articles are indexed: three short queries."""

GATHER_SECONDS = 0.1
"""After a notice: the process that stored articles indexes them first, if it has the same index."""

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def reindexing_in_background(
    library: Library, *, pause: float = LOOK_SECONDS
) -> AsyncIterator[None]:
    """Keep the search index complete while the context is open.

    An outdated index answers until a new one is built in another process; the next start goes on
    with it. What other processes store in the same database is indexed here, too, at once where the
    database tells of it; so is what a search cluster missed, when it answers again.

    Args:
        library: The library whose index is kept.
        pause: See `LOOK_SECONDS`.
    """
    noticed, stop = asyncio.Event(), threading.Event()
    notice = partial(asyncio.get_running_loop().call_soon_threadsafe, noticed.set)
    listener = threading.Thread(
        target=library.index_sync.listen, args=(stop, notice), name="listening", daemon=True
    )
    listener.start()
    try:
        async with in_background(_index(library, pause, noticed)):
            yield
    finally:
        stop.set()
        await asyncio.to_thread(listener.join)


async def _index(library: Library, pause: float, noticed: asyncio.Event) -> None:
    is_upgraded, failures = False, LoggedFailures(_LOGGER, "articles are not indexed")
    while True:
        with failures:
            is_synced = await in_thread(library.index_sync.sync_if_available, wait=False)
            if is_synced and not is_upgraded:
                await _upgrade(library)
                is_upgraded = True
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await noticed.wait()
            await asyncio.sleep(GATHER_SECONDS)
        noticed.clear()


async def _upgrade(library: Library) -> None:
    """Build a new index in another process if an older version made the one in use."""
    if not await in_thread(library.index_sync.is_outdated):
        return
    _LOGGER.warning("An older version indexed the articles: a new index is built beside it")
    process = await in_thread(start_process, _renew, library.opener(models=False))
    try:
        await asyncio.to_thread(process.join)
    finally:
        process.terminate()
        await asyncio.to_thread(process.join)
    if process.exitcode == 0:
        _LOGGER.info("The new index answers now")
    else:
        _LOGGER.warning("The new index is not complete: start again, or run: hoibao reindex")


def _renew(library: Library) -> None:
    library.index_sync.upgrade()
