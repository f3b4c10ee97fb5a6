"""What sources announced: noticed once, fetched once, tried again, given up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from index.store.database import Database, batched_values
from index.store.tables import article_places as places
from index.store.tables import articles, source_items, sources

MOST_VISITS = 10
"""How often one item is fetched at most, all of its changes counted."""


class ItemState(StrEnum):
    """What became of an item."""

    SEEN = "seen"
    STORED = "stored"
    FAILED = "failed"
    GONE = "gone"
    """A file that is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """Something that a source announced.

    `source_key` is its normalised address, or its id or path. `stamp` changes when it does.
    `attempts` counts how often it was fetched, `retry_at` says when one that failed is tried
    again, None if it is given up. `article` is the number of the article that it became; one
    that failed can have it too, made of the feed's own text. Of the back catalogue nobody is
    alerted.
    """

    key: str
    stamp: str | None
    state: ItemState
    attempts: int
    retry_at: int | None
    article: int | None
    first_seen_at: int
    is_back_catalogue: bool


@dataclass(frozen=True, slots=True)
class Revisit:
    """An item that was stored from its page at `url`, to be looked at again, and its article."""

    key: str
    article: int
    url: str
    title: str
    published: datetime | None


class SourceItems:
    """The items of a database, by their source's number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_items(
        self,
        source: int,
        stamps: Mapping[str, str | None],
        now: int,
        most_visits: int = MOST_VISITS,
    ) -> list[SourceItem]:
        """Remember what a source announces, and return what of it is to be fetched.

        What the source announces when it is first read is its back catalogue. What another
        source gave an article of already is not fetched again.

        Args:
            source: The number of the source.
            stamps: The stamp of each item by its key, in their order.
            now: The time of reading.
            most_visits: How often an item that changes is fetched.

        Returns:
            Items that are new or changed, or failed and may be tried again, in their order.
        """
        with self._database.writing() as connection:
            first_read = sources.c.id == source, sources.c.first_read_at.is_(None)
            done = connection.execute(update(sources).where(*first_read).values(first_read_at=now))
            _give_up_missing(connection, source, stamps, now)
            known = _known(connection, source, stamps)
            fresh = [key for key in stamps if key not in known]
            shared = _articles_elsewhere(connection, fresh)
            rows = [
                {
                    "source": source,
                    "key": key,
                    "stamp": stamps[key],
                    "state": (ItemState.STORED if key in shared else ItemState.SEEN).value,
                    "attempts": 0,
                    "article": shared.get(key),
                    "first_seen_at": now,
                    "is_back_catalogue": bool(done.rowcount),
                }
                for key in fresh
            ]
            if rows:
                connection.execute(insert(source_items), rows)
                known |= _known(connection, source, fresh)
        return [
            known[key] for key in stamps if _is_wanted(known[key], stamps[key], now, most_visits)
        ]

    def finish_item(
        self,
        source: int,
        key: str,
        *,
        state: ItemState,
        stamp: str | None,
        attempts: int,
        retry_at: int | None = None,
        article: int | None = None,
        revisit_at: int | None = None,
    ) -> None:
        """Remember what became of an item; an article that it had stays its article."""
        values: dict[str, Any] = {
            "state": state.value,
            "stamp": stamp,
            "attempts": attempts,
            "retry_at": retry_at,
            "revisit_at": revisit_at,
        }
        if article is not None:
            values["article"] = article
        with self._database.writing() as connection:
            connection.execute(update(source_items).where(*_is(source, key)).values(values))

    def to_revisit(self, source: int, since: int, now: int, limit: int) -> list[Revisit]:
        """The items of a source to be looked at again by now, and not longer than since a time."""
        is_there = places.c.url_key == source_items.c.key, places.c.article == articles.c.number
        url = func.coalesce(places.c.url, articles.c.url)
        query = (
            select(
                source_items.c.key,
                source_items.c.article,
                url.label("url"),
                articles.c.title,
                articles.c.published,
            )
            .join(articles, articles.c.number == source_items.c.article)
            .outerjoin(places, and_(*is_there))
            .where(source_items.c.source == source, source_items.c.revisit_at.between(since, now))
            .where(url.is_not(None))
            .order_by(source_items.c.revisit_at, source_items.c.key)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [
            Revisit(
                row.key,
                row.article,
                row.url,
                row.title,
                datetime.fromisoformat(row.published) if row.published else None,
            )
            for row in rows
        ]

    def revisited(self, source: int, key: str) -> None:
        """Remember that an item was looked at again."""
        with self._database.writing() as connection:
            connection.execute(
                update(source_items).where(*_is(source, key)).values(revisit_at=None)
            )

    def mark_missing(self, source: int, present: Collection[str], now: int) -> int:
        """Remember which items of a folder are gone, and mark their articles as removed.

        Args:
            source: The number of the source.
            present: The keys of the items that are there.
            now: The time.

        Returns:
            How many articles were marked: those that no other item has.
        """
        there = source_items.c.source == source, source_items.c.state != ItemState.GONE.value
        marked = 0
        with self._database.writing() as connection:
            keys = connection.scalars(select(source_items.c.key).where(*there))
            for part in batched_values([key for key in keys if key not in present]):
                these = source_items.c.source == source, source_items.c.key.in_(part)
                gone = {"state": ItemState.GONE.value, "retry_at": None}
                connection.execute(update(source_items).where(*these).values(gone))
                marked += _mark_removed(
                    connection, select(source_items.c.article).where(*these), now
                )
        return marked

    def has_pending(self, source: int, now: int) -> bool:
        """Whether an item of a source is still to be fetched, or tried again by now."""
        query = select(source_items.c.key).where(*_is_awaited(source, now))
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def all(self, source: int) -> list[SourceItem]:
        """All that a source announced, in the order in which it was seen."""
        query = select(*_ITEM).where(source_items.c.source == source)
        ordered = query.order_by(source_items.c.first_seen_at, source_items.c.key)
        with self._database.reading() as connection:
            return [_item(row) for row in connection.execute(ordered)]


_ITEM = tuple(source_items.c[field.name] for field in fields(SourceItem))


def _is(source: int, key: str) -> tuple[ColumnElement[bool], ...]:
    return source_items.c.source == source, source_items.c.key == key


def _is_awaited(source: int, now: int) -> tuple[ColumnElement[bool], ...]:
    seen = source_items.c.state == ItemState.SEEN.value
    return source_items.c.source == source, or_(seen, source_items.c.retry_at <= now)


def _give_up_missing(
    connection: Connection, source: int, stamps: Mapping[str, str | None], now: int
) -> None:
    """Give up what was still to be fetched, but is announced no more."""
    awaited = select(source_items.c.key).where(*_is_awaited(source, now))
    missing = [key for key in connection.scalars(awaited) if key not in stamps]
    given_up = {"state": ItemState.FAILED.value, "retry_at": None}
    for part in batched_values(missing):
        there = source_items.c.source == source, source_items.c.key.in_(part)
        connection.execute(update(source_items).where(*there).values(given_up))


def _mark_removed(connection: Connection, numbers: Select[Any], now: int) -> int:
    """Mark articles as removed, but for those that are the article of a stored item."""
    stored = source_items.c.state == ItemState.STORED.value
    elsewhere = select(source_items.c.key).where(
        source_items.c.article == articles.c.number, stored
    )
    gone = articles.c.number.in_(numbers), articles.c.removed_at.is_(None), ~elsewhere.exists()
    return connection.execute(update(articles).where(*gone).values(removed_at=now)).rowcount


def _known(connection: Connection, source: int, keys: Iterable[str]) -> dict[str, SourceItem]:
    query = select(*_ITEM).where(source_items.c.source == source)
    found: dict[str, SourceItem] = {}
    for part in batched_values(list(keys)):
        rows = connection.execute(query.where(source_items.c.key.in_(part)))
        found |= {row.key: _item(row) for row in rows}
    return found


def _articles_elsewhere(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The articles that other sources' items of these keys became."""
    query = select(source_items.c.key, source_items.c.article).where(
        source_items.c.article.is_not(None), source_items.c.state == ItemState.STORED.value
    )
    found: dict[str, int] = {}
    for part in batched_values(list(keys)):
        rows = connection.execute(query.where(source_items.c.key.in_(part)))
        found |= {row.key: row.article for row in rows}
    return found


def _is_wanted(item: SourceItem, stamp: str | None, now: int, most_visits: int) -> bool:
    if item.state in (ItemState.SEEN, ItemState.GONE) or (
        item.retry_at is not None and item.retry_at <= now
    ):
        return True
    if item.state is ItemState.FAILED and item.attempts == 0:
        return True  # it was announced no more before its turn came, and is again
    return item.stamp != stamp and item.attempts < most_visits


def _item(row: Row[*tuple[Any, ...]]) -> SourceItem:
    return SourceItem(**dict(row._mapping) | {"state": ItemState(row.state)})
