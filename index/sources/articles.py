"""Fetch articles: of a feed item, its web page or else the text in the feed; at an address."""

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from queue import SimpleQueue

from anyio.from_thread import start_blocking_portal

from index.articles.readers import parse_html_page, strip_controls
from index.articles.urls import host_of
from index.articles.validation import LONGEST_ID, validate
from index.errors import PROGRAM_ERRORS, HoiBaoError, InputError
from index.models.article import Article, Rejection
from index.models.problem import Code, Problem, program_problem, reason
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError, FetchError
from index.sources.feeds.items import FeedItem
from index.sources.feeds.xml import html_to_text
from index.sources.fetch.fetcher import PAGES, Fetched, Fetcher
from index.sources.kinds import detect_kind
from index.sources.poll import read_items

MAX_ITEMS = 200
"""The most articles read from one feed or sitemap, newest first."""

_LOGGER = logging.getLogger(__name__)

_PARAGRAPHS = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)
_LASTING = frozenset({401, 402, 403, 404, 405, 410, 451})  # statuses that waiting does not change
_GONE = frozenset({404, 410})
_OVERLOADED = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """Result of fetching an article: the article, if any, and the error of its page, if any.

    `is_retryable`: fetching the page again may help. `is_unreachable`: the site cannot be reached
    or is overloaded. `is_gone`: the page does not exist (404, 410). `wait`: seconds of the
    response's Retry-After.
    """

    article: Article | None
    error: str | None = None
    is_retryable: bool = False
    is_unreachable: bool = False
    is_gone: bool = False
    wait: float | None = None


async def fetch_article(
    fetcher: Fetcher, item: FeedItem, feed: str, name: str | None = None
) -> FetchedArticle:
    """Fetch the article of a feed item from its page, falling back to the feed's text.

    Its `source` is the site name in its page, else the name of the followed source, else
    the host.

    Args:
        fetcher: Gets the pages.
        item: The item of a feed, sitemap or listing page.
        feed: The address of that feed.
        name: The name of the followed source.
    """
    try:
        if item.url is None:
            return FetchedArticle(await asyncio.to_thread(_from_feed, item, feed, name))
        page = await fetcher.get(item.url, accept=PAGES)
        return FetchedArticle(await asyncio.to_thread(_from_page, page, item, name))
    except HoiBaoError as error:
        failed: HoiBaoError = error
    except PROGRAM_ERRORS as error:
        failed = InputError(program_problem(error, host_of(item.url) or ""))
        _LOGGER.warning("%s: %s", item.url or item.id, failed)
    article = None
    with suppress(InputError, *PROGRAM_ERRORS):
        article = await asyncio.to_thread(_from_feed, item, feed, name)
    return _failed(failed, article)


def _failed(error: HoiBaoError, article: Article | None) -> FetchedArticle:
    """Describe the failure of a page; `article` is the text in the feed, if any."""
    if not isinstance(error, FetchError):
        return FetchedArticle(article, reason(error), is_retryable=article is None)
    return FetchedArticle(
        article,
        reason(error),
        is_retryable=error.status not in _LASTING and error.code is not Code.ROBOTS,
        is_unreachable=error.is_unreachable or error.status in _OVERLOADED,
        is_gone=error.status in _GONE,
        wait=error.retry_after,
    )


def read_address(
    url: str, contact: str | None = None, private_networks: bool = False
) -> Iterator[Article | Rejection]:
    """Read the article at an address, or the articles of a feed or sitemap.

    Runs in a thread of its own, so it works with and without a running event loop.

    Args:
        url: An http(s) address.
        contact: An address or mail of the operator, for the User-Agent.
        private_networks: Whether hosts on private networks may be asked.

    Yields:
        Articles, and a rejection for each URL without one.
    """
    articles: SimpleQueue[Article | Rejection | None] = SimpleQueue()

    async def work() -> None:
        async with Fetcher(contact=contact, private_networks=private_networks) as fetcher:
            async for article in _articles_at(fetcher, url):
                articles.put(article)

    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work)
        working.add_done_callback(lambda _: articles.put(None))
        while (article := articles.get()) is not None:
            yield article
        working.result()


async def _articles_at(fetcher: Fetcher, url: str) -> AsyncIterator[Article | Rejection]:
    try:
        answer = await fetcher.get(url)
        kind = await asyncio.to_thread(_kind, answer)
        if kind is None:
            page = FeedItem(id=url, url=url)
            yield await asyncio.to_thread(_from_page, answer, page, None)
            return
        result = await read_items(fetcher, answer, kind)
    except HoiBaoError as error:
        yield Rejection(url, reason(error))
        return
    except PROGRAM_ERRORS as error:
        yield Rejection(url, program_problem(error))
        return
    for item in result.items[:MAX_ITEMS]:
        fetched = await fetch_article(fetcher, item, answer.final_url)
        yield fetched.article or Rejection(item.url or item.id, str(fetched.error))


def _kind(answer: Fetched) -> SourceKind | None:
    """Detect a feed or sitemap; None for a web page, also for one that is no text."""
    with suppress(FeedError):
        return detect_kind(answer)
    return None


def _from_page(page: Fetched, item: FeedItem, name: str | None) -> Article:
    article = parse_html_page(page.body, url=page.final_url, declared=page.charset)
    hosts = (None, host_of(article.url), host_of(page.final_url))
    return validate(
        replace(
            article,
            title=article.title or item.title,
            published=article.published or item.published,
            source=(name or article.source) if article.source in hosts else article.source,
            is_fetched=True,
        )
    )


def _from_feed(item: FeedItem, feed: str, name: str | None) -> Article:
    """Make an article of the text in the feed.

    Raises:
        InputError: If the feed has no text, or one that cannot be stored.
    """
    paragraphs = (html_to_text(part) for part in _PARAGRAPHS.split(item.content or ""))
    whole = "\n".join(paragraph for paragraph in paragraphs if paragraph)
    text = strip_controls(whole or item.summary).strip()
    if not text:
        raise InputError(Problem(Code.NO_TEXT))
    return validate(
        Article(
            title=item.title,
            text=text,
            url=item.url,
            id=None if item.url else _id(item, feed),
            published=item.published,
            source=name or host_of(item.url),
            author=item.author,
            is_fetched=item.url is not None,
        )
    )


def _id(item: FeedItem, feed: str) -> str:
    """Return an id that is unique over all feeds."""
    whole = f"{host_of(feed)}:{item.id}"
    if len(whole) <= LONGEST_ID:
        return whole
    return hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=16).hexdigest()
