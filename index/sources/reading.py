"""Articles from an address: of a page, or of all that a feed or sitemap announces."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from queue import SimpleQueue

from anyio.from_thread import start_blocking_portal

from index.address import host_of
from index.article import Article, Rejection
from index.encoding import without_controls
from index.errors import HoiBaoError, InputError
from index.htmlpage import parse_html_page
from index.sources.errors import FeedError
from index.sources.feeds import parse_feed
from index.sources.fetching import FEEDS, PAGES, Fetched, Fetcher
from index.sources.items import FeedItem
from index.sources.sitemaps import parse_sitemap

MAX_ITEMS = 200
"""How many articles of one feed or sitemap are taken in at once, the newest first."""


def read_address(url: str, *, private_networks: bool = False) -> Iterator[Article | Rejection]:
    """Read the article at an address, or the articles of a feed or sitemap.

    May be called whether or not an event loop runs: it works in a thread of its own.

    Args:
        url: An http(s) address.
        private_networks: Whether hosts that are not public may be asked.

    Yields:
        Articles, and a rejection for each address that gave none.
    """
    found: SimpleQueue[Article | Rejection | None] = SimpleQueue()

    async def work() -> None:
        async with Fetcher(private_networks=private_networks) as fetcher:
            async for item in articles_at(fetcher, url):
                found.put(item)

    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work)
        working.add_done_callback(lambda _: found.put(None))
        while (item := found.get()) is not None:
            yield item
        working.result()


async def articles_at(fetcher: Fetcher, url: str) -> AsyncIterator[Article | Rejection]:
    """Get the article at an address, or those of a feed or sitemap.

    Args:
        fetcher: Gets the pages.
        url: An http(s) address.
    """
    try:
        answer = await fetcher.get(url, accept=FEEDS)
        items = await asyncio.to_thread(_items, answer)
        if items is None:
            yield await asyncio.to_thread(_article, answer)
            return
    except HoiBaoError as error:
        yield Rejection(url, str(error))
        return
    for item in items[:MAX_ITEMS]:
        yield await _article_of(fetcher, item)


async def _article_of(fetcher: Fetcher, item: FeedItem) -> Article | Rejection:
    """The article of an item, from its own page; where that fails, from the feed's text."""
    try:
        if item.url is None:
            return _from_feed(item)
        page = await fetcher.get(item.url, accept=PAGES)
        article = await asyncio.to_thread(_article, page)
        return replace(article, published=article.published or item.published)
    except HoiBaoError as error:
        with suppress(InputError):
            return _from_feed(item)
        return Rejection(item.url or item.id, str(error))


def _items(answer: Fetched) -> tuple[FeedItem, ...] | None:
    """What a feed or sitemap announces; None for a page."""
    for parse in (parse_feed, parse_sitemap):
        with suppress(FeedError):
            return parse(answer.body, answer.final_url, answer.charset).items
    return None


def _article(answer: Fetched) -> Article:
    article = parse_html_page(answer.body, url=answer.final_url, declared=answer.charset)
    return replace(article, is_fetched=True)


def _from_feed(item: FeedItem) -> Article:
    text = without_controls(item.summary).strip()
    if not text:
        raise InputError("neither its page nor the feed gives a text")
    return Article(
        title=item.title,
        text=text,
        url=item.url,
        id=None if item.url else item.id,
        published=item.published,
        source=host_of(item.url),
        author=item.author,
        is_fetched=item.url is not None,
    )
