"""Following sources beside the bot, for as long as it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.source_settings import FollowingSettings, follow_settings
from index import Library
from index.sources.fetching import Fetcher
from index.sources.following import Follower


@asynccontextmanager
async def following(library: Library, settings: FollowingSettings) -> AsyncIterator[Follower]:
    """Follow the sources of a library and of the settings while the context is open.

    Args:
        library: Holds the sources, and takes in their articles.
        settings: Sources, and how they may be asked.

    Yields:
        What follows them.

    Raises:
        HoiBaoError: If the sources of the settings cannot be stored.
    """
    await asyncio.to_thread(follow_settings, library.followed, settings.sources)
    stop = asyncio.Event()
    async with fetcher_of(settings) as fetcher:
        follower = Follower(library, fetcher)
        task = asyncio.create_task(follower.run(stop))
        try:
            yield follower
        finally:
            stop.set()
            await task


def fetcher_of(settings: FollowingSettings) -> Fetcher:
    """Return what gets pages as the settings say."""
    return Fetcher(contact=settings.contact, private_networks=settings.private_networks)
