"""Discover the feed, sitemap or listing page of a web site."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from index.articles.urls import host_of, normalize_url, registered_domain
from index.errors import PROGRAM_ERRORS
from index.models.problem import Code, Problem, reason
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError, FetchError
from index.sources.feeds.links import Page, PageLink, read_page
from index.sources.feeds.listing import guess_pattern
from index.sources.feeds.xml import is_html, place_of
from index.sources.fetch.fetcher import Fetched, Fetcher
from index.sources.kinds import decode_response, detect_kind, parse_source

_FEED_PATHS = ("/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss/home.rss")
_SITEMAP_PATHS = ("/sitemap-news.xml", "/news-sitemap.xml")
_MAX_TRIED = 16  # requests for one discovery
_MAX_OF_A_KIND = 4
_GENERAL = ("trang-chu", "trangchu", "home", "tin-moi", "moi-nhat", "index", "latest", "all")


@dataclass(frozen=True, slots=True)
class Discovered:
    """A discovered source: kind, URL, title, and the link pattern of a listing page."""

    kind: SourceKind
    url: str
    title: str
    pattern: str | None = None


async def discover(fetcher: Fetcher, url: str) -> Discovered:
    """Discover the feed, sitemap or listing page at an address.

    The rules, in order: the address itself, if it is a feed or sitemap; the feeds in the page's
    `<link rel="alternate">`, then those that it links to; for the front page of a site, well-known
    feed paths, news sitemaps, then its links as a listing page; for any other page, its
    links as a listing page first.

    Args:
        fetcher: HTTP client.
        url: An address; "https://" is added where it is missing.

    Raises:
        FetchError: If the address itself cannot be fetched.
        FeedError: If there is nothing that can be followed.
    """
    first = await _first(fetcher, url.strip())
    if source := await asyncio.to_thread(_read_source, first):
        return source
    page = await asyncio.to_thread(_read_page, first)
    listing = await asyncio.to_thread(_as_listing, first, page)
    address = first.final_url
    search = _Search(fetcher, normalize_url(address))
    if source := await search.among(_named(page, address)):
        return source
    if listing and urlsplit(normalize_url(address)).path != "/":
        return listing
    if source := await search.among(await _usual_addresses(fetcher, address)):
        return source
    if listing:
        return listing
    raise FeedError(Problem(Code.NOTHING_FOUND, place_of(address)))


class _Search:
    """Tries candidate addresses, each once, until one is a feed or sitemap."""

    def __init__(self, fetcher: Fetcher, known: str) -> None:
        self._fetcher = fetcher
        self._tried = {known}

    async def among(
        self, addresses: Iterable[str], *, look_in_pages: bool = True
    ) -> Discovered | None:
        """Return the first feed or sitemap, also of those that pages in `addresses` list."""
        pages: list[Fetched] = []
        async for answer in self._answers(addresses):
            with suppress(FeedError, *PROGRAM_ERRORS):
                if source := await asyncio.to_thread(_read_source, answer, may_be_empty=False):
                    return source
                if look_in_pages and await asyncio.to_thread(_is_page, answer):
                    pages.append(answer)
        for answer in pages[:2]:
            listed = await asyncio.to_thread(_listed, answer)
            if source := await self.among(listed, look_in_pages=False):
                return source
        return None

    async def _answers(self, addresses: Iterable[str]) -> AsyncIterator[Fetched]:
        for address in addresses:
            key = normalize_url(address)
            if key in self._tried or len(self._tried) > _MAX_TRIED:
                continue
            self._tried.add(key)
            try:
                answer = await self._fetcher.get(address)
            except FetchError:
                continue
            yield answer


async def _first(fetcher: Fetcher, url: str) -> Fetched:
    if "://" in url:
        return await _get(fetcher, url)
    try:
        return await _get(fetcher, f"https://{url}")
    except FetchError as error:
        if not error.is_unreachable:
            raise
        return await _get(fetcher, f"http://{url}")


async def _get(fetcher: Fetcher, url: str) -> Fetched:
    """Fetch an address; where it answers with an error, this names its path beside the host."""
    try:
        return await fetcher.get(url)
    except FetchError as error:
        place = f"{place_of(url)}{urlsplit(url).path.rstrip('/')}"
        problem = reason(error)
        if error.status is None or not isinstance(problem, Problem):
            raise
        raise FetchError(
            problem.at(place), status=error.status, retry_after=error.retry_after
        ) from None


def _read_source(answer: Fetched, *, may_be_empty: bool = True) -> Discovered | None:
    """Read a feed or sitemap; None for anything else, or one without items unless it may be."""
    kind = detect_kind(answer)
    feed = parse_source(answer, kind) if kind else None
    if kind is None or feed is None or not (may_be_empty or feed.items or feed.children):
        return None
    return Discovered(kind, answer.final_url, feed.title or host_of(answer.final_url) or "")


def _is_page(answer: Fetched) -> bool:
    return is_html(decode_response(answer))


def _read_page(answer: Fetched) -> Page:
    return read_page(decode_response(answer), answer.final_url)


def _as_listing(answer: Fetched, page: Page) -> Discovered | None:
    pattern = guess_pattern(page.links, answer.final_url)
    title = page.title or host_of(answer.final_url) or ""
    return Discovered(SourceKind.LISTING, answer.final_url, title, pattern) if pattern else None


def _named(page: Page, url: str) -> list[str]:
    named = [feed for feed in page.feeds if "comment" not in feed.lower()]
    return [*named[:_MAX_OF_A_KIND], *_feed_links(page.links, url)]


def _listed(answer: Fetched) -> list[str]:
    """Find the feeds on a page that lists them, general ones first."""
    try:
        page = _read_page(answer)
    except FeedError:
        return []
    return [*page.feeds, *_feed_links(page.links, answer.final_url)]


def _feed_links(links: Iterable[PageLink], url: str) -> list[str]:
    site = registered_domain(url)
    feeds = dict.fromkeys(
        link.url for link in links if registered_domain(link.url) == site and _is_feed_link(link)
    )
    general = sorted(feeds, key=lambda feed: not any(word in feed.lower() for word in _GENERAL))
    return general[:_MAX_OF_A_KIND]


def _is_feed_link(link: PageLink) -> bool:
    path = urlsplit(link.url).path.lower()
    named = path.endswith((".rss", ".atom", "/rss", "/feed", "/rss/", "/feed/", "rss.xml"))
    return named or "/rss/" in path or link.text.strip().lower() in ("rss", "rss feed", "feed")


async def _usual_addresses(fetcher: Fetcher, url: str) -> list[str]:
    """Return the well-known addresses of feeds, and the news sitemaps, of a site."""
    sitemaps: tuple[str, ...] = ()
    with suppress(FetchError):
        sitemaps = await fetcher.sitemaps(url)
    site = registered_domain(url)
    own = [sitemap for sitemap in sitemaps if registered_domain(sitemap) == site]
    news = [sitemap for sitemap in own if "news" in sitemap.lower()]
    return [
        *(urljoin(url, path) for path in _FEED_PATHS),
        *news[:_MAX_OF_A_KIND],
        *(urljoin(url, path) for path in _SITEMAP_PATHS),
    ]
