"""Items of feeds and sitemaps, and their deduplication."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from index.articles.urls import normalize_url


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An item of a feed, sitemap or listing page.

    `url` is its absolute address, None where the feed gives the text only. `id` names it
    within its feed and is never empty. `published` carries an offset; midnight in its own
    offset means that only the day is known, None that the feed gives no date, or one that
    cannot be. `summary` is plain text, `content` the article in HTML where the feed has it.
    """

    id: str
    url: str | None
    title: str = ""
    published: datetime | None = None
    summary: str = ""
    content: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed, sitemap or listing page: its items in their order, and its title.

    `children` are the addresses of further ones of its kind: the sitemaps of an index.
    """

    items: tuple[FeedItem, ...]
    title: str = ""
    children: tuple[str, ...] = ()


_MANY = 2  # addresses: an id that more share is no id (some feeds give all items the same)


def deduplicate_items(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Remove duplicate items by id and URL, keeping the first of each, in order."""
    listed = list(items)
    addresses: defaultdict[str, set[str]] = defaultdict(set)
    for item in listed:
        addresses[item.id].add(_key(item))
    kept: list[FeedItem] = []
    seen: set[tuple[str, str]] = set()
    for item in listed:
        name = item.id if len(addresses[item.id]) <= _MANY else _key(item)
        keys = {("id", name), ("address", _key(item))}
        if not keys & seen:
            kept.append(item if name == item.id else replace(item, id=name))
        seen |= keys
    return tuple(kept)


def _key(item: FeedItem) -> str:
    return normalize_url(item.url) if item.url else item.title
