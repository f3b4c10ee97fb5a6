"""Items of sources: record announced ones, choose those to fetch, retry, revisit, give up."""

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
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

from index.store.database import Database, batched_values, change_rows_in, columns_of, rows_in
from index.store.tables import article_locations, articles, source_items, sources

MAX_FETCHES = 10
"""Maximum number of times that one item is fetched, its changes included."""


class ItemState(StrEnum):
    """State of an item, as stored."""

    SEEN = "seen"
    STORED = "stored"
    FAILED = "failed"
    GONE = "gone"
    """The file of a folder was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceItem:
    """Item that a source announced: an entry of a feed, a link of a page, or a file.

    `key` is its normalized address, or its id or path. `stamp` changes with the item. `attempts`
    counts fetches, `retry_at` is the time of the next one after a failure, in seconds since the
    epoch, None if it is given up. `article` is the number of its article; a failed item can
    have one, too, made from the text in the feed. The back catalogue triggers no alerts. `guid` is
    a hash of the id by which its feed names it, None if the source gives none.
    """

    key: str
    stamp: str | None
    state: ItemState
    attempts: int
    retry_at: int | None
    article: int | None
    first_seen_at: int
    is_back_catalogue: bool
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class RevisitItem:
    """Item whose page at `url` is to be fetched again, with its stored article."""

    key: str
    article: int
    url: str
    title: str
    published: datetime | None


class SourceItems:
    """Items of the sources of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_items(
        self,
        source: int,
        stamps: Mapping[str, str | None],
        now: int,
        max_fetches: int = MAX_FETCHES,
        guids: Mapping[str, str] | None = None,
    ) -> list[SourceItem]:
        """Record the items that a source announces, and return those to fetch.

        Items of the first reading are the back catalogue. An item that is stored from another
        source is not fetched again.

        Args:
            source: The number of the source.
            stamps: The stamp of each item by its key, in their order.
            now: The time of reading, in seconds since the epoch.
            max_fetches: Maximum number of times that a changing item is fetched.
            guids: The `guid` of items by their keys.

        Returns:
            Items that are new or changed, or are due for a retry, in their order.
        """
        guids = guids or {}
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
                    "guid": guids.get(key),
                }
                for key in fresh
            ]
            if rows:
                connection.execute(insert(source_items), rows)
                known |= _known(connection, source, fresh)
            for key, guid in guids.items():
                if known[key].guid != guid:
                    this = source_items.c.source == source, source_items.c.key == key
                    connection.execute(update(source_items).where(*this).values(guid=guid))
        return [
            known[key] for key in stamps if _is_wanted(known[key], stamps[key], now, max_fetches)
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
        """Record the outcome of fetching an item; without `article` it keeps the one it has."""
        values: dict[str, Any] = {
            "state": state.value,
            "stamp": stamp,
            "attempts": attempts,
            "retry_at": retry_at,
            "revisit_at": revisit_at,
        }
        if article is not None:
            values["article"] = article
        self._change(source, key, values)

    def keep_stored(self, source: int, key: str, *, stamp: str | None, attempts: int) -> None:
        """Record that a change of a stored item was not fetched: all else stays as it was."""
        self._change(source, key, {"stamp": stamp, "attempts": attempts})

    def article_of_guid(self, source: int, guid: str) -> str | None:
        """Return the id of the latest article that a source announced with a guid, or None."""
        query = (
            select(articles.c.id)
            .join(source_items, source_items.c.article == articles.c.number)
            .where(source_items.c.source == source, source_items.c.guid == guid)
            .order_by(source_items.c.first_seen_at.desc(), articles.c.number.desc())
        )
        with self._database.reading() as connection:
            return connection.scalar(query.limit(1))

    def newest_article(self, source: int) -> int | None:
        """Return the number of the newest article of a source; of undated ones the first stored."""
        query = (
            select(articles.c.number)
            .join(source_items, source_items.c.article == articles.c.number)
            .where(source_items.c.source == source, articles.c.removed_at.is_(None))
            .order_by(articles.c.published_at.desc().nulls_last(), articles.c.number)
        )
        with self._database.reading() as connection:
            return connection.scalar(query.limit(1))

    def count_new(self, source: int, after: int) -> int:
        """Count the items of a source with an article that were first seen after a time."""
        new = source_items.c.source == source, source_items.c.first_seen_at > after
        query = select(func.count()).where(*new, source_items.c.article.is_not(None))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def count_below(self, source: int, folder: str) -> int:
        """Count the files below a folder that were read and are not known to be deleted."""
        below = source_items.c.key.startswith(f"{Path(folder)}{os.sep}", autoescape=True)
        read = source_items.c.source == source, source_items.c.state == ItemState.STORED.value
        query = select(func.count()).where(*read, below)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def to_revisit(self, source: int, since: int, now: int, limit: int) -> list[RevisitItem]:
        """List the items of a source whose time of revisiting is between two times."""
        is_location = (
            article_locations.c.url_key == source_items.c.key,
            article_locations.c.article == articles.c.number,
        )
        url = func.coalesce(article_locations.c.url, articles.c.url)
        item = source_items.c.key, source_items.c.article, url, articles.c.title
        query = (
            select(*item, articles.c.published)
            .join(articles, articles.c.number == source_items.c.article)
            .outerjoin(article_locations, and_(*is_location))
            .where(source_items.c.source == source, source_items.c.revisit_at.between(since, now))
            .where(url.is_not(None))
            .order_by(source_items.c.revisit_at, source_items.c.key)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [
            RevisitItem(key, article, address, title, date and datetime.fromisoformat(date))
            for key, article, address, title, date in rows
        ]

    def finish_revisit(self, source: int, key: str) -> None:
        """Record that an item was fetched again."""
        self._change(source, key, {"revisit_at": None})

    def mark_missing(self, source: int, present: Collection[str], now: int) -> int:
        """Record the deleted files of a folder, and mark their articles as removed.

        Articles of files with several articles stay: the item does not name them.

        Args:
            source: The number of the source.
            present: The keys of the existing files.
            now: The time, in seconds since the epoch.

        Returns:
            The number of marked articles: those that no other stored item has.
        """
        existing = source_items.c.source == source, source_items.c.state != ItemState.GONE.value
        marked = 0
        with self._database.writing() as connection:
            keys = connection.scalars(select(source_items.c.key).where(*existing))
            gone = {"state": ItemState.GONE.value, "retry_at": None}
            for part in batched_values(key for key in keys if key not in present):
                these = source_items.c.source == source, source_items.c.key.in_(part)
                connection.execute(update(source_items).where(*these).values(gone))
                numbers = select(source_items.c.article).where(*these)
                marked += _mark_removed(connection, numbers, now)
        return marked

    def has_pending(self, source: int, now: int) -> bool:
        """Whether an item of a source is to be fetched for the first time or due for a retry."""
        query = select(source_items.c.key).where(*_is_pending(source, now))
        with self._database.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def all(self, source: int) -> list[SourceItem]:
        """List all items of a source, in the order in which they were seen."""
        query = _ITEMS.where(source_items.c.source == source)
        ordered = query.order_by(source_items.c.first_seen_at, source_items.c.key)
        with self._database.reading() as connection:
            return [_item(row) for row in connection.execute(ordered)]

    def _change(self, source: int, key: str, values: Mapping[str, Any]) -> None:
        this = source_items.c.source == source, source_items.c.key == key
        with self._database.writing() as connection:
            connection.execute(update(source_items).where(*this).values(values))


_ITEMS: Select[Any] = select(*columns_of(SourceItem, source_items))


def _is_pending(source: int, now: int) -> tuple[ColumnElement[bool], ...]:
    seen = source_items.c.state == ItemState.SEEN.value
    return source_items.c.source == source, or_(seen, source_items.c.retry_at <= now)


def _give_up_missing(
    connection: Connection, source: int, stamps: Mapping[str, str | None], now: int
) -> None:
    """Give up pending items that are no longer announced."""
    pending = select(source_items.c.key).where(*_is_pending(source, now))
    missing = [key for key in connection.scalars(pending) if key not in stamps]
    given_up = update(source_items).where(source_items.c.source == source)
    given_up = given_up.values(state=ItemState.FAILED.value, retry_at=None)
    change_rows_in(connection, given_up, source_items.c.key, missing)


def _mark_removed(connection: Connection, numbers: Select[Any], now: int) -> int:
    """Mark articles as removed, except those of stored items."""
    stored = source_items.c.state == ItemState.STORED.value
    elsewhere = select(source_items.c.key).where(
        source_items.c.article == articles.c.number, stored
    )
    gone = articles.c.number.in_(numbers), articles.c.removed_at.is_(None), ~elsewhere.exists()
    return connection.execute(update(articles).where(*gone).values(removed_at=now)).rowcount


def _known(connection: Connection, source: int, keys: Iterable[str]) -> dict[str, SourceItem]:
    query = _ITEMS.where(source_items.c.source == source)
    rows = rows_in(connection, query, source_items.c.key, keys)
    return {row.key: _item(row) for row in rows}


def _articles_elsewhere(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """Find the articles of stored items with these keys, of any source."""
    query = select(source_items.c.key, source_items.c.article).where(
        source_items.c.article.is_not(None), source_items.c.state == ItemState.STORED.value
    )
    rows = rows_in(connection, query, source_items.c.key, keys)
    return {row.key: row.article for row in rows}


def _is_wanted(item: SourceItem, stamp: str | None, now: int, max_fetches: int) -> bool:
    if item.state in (ItemState.SEEN, ItemState.GONE) or (
        item.retry_at is not None and item.retry_at <= now
    ):
        return True
    if item.state is ItemState.FAILED and item.attempts == 0:
        return True  # it was given up before its first fetch, and is announced again
    return item.stamp != stamp and item.attempts < max_fetches


def _item(row: Row[*tuple[Any, ...]]) -> SourceItem:
    return SourceItem(**dict(row._mapping) | {"state": ItemState(row.state)})
