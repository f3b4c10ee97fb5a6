"""Articles as one transaction sees them, and their rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select

from index.articles.analysis import Located, unpack_spans
from index.models.article import ArticleFilter, StoredArticle
from index.models.period import from_seconds
from index.store.database import batched_values
from index.store.tables import analyses, articles
from index.store.tables import article_places as places

STORED = (
    articles.c.number,
    articles.c.id,
    articles.c.title,
    articles.c.text,
    articles.c.url,
    articles.c.published,
    articles.c.source,
    articles.c.author,
    articles.c.removed_at,
)
"""What a `StoredArticle` is made of."""

# Made once: making a statement anew for each question takes longer than what it reads.
_WITH_SPANS = (
    select(*STORED, analyses.c.spans)
    .join(analyses)
    .where(articles.c.number.in_(bindparam("numbers", expanding=True)))
)
_CODES = select(analyses.c.article, analyses.c.codes).where(
    analyses.c.article.in_(bindparam("numbers", expanding=True))
)


class View:
    """One consistent view of the articles, whatever is written meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, numbers: Iterable[int]) -> dict[int, Located]:
        """Articles with the spans of their sentences, by number; unknown ones are left out."""
        found: dict[int, Located] = {}
        for part in batched_values(list(numbers)):
            rows = self._connection.execute(_WITH_SPANS, {"numbers": part}).all()
            here = stored(self._connection, [row[:-1] for row in rows])
            for article, row in zip(here, rows, strict=True):
                found[article.number] = article, unpack_spans(row.spans)
        return found

    def codes(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """Return the term codes of the titles and sentences of articles, by number."""
        found: dict[int, bytes] = {}
        for part in batched_values(list(numbers)):
            rows = self._connection.execute(_CODES, {"numbers": part}).all()
            found.update((number, codes) for number, codes in rows)
        return found

    def within(self, numbers: Sequence[int], wanted: ArticleFilter) -> list[int]:
        """Those of some articles that are as wanted."""
        query = select(articles.c.number).where(articles.c.number.in_(numbers))
        if wanted.since is not None:
            query = query.where(articles.c.published_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(articles.c.published_at <= wanted.until)
        if wanted.sources:
            query = query.where(is_from(wanted.sources))
        return list(self._connection.scalars(query))


def is_from(sources: Sequence[str]) -> ColumnElement[bool]:
    """Whether an article is of one of some sources, at its own place or a further one."""
    also = select(places.c.article).where(places.c.source.in_(sources))
    return or_(articles.c.source.in_(sources), articles.c.number.in_(also))


def stored(connection: Connection, rows: Sequence[Sequence[Any]]) -> list[StoredArticle]:
    """Articles of rows of `STORED`."""
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
        )
        for number, id_, title, text, url, published, source, author, removed_at in rows
    ]


def further_sources(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of the sources at the further places of some articles, those seen first first."""
    found: dict[int, tuple[str, ...]] = {}
    for batch in batched_values(list(numbers)):
        for number, name in connection.execute(_FURTHER_SOURCES, {"numbers": batch}).all():
            found[number] = tuple(dict.fromkeys((*found.get(number, ()), name)))
    return found


_FURTHER_SOURCES = (
    select(places.c.article, places.c.source)
    .where(places.c.source.is_not(None))
    .where(places.c.article.in_(bindparam("numbers", expanding=True)))
    .order_by(places.c.first_seen_at, places.c.url_key)
)
