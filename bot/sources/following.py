"""Following sources beside the bot, for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from bot.sources.registry import follow_settings, make_fetcher
from index import Library
from index.sources.follower import Follower, OnChecked
from index.workers import BACKGROUND_NICENESS, Executor, InlineExecutor, ProcessExecutor


@asynccontextmanager
async def running_follower(
    library: Library, settings: Settings, follower: Follower | None = None
) -> AsyncIterator[Follower]:
    """Follow the sources of a library and of the settings while the context is open.

    Args:
        library: Holds the sources, and takes in their articles.
        settings: Sources, and how they may be asked.
        follower: What follows them; by default what `make_follower` makes.

    Yields:
        What follows them.

    Raises:
        HoiBaoError: If the sources of the settings cannot be stored.
    """
    follower = follower or make_follower(library, settings)
    stop = asyncio.Event()
    async with follower.fetcher:
        await asyncio.to_thread(follow_settings, library.followed, settings.sources)
        task = asyncio.create_task(follower.run(stop))
        try:
            yield follower
        finally:
            stop.set()
            await task


@asynccontextmanager
async def ingest_executor(
    library: Library, *, in_process: bool
) -> AsyncIterator[Executor[Library]]:
    """Take in articles while the context is open, in a process that makes way for answers.

    Args:
        library: Where they are stored.
        in_process: Whether there is such a process; else it is done in threads of this one.
    """
    if not in_process:
        yield InlineExecutor(library)
        return
    opener = library.opener(semantic=False)
    async with ProcessExecutor(opener, niceness=BACKGROUND_NICENESS) as executor:
        yield executor


def make_follower(
    library: Library,
    settings: Settings,
    on_checked: OnChecked | None = None,
    executor: Executor[Library] | None = None,
) -> Follower:
    """Return what follows the sources of a library as the settings say; its fetcher is open.

    `executor` takes in what was fetched, see `ingest_executor`.
    """
    return Follower(
        library,
        make_fetcher(settings),
        bounds=settings.following.bounds,
        concurrency=settings.following.concurrency,
        on_checked=on_checked,
        executor=executor,
    )
