"""Run the follower of sources as a background task, ingesting in a process of its own."""

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
    """Run the follower of a library's sources and those of the settings as a context.

    Args:
        library: Stores the sources and their articles.
        settings: Sources and HTTP options.
        follower: The follower; by default from `make_follower`.

    Yields:
        The follower.

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
    """Open the executor that ingests articles, by default a low-priority process.

    Args:
        library: Stores the articles.
        in_process: Whether to use a process of its own; else threads of this one.
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
    """Build the follower of a library's sources from the settings.

    `executor` stores fetched articles, see `ingest_executor`.
    """
    return Follower(
        library,
        make_fetcher(settings),
        bounds=settings.following.bounds,
        concurrency=settings.following.concurrency,
        on_checked=on_checked,
        executor=executor,
    )
