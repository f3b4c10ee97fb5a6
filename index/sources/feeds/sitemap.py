"""Parser of sitemaps (sitemaps.org), news sitemaps and sitemap indexes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.articles.urls import host_of, registered_domain
from index.language.dates import is_plausible_date, read_datetime
from index.models.problem import Code, Problem
from index.sources.errors import FeedError, FeedProblem
from index.sources.feeds.items import FeedItem, Sitemap, deduplicate_items
from index.sources.feeds.xml import (
    Format,
    first_line,
    read_text,
    resolve_link,
    sniff_format,
    strip_doctype,
    xml_parser,
)

if TYPE_CHECKING:
    from lxml.etree import _Element


_MAX_ITEMS = 1_000  # the newest: a news sitemap has two days of articles, Google: up to 1,000
_MAX_CHILDREN = 1_000
_MAX_MARKUP = 600_000  # "<" signs: 50,000 addresses, the most of a sitemap, have 400,000
_OLDEST = datetime.min.replace(tzinfo=UTC)


def parse_sitemap(
    body: bytes, url: str, content_type: str | None = None, now: datetime | None = None
) -> Sitemap:
    """Parse a sitemap or a sitemap index.

    The date of an item is its news publication date; without one, that of its last change.
    Items and children come newest first, as far as they are dated, at most 1,000 of each;
    those on other sites are left out (sitemaps.org).

    Args:
        body: The sitemap as bytes; also a gzip file.
        url: Its address.
        content_type: The charset or Content-Type of the response.
        now: The current time: dates more than two days later are dropped.

    Raises:
        FeedError: If it is no sitemap, or declares entities, or is too large or too damaged.
    """
    text = read_text(body, url, content_type)
    host = host_of(url) or "the source"
    form = sniff_format(text)
    if form is not Format.SITEMAP:
        if form is Format.HTML:
            problem = Problem(Code.WEB_PAGE, host, expected="sitemap")
            raise FeedError(FeedProblem.HTML, problem)
        raise FeedError(FeedProblem.UNKNOWN, Problem(Code.NO_SITEMAP, host))
    moment = now or datetime.now(UTC)
    entries = _entries(_parse(strip_doctype(text, host, _MAX_MARKUP), host), url, moment)
    items = [item for tag, item in entries if tag == "url"]
    children = [item.url for tag, item in entries if tag == "sitemap" and item.url]
    return Sitemap(
        deduplicate_items(items[: 2 * _MAX_ITEMS])[:_MAX_ITEMS],
        tuple(dict.fromkeys(children))[:_MAX_CHILDREN],
    )


def _parse(text: str, host: str) -> _Element:
    from lxml import etree

    try:
        root = etree.fromstring(text.encode(), xml_parser(recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise FeedError(FeedProblem.DAMAGED, Problem(Code.DAMAGED_SITEMAP, host))
    return root


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
