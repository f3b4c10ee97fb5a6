"""Detect near-duplicates of stored articles: further locations of an article, repeated news.

A fetched page with the text of a stored article is a further location of that article, which keeps
its first address and source. An article that moved has a location where it was. A location whose
text changes stays one while it is still a duplicate; then it becomes an article of its own. Records
and files are never merged.

News that repeats other news stays an article of its own, but a chat gets one alert: a newsroom
may save its pages to a folder and publish them in a feed. An article with an explicit id is never
matched to another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select

from index.articles.analysis import Analysis
from index.articles.duplicates import MAX_TIME_APART, is_duplicate
from index.articles.identity import digest, url_key
from index.models.article import Article
from index.store.articles.known import ArticleState, KnownArticles
from index.store.articles.view import further_sources
from index.store.database import change_rows_in, columns_of, replace_rows, rows_in
from index.store.tables import article_locations as locations
from index.store.tables import articles, duplicate_keys, news_keys

MAX_COMPARED = 5
"""Maximum number of articles that a text is compared with, those sharing the most keys."""


@dataclass(frozen=True, slots=True)
class ArticleLocation:
    """Further address of an article, with the source and the digest of the text there.

    `first_seen_at` is in seconds since the epoch.
    """

    url_key: str
    url: str
    article: int
    source: str | None
    digest: bytes
    first_seen_at: int


class Duplicates:
    """Finds the duplicates in a batch of articles, within a transaction.

    Args:
        connection: The transaction.
        batch: The articles to come.
        known: The stored articles that the batch may match.
    """

    def __init__(
        self, connection: Connection, batch: Sequence[Article], known: KnownArticles
    ) -> None:
        self._connection = connection
        self._known = known
        self._before = _locations_of(connection, batch)
        self._locations = dict(self._before)
        self._stored: dict[int, Article] = {}
        self._keys: dict[int, Sequence[int]] = {}
        self._numbers_by_key: defaultdict[int, list[int]] = defaultdict(list)

    def has(self, article: Article) -> bool:
        """Whether an article is at a known location, with its text unchanged."""
        location = self._locations.get(url_key(article.url) or "")
        is_unchanged = location is not None and location.digest == digest(article)
        return is_unchanged and self._is_compared(article)

    def add(self, article: Article, analysis: Analysis | None, now: int) -> bool:
        """Record the next article of the batch as a location if it is a duplicate.

        Returns:
            Whether it is a duplicate.
        """
        if self.has(article):
            return True
        if analysis is None or not self._is_compared(article):
            return False
        for number in self._candidates(analysis):
            stored = self._stored.get(number) or comparable_article(self._connection, number)
            if is_duplicate(article, stored):
                self._add_location(article, number, now)
                return True
        return False

    def keep(self, number: int, article: Article, analysis: Analysis) -> bool:
        """Record the next article of the batch as an article of its own.

        Returns:
            Whether it was a location of another article until now.
        """
        for key in self._keys.get(number, ()):
            self._numbers_by_key[key].remove(number)
        self._stored[number] = article
        self._keys[number] = analysis.duplicate_keys if article.is_fetched else ()
        for key in self._keys[number]:
            self._numbers_by_key[key].append(number)
        return self._locations.pop(url_key(article.url) or "", None) is not None

    def keep_address(self, former: ArticleState, now: int) -> None:
        """Record the address that an article had until now, where its text was, as a location."""
        if former.url and former.url_key:
            self._locations[former.url_key] = ArticleLocation(
                former.url_key, former.url, former.number, former.source, former.digest, now
            )

    def write(self) -> set[int]:
        """Write the locations and keys; return the numbers of articles whose sources changed."""
        _replace_keys(self._connection, self._keys)
        changes = self._before.items() ^ self._locations.items()
        keys = sorted({key for key, _ in changes})
        touched = {location.article for _, location in changes}
        before = sources_of(self._connection, touched)
        change_rows_in(self._connection, delete(locations), locations.c.url_key, keys)
        rows = [asdict(self._locations[key]) for key in keys if key in self._locations]
        if rows:
            self._connection.execute(insert(locations), rows)
        after = sources_of(self._connection, touched)
        return {number for number in touched if before.get(number) != after.get(number)}

    def _is_compared(self, article: Article) -> bool:
        is_named = article.id or not url_key(article.url)
        return article.is_fetched and not is_named and self._known.match(article) is None

    def _candidates(self, analysis: Analysis) -> list[int]:
        """Find the articles that share the most keys with an analysis, most first."""
        keys = analysis.duplicate_keys
        rows = self._connection.execute(_most_shared(duplicate_keys, keys))
        shared = Counter({row.article: row.shared for row in rows if row.article not in self._keys})
        for key in keys:
            shared.update(self._numbers_by_key.get(key, ()))
        return sorted(shared, key=lambda number: (-shared[number], number))[:MAX_COMPARED]

    def _add_location(self, article: Article, number: int, now: int) -> None:
        key = url_key(article.url)
        assert key
        assert article.url
        location = self._locations.get(key) or ArticleLocation(
            key, article.url, number, article.source, b"", now
        )
        self._locations[key] = replace(location, article=number, digest=digest(article))


def comparable_article(connection: Connection, number: int) -> Article:
    """Read the parts of a stored article that are compared with others."""
    columns = articles.c.title, articles.c.text, articles.c.published, articles.c.source
    query = select(*columns).where(articles.c.number == number)
    title, text, published, source = connection.execute(query).one()
    moment = datetime.fromisoformat(published) if published else None
    return Article(title=title, text=text, published=moment, source=source)


def store_news_keys(connection: Connection, keys: Mapping[int, Sequence[int]], now: int) -> None:
    """Store the duplicate keys of news, by article number; delete those of old news."""
    if not keys:
        return
    too_old = news_keys.c.filed_at < now - MAX_TIME_APART.total_seconds()
    connection.execute(delete(news_keys).where(too_old))
    rows = {
        number: [{"key": key, "filed_at": now} for key in several]
        for number, several in keys.items()
    }
    replace_rows(connection, news_keys, rows)


def repeated_news(connection: Connection, number: int) -> tuple[int, ...]:
    """Find recent news that is a duplicate of an article."""
    own = select(news_keys.c.key).where(news_keys.c.article == number)
    query = _most_shared(news_keys, own).where(news_keys.c.article != number)
    likely = list(connection.scalars(query))
    if not likely:
        return ()
    article = comparable_article(connection, number)
    return tuple(
        other for other in likely if is_duplicate(article, comparable_article(connection, other))
    )


def replace_keys(connection: Connection, renewed: Mapping[int, Analysis]) -> None:
    """Replace the duplicate keys of the articles that have any by those of new analyses."""
    query = select(duplicate_keys.c.article).distinct()
    rows = rows_in(connection, query, duplicate_keys.c.article, renewed)
    _replace_keys(connection, {row.article: renewed[row.article].duplicate_keys for row in rows})


def sources_of(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Read the names of all sources of each article, its own first."""
    wanted = list(numbers)
    own = select(articles.c.number, articles.c.source)
    rows = rows_in(connection, own, articles.c.number, wanted)
    further = further_sources(connection, wanted)
    return {
        row.number: tuple(dict.fromkeys(filter(None, (row.source, *further.get(row.number, ())))))
        for row in rows
    }


def _most_shared(table: Table, keys: Sequence[int] | Select[tuple[int]]) -> Select[Any]:
    """Query for the articles with the most of some keys in a table, and how many these are."""
    return (
        select(table.c.article, func.count().label("shared"))
        .where(table.c.key.in_(keys))
        .group_by(table.c.article)
        .order_by(func.count().desc(), table.c.article)
        .limit(MAX_COMPARED)
    )


def _replace_keys(connection: Connection, keys: Mapping[int, Sequence[int]]) -> None:
    """Replace the duplicate keys of articles, by their numbers."""
    rows = {number: [{"key": key} for key in several] for number, several in keys.items()}
    replace_rows(connection, duplicate_keys, rows)


def _locations_of(connection: Connection, batch: Iterable[Article]) -> dict[str, ArticleLocation]:
    keys = {key for article in batch if (key := url_key(article.url))}
    query = select(*columns_of(ArticleLocation, locations))
    rows = rows_in(connection, query, locations.c.url_key, keys)
    return {row.url_key: ArticleLocation(*row) for row in rows}
