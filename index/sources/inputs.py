"""Read articles from URLs, files, folders and standard input."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from index.articles.readers import Progress, read
from index.errors import HoiBaoError
from index.models.article import Article, Input, Rejection
from index.models.problem import reason

if TYPE_CHECKING:
    from index.models.source_kind import SourceKind
    from index.sources.fetch.fetcher import Fetched, Fetcher


MAX_ITEMS = 200
"""The most articles read from one feed or sitemap, newest first."""

_ONE = (Article, Rejection, Mapping, str, Path)


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Options of HTTP requests: `contact` for the User-Agent, access to private networks."""

    contact: str | None = None
    private_networks: bool = False


def read_inputs(
    inputs: Input | Iterable[Input],
    on_progress: Progress | None = None,
    web: FetchOptions | None = None,
) -> Iterator[Article | Mapping[str, object] | Rejection]:
    """Read articles from addresses, files, folders and standard input, in bounded memory.

    Args:
        inputs: One or several of: URLs of articles, feeds and sitemaps; inputs of
            `index.articles.readers.read`; articles, records and rejections, which are passed
            on unchanged.
        on_progress: Called with the number of bytes of files read since the last call.
        web: Options of HTTP requests.

    Yields:
        Each article, and a rejection for each input that could not be read.
    """
    for item in [inputs] if isinstance(inputs, _ONE) else inputs:
        if not isinstance(item, str | Path):
            yield item
        elif re.match(r"https?:", str(item), re.IGNORECASE):
            yield from read_address(str(item), web or FetchOptions())
        else:
            yield from read([item], on_progress=on_progress)


def read_address(url: str, web: FetchOptions) -> Iterator[Article | Rejection]:
    """Read the article at an address, or the articles of a feed or sitemap.

    Runs in a thread of its own, so it works with and without a running event loop.

    Args:
        url: An http(s) address.
        web: Options of HTTP requests.

    Yields:
        Articles, and a rejection for each URL without one.
    """
    # Imported here because the HTTP client is slow to import.
    from anyio.from_thread import start_blocking_portal

    from index.sources.fetch.fetcher import Fetcher

    articles: SimpleQueue[Article | Rejection | None] = SimpleQueue()

    async def work() -> None:
        async with Fetcher(contact=web.contact, private_networks=web.private_networks) as fetcher:
            async for article in _articles_at(fetcher, url):
                articles.put(article)

    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work)
        working.add_done_callback(lambda _: articles.put(None))
        while (article := articles.get()) is not None:
            yield article
        working.result()


async def _articles_at(fetcher: "Fetcher", url: str) -> AsyncIterator[Article | Rejection]:
    from index.sources.articles import fetch_article
    from index.sources.fetch.fetcher import FEEDS
    from index.sources.poll import read_items

    try:
        answer = await fetcher.get(url, accept=FEEDS)
        kind = await asyncio.to_thread(_kind, answer)
        if kind is None:
            yield await asyncio.to_thread(_article, answer)
            return
        announcement = await read_items(fetcher, answer, kind)
    except HoiBaoError as error:
        yield Rejection(url, reason(error))
        return
    for item in announcement.items[:MAX_ITEMS]:
        fetched = await fetch_article(fetcher, item, answer.final_url)
        yield fetched.article or Rejection(item.url or item.id, str(fetched.error))


def _kind(answer: "Fetched") -> "SourceKind | None":
    """Detect a feed or sitemap; None for a web page."""
    from index.sources.errors import FeedError
    from index.sources.kinds import detect_kind

    with suppress(FeedError):
        return detect_kind(answer)
    return None


def _article(answer: "Fetched") -> Article:
    from index.articles.readers import parse_html_page

    article = parse_html_page(answer.body, url=answer.final_url, declared=answer.charset)
    return replace(article, is_fetched=True)
