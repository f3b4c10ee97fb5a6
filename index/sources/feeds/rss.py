"""Parser of RSS 0.9x, 1.0 and 2.0 and Atom; detects JSON Feed."""

import re
from calendar import timegm
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from index.articles.urls import is_address
from index.errors import PROGRAM_ERRORS
from index.language.dates import is_plausible_date
from index.models.problem import Code, Problem
from index.sources.errors import FeedError
from index.sources.feeds.dates import puts_month_first, read_date
from index.sources.feeds.items import Feed, FeedItem, deduplicate_items
from index.sources.feeds.json_feed import parse_json_feed
from index.sources.feeds.sitemap import is_sitemap
from index.sources.feeds.xml import (
    ITEM_END,
    JSON,
    first_line,
    html_to_text,
    is_html,
    is_well_formed,
    place_of,
    repair_xml,
    resolve_link,
    root_name,
    strip_doctype,
)

MAX_ITEMS = 1_000  # the largest Vietnamese feeds have 100
_MAX_CHARACTERS = 10_000_000
_MAX_MARKUP = 300_000  # "<" signs: feedparser takes about 5 s for as many elements
_MAX_MALFORMED = 1_000_000  # characters: feedparser takes 4-8 s for this when it must guess
_ROOT_CLOSED = re.compile(
    r"</(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>\s*(?:<!--[^>]*-->\s*)*$", re.IGNORECASE
)
_TAIL = 2_000  # characters


def is_feed(text: str) -> bool:
    """Whether a document is RSS, Atom or JSON, as far as its beginning tells."""
    return root_name(text) in ("rss", "rdf", "feed", JSON)


def parse_feed(text: str, url: str, now: datetime | None = None) -> Feed:
    """Parse an RSS, Atom or JSON feed.

    Malformed XML is repaired; of a truncated feed, the complete items are read. Duplicate items
    and items without both URL and text are left out; at most `MAX_ITEMS` are read.

    Args:
        text: The feed.
        url: Its address, the base of relative links.
        now: The current time: dates more than two days later are dropped.

    Raises:
        FeedError: If it is no feed (a web page, a sitemap, something else), or declares
            entities, or is too large or too damaged.
    """
    moment = now or datetime.now(UTC)
    host = place_of(url)
    if root_name(text) == JSON:
        feed = parse_json_feed(text, url, moment, MAX_ITEMS)
    elif is_feed(text):
        feed = _parse_xml(_trim(strip_doctype(text, host, _MAX_MARKUP), host), url, moment)
    elif is_sitemap(text):
        raise FeedError(Problem(Code.SITEMAP, host))
    elif is_html(text):
        raise FeedError(Problem(Code.WEB_PAGE, host, expected="feed"))
    else:
        raise FeedError(Problem(Code.NO_FEED, host))
    return Feed(deduplicate_items(feed.items), feed.title)


def _trim(text: str, host: str) -> str:
    """Truncate after the last complete item within the limits, and repair malformed XML."""
    if len(text) > _MAX_CHARACTERS:
        raise FeedError(Problem(Code.LARGE_FEED, host, most=_MAX_CHARACTERS))
    sound = is_well_formed(text)
    limit = len(text) if sound else _MAX_MALFORMED
    ends = [found.end() for found in ITEM_END.finditer(text, 0, limit)][:MAX_ITEMS]
    closed = sound or (limit >= len(text) and _ROOT_CLOSED.search(text[-_TAIL:]))
    if closed and len(ends) < MAX_ITEMS:
        return text if sound else repair_xml(text)
    if not ends:
        raise FeedError(Problem(Code.CUT_FEED, host))
    root = re.match(r"<([^\s/>]+)", text)
    assert root is not None
    channel = "</channel>" if root[1].lower() == "rss" else ""
    whole = f"{text[: ends[-1]]}{channel}</{root[1]}>"
    return whole if sound else repair_xml(whole)


def _parse_xml(text: str, url: str, now: datetime) -> Feed:
    import feedparser

    try:
        parsed = feedparser.parse(
            BytesIO(text.encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except PROGRAM_ERRORS:  # items in each other, say, on which it fails
        raise FeedError(Problem(Code.DAMAGED_FEED, place_of(url))) from None
    if parsed.bozo and not parsed.entries:
        raise FeedError(Problem(Code.DAMAGED_FEED, place_of(url)))
    base = resolve_link(url, parsed.feed.get("link")) or url
    entries = parsed.entries[:MAX_ITEMS]
    month_first = puts_month_first(stamp for entry in entries for stamp in _stamps(entry).values())
    items = (_item(entry, base, now, month_first) for entry in entries)
    return Feed(tuple(filter(None, items)), first_line(parsed.feed.get("title", "")))


def _item(entry: dict[str, Any], base: str, now: datetime, month_first: bool) -> FeedItem | None:
    name = str(entry.get("id") or "").strip()
    url = resolve_link(base, entry.get("link")) or (name if is_address(name) else None)
    contents = [part.get("value", "") for part in entry.get("content", ())]
    content = max(contents, key=len, default="").strip() or None
    summary = html_to_text(entry.get("summary", ""))
    title = first_line(entry.get("title", ""))
    if url is None and not (title and (content or summary)):
        return None
    return FeedItem(
        id=name or url or title,
        url=url,
        title=title,
        published=_published(entry, now, month_first),
        summary=summary,
        content=content,
        author=first_line(entry.get("author", "")) or None,
    )


def _stamps(entry: dict[str, Any]) -> dict[str, str]:
    """Return the dates of an entry as text."""
    stamps = {name: str(dict.get(entry, name) or "").strip() for name in ("published", "updated")}
    return {name: stamp for name, stamp in stamps.items() if stamp}


def _published(entry: dict[str, Any], now: datetime, month_first: bool) -> datetime | None:
    for name, stamp in _stamps(entry).items():
        if moment := read_date(stamp, now, month_first=month_first):
            return moment
        # The library knows more zones, and takes any number for a date.
        if (known := dict.get(entry, f"{name}_parsed")) and not stamp.isdecimal():
            moment = datetime.fromtimestamp(timegm(known), UTC)
            if is_plausible_date(moment, now):
                return moment
    return None
