"""Repository of articles: store, find, list, and read changes for the search index."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, or_, select, update

from index.articles.analysis import Analysis
from index.articles.identity import digest, url_key
from index.models.article import Article, ArticleWithSpans, IndexableArticle, StoredArticle
from index.store.articles.abbreviations import replace_definitions
from index.store.articles.duplicates import Duplicates, replace_keys, sources_of
from index.store.articles.known import Change, KnownArticles
from index.store.articles.view import (
    ARTICLE_COLUMNS,
    View,
    is_from,
    to_indexable,
    to_stored_articles,
)
from index.store.articles.writer import AlertHook, ArticleWriter, UpsertResult, analysis_values
from index.store.database import Database
from index.store.meta import collection_ids, raise_revisions, set_value, value
from index.store.tables import analyses, articles
from index.store.tables import article_locations as locations


@dataclass(frozen=True, slots=True)
class DatedTermCodes:
    """Term codes of an article, with its sources and the time of publication or first sight."""

    number: int
    moment: int
    sources: tuple[str, ...]
    codes: bytes


class Articles:
    """Articles of a database.

    Each change of an article takes the next number of one counter, its revision, so that an
    engine can read the changes since its last sync. The number of an article is the revision at
    which it was first stored.
    """

    def __init__(self, database: Database, analyser_version: int) -> None:
        self._database = database
        self._version = analyser_version

    def collection_id(self) -> str:
        """Return the unique id of this collection."""
        with self._database.reading() as connection:
            return value(connection, "id")

    def is_of(self, collection: str) -> bool:
        """Whether an id is that of this collection, or of one that a backup replaced by it."""
        with self._database.reading() as connection:
            return collection in collection_ids(connection)

    def new_or_changed(self, batch: Sequence[Article]) -> list[Article]:
        """Filter the new or changed articles of a batch, in their order.

        Duplicates are among them: only their analysis identifies them.
        """
        with self._database.reading() as connection:
            known = KnownArticles(connection, batch)
            duplicates = Duplicates(connection, batch, known)
        return [
            article
            for number, article in enumerate(batch, start=1)
            if not duplicates.has(article)
            and known.match_or_add(article, -number)[0] != Change.UNCHANGED
        ]

    def upsert(
        self,
        batch: Sequence[Article],
        analysed: Mapping[bytes, Analysis],
        hook: AlertHook | None = None,
    ) -> UpsertResult:
        """Store a batch in one transaction.

        Args:
            batch: Articles as they were read.
            analysed: The analysis of each new or changed article, by its `digest`.
            hook: Queues alerts within the transaction.

        Returns:
            The counts; articles that turn out to be changed but were not
            analysed, since another process wrote meanwhile, are `missed`.
        """
        with self._database.writing() as connection:
            writer = ArticleWriter(connection, batch, self._version, int(time.time()))
            for article in batch:
                writer.add(article, analysed.get(digest(article)))
            return writer.write(hook)

    def mark_removed(self, number: int, address: str) -> bool:
        """Mark an article as removed, or delete its further location at an address.

        Returns:
            Whether it was marked; not if it was already, or if a location was deleted.
        """
        key = url_key(address) or ""
        this = articles.c.number == number
        is_location = locations.c.article == number
        with self._database.writing() as connection:
            own = select(articles.c.url_key, articles.c.removed_at).where(this)
            row = connection.execute(own).first()
            if row is None or row.removed_at is not None:
                return False
            gone = delete(locations).where(is_location, locations.c.url_key == key)
            if connection.execute(gone).rowcount:
                # A search for articles of that source must not find this one any more.
                raise_revisions(connection, [number])
                return False
            # A redirected address is not stored: of several locations it may be any.
            others = connection.execute(select(locations.c.url_key).where(is_location)).first()
            if others and key != row.url_key:
                return False
            connection.execute(update(articles).where(this).values(removed_at=int(time.time())))
            return True

    @contextmanager
    def view(self) -> Iterator[View]:
        """Open a consistent view of the articles."""
        with self._database.reading() as connection:
            yield View(connection)

    def get(self, numbers: Iterable[int]) -> dict[int, ArticleWithSpans]:
        """Read articles with the spans of their sentences, by number; skip unknown numbers."""
        with self.view() as view:
            return view.get(numbers)

    def find(self, reference: str) -> StoredArticle | None:
        """Find an article by its public id or URL."""
        conditions = [articles.c.id == reference]
        if key := url_key(reference):
            located = select(locations.c.article).where(locations.c.url_key == key)
            conditions += [articles.c.url_key == key, articles.c.number.in_(located)]
        with self._database.reading() as connection:
            for condition in conditions:
                if rows := connection.execute(select(*ARTICLE_COLUMNS).where(condition)).all():
                    return to_stored_articles(connection, rows)[0]
        return None

    def latest(self, limit: int, sources: Sequence[str] = ()) -> list[StoredArticle]:
        """List the most recently published articles, newest first, undated ones last."""
        query = select(*ARTICLE_COLUMNS).order_by(
            articles.c.published_at.desc().nulls_last(), articles.c.number.desc()
        )
        if sources:
            query = query.where(is_from(sources))
        with self._database.reading() as connection:
            return to_stored_articles(connection, connection.execute(query.limit(limit)).all())

    def since(self, moment: int, limit: int, batch: int = 500) -> Iterator[DatedTermCodes]:
        """Read the newest articles published (undated: first seen) since a time, in batches."""
        when = func.coalesce(articles.c.published_at, articles.c.first_seen_at)
        of_late = or_(
            articles.c.published_at >= moment,
            and_(articles.c.published_at.is_(None), articles.c.first_seen_at >= moment),
        )
        query = (
            select(articles.c.number, when.label("moment"), analyses.c.codes)
            .join(analyses)
            .where(of_late)
            .order_by(articles.c.number.desc())
        )
        before: int | None = None
        while limit > 0:
            older = query if before is None else query.where(articles.c.number < before)
            with self._database.reading() as connection:
                rows = connection.execute(older.limit(min(batch, limit))).all()
                sources = sources_of(connection, [row.number for row in rows])
            if not rows:
                return
            for row in rows:
                yield DatedTermCodes(row.number, row.moment, sources[row.number], row.codes)
            before = rows[-1].number
            limit -= len(rows)

    def earliest_moment(self) -> int | None:
        """Return the earliest time of publication or first sight; None without articles."""
        columns = articles.c.published_at, articles.c.first_seen_at
        with self._database.reading() as connection:
            moments = [connection.scalar(select(func.min(column))) for column in columns]
        return min((moment for moment in moments if moment is not None), default=None)

    def count(self) -> int:
        """Return the number of articles."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def revision(self) -> int:
        """Return the revision of the last change; 0 for an empty store."""
        with self._database.reading() as connection:
            return int(value(connection, "revision"))

    def changed_since(self, revision: int, batch: int = 500) -> Iterator[list[IndexableArticle]]:
        """Read the articles changed after a revision, in order of revision, in batches.

        Later changes are left out, so that the reading ends.
        """
        columns = articles.c.number, articles.c.revision, articles.c.published_at, analyses.c.terms
        query = (
            select(*columns)
            .join(analyses)
            .where(articles.c.revision <= self.revision())
            .order_by(articles.c.revision)
            .limit(batch)
        )
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(articles.c.revision > revision)).all()
                sources = sources_of(connection, [row.number for row in rows])
            if not rows:
                return
            yield [to_indexable(row, sources[row.number]) for row in rows]
            revision = rows[-1].revision

    def analyser_version(self) -> int:
        """Return the version of the analyser that all articles are or are being analysed by."""
        with self._database.reading() as connection:
            return int(value(connection, "analyser"))

    def adopt_version(self) -> None:
        """Make this version of the analyser that of a collection without articles."""
        empty = ~select(articles.c.number).exists()
        with self._database.writing() as connection:
            if connection.scalar(select(empty)):
                set_value(connection, "analyser", str(self._version))

    def outdated(self, batch: int = 200) -> Iterator[list[StoredArticle]]:
        """Read the articles with analyses of an older version, in batches, until none are left."""
        query = (
            select(*ARTICLE_COLUMNS)
            .join(analyses, analyses.c.article == articles.c.number)
            .where(analyses.c.version < self._version)
            .order_by(articles.c.number)
            .limit(batch)
        )
        after = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(articles.c.number > after)).all()
                outdated = to_stored_articles(connection, rows)
            if outdated:
                yield outdated
            elif not after:
                break
            after = outdated[-1].number if outdated else 0
        with self._database.writing() as connection:
            set_value(connection, "analyser", str(self._version))

    def mark_outdated(self) -> None:
        """Mark all analyses as made by an older version of the analyser."""
        with self._database.writing() as connection:
            connection.execute(update(analyses).values(version=0))
            set_value(connection, "analyser", "0")

    def renew(self, renewed: Mapping[int, Analysis]) -> None:
        """Replace outdated analyses, by article number; the articles count as changed.

        Articles that were analysed meanwhile are left alone: their text may differ.
        """
        done: dict[int, Analysis] = {}
        with self._database.writing() as connection:
            for number, analysis in renewed.items():
                values = analysis_values(analysis, self._version)
                outdated = analyses.c.article == number, analyses.c.version < self._version
                if connection.execute(update(analyses).where(*outdated).values(values)).rowcount:
                    done[number] = analysis
            raise_revisions(connection, done)
            replace_keys(connection, done)
            replace_definitions(connection, {n: done[n].definitions for n in done})
