"""Read articles with their sentences and term codes within one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from struct import Struct
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, or_, select

from index.models.article import (
    ArticleFilter,
    ArticleWithSpans,
    IndexableArticle,
    Spans,
    StoredArticle,
)
from index.models.period import from_seconds
from index.store.database import batched_values
from index.store.tables import analyses, articles, duplicate_keys
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
    select(locations.c.article)
    .where(locations.c.article == articles.c.number, locations.c.source.is_not(None))
    .correlate(articles)
    .exists()
    .label("has_others"),
)
"""Columns of a `StoredArticle`, and whether it may have further sources: few have any."""

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

LEAD_SENTENCES = 2
"""Sentences of a lead."""

_LEAD_CHARACTERS, _LEAD_TERMS = 400, 700
"""Characters that are read of a text, and of its terms with those of the title."""

_LEADS = (
    select(
        articles.c.number,
        articles.c.source,
        articles.c.title,
        func.substr(articles.c.text, 1, _LEAD_CHARACTERS).label("text"),
        func.substr(analyses.c.terms, 1, _LEAD_TERMS).label("terms"),
    )
    .join(analyses)
    .where(articles.c.number.in_(bindparam("numbers", expanding=True)))
)

FEWEST_SHARED_KEYS = 2
"""Keys that two articles share which have most of their text in common: of texts with half of it in
common, one pair in four has so many; with a fifth, one in three thousand."""

MOST_SHARING_A_KEY = 100
"""Articles that may share a key; more are made by one template, and are too many to be paired."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Title and first sentences of an article.

    `words` are the terms of the title and of `LEAD_SENTENCES` sentences, see
    `index.language.analyser.Terms`; `text` begins with these.
    """

    number: int
    sources: tuple[str, ...]
    title: str
    text: str
    words: frozenset[str]


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
        return list(self._connection.scalars(query.where(*_conditions(wanted))))

    def count(self, wanted: ArticleFilter) -> int:
        """Count articles by date and source."""
        query = select(func.count()).select_from(articles).where(*_conditions(wanted))
        return self._connection.scalar(query) or 0

    def leads(self, numbers: Sequence[int]) -> list[Lead]:
        """Read the titles and leads of articles, in their order; skip unknown numbers."""
        rows = {row.number: row for row in _rows(self._connection, _LEADS, numbers)}
        also = further_sources(self._connection, rows)
        return [_lead(rows[number], also.get(number, ())) for number in numbers if number in rows]

    def near_duplicates(self, wanted: ArticleFilter) -> list[tuple[int, int]]:
        """Return the pairs of fetched articles that have most of their text in common."""
        within = duplicate_keys.c.article.in_(select(articles.c.number).where(*_conditions(wanted)))
        keys = select(duplicate_keys.c.key).where(within).group_by(duplicate_keys.c.key)
        several = duplicate_keys.c.key.in_(keys.having(func.count().between(2, MOST_SHARING_A_KEY)))
        query = select(duplicate_keys.c.key, duplicate_keys.c.article).where(within, several)
        of_key: dict[int, list[int]] = {}
        for key, article in self._connection.execute(query.order_by(duplicate_keys.c.article)):
            of_key.setdefault(key, []).append(article)
        shared = Counter(pair for several in of_key.values() for pair in combinations(several, 2))
        return [pair for pair, count in shared.items() if count >= FEWEST_SHARED_KEYS]


def _conditions(wanted: ArticleFilter) -> list[ColumnElement[bool]]:
    """Build the conditions of a filter."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(articles.c.published_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(articles.c.published_at <= wanted.until)
    if wanted.sources:
        conditions.append(is_from(wanted.sources))
    return conditions


def _lead(row: Row[*tuple[Any, ...]], also: Sequence[str]) -> Lead:
    sentences = row.terms.split("\n", LEAD_SENTENCES + 1)[: LEAD_SENTENCES + 1]
    words = {word for sentence in sentences for word in sentence.split() if not word.isdigit()}
    sources = tuple(dict.fromkeys(filter(None, (row.source, *also))))
    return Lead(row.number, sources, row.title, row.text, frozenset(words))


def is_from(sources: Sequence[str]) -> ColumnElement[bool]:
    """Build a condition: an article, or a further location of it, has one of the sources."""
    also = select(locations.c.article).where(locations.c.source.in_(sources))
    return or_(articles.c.source.in_(sources), articles.c.number.in_(also))


def to_stored_articles(
    connection: Connection, rows: Sequence[Sequence[Any]]
) -> list[StoredArticle]:
    """Convert rows of `ARTICLE_COLUMNS` to articles."""
    also = further_sources(connection, [row[0] for row in rows if row[-1]])
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
        for number, id_, title, text, url, published, source, author, removed_at, seen_at, _ in rows
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
        for row in connection.execute(prepared, {"numbers": batch}).all()
    ]
