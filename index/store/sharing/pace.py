"""Pace of sending that all workers of a bot share: reserve slots, by the clock of the database.

The slots are evenly spaced, and those of the last moment may be caught up, so that two messages may
leave at once. They are a tenth farther apart than the limit wants, by that moment and another one,
by which a message may leave after its slot: then no second holds more of them than are allowed. An
answer gets the next slot, however many wait; an alert gets one only when nobody waits, so that
answers come first.
"""

from sqlalchemy import BigInteger, ColumnElement, Float, case, literal, select

from index.store.database import Database, clock_of, inserting
from index.store.tables import send_pace

SECOND = 1.0
CAUGHT_UP_SECONDS = 0.05
"""Slots that nobody took may still be taken so long."""

LATENESS_SECONDS = 0.05
"""The longest that a message may leave after its slot was given and came."""

ROUNDING_SECONDS = 1e-6
"""More than what is lost in adding to a time in seconds since the epoch."""

LONGEST_WAIT_SECONDS = 60.0
"""A wait is never longer: the clock of the database was set back."""


class SharedPace:
    """Slots to send messages, of all bots of a database.

    Each method raises `StorageError` if the database cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve_answer(self, bot: int, per_second: int) -> float:
        """Reserve a slot for an answer, and return the seconds until it comes.

        Args:
            bot: The number of the bot.
            per_second: How many messages may leave in a second.
        """
        wait = self._reserve(bot, per_second, only_now=False)
        return 0.0 if wait is None else wait

    def reserve_alert(self, bot: int, per_second: int) -> float:
        """Reserve a slot for an alert if one is free now.

        Args:
            bot: The number of the bot.
            per_second: How many messages may leave in a second.

        Returns:
            0 if the slot is reserved, else the seconds until one may be free.
        """
        if self._reserve(bot, per_second, only_now=True) is not None:
            return 0.0
        with self._database.reading() as connection:
            left = select(send_pace.c.next_at - clock_of(connection))
            wait = connection.scalar(left.where(send_pace.c.bot == bot)) or 0.0
        return min(max(wait, spacing(per_second)), LONGEST_WAIT_SECONDS)

    def _reserve(self, bot: int, per_second: int, *, only_now: bool) -> float | None:
        """Reserve the next slot in one statement; None if it must come now and does not."""
        apart, slot = spacing(per_second), send_pace.c.next_at
        with self._database.coordinating() as connection:
            now = clock_of(connection)
            first = select(literal(bot, BigInteger), now - CAUGHT_UP_SECONDS + apart)
            reserving = inserting(connection, send_pace).from_select(
                ["bot", "next_at"], first.where(literal(True))
            )
            reserved = reserving.on_conflict_do_update(
                index_elements=[send_pace.c.bot],
                set_={"next_at": _within(slot, now) + apart},
                where=slot <= now if only_now else None,
            ).returning(slot - apart - now)
            wait = connection.scalar(reserved)
        return None if wait is None else max(0.0, wait)


def spacing(per_second: int) -> float:
    """Return the seconds between two slots."""
    return (SECOND + CAUGHT_UP_SECONDS + LATENESS_SECONDS) / per_second + ROUNDING_SECONDS


def _within(slot: ColumnElement[float], now: ColumnElement[float]) -> ColumnElement[float]:
    """Return a slot that is neither too late to be caught up nor too far ahead."""
    earliest, latest = now - CAUGHT_UP_SECONDS, now + LONGEST_WAIT_SECONDS
    return case((slot < earliest, earliest), (slot > latest, latest), else_=slot).cast(Float)
