"""Source follower with a clock set by hand, and feeds and pages of a small site."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from index import Library
from index.models.source_kind import SourceKind
from index.sources.fetch.fetcher import Fetcher
from index.sources.following.follower import Follower
from index.sources.report import CheckReport
from index.sources.schedule import Bounds
from index.store.sources.items import ItemState
from index.store.sources.sources import Source
from tests.support.libraries import open_library
from tests.support.web_site import Handler, Request, Site

START = 1_700_000_000
BOUNDS = Bounds(failures=3)


class Clock:
    """Clock set by hand, in seconds since the epoch."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return float(self.now)


class FollowerDesk:
    """Library with a follower whose checks and clock are driven by the test."""

    def __init__(self, library: Library, fetcher: Fetcher, clock: Clock) -> None:
        self.library = library
        self.clock = clock
        self.follower = Follower(library, fetcher, bounds=BOUNDS, clock=clock, jitter=lambda: 0.5)

    def add(
        self,
        address: str,
        kind: SourceKind = SourceKind.FEED,
        name: str = "Báo Thử",
        pattern: str | None = None,
    ) -> Source:
        return self.library.followed.add(
            name=name, given=address, kind=kind, address=address, pattern=pattern, now=START
        )

    async def check(self, name: str = "Báo Thử") -> CheckReport:
        """Check a source in its current state in the store."""
        return await self.follower.check(self.library.followed.by_name(name))

    def source(self, name: str = "Báo Thử") -> Source:
        return self.library.followed.by_name(name)


def states(desk: FollowerDesk) -> list[ItemState]:
    """Return the states of the items of a source, in order."""
    return [found.state for found in desk.library.followed.items.all(desk.source().id)]


@contextmanager
def open_desk(
    folder: Path, fetcher: Fetcher, clock: Clock | None = None, server: URL | None = None
) -> Iterator[FollowerDesk]:
    with open_library(folder, server=server) as library:
        yield FollowerDesk(library, fetcher, clock or Clock())


def with_two_articles(site: Site) -> Site:
    """Add two article pages, without a feed, to a site."""
    site.page("/lu.html", FLOOD)
    site.page("/mua.html", RAIN)
    return site


def page(title: str, text: str, head: str = "") -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>"
        f"<div>Thứ Hai 04/09/2023 08:05</div><p>{text}</p></body></html>"
    )


def item(
    site: Site, path: str, title: str = "", text: str = "", date: str = "", guid: str = ""
) -> str:
    stamp = f"<pubDate>{date}</pubDate>" if date else ""
    stamp += f"<guid isPermaLink='false'>{guid}</guid>" if guid else ""
    return (
        f"<item><title>{title or path}</title><link>{site.url(path)}</link>{stamp}"
        f"<description>{text}</description></item>"
    )


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Báo</title>{''.join(items)}</channel></rss>"


def taking(seconds: int, clock: Clock, handler: Handler) -> Handler:
    """Advance the clock before a handler answers."""

    async def play(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        clock.now += seconds
        await handler(request, reader, writer)

    return play


FLOOD = page("Lũ quét ở Mường Lống", "Nước lũ lên nhanh. Xã Mường Lống có 120 hộ dân bị cô lập.")
RAIN = page(
    "Mưa lớn ở Kỳ Sơn", "Mưa lớn kéo dài suốt ba ngày. Huyện Kỳ Sơn đóng cửa 15 trường học."
)
