"""Bulletins: the chats that get the top stories once a day, and at which time.

A bulletin that is due becomes a delivery without an article, see `index.store.chats.deliveries`, in
the transaction that moves it to the next day: so none is queued twice, whatever is killed. A chat
whose bulletin was due today gets the next one tomorrow, also if it chooses another time: who moves
a bulletin locks its row first, and then sees what was queued.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from index.models.period import from_seconds
from index.models.schedule import Rhythm, Schedule
from index.store.chats.chats import find_time_zone
from index.store.chats.delivery_rows import IS_PENDING, DeliveryState, DropReason, drop_pending
from index.store.database import Database, columns_of, upsert
from index.store.tables import bulletins, chats, deliveries

MOST_LATE_SECONDS = 6 * 3600
"""A bulletin that is due for longer, since nothing ran, is left out."""

NO_SUBSCRIPTION = 0
"""The subscription of a delivery that is a bulletin."""

_QUEUED_AT_ONCE = 1_000
_IS_BULLETIN = deliveries.c.article.is_(None)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The bulletin of a chat.

    `thread` is the forum topic that it goes to, `minute` the time of day in minutes since midnight
    in the chat's time zone, `next_at` the next time that it is due, in seconds since the epoch.
    """

    bot: int
    chat: int
    thread: int | None
    minute: int
    next_at: int


class Bulletins:
    """The bulletins of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, bot: int, chat: int) -> Bulletin | None:
        """Return the bulletin of a chat, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_ALL.where(*_of(bot, chat))).first()
        return Bulletin(*row) if row else None

    def set(self, *, bot: int, chat: int, thread: int | None, minute: int, now: int) -> Bulletin:
        """Send a chat a bulletin every day, in place of the one that it has.

        Args:
            bot: The number of the bot.
            chat: The chat.
            thread: The forum topic in it, if any.
            minute: The time of day, in minutes since midnight.
            now: The time, in seconds since the epoch.
        """
        with self._database.writing() as connection:
            upsert(connection, chats, {"id": chat})
            zone = connection.scalar(select(chats.c.time_zone).where(chats.c.id == chat))
            connection.execute(select(bulletins.c.chat).where(*_of(bot, chat)).with_for_update())
            next_at = _next(connection, bot, chat, minute, zone, now)
            bulletin = Bulletin(bot, chat, thread, minute, next_at)
            values = {"thread": thread, "minute": minute, "next_at": next_at}
            upsert(connection, bulletins, {"bot": bot, "chat": chat, **values})
        return bulletin

    def end(self, bot: int, chat: int, now: int) -> bool:
        """Send a chat no more bulletins; return whether it had any."""
        mine = _IS_BULLETIN & (deliveries.c.bot == bot) & (deliveries.c.chat == chat)
        with self._database.writing() as connection:
            ended = connection.execute(delete(bulletins).where(*_of(bot, chat))).rowcount
            drop_pending(connection, mine, DropReason.UNSUBSCRIBED, now)
        return bool(ended)

    def end_thread(self, chat: int, thread: int | None) -> bool:
        """End the bulletin of a deleted or closed forum topic; return whether it had one."""
        here = bulletins.c.chat == chat, bulletins.c.thread.is_not_distinct_from(thread)
        with self._database.writing() as connection:
            return bool(connection.execute(delete(bulletins).where(*here)).rowcount)

    def queue_due(self, bot: int, now: int) -> int:
        """Queue the deliveries of the bulletins that are due; return their number.

        Each is moved to its next day. None is queued for a chat that cannot be written to, or that
        has one pending.
        """
        due = bulletins.c.bot == bot, bulletins.c.next_at <= now
        with self._database.reading() as connection:
            if connection.execute(select(bulletins.c.chat).where(*due).limit(1)).first() is None:
                return 0
        # The rows are locked: who ends one of them waits, and then finds its delivery.
        query = _WITH_CHAT.where(*due).limit(_QUEUED_AT_ONCE)
        with self._database.coordinating() as connection:
            locked = query.with_for_update(skip_locked=True, of=bulletins)
            rows = connection.execute(locked).all()
            pending = set(connection.scalars(_pending(bot, [row.chat for row in rows])))
            wanted = [
                row
                for row in rows
                if row.inactive_since is None
                and row.chat not in pending
                and now - row.next_at <= MOST_LATE_SECONDS
            ]
            if wanted:
                connection.execute(insert(deliveries), [_delivery(row, now) for row in wanted])
            _move(connection, rows, now)
        return len(wanted)


def reschedule_bulletins(connection: Connection, chat: int, now: int) -> None:
    """Move the bulletins of a chat to the next time that they are due in its time zone."""
    of_chat = _WITH_CHAT.where(bulletins.c.chat == chat).with_for_update(of=bulletins)
    _move(connection, connection.execute(of_chat).all(), now)


def skip_missed_bulletins(connection: Connection, now: int) -> None:
    """Move the bulletins that were due until now to the next day."""
    missed = _WITH_CHAT.where(bulletins.c.next_at <= now).with_for_update(of=bulletins)
    _move(connection, connection.execute(missed).all(), now)


_ALL = select(*columns_of(Bulletin, bulletins))
_WITH_CHAT = select(*_ALL.selected_columns, chats.c.time_zone, chats.c.inactive_since).join(
    chats, chats.c.id == bulletins.c.chat
)


def _of(bot: int, chat: int) -> tuple[Any, ...]:
    return bulletins.c.bot == bot, bulletins.c.chat == chat


def _move(connection: Connection, rows: Iterable[Row[*tuple[Any, ...]]], now: int) -> None:
    for row in rows:
        next_at = _next(connection, row.bot, row.chat, row.minute, row.time_zone, now)
        moved = update(bulletins).where(*_of(row.bot, row.chat))
        connection.execute(moved.values(next_at=next_at))


def _next(
    connection: Connection, bot: int, chat: int, minute: int, zone_name: str | None, now: int
) -> int:
    """Return the next time that a bulletin is due, on another day than the last one."""
    daily, zone = Schedule(Rhythm.DAILY, minute), find_time_zone(zone_name)
    next_at = daily.due(now, zone)
    counted = deliveries.c.state != DeliveryState.DROPPED.value
    here = deliveries.c.chat == chat, _IS_BULLETIN, deliveries.c.bot == bot, counted
    last = connection.scalar(select(func.max(deliveries.c.due_at)).where(*here))
    if last is None:
        return next_at
    days = (from_seconds(moment).astimezone(zone).date() for moment in (last, next_at))
    return daily.due(next_at, zone) if len(set(days)) == 1 else next_at


def _pending(bot: int, of_chats: list[int]) -> Select[tuple[int]]:
    mine = deliveries.c.bot == bot, deliveries.c.chat.in_(of_chats)
    return select(deliveries.c.chat).where(_IS_BULLETIN, IS_PENDING, *mine)


def _delivery(row: Row[*tuple[Any, ...]], now: int) -> dict[str, object]:
    return {
        "bot": row.bot,
        "chat": row.chat,
        "thread": row.thread,
        "article": None,
        "subscription": NO_SUBSCRIPTION,
        "positions": "",
        "state": DeliveryState.PENDING.value,
        "due_at": row.next_at,
        "attempts": 0,
        "created_at": now,
    }
