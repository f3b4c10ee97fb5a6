"""Fetch articles: of a feed item, its web page or else its text; at an address; the newest.

The feed's own title and text are kept, with the error that says why, where the page cannot be
fetched, holds no article or another one, or less of it than the feed; see `pages`.
"""

import asyncio
import hashlib
import html
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from queue import SimpleQueue

from anyio.from_thread import start_blocking_portal

from index.articles.readers import (
    Cut,
    PageReading,
    Reading,
    decode,
    read_html_page,
    read_with_cuts,
    strip_controls,
)
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
from index.sources.pages import (
    is_front_page,
    is_notice,
    is_worse,
    read_followed_page,
    speaks_of,
)
from index.sources.poll import poll, read_items, scan_folder
from index.store.sources import ReadPage, RepeatedLines, Source

MAX_ITEMS = 200
"""The most articles read from one feed or sitemap, newest first."""

_LOGGER = logging.getLogger(__name__)

_PARAGRAPHS = re.compile(r"</(?:p|div|li|h[1-6]|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
_HEAD_BYTES = 64_000
_LASTING = frozenset({401, 402, 403, 404, 405, 410, 451})  # statuses that waiting does not change
_GONE = frozenset({404, 410})
_OVERLOADED = frozenset({429, 503})
_NOTHING_YET = "there is no article in it yet"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FetchedArticle:
    """Result of fetching an article: the article, if any, and the error of its page, if any.

    `is_retryable`: fetching the page again may help. `is_unreachable`: the site cannot be reached
    or is overloaded. `is_gone`: the page does not exist (404, 410). `wait`: seconds of the
    response's Retry-After. `cuts`: the lines of its page that were left out. `page`: what is
    remembered of its page.
    """

    article: Article | None
    error: str | None = None
    is_retryable: bool = False
    is_unreachable: bool = False
    is_gone: bool = False
    wait: float | None = None
    cuts: tuple[Cut, ...] = ()
    page: ReadPage | None = None


async def fetch_article(
    fetcher: Fetcher,
    item: FeedItem,
    feed: str,
    name: str | None = None,
    repeated: RepeatedLines | None = None,
) -> FetchedArticle:
    """Fetch the article of a feed item from its page, falling back to the feed's text.

    Its `source` is the site name in its page, else the name of the followed source, else
    the host.

    Args:
        fetcher: Gets the pages.
        item: The item of a feed, sitemap or listing page.
        feed: The address of that feed.
        name: The name of the followed source.
        repeated: Lines that stand on most of its pages.
    """
    try:
        if item.url is None:
            return FetchedArticle(await asyncio.to_thread(_from_feed, item, feed, name))
        page = await fetcher.get(item.url, accept=PAGES)
        own = await asyncio.to_thread(_text_in_feed, item, feed, name)
        return await asyncio.to_thread(_choose, page, item, name, own, repeated)
    except HoiBaoError as error:
        failed: HoiBaoError = error
    except PROGRAM_ERRORS as error:
        failed = InputError(program_problem(error, host_of(item.url) or ""))
        _LOGGER.warning("%s: %s", item.url or item.id, failed)
    return _failed(failed, await asyncio.to_thread(_text_in_feed, item, feed, name))


def _choose(
    page: Fetched,
    item: FeedItem,
    name: str | None,
    own: Article | None,
    repeated: RepeatedLines | None,
) -> FetchedArticle:
    """Choose between the article of a page and that in the feed, `own`.

    A page that is not the article may be a passing check of the browser: it is fetched again.
    """
    host = host_of(page.final_url) or ""
    other = FetchedArticle(own, Problem(Code.OTHER_PAGE, host), is_retryable=True)
    if is_front_page(page.final_url, item.url or ""):
        return other
    feed_text = own.text if own else ""
    read, remembered = read_followed_page(page, feed_text, repeated or RepeatedLines())
    article = read.article
    if is_notice(article.text, feed_text):
        return other
    if not speaks_of(article, _document_title(page), item, feed_text):
        return other
    if is_worse(article.text, feed_text):
        return FetchedArticle(own, Problem(Code.POOR_PAGE, host))
    article = _complete(article, page, item, name)
    return FetchedArticle(article, cuts=read.cuts, page=remembered)


def _document_title(page: Fetched) -> str:
    """Return the `<title>` of a page."""
    found = _TITLE.search(decode(page.body[:_HEAD_BYTES], page.charset))
    return html.unescape(found[1]).strip() if found else ""


def _text_in_feed(item: FeedItem, feed: str, name: str | None) -> Article | None:
    """Make an article of the text in the feed, if it has one that can be stored."""
    with suppress(InputError, *PROGRAM_ERRORS):
        return _from_feed(item, feed, name)
    return None


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
) -> Iterator[Reading | Rejection]:
    """Read the article at an address, or the articles of a feed or sitemap.

    Runs in a thread of its own, so it works with and without a running event loop.

    Args:
        url: An http(s) address.
        contact: An address or mail of the operator, for the User-Agent.
        private_networks: Whether hosts on private networks may be asked.

    Yields:
        Readings of articles, and a rejection for each URL without one.
    """
    readings: SimpleQueue[Reading | Rejection | None] = SimpleQueue()

    async def work() -> None:
        async with Fetcher(contact=contact, private_networks=private_networks) as fetcher:
            async for reading in _articles_at(fetcher, url):
                readings.put(reading)

    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work)
        working.add_done_callback(lambda _: readings.put(None))
        while (reading := readings.get()) is not None:
            yield reading
        working.result()


async def _articles_at(fetcher: Fetcher, url: str) -> AsyncIterator[Reading | Rejection]:
    try:
        answer = await fetcher.get(url)
        kind = await asyncio.to_thread(_kind, answer)
        if kind is None:
            page = FeedItem(id=url, url=url)
            read = await asyncio.to_thread(_from_page, answer, page)
            yield Reading(url, read.article, read.cuts)
            return
        result = await read_items(fetcher, answer, kind)
    except HoiBaoError as error:
        yield Rejection(url, reason(error))
        return
    except PROGRAM_ERRORS as error:
        yield Rejection(url, program_problem(error))
        return
    for item in result.items[:MAX_ITEMS]:
        yield await read_item(fetcher, item, answer.final_url)


async def read_item(
    fetcher: Fetcher, item: FeedItem, feed: str, name: str | None = None
) -> Reading | Rejection:
    """Read the article of a feed item, without storing it; see `fetch_article`."""
    fetched = await fetch_article(fetcher, item, feed, name)
    place = item.url or item.id
    if fetched.article is None:
        return Rejection(place, str(fetched.error))
    return Reading(place, fetched.article, fetched.cuts, fetched.error)


async def read_newest(fetcher: Fetcher, source: Source) -> Reading | Rejection:
    """Read the newest article of a source, without storing it.

    It is the one with the latest date that the source gives, else the first that it lists; of a
    folder, the first in the file that changed last.

    Args:
        fetcher: Gets the pages.
        source: A feed, sitemap, listing page or folder.
    """
    try:
        if source.kind is SourceKind.FOLDER:
            return await asyncio.to_thread(_read_newest_file, source)
        items = (await poll(fetcher, source, in_full=True)).items
        if not items:
            return Rejection(source.address, _NOTHING_YET)
        newest = max(items, key=lambda item: item.published or _EARLIEST)
        return await read_item(fetcher, newest, source.address, source.name)
    except HoiBaoError as error:
        return Rejection(source.address, reason(error))
    except PROGRAM_ERRORS as error:
        return Rejection(source.address, program_problem(error))


def _read_newest_file(source: Source) -> Reading | Rejection:
    stamps = scan_folder(source.address)
    last = sorted(stamps, key=lambda path: int(stamps[path].partition(":")[0]))[-1:]
    found = next(read_with_cuts(last), None)
    if found is None:
        return Rejection(source.address, _NOTHING_YET)
    if isinstance(found, Rejection):
        return found
    article = replace(found.article, source=found.article.source or source.name)
    return replace(found, article=article)


def _kind(answer: Fetched) -> SourceKind | None:
    """Detect a feed or sitemap; None for a web page, also for one that is no text."""
    with suppress(FeedError):
        return detect_kind(answer)
    return None


def _from_page(page: Fetched, item: FeedItem) -> PageReading:
    read = read_html_page(page.body, url=page.final_url, declared=page.charset)
    return replace(read, article=_complete(read.article, page, item, None))


def _complete(article: Article, page: Fetched, item: FeedItem, name: str | None) -> Article:
    """Complete the article of a page with what its feed says, and check it for the store."""
    hosts = (None, host_of(article.url), host_of(page.final_url))
    complete = replace(
        article,
        title=article.title or item.title,
        published=article.published or item.published,
        source=(name or article.source) if article.source in hosts else article.source,
        is_fetched=True,
    )
    return validate(complete)


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
