"""Articles in the database: what is new, what changed, and reading them back."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select, update

from index.analysis import Analysis, IndexableArticle, Spans, pack_spans, unpack_spans
from index.article import Article, SourceSummary, StoredArticle
from index.codes import encode
from index.dates import vietnam
from index.engines import Filter
from index.spelling import fold
from index.store.collection import set_value, value
from index.store.database import Database
from index.store.identity import Change, Known, State, parts, url_key
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


NEWS_SECONDS = 24 * 3600
"""For how long an article is news: a change of its text may still concern somebody new."""


@dataclass(slots=True)
class Upsert:
    """How many articles of a batch were new, changed, or known as they were."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    missed: list[Article] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that people may want to be alerted of, as it is stored now."""

    number: int
    is_new: bool
    sources: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dated:
    """An article by its codes (see `index.codes`), with when it was published or first seen."""

    number: int
    moment: int
    source: str | None
    codes: bytes


class Announcer(Protocol):
    """Is told of news within the transaction that stores it."""

    def is_news(self, article: Article, now: int) -> bool:
        """Whether anybody is to be alerted of an article that is seen for the first time."""

    def announce(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """Owe alerts of articles that are new, or whose text changed while they are news."""


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
        result = Upsert()
        now = int(time.time())
        rows: dict[int, _Row] = {}
        added: set[int] = set()
        with self._database.writing() as connection:
            known = Known(connection, batch)
            revision = int(value(connection, "revision"))
            for article in batch:
                change, state = known.take(article, revision + 1)
                analysis = analysed.get(state.digest)
                if change is Change.UNCHANGED:
                    result.unchanged += 1
                    continue
                revision += 1
                if analysis is None:
                    result.missed.append(article)
                    continue
                if change is Change.ADDED:
                    added.add(state.number)
                rows[state.number] = _Row(article, state, analysis, revision)
                result.added += change is Change.ADDED
                result.updated += change is Change.UPDATED
                result.sentences += len(analysis.spans)
            news = {
                number: announcer is not None and announcer.is_news(rows[number].article, now)
                for number in added
            }
            self._update([row for number, row in rows.items() if number not in added], connection)
            self._insert(
                [rows[number] for number in rows if number in added], news, connection, now
            )
            set_value(connection, "revision", str(revision))
            if announcer:
                still = _still_news(connection, [n for n in rows if n not in added], now)
                fresh = [
                    _fresh(row, is_new=n in added)
                    for n, row in rows.items()
                    if news.get(n) or n in still
                ]
                if fresh:
                    announcer.announce(connection, fresh, now)
        return result

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

    def since(self, moment: int, limit: int) -> list[Dated]:
        """The newest articles published, or else first seen, since a moment."""
        when = func.coalesce(articles.c.published_at, articles.c.first_seen_at)
        of_late = or_(
            articles.c.published_at >= moment,
            and_(articles.c.published_at.is_(None), articles.c.first_seen_at >= moment),
        )
        query = (
            select(articles.c.number, when.label("moment"), articles.c.source, analyses.c.codes)
            .join(analyses)
            .where(of_late)
            .order_by(articles.c.number.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Dated(*row) for row in connection.execute(query)]

    def began(self) -> int | None:
        """When the first article was published, or seen; None if there are none."""
        columns = articles.c.published_at, articles.c.first_seen_at
        with self._database.reading() as connection:
            found = [connection.scalar(select(func.min(column))) for column in columns]
        return min((each for each in found if each is not None), default=None)

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
                values = self._analysis_values(analysis)
                connection.execute(
                    update(analyses).where(analyses.c.article == number).values(**values)
                )
                connection.execute(
                    update(articles).where(articles.c.number == number).values(revision=revision)
                )
            set_value(connection, "revision", str(revision))

    def _insert(
        self, rows: Sequence["_Row"], news: Mapping[int, bool], connection: Connection, now: int
    ) -> None:
        if rows:
            connection.execute(
                insert(articles),
                [
                    _article_values(row)
                    | {
                        "first_seen_at": now,
                        "news_until": now + NEWS_SECONDS if news[row.state.number] else None,
                    }
                    for row in rows
                ],
            )
            connection.execute(
                insert(analyses),
                [
                    {"article": row.state.number} | self._analysis_values(row.analysis)
                    for row in rows
                ],
            )

    def _update(self, rows: Sequence["_Row"], connection: Connection) -> None:
        for row in rows:
            number = row.state.number
            connection.execute(
                update(articles).where(articles.c.number == number).values(_article_values(row))
            )
            connection.execute(
                update(analyses)
                .where(analyses.c.article == number)
                .values(self._analysis_values(row.analysis))
            )

    def _analysis_values(self, analysis: Analysis) -> dict[str, Any]:
        return {
            "version": self._version,
            "spans": pack_spans(analysis.spans),
            "terms": "\n".join(analysis.terms),
            "codes": encode(analysis.terms),
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """An article to write."""

    article: Article
    state: State
    analysis: Analysis
    revision: int


def _article_values(row: _Row) -> dict[str, Any]:
    article, state, published = row.article, row.state, row.article.published
    return {
        "number": state.number,
        "id": state.id,
        "url": state.url,
        "url_key": state.url_key,
        "title": article.title,
        "text": article.text,
        "published": published.isoformat() if published else None,
        "published_at": int(published.timestamp()) if published else None,
        "source": state.source,
        "author": article.author,
        "origin": state.origin,
        "digest": state.digest,
        "revision": row.revision,
    }


def _still_news(connection: Connection, numbers: list[int], now: int) -> set[int]:
    query = select(articles.c.number).where(articles.c.news_until > now)
    found: set[int] = set()
    for part in parts(numbers):
        found.update(connection.scalars(query.where(articles.c.number.in_(part))))
    return found


def _fresh(row: _Row, *, is_new: bool) -> Fresh:
    sources = (row.state.source,) if row.state.source else ()
    return Fresh(row.state.number, is_new, sources, row.analysis.terms)


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
