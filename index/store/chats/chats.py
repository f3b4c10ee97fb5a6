"""Settings of chats (language, time zone, quiet hours), activity, migration, deletion."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Row, delete, select, update

from index.models.period import vietnam
from index.models.schedule import QuietHours, Schedule
from index.store.chats.delivery_rows import DropReason, drop_pending
from index.store.database import Database, upsert
from index.store.meta import SUBSCRIPTIONS, increment
from index.store.tables import (
    askers,
    bulletins,
    chats,
    conversations,
    deliveries,
    feedback,
    flood_buckets,
    subscriptions,
    updates,
)

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Stored settings of a chat.

    `kind` and `title` are stored for channels, which are managed from a private chat.
    `digest_minute` (since midnight) and `is_silent` are those of new subscriptions.
    `inactive_since` is when the bot could no longer write to it, in seconds since the epoch.
    `previews` is None where nothing was chosen.
    """

    id: int
    language: str | None = None
    kind: str | None = None
    title: str | None = None
    time_zone: str | None = None
    quiet: QuietHours | None = None
    digest_minute: int = Schedule().minute
    is_silent: bool = False
    inactive_since: int | None = None
    previews: bool | None = None

    @property
    def shows_previews(self) -> bool:
        """Whether articles have link previews: by default except in groups, where people talk."""
        return self.previews if self.previews is not None else self.id > 0 or self.kind == "channel"

    @property
    def zone(self) -> tzinfo:
        """Time zone of the chat, by default that of Vietnam."""
        return find_time_zone(self.time_zone)


def find_time_zone(name: str | None) -> tzinfo:
    """Find a time zone by its IANA name; unknown and missing names give that of Vietnam."""
    try:
        return ZoneInfo(name) if name else vietnam()
    except (ZoneInfoNotFoundError, ValueError):
        return vietnam()


class Chats:
    """Chats of a database, by their number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, chat: int) -> Chat:
        """Read the settings of a chat; an unknown one has the defaults."""
        with self._database.reading() as connection:
            row = connection.execute(select(chats).where(chats.c.id == chat)).first()
        return read_chat(row) if row else Chat(id=chat)

    def language(self, chat: int) -> str | None:
        """Return the language that the chat chose, or None."""
        with self._database.reading() as connection:
            return connection.scalar(select(chats.c.language).where(chats.c.id == chat))

    def set_language(self, chat: int, language: str) -> None:
        """Set the language of a chat."""
        self._set(chat, language=language)

    def set_time_zone(self, chat: int, name: str) -> None:
        """Set the time zone of a chat, by its IANA name."""
        self._set(chat, time_zone=name)

    def set_quiet(self, chat: int, quiet: QuietHours | None) -> None:
        """Set or remove the quiet hours of a chat."""
        start, end = (quiet.start, quiet.end) if quiet else (None, None)
        self._set(chat, quiet_from=start, quiet_until=end)

    def set_previews(self, chat: int, shown: bool) -> None:
        """Show or hide the link previews of articles in a chat."""
        self._set(chat, previews=shown)

    def set_channel(self, chat: int, title: str) -> None:
        """Store a channel that the bot may post to."""
        self._set(chat, kind="channel", title=title, inactive_since=None)

    def channels(self) -> list[Chat]:
        """List the channels that the bot was added to, by title, inactive ones last."""
        wanted = select(chats).where(chats.c.kind == "channel")
        order = chats.c.inactive_since.is_not(None), chats.c.title, chats.c.id
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(*order))
            return [read_chat(row) for row in rows]

    def activate(self, chat: int) -> bool:
        """Mark a chat as active; return whether it was inactive."""
        given_up = chats.c.id == chat, chats.c.inactive_since.is_not(None)
        with self._database.reading() as connection:
            if connection.execute(select(chats.c.id).where(*given_up)).first() is None:
                return False
        self._set(chat, inactive_since=None)
        return True

    def deactivate(self, chat: int) -> None:
        """Mark a chat as inactive, and drop its pending alerts."""
        now = int(time.time())
        with self._database.writing() as connection:
            # Nothing is stored on an unknown chat, not even that it left.
            known = update(chats).where(chats.c.id == chat)
            connection.execute(known.values(inactive_since=now))
            drop_pending(connection, deliveries.c.chat == chat, DropReason.CHAT_GONE, now)

    def migrate(self, old: int, new: int) -> None:
        """Move all data of a group to the supergroup that it became."""
        with self._database.writing() as connection:
            group = connection.execute(select(chats).where(chats.c.id == old)).first()
            supergroup = connection.execute(select(chats).where(chats.c.id == new)).first()
            upsert(connection, chats, {"id": new} | _missing(group, supergroup))
            got = select(deliveries.c.article).where(deliveries.c.chat == new)
            twice = deliveries.c.chat == old, deliveries.c.article.in_(got)
            connection.execute(delete(deliveries).where(*twice))
            has_one = select(bulletins.c.bot).where(bulletins.c.chat == new)
            second = bulletins.c.chat == old, bulletins.c.bot.in_(has_one)
            connection.execute(delete(bulletins).where(*second))
            for table in (subscriptions, bulletins, feedback, deliveries):
                connection.execute(update(table).where(table.c.chat == old).values(chat=new))
            connection.execute(delete(chats).where(chats.c.id == old))

    def forget(self, chat: int) -> int:
        """Delete all data of a chat; return the number of rows.

        Votes of a person in other chats are deleted, too: a private chat has its person's
        number. What waits to be answered stays. In SQLite no deleted data is left in the file.
        """
        votes = feedback.c.person, feedback.c.chat
        # A bulletin that is being queued is waited for, and then its delivery is deleted.
        alerts = bulletins.c.chat, deliveries.c.chat, subscriptions.c.chat
        owners = *votes, askers.c.person, *alerts, chats.c.id
        with self._database.writing() as connection:
            deleted = sum(
                connection.execute(delete(owner.table).where(owner == chat)).rowcount
                for owner in owners
            )
            _forget_conversation(connection, chat)
            increment(connection, SUBSCRIPTIONS)
        if not self._database.scrub():
            _LOGGER.warning("deleted data leaves the write-ahead log with its next checkpoint")
        return deleted

    def export(self, chat: int) -> Mapping[str, list[dict[str, Any]]]:
        """Export all data of a chat, by table, as plain values.

        Persons and questions in a group are left out: they are private to its members.
        """
        private = {"person", "question", "state"} if chat < 0 else set()
        votes = [column for column in feedback.c if column.name not in private]
        talk = [column for column in conversations.c if column.name not in private]
        received = updates.c.received_at, updates.c.done_at
        wanted = {
            "chat": select(chats).where(chats.c.id == chat),
            "subscriptions": select(subscriptions).where(subscriptions.c.chat == chat),
            "bulletins": select(bulletins).where(bulletins.c.chat == chat),
            "deliveries": select(deliveries).where(deliveries.c.chat == chat),
            "feedback": select(*votes).where(
                (feedback.c.chat == chat) | (feedback.c.person == chat)
            ),
            "asked": select(askers).where(askers.c.person == chat),
            "conversations": select(*talk).where(conversations.c.id.in_(_conversations(chat))),
            "received": select(*received).where(updates.c.conversation.in_(_conversations(chat))),
            "flood_control": select(flood_buckets).where(flood_buckets.c.person == chat),
        }
        with self._database.reading() as connection:
            return {
                name: [dict(row._mapping) for row in connection.execute(query)]
                for name, query in wanted.items()
            }

    def _set(self, chat: int, **values: object) -> None:
        with self._database.writing() as connection:
            upsert(connection, chats, {"id": chat} | values)


def _conversations(chat: int) -> tuple[str, ...]:
    """Return the ids of the conversations of a chat: of what is said there, and of its person."""
    return str(chat), f"user {chat}"


def _forget_conversation(connection: Connection, chat: int) -> None:
    """Delete what workers share of a chat, except what waits to be answered."""
    ids = _conversations(chat)
    theirs = update(conversations).where(conversations.c.id.in_(ids))
    connection.execute(theirs.values(state=None))
    done = updates.c.conversation.in_(ids), updates.c.done_at.is_not(None)
    connection.execute(delete(updates).where(*done))
    connection.execute(delete(flood_buckets).where(flood_buckets.c.person == chat))


def _missing(old: Row[Any] | None, new: Row[Any] | None) -> dict[str, Any]:
    """Return the settings of a group that its supergroup lacks, except its activity."""
    given = dict(old._mapping) if old else {}
    known = dict(new._mapping) if new else {}
    return {
        name: value
        for name, value in given.items()
        if name not in ("id", "inactive_since") and value is not None and known.get(name) is None
    }


def quiet_hours(row: Row[*tuple[Any, ...]]) -> QuietHours | None:
    """Return the quiet hours in a row with the columns of a chat, if it has any."""
    hours = row.quiet_from, row.quiet_until
    return None if None in hours else QuietHours(*hours)


def read_chat(row: Row[*tuple[Any, ...]]) -> Chat:
    """Return the settings in a row of `chats`; empty columns stand for the defaults."""
    return Chat(
        id=row.id,
        language=row.language,
        kind=row.kind,
        title=row.title,
        time_zone=row.time_zone,
        quiet=quiet_hours(row),
        digest_minute=Schedule().minute if row.digest_minute is None else row.digest_minute,
        is_silent=bool(row.is_silent),
        inactive_since=row.inactive_since,
        previews=row.previews,
    )
