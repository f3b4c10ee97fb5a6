"""Outbox of alerts: queue deliveries, claim due ones, mark them sent or dropped.

A delivery is pending, then sent or dropped. Only the one sender of a bot claims deliveries;
unsettled claims can be claimed again when their lease expires, or at once by a new sender.

The sender does not wait for the transaction that writes articles, since it changes nothing that
such a one has read: it locks rows that are still pending, and leaves those that are being changed
to a transaction that waits. It waits for none while it has locks: no two wait for each other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from index.store.chats.delivery_rows import (
    IS_PENDING,
    UNCLAIMED,
    DeliveryState,
    DropReason,
    dropped,
    read_positions,
    write_others,
    write_positions,
)
from index.store.chats.subscriptions import Recipient, due_at, urgency
from index.store.database import (
    Database,
    batched_values,
    change_rows_in,
    columns_of,
    insert_if_absent,
    now_in,
    rows_in,
)
from index.store.tables import deliveries, senders

SETTLED_RETENTION_SECONDS = 30 * 86_400
"""Time for which settled deliveries are kept: far longer than an article is news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Alert of an article for a chat, or its bulletin; times are in seconds since the epoch.

    `article` is None for a bulletin, which no subscription makes. `positions` are the sentences
    that the subscription matched, best first. `attempts` counts failures to send it.
    """

    id: int
    chat: int
    thread: int | None
    article: int | None
    subscription: int
    positions: tuple[int, ...]
    due_at: int
    attempts: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ChatBatch:
    """Claimed deliveries of one chat, or of one forum topic."""

    chat: int
    thread: int | None
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Number of pending deliveries, and when the earliest was due (seconds since the epoch)."""

    pending: int
    earliest: int | None


class Outbox:
    """The deliveries of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire_lease(self, bot: int, owner: str, seconds: float) -> bool:
        """Acquire or renew the lease of the one sender of a bot, by the clock of the database.

        Who acquires it goes on with `release_others`.

        Args:
            bot: The number of the bot.
            owner: The unique id of this sender.
            seconds: The length of the lease.

        Returns:
            Whether the owner has the lease; if not, another sender has it.
        """
        mine = senders.c.bot == bot, senders.c.owner == owner
        with self._database.coordinating() as connection:
            now = now_in(connection)
            row = {"bot": bot, "owner": owner, "until": now + seconds}
            if connection.execute(update(senders).where(*mine).values(row)).rowcount:
                return True
            is_over = senders.c.bot == bot, senders.c.until <= now
            taken = connection.execute(update(senders).where(*is_over).values(row)).rowcount > 0
            return taken or insert_if_absent(connection, senders, row)

    def release_others(self, bot: int, owner: str) -> None:
        """Release the claims of earlier senders, whose lease is over."""
        self._change(deliveries.c.bot == bot, deliveries.c.leased_by != owner, **UNCLAIMED)

    def release_lease(self, bot: int, owner: str) -> None:
        """Release the lease of a sender and its claims."""
        self._change(deliveries.c.leased_by == owner, **UNCLAIMED)
        with self._database.coordinating() as connection:
            mine = senders.c.bot == bot, senders.c.owner == owner
            connection.execute(delete(senders).where(*mine))

    def are_pending(self, which: Sequence[int], owner: str) -> bool:
        """Whether all of some deliveries are still pending and claimed by a sender."""
        mine = IS_PENDING, deliveries.c.leased_by == owner
        query = select(deliveries.c.id).where(*mine)
        with self._database.reading() as connection:
            held = list(rows_in(connection, query, deliveries.c.id, which))
        return len(held) == len(which)

    def claim(
        self,
        bot: int,
        owner: str,
        now: int,
        *,
        seconds: float,
        most: int,
        at_once: int,
        besides: Iterable[int] = (),
    ) -> list[ChatBatch]:
        """Claim due deliveries, longest waiting first.

        Args:
            bot: The number of the bot.
            owner: The id of its sender.
            now: The time, in seconds since the epoch.
            seconds: The length of the claim.
            most: Maximum number of chats.
            at_once: Maximum number of deliveries of one chat or forum topic.
            besides: Chats to skip.
        """
        free = or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= now)
        due = deliveries.c.bot == bot, IS_PENDING, deliveries.c.due_at <= now, free
        order = deliveries.c.due_at, deliveries.c.id
        first = select(deliveries.c.chat).where(*due, deliveries.c.chat.not_in(list(besides)))
        longest = func.min(deliveries.c.due_at), func.min(deliveries.c.id)
        position = func.row_number().over(
            partition_by=(deliveries.c.chat, deliveries.c.thread), order_by=order
        )
        with self._database.reading() as connection:
            if connection.execute(first.limit(1)).first() is None:
                return []
        with self._database.coordinating() as connection:
            by_chat = first.group_by(deliveries.c.chat).order_by(*longest)
            chats = list(connection.scalars(by_chat.limit(most)))
            theirs = select(deliveries.c.id, position.label("position")).where(
                *due, deliveries.c.chat.in_(chats)
            )
            numbered = theirs.subquery()
            chosen = select(numbered.c.id).where(numbered.c.position <= at_once)
            query = select(*columns_of(Delivery, deliveries)).where(*due)
            unlocked = query.with_for_update(skip_locked=True)
            wanted = connection.scalars(chosen).all()
            claimed = [
                _delivery(row) for row in rows_in(connection, unlocked, deliveries.c.id, wanted)
            ]
            lease = update(deliveries).values(leased_by=owner, leased_until=int(now + seconds))
            change_rows_in(
                connection, lease, deliveries.c.id, [delivery.id for delivery in claimed]
            )
        claimed.sort(key=lambda delivery: (delivery.due_at, delivery.id))
        return list(_by_chat(claimed, chats))

    def mark_sent(self, done: Iterable[int], now: int) -> None:
        """Mark deliveries as sent."""
        self._settle(done, state=DeliveryState.SENT.value, settled_at=now)

    def drop(
        self, done: Iterable[int], reason: DropReason, now: int, owner: str | None = None
    ) -> None:
        """Drop deliveries; if an owner is given, only those that it still has claimed."""
        mine = [] if owner is None else [deliveries.c.leased_by == owner]
        self._settle(done, *mine, **dropped(reason, now))

    def postpone(self, which: Iterable[int], until: int) -> None:
        """Set a later due time of deliveries."""
        self._settle(which, due_at=until)

    def retry(self, which: Iterable[int], at: int, owner: str, *, failed: bool = False) -> None:
        """Allow deliveries to be claimed again from a time on; their due time stays.

        Args:
            which: The deliveries.
            at: The time, in seconds since the epoch.
            owner: The sender that claimed them; claims of others are left alone.
            failed: Count this as a failed attempt.
        """
        attempts = deliveries.c.attempts + int(failed)
        mine = deliveries.c.leased_by == owner
        self._settle(which, mine, leased_until=at, attempts=attempts)

    def recently_sent(self, bot: int, since: int) -> list[tuple[int, int]]:
        """List the groups and channels sent to since a time, with the times, in order."""
        sent = deliveries.c.state == DeliveryState.SENT.value, deliveries.c.settled_at >= since
        query = (
            select(deliveries.c.chat, deliveries.c.settled_at)
            .where(deliveries.c.bot == bot, deliveries.c.chat < 0, *sent)
            .distinct()
            .order_by(deliveries.c.settled_at)
        )
        with self._database.reading() as connection:
            return [(row.chat, row.settled_at) for row in connection.execute(query)]

    def drop_old(self, bot: int, due_before: int, now: int) -> int:
        """Drop deliveries of a bot that were due before a time; return their number."""
        old = deliveries.c.bot == bot, deliveries.c.due_at < due_before
        pending = select(deliveries.c.id).where(IS_PENDING, *old).limit(1)
        with self._database.reading() as connection:
            if connection.execute(pending).first() is None:
                return 0
        return self._change(*old, **dropped(DropReason.TOO_OLD, now))

    def purge(self, bot: int, now: int) -> int:
        """Delete deliveries settled long ago, and any as old of other bots; return their number.

        Args:
            bot: The number of the bot. One that sent before it, with another token, sends no more.
            now: The time, in seconds since the epoch.
        """
        settled = deliveries.c.state.in_((DeliveryState.SENT.value, DeliveryState.DROPPED.value))
        old = (
            deliveries.c.due_at < now - SETTLED_RETENTION_SECONDS,
            settled | (deliveries.c.bot != bot),
        )
        free = select(deliveries.c.id).where(*old).with_for_update(skip_locked=True)
        with self._database.coordinating() as connection:
            numbers = connection.scalars(free).all()
            change_rows_in(connection, delete(deliveries), deliveries.c.id, numbers)
        return len(numbers)

    def counts(self) -> Mapping[str, int]:
        """Count deliveries by state: `owed` (pending), `sent`, `dropped: reason`."""
        kind = deliveries.c.state, deliveries.c.reason
        with self._database.reading() as connection:
            rows = connection.execute(select(*kind, func.count()).group_by(*kind)).all()
        return {f"{state}: {reason}" if reason else state: count for state, reason, count in rows}

    def backlog(self, bot: int) -> Backlog:
        """Count the pending deliveries of a bot."""
        counted = select(func.count(), func.min(deliveries.c.due_at))
        query = counted.where(deliveries.c.bot == bot, IS_PENDING)
        with self._database.reading() as connection:
            pending, earliest = connection.execute(query).one()
        return Backlog(pending, earliest)

    def _settle(
        self, which: Iterable[int], *conditions: ColumnElement[bool], **values: object
    ) -> None:
        for batch in batched_values(which):
            self._change(deliveries.c.id.in_(batch), *conditions, **UNCLAIMED | values)

    def _change(self, *conditions: ColumnElement[bool], **values: object) -> int:
        """Change the pending deliveries that meet some conditions; return their number.

        Those that another transaction is changing just now are changed after that one, if they
        meet the conditions then.
        """
        pending = IS_PENDING, *conditions
        query = select(deliveries.c.id).where(*pending)
        change = update(deliveries).values(values)
        with self._database.coordinating() as connection:
            if not self._database.has_row_locks:
                return connection.execute(change.where(*pending)).rowcount
            wanted = set(connection.scalars(query))
            free = connection.scalars(query.with_for_update(skip_locked=True)).all()
            change_rows_in(connection, change, deliveries.c.id, free)
        if not (busy := wanted - set(free)):
            return len(free)
        with self._database.writing() as connection:
            waited = query.with_for_update()
            still = [row.id for row in rows_in(connection, waited, deliveries.c.id, busy)]
            change_rows_in(connection, change, deliveries.c.id, still)
        return len(free) + len(still)


def queue_deliveries(
    connection: Connection,
    article: int,
    matched: Sequence[tuple[Recipient, tuple[int, ...]]],
    now: int,
    same: Collection[int] = (),
) -> None:
    """Queue one delivery of an article for each chat with a matching subscription.

    Of several subscriptions of a chat the delivery gets the most urgent; the others are stored,
    too, in case that one ends.

    Args:
        connection: The transaction that stores the article.
        article: The article's number.
        matched: The matching subscriptions, with the sentences that match.
        now: The time, in seconds since the epoch.
        same: The articles whose delivery makes another one redundant: an earlier version of
            this one, duplicates.
    """
    by_chat: dict[tuple[int, int], list[tuple[Recipient, tuple[int, ...]]]] = {}
    for recipient, positions in matched:
        subscription = recipient.subscription
        several = by_chat.setdefault((subscription.bot, subscription.chat), [])
        several.append((recipient, positions))
    if same:
        of_them = deliveries.c.article.in_(same)
        delivered = select(deliveries.c.bot, deliveries.c.chat).where(of_them)
        for row in connection.execute(delivered):
            by_chat.pop((row.bot, row.chat), None)
    if by_chat:
        rows = [_row(article, several, now) for several in by_chat.values()]
        connection.execute(insert(deliveries), rows)


def _row(
    article: int, matched: Sequence[tuple[Recipient, tuple[int, ...]]], now: int
) -> dict[str, object]:
    """Return the row of a delivery, for the most urgent subscription of the chat."""
    (recipient, positions), *others = sorted(matched, key=lambda match: urgency(match[0]))
    subscription = recipient.subscription
    return {
        "bot": subscription.bot,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "article": article,
        "subscription": subscription.id,
        "positions": write_positions(positions),
        "others": write_others((other.subscription.id, hits) for other, hits in others),
        "state": DeliveryState.PENDING.value,
        "due_at": due_at(recipient, now, now),
        "attempts": 0,
        "created_at": now,
    }


def _by_chat(claimed: Iterable[Delivery], chats: Sequence[int]) -> Iterable[ChatBatch]:
    """Group deliveries by chat and topic, in the order of the chats."""
    order = {chat: rank for rank, chat in enumerate(chats)}

    def position(delivery: Delivery) -> tuple[int, int]:
        return order[delivery.chat], delivery.thread or 0

    for _, several in groupby(sorted(claimed, key=position), key=position):
        chosen = tuple(several)
        yield ChatBatch(chosen[0].chat, chosen[0].thread, chosen)


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(**dict(row._mapping) | {"positions": read_positions(row.positions)})
