"""Inbox of updates: what was received and is not processed yet, shared by several workers.

An update is put into the inbox before Telegram is told that it arrived. A conversation with updates
is claimed by one worker, which processes them in order and saves what is to be remembered of the
conversation; when it dies another one claims it. The number of a processed update is kept for a
day, so that one that is delivered again is known; its content and whose it is are deleted at once.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from index.store.database import (
    Database,
    change_rows_in,
    clock_of,
    insert_if_absent,
    now_in,
    upsert,
)
from index.store.sharing.workers import is_free
from index.store.tables import conversations, updates

KNOWN_SECONDS = 86_400.0
"""Time for which processed updates are known: Telegram delivers none that is older than a day."""

REMEMBERED_SECONDS = 49 * 3_600.0
"""Time for which the state of a conversation is kept: longer than any part of it holds."""

WORDS_SECONDS = 3_600.0
"""Time for which parts are kept that hold words of people: longer than any of these holds."""

MOST_ATTEMPTS = 3
"""How often an update is taken in hand, in case it kills each process that does so."""

_LOOKED_AT = 1_000  # waiting conversations among which a worker looks for free ones
_FORGOTTEN_AT_ONCE = 1_000  # states of which a part is forgotten
_SEEN_BEHIND = 5  # updates of a conversation that are read at once

State = Mapping[str, Any]
"""What is remembered of a conversation, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Received:
    """Update as it was received: its number, its conversation, its JSON."""

    id: int
    conversation: str
    body: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Next update of a conversation that a worker has claimed.

    `state` was saved `elapsed` seconds ago. `attempts` counts how often the update was taken in
    hand, this time among them. `later` is the JSON of updates that wait behind it.
    """

    conversation: str
    id: int
    body: str
    state: State
    elapsed: float
    attempts: int
    later: tuple[str, ...] = ()


class Inbox:
    """The inbox of a database. Its methods block, and raise StorageError if it cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, bot: int, received: Iterable[Received]) -> None:
        """Store updates, except those that were received before."""
        with self._database.coordinating() as connection:
            now = now_in(connection)
            for each in sorted(received, key=lambda each: (each.conversation, each.id)):
                _lock(connection, bot, each.conversation, now)
                row = {"bot": bot, "id": each.id, "conversation": each.conversation}
                stored = {"body": each.body, "received_at": now, "attempts": 0}
                insert_if_absent(connection, updates, row | stored)

    def claim(self, bot: int, worker: str, most: int, besides: Collection[str] = ()) -> list[Turn]:
        """Claim conversations that have updates and that no other live worker has claimed.

        Args:
            bot: The number of the bot.
            worker: The id of the worker.
            most: Maximum number of conversations.
            besides: Conversations to leave alone, such as those that the worker has in hand.

        Returns:
            The next update of each, longest waiting first.
        """
        pending = (
            select(updates.c.conversation)
            .where(updates.c.bot == bot, updates.c.done_at.is_(None))
            .where(updates.c.conversation.not_in(list(besides)))
        )
        with self._database.reading() as connection:
            if connection.execute(pending.limit(1)).first() is None:
                return []
        with self._database.coordinating() as connection:
            claimed_by = conversations.c.claimed_by
            # Its own are those whose claim it did not learn of, or that it failed to process.
            is_available = or_(is_free(connection, claimed_by), claimed_by == worker)
            first = func.min(updates.c.id)
            waiting = pending.group_by(updates.c.conversation).order_by(first)
            of_conversation = (
                updates.c.bot == bot,
                updates.c.conversation == conversations.c.id,
                updates.c.done_at.is_(None),
            )
            query = (
                select(conversations)
                .where(conversations.c.bot == bot, is_available)
                .where(conversations.c.id.in_(waiting.limit(_LOOKED_AT)))
                .order_by(select(first).where(*of_conversation).scalar_subquery())
                .limit(most)
                .with_for_update(skip_locked=True)
            )
            turns: list[Turn] = []
            for row in connection.execute(query).all():
                turn = _next_turn(connection, row)
                _change(connection, bot, row.id, claimed_by=worker if turn else None)
                turns += [turn] if turn else []
            return sorted(turns, key=lambda turn: turn.id)

    def finish(self, bot: int, worker: str, turn: Turn, state: State) -> Turn | None:
        """Record that an update is processed, and return the next one of its conversation.

        Args:
            bot: The number of the bot.
            worker: The id of the worker that claimed the conversation.
            turn: The update.
            state: What is to be remembered of the conversation.

        Returns:
            None if there is none, or if another worker has claimed the conversation since; then
            it is no longer claimed by this one.
        """
        key = conversations.c.bot == bot, conversations.c.id == turn.conversation
        with self._database.coordinating() as connection:
            now = now_in(connection)
            row = connection.execute(select(conversations).where(*key).with_for_update()).first()
            done = updates.c.bot == bot, updates.c.id == turn.id, updates.c.done_at.is_(None)
            nothing = {"conversation": "", "body": ""}
            connection.execute(update(updates).where(*done).values(done_at=now, **nothing))
            if row is None or row.claimed_by != worker:
                return None
            text = json.dumps(state) if state else None
            _change(connection, bot, turn.conversation, state=text, saved_at=now)
            renewed = connection.execute(select(conversations).where(*key)).one()
            following = _next_turn(connection, renewed)
            if following is None:
                _change(connection, bot, turn.conversation, claimed_by=None)
            return following

    def hand_back(self, bot: int, worker: str, turn: Turn) -> None:
        """Let any worker claim the conversation of an update that was not processed.

        Args:
            bot: The number of the bot.
            worker: The id of the worker that claimed the conversation.
            turn: The update; the attempt at it does not count, since it has killed nobody.
        """
        same = conversations.c.bot == bot, conversations.c.id == turn.conversation
        mine = update(conversations).where(*same, conversations.c.claimed_by == worker)
        with self._database.coordinating() as connection:
            if connection.execute(mine.values(claimed_by=None)).rowcount:
                _uncount(connection, updates.c.bot == bot, updates.c.id == turn.id)

    def release(self, bot: int, worker: str) -> None:
        """Let others claim all conversations of a worker that stops; its attempts do not count."""
        mine = conversations.c.bot == bot, conversations.c.claimed_by == worker
        free = update(conversations).where(*mine).values(claimed_by=None)
        waiting = updates.c.bot == bot, updates.c.done_at.is_(None)
        first = select(func.min(updates.c.id)).where(*waiting)
        with self._database.coordinating() as connection:
            for conversation in connection.scalars(free.returning(conversations.c.id)).all():
                in_hand = updates.c.id.in_(first.where(updates.c.conversation == conversation))
                _uncount(connection, updates.c.bot == bot, in_hand)

    def waiting(self, bot: int) -> int:
        """Count the updates that are not processed."""
        query = select(func.count()).where(updates.c.bot == bot, updates.c.done_at.is_(None))
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def lateness(self, bot: int) -> float:
        """Return the seconds since the update was received that waits longest; 0 if none does."""
        waiting = updates.c.bot == bot, updates.c.done_at.is_(None)
        with self._database.reading() as connection:
            since = clock_of(connection) - func.min(updates.c.received_at)
            return max(0.0, connection.scalar(select(since).where(*waiting)) or 0.0)

    def purge(self, bot: int, words: Iterable[str] = ()) -> None:
        """Forget updates processed long ago, and conversations of which nothing is remembered.

        Args:
            bot: The number of the bot.
            words: The names of the parts of a state that hold words of people.
        """
        for part in words:
            while self._forget_part(bot, part) == _FORGOTTEN_AT_ONCE:
                pass
        with self._database.coordinating() as connection:
            now = now_in(connection)
            old = updates.c.bot == bot, updates.c.done_at < now - KNOWN_SECONDS
            connection.execute(delete(updates).where(*old))
            waiting = select(updates.c.conversation).where(
                updates.c.bot == bot, updates.c.done_at.is_(None)
            )
            is_long_ago = conversations.c.saved_at < now - REMEMBERED_SECONDS
            at_rest = (
                conversations.c.bot == bot,
                or_(conversations.c.state.is_(None), is_long_ago),
                is_free(connection, conversations.c.claimed_by),
                conversations.c.id.not_in(waiting),
            )
            locked = select(conversations.c.id).where(*at_rest).with_for_update(skip_locked=True)
            resting = list(connection.scalars(locked))
            # This statement also sees what was stored since, until they were locked.
            idle = conversations.c.bot == bot, conversations.c.id.not_in(waiting)
            change_rows_in(
                connection, delete(conversations).where(*idle), conversations.c.id, resting
            )

    def _forget_part(self, bot: int, part: str) -> int:
        """Forget a part of some states that were saved long ago; return how many."""
        with self._database.coordinating() as connection:
            old = (
                conversations.c.bot == bot,
                conversations.c.saved_at < now_in(connection) - WORDS_SECONDS,
                conversations.c.state.contains(f"{json.dumps(part)}: ", autoescape=True),
                is_free(connection, conversations.c.claimed_by),
            )
            query = select(conversations.c.id, conversations.c.state).where(*old)
            locked = query.limit(_FORGOTTEN_AT_ONCE).with_for_update(skip_locked=True)
            rows = connection.execute(locked).all()
            for row in rows:
                left = {
                    name: value for name, value in json.loads(row.state).items() if name != part
                }
                _change(connection, bot, row.id, state=json.dumps(left) if left else None)
        return len(rows)


def _lock(connection: Connection, bot: int, conversation: str, now: float) -> None:
    """Lock the row of a conversation, so that nobody lets it rest while an update is stored."""
    row = {"bot": bot, "id": conversation}
    if not insert_if_absent(connection, conversations, row | {"saved_at": now}):
        upsert(connection, conversations, row)


def _next_turn(connection: Connection, conversation: Row[Any]) -> Turn | None:
    """Return the first update of a conversation that waits, and count the attempt at it."""
    waiting = (
        select(updates)
        .where(updates.c.bot == conversation.bot, updates.c.conversation == conversation.id)
        .where(updates.c.done_at.is_(None))
        .order_by(updates.c.id)
        .limit(_SEEN_BEHIND)
    )
    rows = connection.execute(waiting).all()
    if not rows:
        return None
    first, *later = rows
    same = updates.c.bot == first.bot, updates.c.id == first.id
    counted = update(updates).where(*same).values(attempts=updates.c.attempts + 1)
    connection.execute(counted)
    return Turn(
        conversation.id,
        first.id,
        first.body,
        json.loads(conversation.state) if conversation.state else {},
        now_in(connection) - conversation.saved_at,
        first.attempts + 1,
        tuple(row.body for row in later),
    )


def _uncount(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Take back the last attempt at an update."""
    counted = update(updates).where(*which, updates.c.attempts > 0)
    connection.execute(counted.values(attempts=updates.c.attempts - 1))


def _change(connection: Connection, bot: int, conversation: str, **values: object) -> None:
    same = conversations.c.bot == bot, conversations.c.id == conversation
    connection.execute(update(conversations).where(*same).values(**values))
