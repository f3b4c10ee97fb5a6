"""Items that are one: those of one address, and those of one id."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from index.sources.items import FeedItem
from index.sources.urls import normalised

_MANY = 2  # addresses: an id that more share is no id (some feeds give all items the same)


def unique(items: Iterable[FeedItem]) -> tuple[FeedItem, ...]:
    """Return each item once, the first of those that are one, in their order."""
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
    return normalised(item.url) if item.url else item.title
