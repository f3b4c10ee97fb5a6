"""What feeds and sitemaps are read into."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An article as a feed announces it.

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
    """A feed: its name, the page that it belongs to, its items in their order."""

    title: str
    link: str | None
    items: tuple[FeedItem, ...]


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap: its articles, and the sitemaps that an index names; both newest first."""

    items: tuple[FeedItem, ...]
    children: tuple[str, ...]
