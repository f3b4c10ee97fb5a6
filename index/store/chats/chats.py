"""What a chat asked to remember: its language, its quiet hours, whether it can be written to."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, Connection, Row, delete, insert, select, update

from index.models.period import vietnam
from index.models.schedule import QuietHours
from index.store.chats.delivery_rows import DropReason, drop_pending
from index.store.database import Database
from index.store.meta import SUBSCRIPTIONS, increment
from index.store.tables import chats, deliveries, feedback, subscriptions

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat as it is remembered.

    `kind` and `title` are known of channels, which are managed from elsewhere.
    `inactive_since` is when it could not be written to any more, in seconds since the epoch.
    """

    id: int
    language: str | None = None
    kind: str | None = None
    title: str | None = None
    time_zone: str | None = None
    quiet: QuietHours | None = None
    inactive_since: int | None = None

    @property
    def zone(self) -> tzinfo:
        """Its time zone; Vietnam's unless it chose another."""
        return find_time_zone(self.time_zone)


def find_time_zone(name: str | None) -> tzinfo:
    """A time zone by its IANA name; Vietnam's where there is none of this name."""
    try:
        return ZoneInfo(name) if name else vietnam()
    except (ZoneInfoNotFoundError, ValueError):
        return vietnam()


class Chats:
    """Chats, by their number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, chat: int) -> Chat:
        """What is remembered of a chat; of an unknown one, nothing."""
        with self._database.reading() as connection:
            row = connection.execute(select(chats).where(chats.c.id == chat)).first()
        return _chat(row) if row else Chat(id=chat)

    def language(self, chat: int) -> str | None:
        """The language that the chat chose, or None."""
        with self._database.reading() as connection:
            return connection.scalar(select(chats.c.language).where(chats.c.id == chat))

    def set_language(self, chat: int, language: str) -> None:
        """Remember the chat's choice of language."""
        self._set(chat, language=language)

    def set_time_zone(self, chat: int, name: str) -> None:
        """Remember the time zone that the chat's times of day are in, by its IANA name."""
        self._set(chat, time_zone=name)

    def set_quiet(self, chat: int, quiet: QuietHours | None) -> None:
        """Remember when the chat is not to be disturbed; None for never."""
        start, end = (quiet.start, quiet.end) if quiet else (None, None)
        self._set(chat, quiet_from=start, quiet_until=end)

    def set_channel(self, chat: int, title: str) -> None:
        """Remember a channel that the bot may post to."""
        self._set(chat, kind="channel", title=title, inactive_since=None)

    def channels(self) -> list[Chat]:
        """The channels that took the bot in, by title, those that were given up last."""
        wanted = select(chats).where(chats.c.kind == "channel")
        order = chats.c.inactive_since.is_not(None), chats.c.title, chats.c.id
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(*order))
            return [_chat(row) for row in rows]

    def activate(self, chat: int) -> bool:
        """Write to a chat again; tells whether it had been given up."""
        given_up = chats.c.id == chat, chats.c.inactive_since.is_not(None)
        with self._database.reading() as connection:
            if connection.execute(select(chats.c.id).where(*given_up)).first() is None:
                return False
        self._set(chat, inactive_since=None)
        return True

    def deactivate(self, chat: int) -> None:
        """Give up a chat that cannot be written to: what is owed to it is dropped."""
        now = int(time.time())
        with self._database.writing() as connection:
            # Of a chat that is not known nothing is to be remembered, nor that it left.
            known = update(chats).where(chats.c.id == chat)
            connection.execute(known.values(inactive_since=now))
            drop_pending(connection, deliveries.c.chat == chat, DropReason.CHAT_GONE, now)

    def migrate(self, old: int, new: int) -> None:
        """Move all that is known of a group to the supergroup that it became."""
        with self._database.writing() as connection:
            row = connection.execute(select(chats).where(chats.c.id == old)).first()
            there = connection.execute(select(chats).where(chats.c.id == new)).first()
            upsert_chat(connection, new, **_missing(row, there))
            for table in (subscriptions, feedback):
                moved = update(table).where(table.c.chat == old).values(chat=new)
                connection.execute(moved)
            got = select(deliveries.c.article).where(deliveries.c.chat == new)
            twice = deliveries.c.chat == old, deliveries.c.article.in_(got)
            connection.execute(delete(deliveries).where(*twice))
            moved = update(deliveries).where(deliveries.c.chat == old).values(chat=new)
            connection.execute(moved)
            connection.execute(delete(chats).where(chats.c.id == old))

    def forget(self, chat: int) -> int:
        """Delete all that is stored on a chat; returns how many rows that were.

        What a person thought of quotes elsewhere goes too: a private chat has its person's
        number. In SQLite nothing of it is left in the file.
        """
        with self._database.writing() as connection:
            gone = [
                connection.execute(delete(feedback).where(feedback.c.person == chat)),
                *(
                    connection.execute(delete(table).where(table.c.chat == chat))
                    for table in (feedback, deliveries, subscriptions)
                ),
                connection.execute(delete(chats).where(chats.c.id == chat)),
            ]
            increment(connection, SUBSCRIPTIONS)
        if not self._database.scrub():
            _LOGGER.warning("what was deleted leaves the write-ahead log with its next turn")
        return sum(result.rowcount for result in gone)

    def export(self, chat: int) -> Mapping[str, list[dict[str, Any]]]:
        """All that is stored on a chat, by table, as plain values.

        What each member of a group voted, and asked, is not the group's.
        """
        votes: list[Column[Any]] = list(feedback.c)
        if chat < 0:
            votes = [each for each in votes if each not in (feedback.c.person, feedback.c.question)]
        wanted = {
            "chat": select(chats).where(chats.c.id == chat),
            "subscriptions": select(subscriptions).where(subscriptions.c.chat == chat),
            "deliveries": select(deliveries).where(deliveries.c.chat == chat),
            "feedback": select(*votes).where(
                (feedback.c.chat == chat) | (feedback.c.person == chat)
            ),
        }
        with self._database.reading() as connection:
            return {
                name: [dict(row._mapping) for row in connection.execute(query)]
                for name, query in wanted.items()
            }

    def _set(self, chat: int, **values: object) -> None:
        with self._database.writing() as connection:
            upsert_chat(connection, chat, **values)


def _missing(old: Row[Any] | None, new: Row[Any] | None) -> dict[str, Any]:
    """What a group knew that its supergroup does not; not whether it could be written to."""
    given = dict(old._mapping) if old else {}
    known = dict(new._mapping) if new else {}
    return {
        name: value
        for name, value in given.items()
        if name not in ("id", "inactive_since") and value is not None and known.get(name) is None
    }


def upsert_chat(connection: Connection, chat: int, **values: object) -> None:
    """Remember something of a chat, within a transaction that writes."""
    if values:
        changed = connection.execute(update(chats).where(chats.c.id == chat).values(**values))
        if changed.rowcount:
            return
    elif connection.execute(select(chats.c.id).where(chats.c.id == chat)).first():
        return
    connection.execute(insert(chats).values(id=chat, **values))


def _chat(row: Row[*tuple[Any, ...]]) -> Chat:
    hours = row.quiet_from, row.quiet_until
    return Chat(
        id=row.id,
        language=row.language,
        kind=row.kind,
        title=row.title,
        time_zone=row.time_zone,
        quiet=None if None in hours else QuietHours(*hours),
        inactive_since=row.inactive_since,
    )
