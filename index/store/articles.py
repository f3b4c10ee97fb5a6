"""Articles in the database: what is new, what changed, and reading them back."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select, update

from index.analysis import Analysis, IndexableArticle, Spans, unpack_spans
from index.article import Article, SourceSummary, StoredArticle
from index.dates import vietnam
from index.engines import Filter
from index.spelling import fold
from index.store.collection import set_value, value
from index.store.database import Database
from index.store.identity import Change, Known, digest, parts, url_key
from index.store.storing import Announcer, Storing, Upsert, analysis_values
from index.store.tables import analyses, articles

_STORED = (
    articles.c.number,
    articles.c.id,
    articles.c.title,
    articles.c.text,
    articles.c.url,
    articles.c.published,
    articles.c.source,
    articles.c.author,
)


class Articles:
    """The articles of a database.

    Each change of an article takes the next number of one counter, its
    revision, so that an engine can ask for what changed since it last looked.
    An article's own number is the revision at which it was first stored.
    """

    def __init__(self, database: Database, analyser_version: int) -> None:
        self._database = database
        self._version = analyser_version

    def collection_id(self) -> str:
        """What tells this collection from any other."""
        with self._database.reading() as connection:
            return value(connection, "id")

    def unseen(self, batch: Sequence[Article]) -> list[Article]:
        """Those of the batch that are new or changed, in the order in which they come."""
        with self._database.reading() as connection:
            known = Known(connection, batch)
        changes = [known.take(article, -number)[0] for number, article in enumerate(batch, start=1)]
        return [a for a, change in zip(batch, changes, strict=True) if change != Change.UNCHANGED]

    def upsert(
        self,
        batch: Sequence[Article],
        analysed: Mapping[bytes, Analysis],
        announcer: Announcer | None = None,
    ) -> Upsert:
        """Store a batch in one transaction.

        Args:
            batch: Articles as they were read.
            analysed: The analysis of each new or changed article, by its `digest`.
            announcer: Says what is news, and is told of it.

        Returns:
            What that changed; articles that turn out to be changed but were not
            analysed, since another process wrote meanwhile, are `missed`.
        """
        with self._database.writing() as connection:
            storing = Storing(connection, batch, self._version)
            for article in batch:
                storing.take(article, analysed.get(digest(article)))
            return storing.write(announcer, int(time.time()))

    def get(self, numbers: Iterable[int]) -> dict[int, tuple[StoredArticle, Spans]]:
        """Articles with the spans of their sentences, by number; unknown ones are left out."""
        found: dict[int, tuple[StoredArticle, Spans]] = {}
        wanted = select(*_STORED, analyses.c.spans).join(analyses)
        with self._database.reading() as connection:
            for part in parts(list(numbers)):
                rows = connection.execute(wanted.where(articles.c.number.in_(part)))
                found |= {row.number: (_stored(row), unpack_spans(row.spans)) for row in rows}
        return found

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this public id or URL."""
        conditions = [articles.c.id == reference]
        if key := url_key(reference):
            conditions.append(articles.c.url_key == key)
        with self._database.reading() as connection:
            for condition in conditions:
                if row := connection.execute(select(*_STORED).where(condition)).first():
                    return _stored(row)
        return None

    def within(self, numbers: Sequence[int], wanted: Filter) -> list[int]:
        """Those of some articles that are as wanted."""
        query = select(articles.c.number).where(articles.c.number.in_(numbers))
        if wanted.since is not None:
            query = query.where(articles.c.published_at >= wanted.since)
        if wanted.until is not None:
            query = query.where(articles.c.published_at <= wanted.until)
        if wanted.sources:
            query = query.where(articles.c.source.in_(wanted.sources))
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def codes(self, numbers: Iterable[int]) -> dict[int, bytes]:
        """The codes of the titles and sentences of articles, by number; see `index.codes`."""
        found: dict[int, bytes] = {}
        wanted = select(analyses.c.article, analyses.c.codes)
        with self._database.reading() as connection:
            for part in parts(list(numbers)):
                rows = connection.execute(wanted.where(analyses.c.article.in_(part)))
                found |= {row.article: row.codes for row in rows}
        return found

    def latest(self, limit: int, sources: Sequence[str] = ()) -> list[StoredArticle]:
        """The articles published last, newest first; those without a date come last."""
        query = select(*_STORED).order_by(
            articles.c.published_at.desc().nulls_last(), articles.c.number.desc()
        )
        if sources:
            query = query.where(articles.c.source.in_(sources))
        with self._database.reading() as connection:
            return [_stored(row) for row in connection.execute(query.limit(limit))]

    def sources(self) -> list[SourceSummary]:
        """Where the articles come from, the largest source first."""
        query = (
            select(
                articles.c.source,
                func.count().label("articles"),
                func.max(articles.c.published_at).label("latest"),
            )
            .where(articles.c.source.is_not(None))
            .group_by(articles.c.source)
            .order_by(func.count().desc(), articles.c.source)
        )
        with self._database.reading() as connection:
            return [
                SourceSummary(row.source, row.articles, _moment(row.latest))
                for row in connection.execute(query)
            ]

    def named(self, name: str) -> tuple[str, ...]:
        """The sources of this name: spelled just so, else in any case, else without marks."""
        exact = select(articles.c.source).where(articles.c.source == name).limit(1)
        every = select(articles.c.source).where(articles.c.source.is_not(None)).distinct()
        with self._database.reading() as connection:
            if found := connection.scalar(exact):
                return (found,)
            known = list(connection.scalars(every))
        for alike in (str.casefold, _unmarked):
            if found := [source for source in known if alike(source) == alike(name)]:
                return tuple(found)
        return ()

    def count(self) -> int:
        """How many articles there are."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def revision(self) -> int:
        """The revision of the last change; 0 for an empty store."""
        with self._database.reading() as connection:
            return int(value(connection, "revision"))

    def changed_since(self, revision: int, batch: int = 500) -> Iterator[list[IndexableArticle]]:
        """Articles changed after a revision, in the order of their revisions, in batches."""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_changed_since(revision).limit(batch)).all()
            if not rows:
                return
            yield [
                IndexableArticle(
                    row.number,
                    row.revision,
                    row.published_at,
                    row.source,
                    tuple(row.terms.split("\n")),
                )
                for row in rows
            ]
            revision = rows[-1].revision

    def analyser_version(self) -> int:
        """The version under which all articles are analysed, or being analysed anew."""
        with self._database.reading() as connection:
            return int(value(connection, "analyser"))

    def outdated(self, batch: int = 200) -> Iterator[list[StoredArticle]]:
        """Articles that an older analyser analysed, in batches; then none are left."""
        query = (
            select(*_STORED)
            .join(analyses, analyses.c.article == articles.c.number)
            .where(analyses.c.version < self._version)
        )
        while True:
            with self._database.reading() as connection:
                found = [_stored(row) for row in connection.execute(query.limit(batch))]
            if not found:
                break
            yield found
        with self._database.writing() as connection:
            set_value(connection, "analyser", str(self._version))

    def renew(self, renewed: Mapping[int, Analysis]) -> None:
        """Replace analyses, by article number; the articles count as changed."""
        with self._database.writing() as connection:
            revision = int(value(connection, "revision"))
            for number, analysis in renewed.items():
                revision += 1
                values = analysis_values(analysis, self._version)
                connection.execute(
                    update(analyses).where(analyses.c.article == number).values(**values)
                )
                connection.execute(
                    update(articles).where(articles.c.number == number).values(revision=revision)
                )
            set_value(connection, "revision", str(revision))


def _changed_since(revision: int) -> Select[Any]:
    return (
        select(
            articles.c.number,
            articles.c.revision,
            articles.c.published_at,
            articles.c.source,
            analyses.c.terms,
        )
        .join(analyses, analyses.c.article == articles.c.number)
        .where(articles.c.revision > revision)
        .order_by(articles.c.revision)
    )


def _unmarked(name: str) -> str:
    return fold(" ".join(name.casefold().split()))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, vietnam())


def _stored(row: Row[*tuple[Any, ...]]) -> StoredArticle:
    return StoredArticle(
        number=row.number,
        id=row.id,
        title=row.title,
        text=row.text,
        url=row.url,
        published=datetime.fromisoformat(row.published) if row.published else None,
        source=row.source,
        author=row.author,
    )
