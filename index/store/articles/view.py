"""Read articles with their sentences and term codes within one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from struct import Struct
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, or_, select

from index.models.article import (
    ArticleFilter,
    ArticleWithSpans,
    IndexableArticle,
    Spans,
    StoredArticle,
)
from index.models.period import from_seconds
from index.store.database import batched_values
from index.store.tables import analyses, articles
from index.store.tables import article_locations as locations

ARTICLE_COLUMNS = (
    articles.c.number,
    articles.c.id,
    articles.c.title,
    articles.c.text,
    articles.c.url,
    articles.c.published,
    articles.c.source,
    articles.c.author,
    articles.c.removed_at,
    articles.c.first_seen_at,
)
"""Columns of a `StoredArticle`."""

# Built once: building a statement for each question takes longer than running it.
_WITH_SPANS = (
    select(*ARTICLE_COLUMNS, analyses.c.spans)
    .join(analyses)
    .where(articles.c.number.in_(bindparam("numbers", expanding=True)))
)
_CODES = select(analyses.c.article, analyses.c.codes).where(
    analyses.c.article.in_(bindparam("numbers", expanding=True))
)
_SPAN = Struct("=II")


class View:
    """Consistent view of the articles within a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, numbers: Iterable[int]) -> dict[int, ArticleWithSpans]:
        """Read articles with the spans of their sentences, by number; skip unknown numbers."""
        rows = _rows(self._connection, _WITH_SPANS, numbers)
        stored = to_stored_articles(self._connection, [row[:-1] for row in rows])
        return {
            article.number: (article, unpack_spans(row.spans))
            for article, row in zip(stored, rows, strict=True)
        }

    def origins(self, numbers: Iterable[int]) -> dict[int, tuple[int | None, tuple[str, ...]]]:
        """Read when articles were published, in seconds since 1970, and all of their sources."""
        rows = _rows(self._connection, _ORIGINS, numbers)
        also = further_sources(self._connection, [row.number for row in rows])
        return {
            number: (
                published_at,
                tuple(dict.fromkeys(filter(None, (source, *also.get(number, ()))))),
            )
            for number, published_at, source in rows
        }

    def codes(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """Read the term codes of the titles and sentences of articles, by number."""
        return {row.article: row.codes for row in _rows(self._connection, _CODES, numbers)}

    def within(self, numbers: Sequence[int], wanted: ArticleFilter) -> list[int]:
        """Filter article numbers by date and source."""
        query = select(articles.c.number).where(articles.c.number.in_(numbers))
        if wanted.since is not None:
            query = query.where(articles.c.published_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(articles.c.published_at <= wanted.until)
        if wanted.sources:
            query = query.where(is_from(wanted.sources))
        return list(self._connection.scalars(query))


def is_from(sources: Sequence[str]) -> ColumnElement[bool]:
    """Build a condition: an article, or a further location of it, has one of the sources."""
    also = select(locations.c.article).where(locations.c.source.in_(sources))
    return or_(articles.c.source.in_(sources), articles.c.number.in_(also))


def to_stored_articles(
    connection: Connection, rows: Sequence[Sequence[Any]]
) -> list[StoredArticle]:
    """Convert rows of `ARTICLE_COLUMNS` to articles."""
    also = further_sources(connection, [row[0] for row in rows])
    return [
        StoredArticle(
            number=number,
            id=id_,
            title=title,
            text=text,
            url=url,
            published=datetime.fromisoformat(published) if published else None,
            source=source,
            author=author,
            also=tuple(name for name in also.get(number, ()) if name != source),
            removed=None if removed_at is None else from_seconds(removed_at),
            received=None if seen_at is None else from_seconds(seen_at),
        )
        for number, id_, title, text, url, published, source, author, removed_at, seen_at in rows
    ]


def pack_spans(spans: Spans) -> bytes:
    """Encode spans as pairs of 32-bit numbers, for the database."""
    return b"".join(_SPAN.pack(start, end) for start, end in spans)


def unpack_spans(packed: bytes) -> Spans:
    """Decode spans that `pack_spans` encoded."""
    return tuple(_SPAN.iter_unpack(packed))


def to_indexable(row: Row[*tuple[Any, ...]], sources: tuple[str, ...]) -> IndexableArticle:
    """Convert a row of an article and its analysis to what the search index takes."""
    terms = tuple(row.terms.split("\n"))
    return IndexableArticle(row.number, row.revision, row.published_at, sources, terms)


def further_sources(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Read the names of the sources at the further locations of articles, first seen first."""
    names: dict[int, tuple[str, ...]] = {}
    for number, name in _rows(connection, _FURTHER_SOURCES, numbers):
        names[number] = tuple(dict.fromkeys((*names.get(number, ()), name)))
    return names


_FURTHER_SOURCES = (
    select(locations.c.article, locations.c.source)
    .where(locations.c.source.is_not(None))
    .where(locations.c.article.in_(bindparam("numbers", expanding=True)))
    .order_by(locations.c.first_seen_at, locations.c.url_key)
)


_ORIGINS = select(articles.c.number, articles.c.published_at, articles.c.source).where(
    articles.c.number.in_(bindparam("numbers", expanding=True))
)


def _rows(
    connection: Connection, prepared: Select[Any], numbers: Iterable[int]
) -> list[Row[*tuple[Any, ...]]]:
    """Run a query that is bound to `numbers` for articles, however many these are."""
    return [
        row
        for batch in batched_values(numbers)
        for row in connection.execute(prepared, {"numbers": batch})
    ]
