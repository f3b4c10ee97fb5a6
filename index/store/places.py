"""Where else an article is: a copy of a stored text is a further place of that article.

Only what was fetched is compared: a record is the article that it says it is. An article keeps
the address and source that it came by first. A place whose text changes stays one while that is
a copy still; when it is none any more, it becomes an article of its own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from index.analysis import Analysis
from index.article import Article
from index.copies import is_copy
from index.identity import digest, url_key
from index.store.collection import raised
from index.store.database import batched_values, replace_rows
from index.store.identity import Known
from index.store.tables import article_places as places
from index.store.tables import articles
from index.store.tables import copy_keys as filed

COMPARED = 5
"""How many articles a text is compared with: those that share the most keys with it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A further address of an article: the source there, and the state of its text.

    `first_seen_at` is in seconds since the epoch.
    """

    url_key: str
    url: str
    article: int
    source: str | None
    digest: bytes
    first_seen_at: int


class Copies:
    """Finds out what of a batch is a copy, within a transaction.

    Args:
        connection: The transaction.
        batch: The articles to come.
        known: What they are states of.
    """

    def __init__(self, connection: Connection, batch: Sequence[Article], known: Known) -> None:
        self._connection = connection
        self._known = known
        self._before = _places_of(connection, batch)
        self._places = dict(self._before)
        self._stored: dict[int, Article] = {}
        self._keys: dict[int, Sequence[int]] = {}
        self._filed: defaultdict[int, list[int]] = defaultdict(list)

    def has(self, article: Article) -> bool:
        """Whether an article is at a known place, with the text that is known there."""
        place = self._place(article)
        return place is not None and place.digest == digest(article)

    def take(self, article: Article, analysis: Analysis | None, now: int) -> bool:
        """Whether the next article of the batch is but a place of one that is stored."""
        if self.has(article):
            return True
        if analysis is None or not self._is_compared(article):
            return False
        for number in self._candidates(analysis):
            if is_copy(article, self._content(number)):
                self._put(article, number, now)
                return True
        return False

    def keep(self, number: int, article: Article, analysis: Analysis) -> bool:
        """Take note of an article that is stored as one of its own.

        Returns:
            Whether it was a place of another until now.
        """
        for key in self._keys.get(number, ()):
            self._filed[key].remove(number)
        self._stored[number] = article
        self._keys[number] = analysis.copy_keys if article.is_fetched else ()
        for key in self._keys[number]:
            self._filed[key].append(number)
        return self._places.pop(url_key(article.url) or "", None) is not None

    def write(self) -> set[int]:
        """Write it all, and return the numbers of the articles whose sources that changes."""
        _file(self._connection, self._keys)
        changed = [
            key
            for key in self._before | self._places
            if self._before.get(key) != self._places.get(key)
        ]
        touched = {
            place.article
            for key in changed
            for place in (self._before.get(key), self._places.get(key))
            if place
        }
        before = sources_of(self._connection, touched)
        for part in batched_values(changed):
            self._connection.execute(delete(places).where(places.c.url_key.in_(part)))
        rows = [_values(self._places[key]) for key in changed if key in self._places]
        if rows:
            self._connection.execute(insert(places), rows)
        after = sources_of(self._connection, touched)
        return {number for number in touched if before.get(number) != after.get(number)}

    def _is_compared(self, article: Article) -> bool:
        is_named = article.id or not url_key(article.url)
        return article.is_fetched and not is_named and not self._known.has(article)

    def _place(self, article: Article) -> Place | None:
        if not self._is_compared(article):
            return None
        return self._places.get(url_key(article.url) or "")

    def _candidates(self, analysis: Analysis) -> list[int]:
        """The articles that it may be a copy of, the likeliest first."""
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
        place = self._places.get(key) or Place(key, article.url, number, article.source, b"", now)
        self._places[key] = replace(place, article=number, digest=digest(article))


def stored_content(connection: Connection, number: int) -> Article:
    """What of a stored article is compared with others."""
    columns = articles.c.title, articles.c.text, articles.c.published, articles.c.source
    query = select(*columns).where(articles.c.number == number)
    title, text, published, source = connection.execute(query).one()
    moment = datetime.fromisoformat(published) if published else None
    return Article(title=title, text=text, published=moment, source=source)


def refile(connection: Connection, renewed: Mapping[int, Analysis]) -> None:
    """File articles under the keys of their new analyses, if they were filed at all."""
    was_filed: set[int] = set()
    query = select(filed.c.article).distinct()
    for part in batched_values(list(renewed)):
        was_filed.update(connection.scalars(query.where(filed.c.article.in_(part))))
    _file(connection, {number: renewed[number].copy_keys for number in was_filed})


def sources_of(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of all sources that have each of some articles, that of its own first."""
    wanted = list(numbers)
    found: dict[int, tuple[str, ...]] = {}
    own = select(articles.c.number, articles.c.source)
    for part in batched_values(wanted):
        rows = connection.execute(own.where(articles.c.number.in_(part)))
        found |= {row.number: (row.source,) if row.source else () for row in rows}
    for number, names in further_sources(connection, wanted).items():
        found[number] = tuple(dict.fromkeys((*found[number], *names)))
    return found


def further_sources(connection: Connection, numbers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The names of the sources at the further places of some articles, those seen first first."""
    found: dict[int, tuple[str, ...]] = {}
    for part in batched_values(list(numbers)):
        for number, name in connection.execute(_FURTHER_SOURCES, {"numbers": part}).all():
            found[number] = tuple(dict.fromkeys((*found.get(number, ()), name)))
    return found


_FURTHER_SOURCES = (
    select(places.c.article, places.c.source)
    .where(places.c.source.is_not(None))
    .where(places.c.article.in_(bindparam("numbers", expanding=True)))
    .order_by(places.c.first_seen_at, places.c.url_key)
)


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
    """File articles, by their numbers, under these keys and no others."""
    rows = {number: [{"key": key} for key in several] for number, several in keys.items()}
    replace_rows(connection, filed, rows)


def _places_of(connection: Connection, batch: Iterable[Article]) -> dict[str, Place]:
    keys = {key for article in batch if (key := url_key(article.url))}
    columns = [places.c[name] for name in Place.__dataclass_fields__]
    found: dict[str, Place] = {}
    for part in batched_values(list(keys)):
        rows = connection.execute(select(*columns).where(places.c.url_key.in_(part)))
        found |= {row.url_key: Place(*row) for row in rows}
    return found


def _values(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in Place.__dataclass_fields__}
