"""Parser of JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from index.articles.validation import strip_unstorable
from index.models.problem import Code, Problem
from index.sources.errors import FeedError
from index.sources.feeds.dates import puts_month_first, read_date
from index.sources.feeds.items import Feed, FeedItem
from index.sources.feeds.xml import first_line, html_to_text, place_of, resolve_link


def parse_json_feed(text: str, url: str, now: datetime, most: int) -> Feed:
    """Parse the first items of a JSON Feed, at most so many, skipping other values than objects.

    Raises:
        FeedError: If it is not JSON, or JSON of another kind.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise FeedError(Problem(Code.DAMAGED_JSON, place_of(url))) from None
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise FeedError(Problem(Code.OTHER_JSON, place_of(url)))
    base = resolve_link(url, _text(data, "home_page_url")) or url
    objects = [item for item in items if isinstance(item, dict)][:most]
    month_first = puts_month_first(map(_stamp, objects))
    parsed = (_item(item, base, now, month_first) for item in objects)
    return Feed(tuple(filter(None, parsed)), first_line(_text(data, "title")))


def _item(item: Mapping[str, Any], base: str, now: datetime, month_first: bool) -> FeedItem | None:
    url = resolve_link(base, _text(item, "url") or _text(item, "external_url"))
    title = first_line(_text(item, "title"))
    content = _text(item, "content_html") or None
    summary = html_to_text(_text(item, "summary") or _text(item, "content_text"))
    if url is None and not (title and (content or summary)):
        return None
    return FeedItem(
        id=_text(item, "id") or url or title,
        url=url,
        title=title,
        published=read_date(_stamp(item), now, month_first=month_first),
        summary=summary,
        content=content,
        author=_author(item),
    )


def _stamp(item: Mapping[str, Any]) -> str:
    return _text(item, "date_published") or _text(item, "date_modified")


def _author(item: Mapping[str, Any]) -> str | None:
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = (first_line(_text(who, "name")) for who in listed if isinstance(who, dict))
    return ", ".join(name for name in names if name) or None


def _text(data: Mapping[str, Any], name: str) -> str:
    """Return a field as text; an id may be a number."""
    value = data.get(name)
    return strip_unstorable(str(value)).strip() if isinstance(value, str | int) else ""
