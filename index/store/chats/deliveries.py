"""The outbox: the pending alerts of chats, each sent once.

A delivery is pending, then sent or dropped. Only the one sender of a bot claims
deliveries; those that it claimed and did not settle are claimed again when its lease is
over, or at once by the sender that takes over.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from index.store.chats.delivery_rows import (
    DeliveryState,
    DropReason,
    drop_pending,
    read_positions,
    write_others,
    write_positions,
)
from index.store.chats.subscriptions import Recipient, due_at, urgency
from index.store.database import Database, batched_values
from index.store.tables import deliveries, senders

SETTLED_RETENTION_SECONDS = 30 * 86_400
"""How long a settled delivery is kept: far longer than its article is news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one chat; times are in seconds since the epoch.

    `positions` are the sentences that the subscription matched, the best first. `attempts`
    counts how often sending it failed.
    """

    id: int
    chat: int
    thread: int | None
    article: int
    subscription: int
    positions: tuple[int, ...]
    due_at: int
    attempts: int
    created_at: int


@dataclass(frozen=True, slots=True)
class ChatBatch:
    """The claimed deliveries of one chat, or of one topic of it."""

    chat: int
    thread: int | None
    deliveries: tuple[Delivery, ...]


class Outbox:
    """The deliveries of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire_lease(self, bot: int, owner: str, now: float, seconds: float) -> bool:
        """Become, or stay, the one sender of a bot for some seconds.

        What another sender had claimed, whose time is over, is free again at once.

        Args:
            bot: The number of the bot.
            owner: Tells this sender from any other.
            now: The time.
            seconds: For how long.

        Returns:
            Whether the owner is the sender now; if not, another one is.
        """
        with self._database.writing() as connection:
            query = select(senders).where(senders.c.bot == bot)
            held = connection.execute(query).first()
            lease = {"owner": owner, "until": now + seconds}
            if held is None:
                connection.execute(insert(senders).values(bot=bot, **lease))
            elif held.owner != owner and held.until > now:
                return False
            else:
                connection.execute(update(senders).where(senders.c.bot == bot).values(lease))
            if held is None or held.owner != owner:
                theirs = deliveries.c.bot == bot, deliveries.c.leased_by != owner
                free = {"leased_by": None, "leased_until": None}
                pending = deliveries.c.state == DeliveryState.PENDING.value
                connection.execute(update(deliveries).where(pending, *theirs).values(free))
        return True

    def release_lease(self, bot: int, owner: str) -> None:
        """Leave the sending to others, with what was claimed and not sent."""
        claimed = deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.leased_by == owner
        free = {"leased_by": None, "leased_until": None}
        with self._database.writing() as connection:
            connection.execute(update(deliveries).where(*claimed).values(free))
            mine = senders.c.bot == bot, senders.c.owner == owner
            connection.execute(delete(senders).where(*mine))

    def are_pending(self, which: Sequence[int], owner: str) -> bool:
        """Whether deliveries are all still pending, and claimed by their sender."""
        mine = deliveries.c.state == DeliveryState.PENDING.value, deliveries.c.leased_by == owner
        query = select(func.count()).select_from(deliveries).where(*mine)
        with self._database.reading() as connection:
            count = sum(
                connection.scalar(query.where(deliveries.c.id.in_(part))) or 0
                for part in batched_values(list(which))
            )
        return count == len(which)

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
        """Claim what is due, those that wait longest first.

        Args:
            bot: The number of the bot.
            owner: Its one sender.
            now: The time.
            seconds: For how long nobody else may claim the same.
            most: How many chats at most.
            at_once: How many deliveries of one chat, or topic of it, at most.
            besides: Chats to leave alone.
        """
        free = or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= now)
        due = (
            deliveries.c.bot == bot,
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.due_at <= now,
            free,
        )
        order = deliveries.c.due_at, deliveries.c.id
        first = select(deliveries.c.chat).where(*due, deliveries.c.chat.not_in(list(besides)))
        longest = func.min(deliveries.c.due_at), func.min(deliveries.c.id)
        place = func.row_number().over(
            partition_by=(deliveries.c.chat, deliveries.c.thread), order_by=order
        )
        with self._database.reading() as connection:
            if connection.execute(first.limit(1)).first() is None:
                return []
        with self._database.writing() as connection:
            by_chat = first.group_by(deliveries.c.chat).order_by(*longest)
            chats = list(connection.scalars(by_chat.limit(most)))
            theirs = select(*_DELIVERY, place.label("place")).where(
                *due, deliveries.c.chat.in_(chats)
            )
            placed = theirs.subquery()
            query = (
                select(*(placed.c[column.name] for column in _DELIVERY))
                .where(placed.c.place <= at_once)
                .order_by(placed.c.due_at, placed.c.id)
            )
            found = [_delivery(row) for row in connection.execute(query)]
            batches = list(_by_chat(found, chats))
            claimed = [delivery.id for batch in batches for delivery in batch.deliveries]
            lease = {"leased_by": owner, "leased_until": int(now + seconds)}
            for part in batched_values(claimed):
                here = deliveries.c.id.in_(part)
                connection.execute(update(deliveries).where(here).values(lease))
        return batches

    def mark_sent(self, done: Iterable[int], now: int) -> None:
        """Remember that deliveries were sent."""
        self._settle(done, state=DeliveryState.SENT.value, settled_at=now)

    def drop(
        self, done: Iterable[int], reason: DropReason, now: int, owner: str | None = None
    ) -> None:
        """Give deliveries up; if an owner is given, only what it still has claimed."""
        mine = [] if owner is None else [deliveries.c.leased_by == owner]
        dropped = {"state": DeliveryState.DROPPED.value, "reason": reason.value, "settled_at": now}
        self._settle(done, *mine, **dropped)

    def postpone(self, which: Iterable[int], until: int) -> None:
        """Have deliveries become due later."""
        self._settle(which, due_at=until)

    def retry(self, which: Iterable[int], at: int, owner: str, *, failed: bool = False) -> None:
        """Let deliveries be claimed again from a moment on; they stay due since they were.

        Args:
            which: The deliveries.
            at: The moment.
            owner: Who claimed them; what another sender has by now is left to it.
            failed: Whether that counts as an attempt.
        """
        attempts = deliveries.c.attempts + int(failed)
        mine = deliveries.c.leased_by == owner
        self._settle(which, mine, leased_until=at, attempts=attempts)

    def recently_sent(self, bot: int, since: int) -> list[tuple[int, int]]:
        """To which groups and channels messages went since a moment, and when, in order."""
        sent = deliveries.c.state == DeliveryState.SENT.value, deliveries.c.settled_at >= since
        query = (
            select(deliveries.c.chat, deliveries.c.settled_at)
            .where(deliveries.c.bot == bot, deliveries.c.chat < 0, *sent)
            .distinct()
            .order_by(deliveries.c.settled_at)
        )
        with self._database.reading() as connection:
            return [(row.chat, row.settled_at) for row in connection.execute(query)]

    def drop_old(self, due_before: int, now: int) -> int:
        """Give up what was due too long ago to matter; returns how many deliveries that were."""
        old = deliveries.c.due_at < due_before
        pending = deliveries.c.state == DeliveryState.PENDING.value, old
        with self._database.reading() as connection:
            if connection.execute(select(deliveries.c.id).where(*pending).limit(1)).first() is None:
                return 0
        with self._database.writing() as connection:
            return drop_pending(connection, old, DropReason.TOO_OLD, now)

    def purge(self, now: int) -> int:
        """Forget what was settled long ago; returns how many deliveries that were."""
        settled = deliveries.c.state.in_((DeliveryState.SENT.value, DeliveryState.DROPPED.value))
        old = settled, deliveries.c.due_at < now - SETTLED_RETENTION_SECONDS
        with self._database.writing() as connection:
            return connection.execute(delete(deliveries).where(*old)).rowcount

    def counts(self) -> Mapping[str, int]:
        """Count the deliveries that are still kept: `owed` (pending), `sent`, `dropped: reason`."""
        query = select(deliveries.c.state, deliveries.c.reason, func.count().label("count"))
        grouped = query.group_by(deliveries.c.state, deliveries.c.reason)
        with self._database.reading() as connection:
            rows = connection.execute(grouped).all()
        return {
            f"{row.state}: {row.reason}" if row.reason else str(row.state): row._mapping["count"]
            for row in rows
        }

    def _settle(
        self, which: Iterable[int], *conditions: ColumnElement[bool], **values: object
    ) -> None:
        settled = {"leased_by": None, "leased_until": None} | values
        with self._database.writing() as connection:
            for part in batched_values(list(which)):
                here = deliveries.c.id.in_(part), deliveries.c.state == DeliveryState.PENDING.value
                connection.execute(update(deliveries).where(*here, *conditions).values(settled))


def queue_deliveries(
    connection: Connection,
    article: int,
    matched: Sequence[tuple[Recipient, tuple[int, ...]]],
    now: int,
    same: Collection[int] = (),
) -> None:
    """Queue one delivery of an article for each chat that it is for.

    Of several subscriptions of a chat the delivery is filed under the one that tells it soonest;
    the others are noted, in case that one ends.

    Args:
        connection: The transaction that stores the article.
        article: The article's number.
        matched: The subscriptions that it is for, with the sentences that match.
        now: The time.
        same: The articles whose delivery makes another one needless: an earlier state of this
            one, others that say the same.
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
    """The delivery of an article to a chat, filed under what tells it soonest there."""
    ordered = sorted(matched, key=lambda each: urgency(each[0])) if len(matched) > 1 else matched
    (recipient, positions), *others = ordered
    subscription = recipient.subscription
    return {
        "bot": subscription.bot,
        "chat": subscription.chat,
        "thread": subscription.thread,
        "article": article,
        "subscription": subscription.id,
        "positions": write_positions(positions),
        "others": write_others((other.subscription.id, at) for other, at in others),
        "state": DeliveryState.PENDING.value,
        "due_at": due_at(recipient, now, now),
        "attempts": 0,
        "created_at": now,
    }


_DELIVERY: tuple[ColumnElement[Any], ...] = tuple(
    deliveries.c[name] for name in Delivery.__dataclass_fields__
)


def _by_chat(found: Sequence[Delivery], chats: Sequence[int]) -> Iterable[ChatBatch]:
    """Deliveries by chat and topic, in the order of the chats."""
    order = {chat: place for place, chat in enumerate(chats)}

    def place(delivery: Delivery) -> tuple[int, int]:
        return order[delivery.chat], delivery.thread or 0

    for _, several in groupby(sorted(found, key=place), key=place):
        chosen = tuple(several)
        yield ChatBatch(chosen[0].chat, chosen[0].thread, chosen)


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(**dict(row._mapping) | {"positions": read_positions(row.positions)})
