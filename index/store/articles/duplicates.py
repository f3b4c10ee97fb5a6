"""Duplicates of stored articles: further locations of an article, and repeated news.

A fetched page with the text of a stored article is a further location of that article, which
keeps the address and source that it came by first. A location whose text changes stays one while
it is still a duplicate; then it becomes an article of its own. Records and files are never
merged: a record is the article that it says it is.

News that repeats other news stays an article of its own, of which one alert is enough: a folder
that a newsroom saves its pages to, beside their feed. An article with an id of its own is never
taken for another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from index.articles.analysis import Analysis
from index.articles.duplicates import MOST_APART, is_duplicate
from index.articles.identity import digest, url_key
from index.models.article import Article
from index.store.articles.known import KnownArticles
from index.store.articles.view import further_sources
from index.store.database import batched_values, replace_rows
from index.store.meta import raised
from index.store.tables import article_places as places
from index.store.tables import articles, news_keys
from index.store.tables import copy_keys as filed

COMPARED = 5
"""How many articles a text is compared with: those that share the most keys with it."""


@dataclass(frozen=True, slots=True)
class ArticleLocation:
    """A further address of an article: the source there, and the digest of its text.

    `first_seen_at` is in seconds since the epoch.
    """

    url_key: str
    url: str
    article: int
    source: str | None
    digest: bytes
    first_seen_at: int


class Duplicates:
    """Finds the duplicates in a batch, within a transaction.

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
        self._filed: defaultdict[int, list[int]] = defaultdict(list)

    def has(self, article: Article) -> bool:
        """Whether an article is at a known location, with the text that is known there."""
        location = self._location(article)
        return location is not None and location.digest == digest(article)

    def add(self, article: Article, analysis: Analysis | None, now: int) -> bool:
        """Record the next article of the batch as a location if it is a duplicate.

        Returns:
            Whether it is one.
        """
        if self.has(article):
            return True
        if analysis is None or not self._is_compared(article):
            return False
        for number in self._candidates(analysis):
            if is_duplicate(article, self._content(number)):
                self._put(article, number, now)
                return True
        return False

    def keep(self, number: int, article: Article, analysis: Analysis) -> bool:
        """Record the next article of the batch as one of its own.

        Returns:
            Whether it was a location of another article until now.
        """
        for key in self._keys.get(number, ()):
            self._filed[key].remove(number)
        self._stored[number] = article
        self._keys[number] = analysis.copy_keys if article.is_fetched else ()
        for key in self._keys[number]:
            self._filed[key].append(number)
        return self._locations.pop(url_key(article.url) or "", None) is not None

    def write(self) -> set[int]:
        """Write all, and return the numbers of the articles whose sources that changes."""
        _file(self._connection, self._keys)
        changed = [
            key
            for key in self._before | self._locations
            if self._before.get(key) != self._locations.get(key)
        ]
        touched = {
            location.article
            for key in changed
            for location in (self._before.get(key), self._locations.get(key))
            if location
        }
        before = sources_of(self._connection, touched)
        for batch in batched_values(changed):
            self._connection.execute(delete(places).where(places.c.url_key.in_(batch)))
        rows = [_values(self._locations[key]) for key in changed if key in self._locations]
        if rows:
            self._connection.execute(insert(places), rows)
        after = sources_of(self._connection, touched)
        return {number for number in touched if before.get(number) != after.get(number)}

    def _is_compared(self, article: Article) -> bool:
        is_named = article.id or not url_key(article.url)
        return article.is_fetched and not is_named and not self._known.has(article)

    def _location(self, article: Article) -> ArticleLocation | None:
        if not self._is_compared(article):
            return None
        return self._locations.get(url_key(article.url) or "")

    def _candidates(self, analysis: Analysis) -> list[int]:
        """The articles that it may be a duplicate of, the likeliest first."""
        keys = analysis.copy_keys
        query = (
            select(filed.c.article, func.count().label("shared"))
            .where(filed.c.key.in_(keys))
            .group_by(filed.c.article)
            .order_by(func.count().desc(), filed.c.article)
            .limit(COMPARED)
        )
        rows = self._connection.execute(query)
        shared = Counter({row.article: row.shared for row in rows if row.article not in self._keys})
        for key in keys:
            shared.update(self._filed.get(key, ()))
        return sorted(shared, key=lambda number: (-shared[number], number))[:COMPARED]

    def _content(self, number: int) -> Article:
        return self._stored.get(number) or stored_content(self._connection, number)

    def _put(self, article: Article, number: int, now: int) -> None:
        key = url_key(article.url)
        assert key
        assert article.url
        location = self._locations.get(key) or ArticleLocation(
            key, article.url, number, article.source, b"", now
        )
        self._locations[key] = replace(location, article=number, digest=digest(article))


def stored_content(connection: Connection, number: int) -> Article:
    """Read the parts of a stored article that are compared with others."""
    columns = articles.c.title, articles.c.text, articles.c.published, articles.c.source
    query = select(*columns).where(articles.c.number == number)
    title, text, published, source = connection.execute(query).one()
    moment = datetime.fromisoformat(published) if published else None
    return Article(title=title, text=text, published=moment, source=source)


def file_news(connection: Connection, keys: Mapping[int, Sequence[int]], now: int) -> None:
    """File news, by article numbers, under their duplicate keys; forget those of old news."""
    if not keys:
        return
    too_old = news_keys.c.filed_at < now - MOST_APART.total_seconds()
    connection.execute(delete(news_keys).where(too_old))
    rows = {
        number: [{"key": key, "filed_at": now} for key in several]
        for number, several in keys.items()
    }
    replace_rows(connection, news_keys, rows)


def repeated_news(connection: Connection, number: int) -> tuple[int, ...]:
    """Find the filed news that says the same as one of them."""
    own = select(news_keys.c.key).where(news_keys.c.article == number)
    query = (
        select(news_keys.c.article)
        .where(news_keys.c.key.in_(own), news_keys.c.article != number)
        .group_by(news_keys.c.article)
        .order_by(func.count().desc(), news_keys.c.article)
        .limit(COMPARED)
    )
    likely = list(connection.scalars(query))
    if not likely:
        return ()
    article = stored_content(connection, number)
    return tuple(
        other for other in likely if is_duplicate(article, stored_content(connection, other))
    )


def replace_keys(connection: Connection, renewed: Mapping[int, Analysis]) -> None:
    """Replace the duplicate keys of articles by those of new analyses, if they had any."""
    was_filed: set[int] = set()
    query = select(filed.c.article).distinct()
    for batch in batched_values(list(renewed)):
        was_filed.update(connection.scalars(query.where(filed.c.article.in_(batch))))
    _file(connection, {number: renewed[number].copy_keys for number in was_filed})


def sources_of(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of all sources that have each of some articles, that of its own first."""
    wanted = list(numbers)
    found: dict[int, tuple[str, ...]] = {}
    own = select(articles.c.number, articles.c.source)
    for batch in batched_values(wanted):
        rows = connection.execute(own.where(articles.c.number.in_(batch)))
        found |= {row.number: (row.source,) if row.source else () for row in rows}
    for number, names in further_sources(connection, wanted).items():
        found[number] = tuple(dict.fromkeys((*found[number], *names)))
    return found


def remove(connection: Connection, number: int, key: str, now: int) -> bool:
    """Note that an article is gone from an address.

    Returns:
        Whether it is marked as removed now and was not; a further place is forgotten instead.
    """
    this = articles.c.number == number
    here = places.c.article == number
    place = here & (places.c.url_key == key)
    own = select(articles.c.url_key, articles.c.removed_at).where(this)
    row = connection.execute(own).first()
    if row is None or row.removed_at is not None:
        return False
    if connection.execute(delete(places).where(place)).rowcount:
        # Who asks for articles of that source is not to be shown this one any more.
        revision = raised(connection, "revision")
        connection.execute(update(articles).where(this).values(revision=revision))
        return False
    # An address that led elsewhere is not known itself: with several, it may be any of them.
    is_alone = connection.execute(select(places.c.url_key).where(here)).first() is None
    if not (is_alone or key == row.url_key):
        return False
    connection.execute(update(articles).where(this).values(removed_at=now))
    return True


def _file(connection: Connection, keys: Mapping[int, Sequence[int]]) -> None:
    """Replace the duplicate keys of articles, by their numbers."""
    rows = {number: [{"key": key} for key in several] for number, several in keys.items()}
    replace_rows(connection, filed, rows)


def _locations_of(connection: Connection, batch: Iterable[Article]) -> dict[str, ArticleLocation]:
    keys = {key for article in batch if (key := url_key(article.url))}
    columns = [places.c[name] for name in ArticleLocation.__dataclass_fields__]
    found: dict[str, ArticleLocation] = {}
    for batch in batched_values(list(keys)):
        rows = connection.execute(select(*columns).where(places.c.url_key.in_(batch)))
        found |= {row.url_key: ArticleLocation(*row) for row in rows}
    return found


def _values(location: ArticleLocation) -> dict[str, Any]:
    return {name: getattr(location, name) for name in ArticleLocation.__dataclass_fields__}
