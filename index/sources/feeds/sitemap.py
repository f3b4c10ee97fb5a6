"""Parser of sitemaps (sitemaps.org), news sitemaps and sitemap indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.articles.urls import registered_domain
from index.language.dates import is_plausible_date, read_datetime
from index.models.problem import Code, Problem
from index.sources.errors import FeedError
from index.sources.feeds.items import Feed, FeedItem, deduplicate_items
from index.sources.feeds.xml import (
    first_line,
    is_html,
    parse_xml,
    place_of,
    resolve_link,
    root_name,
    strip_doctype,
)

if TYPE_CHECKING:
    from lxml.etree import _Element


_MAX_ITEMS = 1_000  # the newest: a news sitemap has two days of articles, Google: up to 1,000
_MAX_MARKUP = 600_000  # "<" signs: 50,000 addresses, the most of a sitemap, have 400,000
_OLDEST = datetime.min.replace(tzinfo=UTC)


def is_sitemap(text: str) -> bool:
    """Whether a document is a sitemap or a sitemap index."""
    return root_name(text) in ("urlset", "sitemapindex")


def parse_sitemap(text: str, url: str, now: datetime | None = None) -> Feed:
    """Parse a sitemap or a sitemap index.

    The date of an item is its news publication date; without one, that of its last change.
    Items and children come newest first, as far as they are dated, at most 1,000 items;
    those on other sites are left out (sitemaps.org).

    Args:
        text: The sitemap.
        url: Its address.
        now: The current time: dates more than two days later are dropped.

    Raises:
        FeedError: If it is no sitemap, or declares entities, or is too large or too damaged.
    """
    host = place_of(url)
    if is_html(text):
        raise FeedError(Problem(Code.WEB_PAGE, host, expected="sitemap"))
    if not is_sitemap(text):
        raise FeedError(Problem(Code.NO_SITEMAP, host))
    root = parse_xml(strip_doctype(text, host, _MAX_MARKUP))
    if root is None:
        raise FeedError(Problem(Code.DAMAGED_SITEMAP, host))
    entries = _entries(root, url, now or datetime.now(UTC))
    items = [item for tag, item in entries if tag == "url"]
    children = [item.url for tag, item in entries if tag == "sitemap" and item.url]
    return Feed(
        deduplicate_items(items[: 2 * _MAX_ITEMS])[:_MAX_ITEMS],
        children=tuple(dict.fromkeys(children)),
    )


def _entries(root: _Element, base: str, now: datetime) -> list[tuple[str, FeedItem]]:
    site = registered_domain(base)
    found: list[tuple[str, FeedItem]] = []
    for node in root:
        tag = _name(node)
        fields = {_name(leaf): leaf.text or "" for leaf in (*_news(node), *node)}
        address = resolve_link(base, fields.get("loc"))
        if tag in ("url", "sitemap") and address and registered_domain(address) == site:
            found.append((tag, _item(address, fields, now)))
    return sorted(found, key=lambda entry: entry[1].published or _OLDEST, reverse=True)


def _news(node: _Element) -> list[_Element]:
    """Return the elements of a URL's news extension."""
    return [leaf for child in node if _name(child) == "news" for leaf in child]


def _item(address: str, fields: dict[str, str], now: datetime) -> FeedItem:
    stamps = (fields.get("publication_date", ""), fields.get("lastmod", ""))
    moments = (moment for stamp in stamps if (moment := read_datetime(stamp.strip())))
    return FeedItem(
        id=address,
        url=address,
        title=first_line(fields.get("title", "")),
        published=next((moment for moment in moments if is_plausible_date(moment, now)), None),
    )


def _name(node: _Element) -> str:
    return str(node.tag).rpartition("}")[2].rpartition(":")[2].lower()
