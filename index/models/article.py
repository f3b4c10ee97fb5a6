"""Articles before and after they are stored; filters, sources, ingest reports, status."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news article read from a page, feed or record, before it is stored.

    `text` is the body without the title, in Unicode NFC; newlines separate its
    paragraphs. `published` carries an offset; midnight in its own offset means
    that only the day is known. `source` names the feed, site or file that it
    comes from, `origin` the page that it was read from, where one page is one article.
    `is_fetched` marks an article from the web, where the same text has several addresses.
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
    """An article in the store: `number` counts up from 1, `id` is its public id.

    `also` names further sources of the same text. `removed` is when its page or file was
    found to be gone, `received` when it was first stored.
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
    received: datetime | None = field(default=None, compare=False)


Spans = tuple[tuple[int, int], ...]
"""`[start, end)` of each sentence in an article's text."""

ArticleWithSpans = tuple[StoredArticle, Spans]


def sentence_at(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    """Return a sentence of an article and its offsets; position 0 is the title, without offsets."""
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end


@dataclass(frozen=True, slots=True)
class IndexableArticle:
    """Fields of an article that an engine indexes; `published` is in seconds since 1970."""

    number: int
    revision: int
    published: int | None
    sources: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A rejected input: its name (path, line or address) and the reason."""

    input: str
    reason: str


@dataclass(slots=True)
class IngestReport:
    """Counts of added, updated and unchanged articles, and the rejected inputs.

    `undated` names the articles that were taken in without the date that they gave, and why.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0
    undated: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Filter of a search by publication date and source.

    `since` and `until` are seconds since 1970, inclusive; no `sources` means any source.
    """

    since: int | None = None
    until: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """Name of a source, its number of articles and the date of its latest one."""

    name: str
    articles: int
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """Counts of the library's contents; `behind` counts changes that are not yet searchable.

    `unnamed` counts the articles without a source, `embedded` those with embeddings; None
    where semantic search is off.
    """

    articles: int
    sentences: int
    sources: int
    unnamed: int
    behind: int
    embedded: int | None = None


Input = Article | Rejection | Mapping[str, object] | str | Path
"""Inputs of `Library.ingest`: articles, records, paths and addresses."""
