"""Subscriptions of chats to alerts: standing query, schedule, pausing, removal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from index.errors import HoiBaoError
from index.models.schedule import QuietHours, Rhythm, Schedule
from index.store.chats.bulletins import reschedule_bulletins
from index.store.chats.chats import find_time_zone, quiet_hours, read_chat
from index.store.chats.delivery_rows import (
    IS_PENDING,
    UNCLAIMED,
    DropReason,
    drop_pending,
    read_others,
    read_positions,
    write_others,
    write_positions,
)
from index.store.database import Database, rows_in, upsert
from index.store.meta import SUBSCRIPTIONS, increment, value
from index.store.tables import chats, deliveries, subscriptions


class LimitError(HoiBaoError):
    """The chat has the maximum number of subscriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's standing request for alerts; times are in seconds since the epoch.

    `bot` is the number of the bot that it was made with, `thread` the forum topic, `wish` the
    canonical text of the standing query, `name` the name that the chat gave it.
    """

    id: int
    bot: int
    chat: int
    thread: int | None
    wish: str
    name: str | None
    schedule: Schedule
    is_silent: bool
    paused_at: int | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Subscription with the time zone and quiet hours of its chat."""

    subscription: Subscription
    time_zone: str | None
    quiet: QuietHours | None


class Subscriptions:
    """The subscriptions of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, *, bot: int, chat: int, thread: int | None, wish: str, now: int, most: int
    ) -> tuple[Subscription, bool]:
        """Subscribe a chat to a standing query.

        Args:
            bot: The number of the bot.
            chat: The chat.
            thread: The forum topic in it, if any.
            wish: The canonical text of the query.
            now: The time, in seconds since the epoch.
            most: Maximum number of subscriptions of a chat.

        Returns:
            The subscription, and whether it is new: a chat has one for each query.

        Raises:
            LimitError: The chat has the maximum number.
        """
        here = subscriptions.c.bot == bot, subscriptions.c.chat == chat
        same = subscriptions.c.wish == wish, subscriptions.c.thread.is_not_distinct_from(thread)
        with self._database.writing() as connection:
            upsert(connection, chats, {"id": chat})
            known = connection.execute(_ALL.where(*here, *same)).first()
            if known:
                return _subscription(known), False
            count = select(func.count()).select_from(subscriptions).where(*here)
            if (connection.scalar(count) or 0) >= most:
                raise LimitError(f"this chat has {most} subscriptions, as many as it may")
            settings = read_chat(connection.execute(select(chats).where(chats.c.id == chat)).one())
            values = {
                "bot": bot,
                "chat": chat,
                "thread": thread,
                "wish": wish,
                **_schedule_values(Schedule(minute=settings.digest_minute)),
                "is_silent": settings.is_silent,
                "created_at": now,
                "revision": increment(connection, SUBSCRIPTIONS),
            }
            connection.execute(insert(subscriptions).values(values))
            row = connection.execute(_ALL.where(*here, *same)).one()
        return _subscription(row), True

    def get(self, number: int) -> Subscription | None:
        """Return the subscription with this number, or None."""
        with self._database.reading() as connection:
            row = connection.execute(_ALL.where(subscriptions.c.id == number)).first()
        return _subscription(row) if row else None

    def of_chat(self, bot: int, chat: int) -> list[Subscription]:
        """List the subscriptions of a chat, oldest first."""
        here = subscriptions.c.bot == bot, subscriptions.c.chat == chat
        with self._database.reading() as connection:
            rows = connection.execute(_ALL.where(*here).order_by(subscriptions.c.id))
            return [_subscription(row) for row in rows]

    def count(self) -> int:
        """Return the number of subscriptions of all chats."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(subscriptions)) or 0

    def set_query(self, number: int, wish: str) -> None:
        """Change the query; pending alerts stay pending."""
        self._change(number, wish=wish)

    def set_name(self, number: int, name: str | None) -> None:
        """Set or remove the name of a subscription."""
        self._change(number, name=name)

    def set_silent(self, number: int, silent: bool) -> None:
        """Set whether alerts come without a sound."""
        self._change(number, is_silent=silent)

    def pause(self, number: int, now: int) -> None:
        """Queue no more alerts until `resume`; pending ones go to other matches or are dropped."""
        with self._database.writing() as connection:
            _update(connection, number, paused_at=now)
            _release(connection, number, now)

    def resume(self, number: int) -> None:
        """Queue alerts again from now on."""
        self._change(number, paused_at=None)

    def set_schedule(self, number: int, schedule: Schedule, now: int) -> None:
        """Change the schedule, also that of pending alerts."""
        with self._database.writing() as connection:
            _update(connection, number, **_schedule_values(schedule))
            _reassign(connection, number, now)
            _reschedule(connection, [number], now)

    def reschedule(self, chat: int, now: int) -> None:
        """Reschedule the pending alerts of a chat after its quiet hours or time zone changed."""
        of_chat = select(subscriptions.c.id).where(subscriptions.c.chat == chat)
        with self._database.writing() as connection:
            _reschedule(connection, list(connection.scalars(of_chat)), now)
            reschedule_bulletins(connection, chat, now)

    def set_chat_digest(self, chat: int, minute: int, now: int) -> None:
        """Set the time of day of all digests of a chat, also of those to come."""
        self._change_all(chat, now, {"digest_minute": minute}, {"minute": minute})

    def set_chat_silent(self, chat: int, silent: bool, now: int) -> None:
        """Set whether all alerts of a chat come without a sound, also of subscriptions to come."""
        self._change_all(chat, now, {"is_silent": silent}, {"is_silent": silent})

    def _change_all(
        self, chat: int, now: int, setting: dict[str, object], values: dict[str, object]
    ) -> None:
        of_chat = subscriptions.c.chat == chat
        with self._database.writing() as connection:
            upsert(connection, chats, {"id": chat} | setting)
            connection.execute(update(subscriptions).where(of_chat).values(values))
            numbers = list(connection.scalars(select(subscriptions.c.id).where(of_chat)))
            _reschedule(connection, numbers, now)

    def remove(self, number: int, now: int) -> None:
        """Remove a subscription; pending alerts go to other matches or are dropped."""
        with self._database.writing() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.id == number))
            increment(connection, SUBSCRIPTIONS)
            _release(connection, number, now)

    def pause_thread(self, chat: int, thread: int | None, now: int) -> bool:
        """Pause all subscriptions of a deleted or closed forum topic, None being the General one.

        Returns:
            Whether any was not paused yet.
        """
        here = subscriptions.c.chat == chat, subscriptions.c.thread.is_not_distinct_from(thread)
        active = select(subscriptions.c.id).where(*here, subscriptions.c.paused_at.is_(None))
        with self._database.reading() as connection:
            numbers = list(connection.scalars(active))
        for number in numbers:
            self.pause(number, now)
        return bool(numbers)

    def _change(self, number: int, **values: object) -> None:
        with self._database.writing() as connection:
            _update(connection, number, **values)


def _update(connection: Connection, number: int, **values: object) -> None:
    revision = increment(connection, SUBSCRIPTIONS)
    changed = update(subscriptions).where(subscriptions.c.id == number)
    connection.execute(changed.values(**values, revision=revision))


def _schedule_values(schedule: Schedule) -> dict[str, Any]:
    return {
        "rhythm": schedule.rhythm.value,
        "minute": schedule.minute,
        "weekday": schedule.weekday,
    }


def _release(connection: Connection, number: int, now: int) -> None:
    """Hand pending alerts of an ended subscription to others of its chat, or drop them."""
    _reassign(connection, number, now)
    drop_pending(connection, deliveries.c.subscription == number, DropReason.UNSUBSCRIBED, now)


def _reassign(connection: Connection, number: int, now: int) -> None:
    """Reassign pending alerts of a subscription to the most urgent match of its chat.

    Reassigned alerts are released: a message that names the old subscription must not be sent.
    """
    pending = deliveries.c.subscription == number, IS_PENDING
    rows = connection.execute(select(deliveries).where(*pending, deliveries.c.others.is_not(None)))
    shared = [(row, read_others(row.others)) for row in rows]
    matching = {number, *(other for _, others in shared for other, _ in others)}
    known = {r.subscription.id: r for r in recipients(connection, matching)}
    for row, others in shared:
        matched = [(number, read_positions(row.positions)), *others]
        active = [match for match in matched if match[0] in known]
        best = min(active, key=lambda match: urgency(known[match[0]]), default=matched[0])
        if best[0] == number:
            continue
        heir = known[best[0]]
        values = UNCLAIMED | {
            "subscription": best[0],
            "thread": heir.subscription.thread,
            "positions": write_positions(best[1]),
            "others": write_others(match for match in matched if match is not best),
            "due_at": due_at(heir, row.created_at, now),
        }
        same = IS_PENDING, deliveries.c.id == row.id
        connection.execute(update(deliveries).where(*same).values(values))


def _reschedule(connection: Connection, numbers: Sequence[int], now: int) -> None:
    for recipient in list(recipients(connection, numbers)):
        pending = deliveries.c.subscription == recipient.subscription.id, IS_PENDING
        moments = select(deliveries.c.created_at).where(*pending).distinct()
        for created in list(connection.scalars(moments)):
            due = due_at(recipient, created, now)
            same = *pending, deliveries.c.created_at == created
            connection.execute(update(deliveries).where(*same).values(due_at=due))


def changed_queries(connection: Connection, revision: int) -> tuple[int, list[tuple[int, str]]]:
    """Read the current revision, and the queries changed since one, by subscription."""
    now = int(value(connection, SUBSCRIPTIONS))
    if now == revision:
        return now, []
    query = select(subscriptions.c.id, subscriptions.c.wish)
    rows = connection.execute(query.where(subscriptions.c.revision > revision))
    return now, [(row.id, row.wish) for row in rows]


def subscription_ids_if_deleted(connection: Connection, held: int) -> set[int] | None:
    """Read the numbers of all subscriptions if some were removed.

    Args:
        connection: A transaction.
        held: The number of subscriptions that the caller knows.

    Returns:
        The numbers, or None if there are `held` subscriptions.
    """
    count = connection.scalar(select(func.count()).select_from(subscriptions)) or 0
    return None if count == held else set(connection.scalars(select(subscriptions.c.id)))


def recipients(connection: Connection, numbers: Iterable[int]) -> Iterator[Recipient]:
    """Read those of some subscriptions that are not paused, and whose chat is active."""
    query = (
        select(*_ALL.selected_columns, chats.c.time_zone, chats.c.quiet_from, chats.c.quiet_until)
        .join(chats, chats.c.id == subscriptions.c.chat)
        .where(subscriptions.c.paused_at.is_(None), chats.c.inactive_since.is_(None))
    )
    for row in rows_in(connection, query, subscriptions.c.id, numbers):
        yield Recipient(_subscription(row), row.time_zone, quiet_hours(row))


def due_at(recipient: Recipient, came_at: int, now: int) -> int:
    """Compute the due time of an alert of an article that came at a time; at least now."""
    zone = find_time_zone(recipient.time_zone)
    due = max(recipient.subscription.schedule.due(came_at, zone), now)
    over = recipient.quiet.end_of(due, zone) if recipient.quiet else None
    return due if over is None else over


def urgency(recipient: Recipient) -> tuple[int, bool, int]:
    """Sort key for subscriptions of a chat: soonest schedule first, with sound first."""
    subscription = recipient.subscription
    order = list(Rhythm).index(subscription.schedule.rhythm)
    return order, subscription.is_silent, subscription.id


_COLUMNS: Sequence[str] = tuple(
    field.name for field in fields(Subscription) if field.name != "schedule"
)
_ALL: Select[Any] = select(
    *(subscriptions.c[name] for name in (*_COLUMNS, "rhythm", "minute", "weekday"))
)


def _subscription(row: Row[*tuple[Any, ...]]) -> Subscription:
    schedule = Schedule(Rhythm(row.rhythm), row.minute, row.weekday)
    # By position, for speed: an article may match ten thousand subscriptions.
    return Subscription(**dict(zip(_COLUMNS, row, strict=False)), schedule=schedule)
