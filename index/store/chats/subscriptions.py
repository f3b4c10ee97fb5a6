"""The subscriptions of chats: what each is to be alerted of, and when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from index.errors import HoiBaoError
from index.models.schedule import QuietHours, Rhythm, Schedule
from index.store.chats.chats import put_chat, zone_named
from index.store.chats.delivery_rows import (
    DeliveryState,
    DropReason,
    drop_pending,
    read_others,
    read_positions,
    write_others,
    write_positions,
)
from index.store.database import Database, batched_values
from index.store.meta import SUBSCRIPTIONS, raised, value
from index.store.tables import chats, deliveries, subscriptions


class LimitError(HoiBaoError):
    """A chat has as many subscriptions as it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's standing request for alerts; times are in seconds since the epoch.

    `bot` is the number of the bot that it was made with, `thread` the forum topic, `wish` the
    canonical text of what is wanted, `name` what the chat calls it.
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
    """A subscription with what decides when its chat is told."""

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
        """Subscribe a chat to what it wishes.

        Args:
            bot: The number of the bot that asks.
            chat: The chat.
            thread: The forum topic in it, if it is one.
            wish: The canonical text of a wish.
            now: The time.
            most: How many subscriptions a chat may have.

        Returns:
            The subscription, and whether it is new: a chat wishes for each thing once.

        Raises:
            LimitError: If the chat has as many as it may.
        """
        here = subscriptions.c.bot == bot, subscriptions.c.chat == chat
        same = subscriptions.c.wish == wish, subscriptions.c.thread.is_not_distinct_from(thread)
        with self._database.writing() as connection:
            put_chat(connection, chat)
            known = connection.execute(_ALL.where(*here, *same)).first()
            if known:
                return _subscription(known), False
            count = select(func.count()).select_from(subscriptions).where(*here)
            if (connection.scalar(count) or 0) >= most:
                raise LimitError(f"this chat has {most} subscriptions, as many as it may")
            schedule = Schedule()
            values = {
                "bot": bot,
                "chat": chat,
                "thread": thread,
                "wish": wish,
                "rhythm": schedule.rhythm.value,
                "minute": schedule.minute,
                "weekday": schedule.weekday,
                "is_silent": False,
                "created_at": now,
                "revision": raised(connection, SUBSCRIPTIONS),
            }
            key = connection.execute(insert(subscriptions).values(values)).inserted_primary_key
            assert key is not None
            row = connection.execute(_ALL.where(subscriptions.c.id == key[0])).one()
        return _subscription(row), True

    def get(self, number: int) -> Subscription | None:
        """The subscription of a number."""
        with self._database.reading() as connection:
            row = connection.execute(_ALL.where(subscriptions.c.id == number)).first()
        return _subscription(row) if row else None

    def of_chat(self, bot: int, chat: int) -> list[Subscription]:
        """The subscriptions of a chat, the oldest first."""
        here = subscriptions.c.bot == bot, subscriptions.c.chat == chat
        with self._database.reading() as connection:
            rows = connection.execute(_ALL.where(*here).order_by(subscriptions.c.id))
            return [_subscription(row) for row in rows]

    def count(self) -> int:
        """How many subscriptions there are, in all chats."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(subscriptions)) or 0

    def set_wish(self, number: int, wish: str) -> None:
        """Change what is wanted; what is owed already stays owed."""
        self._change(number, wish=wish)

    def set_name(self, number: int, name: str | None) -> None:
        """Call a subscription by a name; None for none."""
        self._change(number, name=name)

    def set_silent(self, number: int, silent: bool) -> None:
        """Say whether its alerts come without a sound."""
        self._change(number, is_silent=silent)

    def pause(self, number: int, now: int) -> None:
        """Owe nothing more until it is resumed; what is owed is left to others, or dropped."""
        with self._database.writing() as connection:
            self._change_within(connection, number, paused_at=now)
            _release(connection, number, now)

    def resume(self, number: int) -> None:
        """Alert again from now on."""
        self._change(number, paused_at=None)

    def set_schedule(self, number: int, schedule: Schedule, now: int) -> None:
        """Change when its alerts come, those that are owed already too."""
        with self._database.writing() as connection:
            self._change_within(
                connection,
                number,
                rhythm=schedule.rhythm.value,
                minute=schedule.minute,
                weekday=schedule.weekday,
            )
            _refile(connection, number, now)
            _reschedule(connection, [number], now)

    def reschedule(self, chat: int, now: int) -> None:
        """Have what is owed to a chat come when its quiet hours allow, after they changed."""
        of_chat = select(subscriptions.c.id).where(subscriptions.c.chat == chat)
        with self._database.writing() as connection:
            _reschedule(connection, list(connection.scalars(of_chat)), now)

    def remove(self, number: int, now: int) -> None:
        """End a subscription; what is owed for it is left to others that matched, or dropped."""
        with self._database.writing() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.id == number))
            raised(connection, SUBSCRIPTIONS)
            _release(connection, number, now)

    def pause_thread(self, chat: int, thread: int, now: int) -> None:
        """Pause all subscriptions of a forum topic that is gone or closed."""
        here = subscriptions.c.chat == chat, subscriptions.c.thread == thread
        with self._database.reading() as connection:
            found = list(connection.scalars(select(subscriptions.c.id).where(*here)))
        for number in found:
            self.pause(number, now)

    def _change(self, number: int, **values: object) -> None:
        with self._database.writing() as connection:
            self._change_within(connection, number, **values)

    def _change_within(self, connection: Connection, number: int, **values: object) -> None:
        changed = values | {"revision": raised(connection, SUBSCRIPTIONS)}
        here = subscriptions.c.id == number
        connection.execute(update(subscriptions).where(here).values(**changed))


def _release(connection: Connection, number: int, now: int) -> None:
    """Leave what is owed for a subscription that is over to others of its chat, or drop it."""
    _refile(connection, number, now)
    drop_pending(connection, deliveries.c.subscription == number, DropReason.UNSUBSCRIBED, now)


def _refile(connection: Connection, number: int, now: int) -> None:
    """File what is owed for a subscription under the one of its chat that now tells it soonest.

    What is filed anew is free to be claimed: a message that names the old one is not to leave.
    """
    owed = deliveries.c.subscription == number, deliveries.c.state == DeliveryState.PENDING.value
    columns = (deliveries.c[name] for name in ("id", "positions", "others", "created_at"))
    rows = connection.execute(select(*columns).where(*owed, deliveries.c.others.is_not(None)))
    shared = [(row, read_others(row.others)) for row in rows]
    matching = {number, *(other for _, others in shared for other, _ in others)}
    known = {each.subscription.id: each for each in recipients(connection, matching)}
    for row, others in shared:
        matched = [(number, read_positions(row.positions)), *others]
        wanted = [each for each in matched if each[0] in known]
        best = min(wanted, key=lambda each: urgency(known[each[0]]), default=matched[0])
        if best[0] == number:
            continue
        heir = known[best[0]]
        filed = {
            "subscription": best[0],
            "thread": heir.subscription.thread,
            "positions": write_positions(best[1]),
            "others": write_others(each for each in matched if each is not best),
            "due_at": due_at(heir, row.created_at, now),
            "leased_by": None,
            "leased_until": None,
        }
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(filed))


def _reschedule(connection: Connection, numbers: Sequence[int], now: int) -> None:
    for recipient in list(recipients(connection, numbers)):
        of_it = deliveries.c.subscription == recipient.subscription.id
        owed = of_it, deliveries.c.state == DeliveryState.PENDING.value
        moments = select(deliveries.c.created_at).where(*owed).distinct()
        for created in list(connection.scalars(moments)):
            due = due_at(recipient, created, now)
            same = *owed, deliveries.c.created_at == created
            connection.execute(update(deliveries).where(*same).values(due_at=due))


def changed_wishes(connection: Connection, revision: int) -> tuple[int, list[tuple[int, str]]]:
    """The wishes changed after a revision, by subscription, and the revision that it is now."""
    now = int(value(connection, SUBSCRIPTIONS))
    if now == revision:
        return now, []
    query = select(subscriptions.c.id, subscriptions.c.wish)
    rows = connection.execute(query.where(subscriptions.c.revision > revision))
    return now, [(row.id, row.wish) for row in rows]


def subscription_numbers(connection: Connection, held: int) -> set[int] | None:
    """The numbers of all subscriptions, to whoever holds more of them than there are.

    Args:
        connection: What reads.
        held: How many are held; None is returned if there are as many.
    """
    count = connection.scalar(select(func.count()).select_from(subscriptions)) or 0
    return None if count == held else set(connection.scalars(select(subscriptions.c.id)))


def recipients(connection: Connection, numbers: Iterable[int]) -> Iterator[Recipient]:
    """The subscriptions of these numbers that are neither paused nor of a chat given up."""
    query = (
        select(*_ALL.selected_columns, chats.c.time_zone, chats.c.quiet_from, chats.c.quiet_until)
        .join(chats, chats.c.id == subscriptions.c.chat)
        .where(subscriptions.c.paused_at.is_(None), chats.c.inactive_since.is_(None))
    )
    for part in batched_values(list(numbers)):
        for row in connection.execute(query.where(subscriptions.c.id.in_(part))):
            hours = row.quiet_from, row.quiet_until
            quiet = None if None in hours else QuietHours(*hours)
            yield Recipient(_subscription(row), row.time_zone, quiet)


def due_at(recipient: Recipient, came_at: int, now: int) -> int:
    """When a chat is to be told of something that came at a moment; now, if that is past."""
    zone = zone_named(recipient.time_zone)
    due = max(recipient.subscription.schedule.due(came_at, zone), now)
    over = recipient.quiet.end_of(due, zone) if recipient.quiet else None
    return due if over is None else over


def urgency(recipient: Recipient) -> tuple[int, bool, int]:
    """Sorts the subscriptions of a chat by which of them tells it soonest, and heard best."""
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
    # By place: an article may be for ten thousand of them.
    return Subscription(**dict(zip(_COLUMNS, row, strict=False)), schedule=schedule)
