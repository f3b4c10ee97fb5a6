"""Storing a batch of articles: what of it is new, changed, known as it is, or a copy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select, update

from index.analysis import Analysis, pack_spans
from index.article import Article
from index.store.collection import set_value, value
from index.store.database import batched_values
from index.store.definitions import replace_definitions
from index.store.identity import Change, Known, State
from index.store.places import Copies, sources_of
from index.store.repeats import Repeats
from index.store.tables import analyses, articles
from index.store.vectors import forget

NEWS_SECONDS = 24 * 3600
"""For how long an article is news: a change of its text may still concern somebody new."""


@dataclass(slots=True)
class Upsert:
    """How many articles of a batch were new, changed, or known as they were.

    A copy of an article is the article, known as it was.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    missed: list[Article] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Fresh:
    """An article that people may want to be alerted of, as it is stored now.

    `repeats` are articles that say the same: who was alerted of one knows.
    """

    number: int
    is_new: bool
    sources: tuple[str, ...]
    terms: tuple[str, ...]
    repeats: tuple[int, ...]


class Announcer(Protocol):
    """Is told of news within the transaction that stores it."""

    def is_news(self, article: Article, now: int) -> bool:
        """Whether anybody is to be alerted of an article that is seen for the first time."""

    def announce(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """Owe alerts of articles that are new, or whose text changed while they are news."""


class Storing:
    """Takes in a batch within a transaction that writes.

    Args:
        connection: The transaction.
        batch: The articles to come.
        analyser_version: That of their analyses.
        now: The time, in seconds since the epoch.
    """

    def __init__(
        self, connection: Connection, batch: Sequence[Article], analyser_version: int, now: int
    ) -> None:
        self._connection = connection
        self._version = analyser_version
        self._now = now
        self._known = Known(connection, batch)
        self._copies = Copies(connection, batch, self._known)
        self._revision = int(value(connection, "revision"))
        self._rows: dict[int, _Row] = {}
        self._added: set[int] = set()
        self._parted: set[int] = set()
        self._met: set[int] = set()
        self.result = Upsert()

    def take(self, article: Article, analysis: Analysis | None) -> None:
        """Take in the next article of the batch.

        Args:
            article: As it was read.
            analysis: Its analysis; without one it is `missed` if it is new or changed.
        """
        if self._copies.take(article, analysis, self._now):
            self.result.unchanged += 1
            return
        change, state = self._known.take(article, self._revision + 1)
        self._met.add(state.number)
        if change is Change.UNCHANGED:
            self.result.unchanged += 1
            return
        self._revision += 1
        if analysis is None:
            self.result.missed.append(article)
            return
        if change is Change.ADDED:
            self._added.add(state.number)
        if self._copies.keep(state.number, article, analysis):
            self._parted.add(state.number)
        self._rows[state.number] = _Row(article, state, analysis, self._revision)
        self.result.added += change is Change.ADDED
        self.result.updated += change is Change.UPDATED
        self.result.sentences += len(analysis.spans)

    def write(self, announcer: Announcer | None) -> Upsert:
        """Write what was taken in, tell the announcer of it, and return what that changed."""
        news = {
            number: announcer is not None and self._is_news(number, announcer)
            for number in self._rows
            if number in self._added
        }
        self._update([row for number, row in self._rows.items() if number not in self._added])
        self._insert([row for number, row in self._rows.items() if number in self._added], news)
        replace_definitions(
            self._connection,
            {number: row.analysis.definitions for number, row in self._rows.items()},
        )
        self._unmark_removed()
        moved = self._copies.write() - self._rows.keys()
        self._revise(moved)
        set_value(self._connection, "revision", str(self._revision))
        if announcer:
            self._announce(announcer, news, moved)
        return self.result

    def _is_news(self, number: int, announcer: Announcer) -> bool:
        """Whether an article is news; as a copy of another one it was, when that was."""
        is_news = announcer.is_news(self._rows[number].article, self._now)
        return is_news and number not in self._parted

    def _announce(self, announcer: Announcer, news: dict[int, bool], moved: set[int]) -> None:
        """Tell what is new, changed, or has another source now, which may concern others."""
        known = [number for number in (*self._rows, *moved) if number not in self._added]
        told = _still_news(self._connection, known, self._now)
        told.update(number for number, is_news in news.items() if is_news)
        sources = sources_of(self._connection, told)
        terms = {number: row.analysis.terms for number, row in self._rows.items()}
        terms |= _terms(self._connection, told & moved)
        repeats = Repeats(self._connection, self._now)
        unnamed = [n for n in told if n in self._rows and not self._rows[n].article.id]
        repeats.file({number: self._rows[number].analysis.copy_keys for number in unnamed})
        fresh = [
            Fresh(number, number in self._added, sources[number], terms[number], repeats.of(number))
            for number in sorted(told)
        ]
        if fresh:
            announcer.announce(self._connection, fresh, self._now)

    def _unmark_removed(self) -> None:
        """What is seen again is there again."""
        for part in batched_values(list(self._met)):
            gone = articles.c.number.in_(part), articles.c.removed_at.is_not(None)
            self._connection.execute(update(articles).where(*gone).values(removed_at=None))

    def _revise(self, numbers: set[int]) -> None:
        for number in sorted(numbers):
            self._revision += 1
            here = articles.c.number == number
            self._connection.execute(update(articles).where(here).values(revision=self._revision))

    def _insert(self, rows: Sequence["_Row"], news: dict[int, bool]) -> None:
        if rows:
            until = self._now + NEWS_SECONDS
            self._connection.execute(
                insert(articles),
                [
                    _article_values(row)
                    | {
                        "first_seen_at": self._now,
                        "news_until": until if news[row.state.number] else None,
                    }
                    for row in rows
                ],
            )
            self._connection.execute(
                insert(analyses),
                [
                    {"article": row.state.number} | analysis_values(row.analysis, self._version)
                    for row in rows
                ],
            )

    def _update(self, rows: Sequence["_Row"]) -> None:
        forget(self._connection, [row.state.number for row in rows])
        for row in rows:
            number = row.state.number
            self._connection.execute(
                update(articles).where(articles.c.number == number).values(_article_values(row))
            )
            self._connection.execute(
                update(analyses)
                .where(analyses.c.article == number)
                .values(analysis_values(row.analysis, self._version))
            )


def analysis_values(analysis: Analysis, version: int) -> dict[str, Any]:
    """An analysis as it stands in the table, by the version of the analyser that made it."""
    return {
        "version": version,
        "spans": pack_spans(analysis.spans),
        "terms": "\n".join(analysis.terms),
        "codes": analysis.codes,
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
    for part in batched_values(numbers):
        found.update(connection.scalars(query.where(articles.c.number.in_(part))))
    return found


def _terms(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    query = select(analyses.c.article, analyses.c.terms)
    found: dict[int, tuple[str, ...]] = {}
    for part in batched_values(list(numbers)):
        rows = connection.execute(query.where(analyses.c.article.in_(part)))
        found |= {row.article: tuple(row.terms.split("\n")) for row in rows}
    return found
