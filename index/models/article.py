"""The values that the library speaks in: articles, quotes, answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article as it was read, before it is stored.

    `text` is the body without the title, in Unicode NFC; paragraphs are parted
    by newlines. `published` carries an offset; midnight in its own offset means
    that only the day is known. `source` names the feed, site or file that it
    comes from, `origin_line` the page that it was read from, where one page is one article.
    `is_fetched` says that it was got from the web, where the same text is at several addresses.
    """

    title: str
    text: str
    url: str | None = None
    id: str | None = None
    published: datetime | None = None
    source: str | None = None
    author: str | None = None
    origin: str | None = None
    is_fetched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article in the store: `number` counts up from 1, `id` is its public name.

    `also` names further sources that have the same text. `removed` says when it was found to
    be gone from where it came from.
    """

    number: int
    id: str
    title: str
    text: str
    url: str | None = None
    published: datetime | None = None
    source: str | None = None
    author: str | None = None
    also: tuple[str, ...] = ()
    removed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was not taken in: its name (path, line, address) and the reason."""

    input: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Restrict a search to articles of some days and sources.

    `since` and `until` are seconds since 1970, inclusive; without sources any will do.
    """

    since: int | None = None
    until: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A source by its name, with how many articles it gave and when the last was published."""

    name: str
    articles: int
    latest: datetime | None


Input = Article | Rejection | Mapping[str, object] | str | Path
"""What articles come as: see `Library.ingest`."""
