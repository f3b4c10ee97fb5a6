"""Fetch the article of a feed item: its web page, or else the text in the feed."""

import asyncio
import hashlib
import re
from dataclasses import dataclass, replace

from index.articles.readers import parse_html_page, strip_controls
from index.articles.urls import host_of
from index.articles.validation import LONGEST_ID, validate
from index.errors import HoiBaoError, InputError
from index.models.article import Article
from index.models.problem import Code, Problem, reason
from index.sources.errors import FetchError
from index.sources.feeds.items import FeedItem
from index.sources.feeds.xml import html_to_text
from index.sources.fetch.fetcher import PAGES, Fetched, Fetcher

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
        lasting, unreachable = _is_lasting(error), _is_unreachable(error)
        gone = isinstance(error, FetchError) and error.status in _GONE
        wait = error.retry_after if isinstance(error, FetchError) else None
        try:
            article = await asyncio.to_thread(_from_feed, item, feed, name)
        except InputError:
            return FetchedArticle(None, reason(error), not lasting, unreachable, gone, wait)
        is_retryable = isinstance(error, FetchError) and not lasting
        return FetchedArticle(article, reason(error), is_retryable, unreachable, gone, wait)


def _is_lasting(error: HoiBaoError) -> bool:
    return isinstance(error, FetchError) and (error.status in _LASTING or error.code is Code.ROBOTS)


def _is_unreachable(error: HoiBaoError) -> bool:
    return isinstance(error, FetchError) and (error.is_unreachable or error.status in _OVERLOADED)


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
