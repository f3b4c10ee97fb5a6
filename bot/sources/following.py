"""Discover, follow and check sources with the HTTP client that the settings describe."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import Settings
from bot.sources.registry import add_source, follow_settings, make_setting
from index import Library
from index.models.problem import Code, Problem
from index.models.source_kind import SourceKind
from index.sources.discovery import discover
from index.sources.fetch import Fetcher, Limits
from index.sources.following import Follower, OnChecked
from index.store import Worker
from index.store.sources import Source, SourceError, Sources
from index.workers import Executor, in_thread


def add_location(
    sources: Sources,
    settings: Settings,
    place: str,
    name: str | None,
    kind: str | None,
    pattern: str | None,
) -> Source:
    """Add the source at an address or folder.

    Args:
        sources: Table of followed sources.
        settings: HTTP options.
        place: An address ("https://" may be missing), or a folder.
        name: The name of the source; by default what it calls itself.
        kind: Its kind; by default it is discovered.
        pattern: Which links of a listing page are articles.

    Raises:
        HoiBaoError: If there is nothing to follow, or it is followed already.
    """
    if Path(place).is_dir():
        setting = make_setting(folder=place, name=name, kind=kind, pattern=pattern)
        return add_source(sources, setting)
    if kind == SourceKind.FOLDER:
        raise SourceError(f"{place}: there is no such folder")
    if kind or pattern:
        setting = make_setting(url=_address(place), name=name, kind=kind, pattern=pattern)
        return add_source(sources, setting)

    async def discover_and_add() -> Source:
        async with make_fetcher(settings) as fetcher:
            return await add_address(sources, fetcher, place, name)

    return asyncio.run(discover_and_add())


async def add_address(
    sources: Sources, fetcher: Fetcher, place: str, name: str | None = None
) -> Source:
    """Discover and add the source at an address.

    Args:
        sources: Table of followed sources.
        fetcher: HTTP client.
        place: An address; "https://" may be missing.
        name: The name of the source; by default what it calls itself.

    Raises:
        HoiBaoError: If there is nothing to follow, or it is followed already.
    """
    setting = make_setting(url=_address(place), name=name)
    return await in_thread(add_source, sources, setting, await discover(fetcher, place))


def _address(place: str) -> str:
    """Return an address in full; "https://" may be missing."""
    if "://" in place:
        return place
    if "." not in place.strip("./").partition("/")[0]:
        raise SourceError(Problem(Code.NO_PLACE, place))
    return f"https://{place}"


@asynccontextmanager
async def running_follower(
    follower: Follower, library: Library, settings: Settings
) -> AsyncIterator[None]:
    """Follow the sources of a library and those of the settings while the context is open.

    Raises:
        HoiBaoError: If the sources of the settings cannot be stored.
    """
    stop = asyncio.Event()
    async with follower.fetcher:
        await asyncio.to_thread(follow_settings, library.followed, settings.sources)
        task = asyncio.create_task(follower.run(stop))
        try:
            yield
        finally:
            stop.set()
            await task


def make_follower(
    library: Library,
    settings: Settings,
    on_checked: OnChecked | None = None,
    executor: Executor[Library] | None = None,
    worker: Worker | None = None,
) -> Follower:
    """Build the follower of a library's sources from the settings; see `Follower`."""
    return Follower(
        library,
        make_fetcher(settings),
        bounds=settings.following.bounds,
        concurrency=settings.following.concurrency,
        on_checked=on_checked,
        executor=executor,
        worker=worker,
    )


def make_fetcher(settings: Settings) -> Fetcher:
    """Build the HTTP client from the settings."""
    return Fetcher(
        contact=settings.contact,
        private_networks=settings.private_networks,
        limits=Limits(concurrency=settings.following.concurrency),
    )
