"""Storing a batch of articles: what of it is new, changed, or known as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection, insert, select, update

from index.analysis import Analysis, pack_spans
from index.article import Article
from index.codes import encode
from index.store.collection import set_value, value
from index.store.identity import Change, Known, State, parts
from index.store.tables import analyses, articles

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
    """

    def __init__(
        self, connection: Connection, batch: Sequence[Article], analyser_version: int
    ) -> None:
        self._connection = connection
        self._version = analyser_version
        self._known = Known(connection, batch)
        self._revision = int(value(connection, "revision"))
        self._rows: dict[int, _Row] = {}
        self._added: set[int] = set()
        self.result = Upsert()

    def take(self, article: Article, analysis: Analysis | None) -> None:
        """Take in the next article of the batch.

        Args:
            article: As it was read.
            analysis: Its analysis; without one it is `missed` if it is new or changed.
        """
        change, state = self._known.take(article, self._revision + 1)
        if change is Change.UNCHANGED:
            self.result.unchanged += 1
            return
        self._revision += 1
        if analysis is None:
            self.result.missed.append(article)
            return
        if change is Change.ADDED:
            self._added.add(state.number)
        self._rows[state.number] = _Row(article, state, analysis, self._revision)
        self.result.added += change is Change.ADDED
        self.result.updated += change is Change.UPDATED
        self.result.sentences += len(analysis.spans)

    def write(self, announcer: Announcer | None, now: int) -> Upsert:
        """Write what was taken in, tell the announcer of it, and return what that changed."""
        news = {
            number: announcer is not None and announcer.is_news(row.article, now)
            for number, row in self._rows.items()
            if number in self._added
        }
        self._update([row for number, row in self._rows.items() if number not in self._added])
        self._insert(
            [row for number, row in self._rows.items() if number in self._added], news, now
        )
        set_value(self._connection, "revision", str(self._revision))
        if announcer:
            self._announce(announcer, news, now)
        return self.result

    def _announce(self, announcer: Announcer, news: dict[int, bool], now: int) -> None:
        changed = [number for number in self._rows if number not in self._added]
        still = _still_news(self._connection, changed, now)
        fresh = [
            _fresh(row, is_new=number in self._added)
            for number, row in self._rows.items()
            if news.get(number) or number in still
        ]
        if fresh:
            announcer.announce(self._connection, fresh, now)

    def _insert(self, rows: Sequence["_Row"], news: dict[int, bool], now: int) -> None:
        if rows:
            self._connection.execute(
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
            self._connection.execute(
                insert(analyses),
                [
                    {"article": row.state.number} | analysis_values(row.analysis, self._version)
                    for row in rows
                ],
            )

    def _update(self, rows: Sequence["_Row"]) -> None:
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
