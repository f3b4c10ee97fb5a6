"""Rebuild an outdated search index in a background process, while the old index answers."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerProcess

from index import Library
from index.workers import start_process

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def reindexing_in_background(library: Library) -> AsyncIterator[None]:
    """Upgrade an outdated search index while the context is open; the next start goes on with it.

    Args:
        library: The library whose index is upgraded.
    """
    if not await asyncio.to_thread(library.index_sync.is_outdated):
        yield
        return
    _LOGGER.warning("An older version indexed the articles: a new index is built beside it")
    process = await asyncio.to_thread(start_process, _renew, library.opener(models=False))
    watching = asyncio.create_task(_watch(process))
    try:
        yield
    finally:
        watching.cancel()
        process.terminate()
        await asyncio.to_thread(process.join)


def _renew(library: Library) -> None:
    library.index_sync.upgrade()


async def _watch(process: ForkServerProcess) -> None:
    await asyncio.to_thread(process.join)
    if process.exitcode == 0:
        _LOGGER.info("The new index answers now")
    else:
        _LOGGER.warning("The new index is not complete: start again, or run: hoibao reindex")
