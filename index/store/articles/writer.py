"""Write a batch of articles: add, update, skip, or record as a duplicate.

One transaction stores the articles and queues their alerts: an article is never stored without
its alerts, nor an alert without its article.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select, update

from index.articles.analysis import Analysis
from index.models.article import Article
from index.store.articles.abbreviations import replace_definitions
from index.store.articles.duplicates import Duplicates, repeated_news, sources_of, store_news_keys
from index.store.articles.known import ArticleState, Change, KnownArticles
from index.store.articles.vectors import delete_vectors
from index.store.articles.view import pack_spans
from index.store.database import change_rows_in, rows_in
from index.store.meta import raise_revisions, set_revision, value
from index.store.tables import analyses, articles

NEWS_SECONDS = 24 * 3600
"""Time for which an article is news, and a change of its text can trigger more alerts."""


@dataclass(slots=True)
class UpsertResult:
    """Numbers of articles of a batch that were added, updated or unchanged.

    A duplicate of an article counts as that article, unchanged. `missed` are articles that
    need an analysis and came without one.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    missed: list[Article] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """New or changed article that may trigger alerts, as it is stored now.

    `duplicates` are the numbers of articles with the same news: a chat gets one alert of them.
    """

    number: int
    is_new: bool
    sources: tuple[str, ...]
    terms: tuple[str, ...]
    duplicates: tuple[int, ...]


class AlertHook(Protocol):
    """Queues alerts within the transaction that stores their articles."""

    def is_news(self, article: Article, now: int) -> bool:
        """Whether an article seen for the first time triggers alerts."""

    def queue(self, connection: Connection, changed: Sequence[ChangedArticle], now: int) -> None:
        """Queue alerts of articles that are new, or changed while they are news."""


class ArticleWriter:
    """Writes a batch within a transaction: first `add` each article, then `write` all.

    Args:
        connection: The transaction.
        batch: The articles to come.
        analyser_version: The version of their analyses.
        now: The time, in seconds since the epoch.
    """

    def __init__(
        self, connection: Connection, batch: Sequence[Article], analyser_version: int, now: int
    ) -> None:
        self._connection = connection
        self._version = analyser_version
        self._now = now
        self._known = KnownArticles(connection, batch)
        self._duplicates = Duplicates(connection, batch, self._known)
        self._revision = int(value(connection, "revision"))
        self._rows: dict[int, _Row] = {}
        self._new: set[int] = set()
        self._former_duplicates: set[int] = set()
        self._seen: set[int] = set()
        self._result = UpsertResult()

    def add(self, article: Article, analysis: Analysis | None) -> None:
        """Decide whether the next article of the batch is new, changed, known or a duplicate.

        Args:
            article: As it was read.
            analysis: Its analysis; without one it is `missed` if it is new or changed.
        """
        if self._duplicates.add(article, analysis, self._now):
            self._result.unchanged += 1
            return
        former = self._known.match(article)
        change, state = self._known.match_or_add(article, self._revision + 1)
        self._seen.add(state.number)
        if change is Change.UNCHANGED:
            self._result.unchanged += 1
            return
        self._revision += 1
        if analysis is None:
            self._result.missed.append(article)
            return
        if self._duplicates.keep(state.number, article, analysis):
            self._former_duplicates.add(state.number)
        if former and former.url_key != state.url_key and article.is_fetched:
            self._duplicates.keep_address(former, self._now)
        if change is Change.ADDED:
            self._new.add(state.number)
            self._result.added += 1
        else:
            self._result.updated += 1
        self._rows[state.number] = _Row(article, state, analysis, self._revision)
        self._result.sentences += len(analysis.spans)

    def write(self, hook: AlertHook | None) -> UpsertResult:
        """Write the batch, and queue its alerts."""
        # A former duplicate was news as the other article.
        first_seen = self._new - self._former_duplicates
        news = {n for n in first_seen if hook and hook.is_news(self._rows[n].article, self._now)}
        self._update([row for number, row in self._rows.items() if number not in self._new])
        self._insert([row for number, row in self._rows.items() if number in self._new], news)
        definitions = {number: row.analysis.definitions for number, row in self._rows.items()}
        replace_definitions(self._connection, definitions)
        self._unmark_removed()
        set_revision(self._connection, self._revision)
        moved = self._duplicates.write() - self._rows.keys()
        raise_revisions(self._connection, sorted(moved))
        if hook and (changed := self._changed(news, moved)):
            hook.queue(self._connection, changed, self._now)
        return self._result

    def _changed(self, news: set[int], moved: set[int]) -> list[ChangedArticle]:
        """Return the articles that are news and new, changed, or have another source now."""
        stored = (self._rows.keys() - self._new) | moved
        current = news | _still_news(self._connection, stored, self._now)
        sources = sources_of(self._connection, current)
        terms = {number: row.analysis.terms for number, row in self._rows.items()}
        terms |= _terms(self._connection, current & moved)
        keys = {
            number: row.analysis.duplicate_keys
            for number, row in self._rows.items()
            if number in current and (row.article.is_fetched or not row.article.id)
        }
        store_news_keys(self._connection, keys, self._now)
        return [
            ChangedArticle(
                number,
                number in self._new,
                sources[number],
                terms[number],
                repeated_news(self._connection, number),
            )
            for number in sorted(current)
        ]

    def _unmark_removed(self) -> None:
        """Unmark removed articles that are seen again."""
        removed = update(articles).where(articles.c.removed_at.is_not(None))
        unmarked = removed.values(removed_at=None)
        change_rows_in(self._connection, unmarked, articles.c.number, self._seen)

    def _insert(self, rows: Sequence["_Row"], news: set[int]) -> None:
        if not rows:
            return
        until = self._now + NEWS_SECONDS
        self._connection.execute(
            insert(articles),
            [
                _article_values(row)
                | {
                    "first_seen_at": self._now,
                    "news_until": until if row.state.number in news else None,
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
        delete_vectors(self._connection, [row.state.number for row in rows])
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
    """Return the column values of an analysis by a version of the analyser."""
    return {
        "version": version,
        "spans": pack_spans(analysis.spans),
        "terms": "\n".join(analysis.terms),
        "codes": analysis.codes,
    }


@dataclass(frozen=True, slots=True)
class _Row:
    """Article to write, with the revision that it takes."""

    article: Article
    state: ArticleState
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


def _still_news(connection: Connection, numbers: Iterable[int], now: int) -> set[int]:
    query = select(articles.c.number).where(articles.c.news_until > now)
    return {row.number for row in rows_in(connection, query, articles.c.number, numbers)}


def _terms(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    query = select(analyses.c.article, analyses.c.terms)
    rows = rows_in(connection, query, analyses.c.article, numbers)
    return {row.article: tuple(row.terms.split("\n")) for row in rows}
