"""Articles in the database: what is new, what changed, and reading them back."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update

from index.articles.analysis import Analysis, ArticleWithSpans, IndexableArticle
from index.articles.identity import digest, url_key
from index.models.article import Article, StoredArticle
from index.store.articles.abbreviations import replace_definitions
from index.store.articles.duplicates import Duplicates, remove, replace_keys, sources_of
from index.store.articles.known import Change, KnownArticles
from index.store.articles.view import STORED, View, is_from, stored
from index.store.articles.writer import AlertHook, ArticleWriter, UpsertResult, analysis_values
from index.store.database import Database
from index.store.meta import raise_revisions, set_value, value
from index.store.tables import analyses, articles
from index.store.tables import article_places as places


@dataclass(frozen=True, slots=True)
class Dated:
    """An article by its term codes, with when it was published or first seen."""

    number: int
    moment: int
    sources: tuple[str, ...]
    codes: bytes


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
        """Those of the batch that are new or changed, in the order in which they come.

        Duplicates are among them: their analysis tells that they are.
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
        """Note that an article is gone from an address.

        Returns:
            Whether it counts as removed at its source from now on: not if it did already, nor
            if it is gone from a further address only, which is forgotten then.
        """
        with self._database.writing() as connection:
            return remove(connection, number, url_key(address) or "", int(time.time()))

    @contextmanager
    def view(self) -> Iterator[View]:
        """The articles as they are now, whatever is written meanwhile."""
        with self._database.reading() as connection:
            yield View(connection)

    def get(self, numbers: Iterable[int]) -> dict[int, ArticleWithSpans]:
        """Articles with the spans of their sentences, by number; unknown ones are left out."""
        with self.view() as view:
            return view.get(numbers)

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this public id, or at this URL."""
        conditions = [articles.c.id == reference]
        if key := url_key(reference):
            at_place = select(places.c.article).where(places.c.url_key == key)
            conditions += [articles.c.url_key == key, articles.c.number.in_(at_place)]
        with self._database.reading() as connection:
            for condition in conditions:
                if rows := connection.execute(select(*STORED).where(condition)).all():
                    return stored(connection, rows)[0]
        return None

    def sources_of(self, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The names of all sources that have each of some articles, that of its own first."""
        with self._database.reading() as connection:
            return sources_of(connection, numbers)

    def latest(self, limit: int, sources: Sequence[str] = ()) -> list[StoredArticle]:
        """The articles published last, newest first; those without a date come last."""
        query = select(*STORED).order_by(
            articles.c.published_at.desc().nulls_last(), articles.c.number.desc()
        )
        if sources:
            query = query.where(is_from(sources))
        with self._database.reading() as connection:
            return stored(connection, connection.execute(query.limit(limit)).all())

    def since(self, moment: int, limit: int, batch: int = 500) -> Iterator[Dated]:
        """The newest articles published, or else first seen, since a moment, read in batches."""
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
                yield Dated(row.number, row.moment, sources[row.number], row.codes)
            before = rows[-1].number
            limit -= len(rows)

    def began(self) -> int | None:
        """When the first article was published, or seen; None if there are none."""
        columns = articles.c.published_at, articles.c.first_seen_at
        with self._database.reading() as connection:
            found = [connection.scalar(select(func.min(column))) for column in columns]
        return min((each for each in found if each is not None), default=None)

    def count(self) -> int:
        """How many articles there are."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def revision(self) -> int:
        """The revision of the last change; 0 for an empty store."""
        with self._database.reading() as connection:
            return int(value(connection, "revision"))

    def changed_since(self, revision: int, batch: int = 500) -> Iterator[list[IndexableArticle]]:
        """Articles changed after a revision, in the order of their revisions, in batches.

        What is changed from now on is not among them: else there might be no end of them.
        """
        last = self.revision()
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(_changed_since(revision, last).limit(batch)).all()
                sources = sources_of(connection, [row.number for row in rows])
            if not rows:
                return
            yield [
                IndexableArticle(
                    row.number,
                    row.revision,
                    row.published_at,
                    sources[row.number],
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
            select(*STORED)
            .join(analyses, analyses.c.article == articles.c.number)
            .where(analyses.c.version < self._version)
            .order_by(articles.c.number)
            .limit(batch)
        )
        after = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(articles.c.number > after)).all()
                found = stored(connection, rows)
            if found:
                yield found
            elif not after:
                break
            after = found[-1].number if found else 0
        with self._database.writing() as connection:
            set_value(connection, "analyser", str(self._version))

    def mark_outdated(self) -> None:
        """Count all analyses as those of an older analyser."""
        with self._database.writing() as connection:
            connection.execute(update(analyses).values(version=0))
            set_value(connection, "analyser", "0")

    def renew(self, renewed: Mapping[int, Analysis]) -> None:
        """Replace outdated analyses, by article number; the articles count as changed.

        What was analysed meanwhile, of a text that may be another one, is left alone.
        """
        done: dict[int, Analysis] = {}
        with self._database.writing() as connection:
            for number, analysis in renewed.items():
                values = analysis_values(analysis, self._version)
                outdated = analyses.c.article == number, analyses.c.version < self._version
                if not connection.execute(
                    update(analyses).where(*outdated).values(values)
                ).rowcount:
                    continue
                done[number] = analysis
            raise_revisions(connection, done)
            replace_keys(connection, done)
            replace_definitions(
                connection,
                {number: analysis.definitions for number, analysis in done.items()},
            )


def _changed_since(revision: int, last: int) -> Select[Any]:
    return (
        select(
            articles.c.number,
            articles.c.revision,
            articles.c.published_at,
            analyses.c.terms,
        )
        .join(analyses, analyses.c.article == articles.c.number)
        .where(articles.c.revision > revision, articles.c.revision <= last)
        .order_by(articles.c.revision)
    )
