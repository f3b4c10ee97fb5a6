"""Rows of deliveries: states, dropping pending ones, encoding of the columns with lists.

`positions` contains positions of sentences, `0,3`. `others` contains the further matching
subscriptions of the chat with their sentences: `12:0,3;15:` for subscription 12 with the sentences
0 and 3, and 15, which has no words.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, update

from index.store.tables import deliveries

Matched = tuple[int, tuple[int, ...]]
"""Number of a subscription, and positions of the sentences that it matched, best first."""


class DeliveryState(StrEnum):
    """State of a delivery, as stored."""

    PENDING = "owed"
    SENT = "sent"
    DROPPED = "dropped"


IS_PENDING = deliveries.c.state == DeliveryState.PENDING.value
"""Condition that a delivery is pending."""


class DropReason(StrEnum):
    """Reason why a delivery was dropped, as stored."""

    TOO_OLD = "too_old"
    CHAT_GONE = "chat_gone"
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    RESTORED = "restored"


def drop_pending(
    connection: Connection, which: ColumnElement[bool], reason: DropReason, now: int
) -> int:
    """Drop the pending deliveries that meet a condition, within a writing transaction.

    Returns:
        The number of dropped deliveries.
    """
    dropped = {"state": DeliveryState.DROPPED.value, "reason": reason.value, "settled_at": now}
    return connection.execute(update(deliveries).where(IS_PENDING, which).values(dropped)).rowcount


def write_others(matched: Iterable[Matched]) -> str | None:
    """Encode the column `others`; None for no subscriptions."""
    entries = (f"{number}:{write_positions(positions)}" for number, positions in matched)
    return ";".join(entries) or None


def read_others(text: str | None) -> list[Matched]:
    """Decode the column `others`."""
    entries = (entry.partition(":") for entry in text.split(";")) if text else ()
    return [(int(number), read_positions(positions)) for number, _, positions in entries]


def write_positions(positions: Iterable[int]) -> str:
    """Encode the column `positions`."""
    return ",".join(map(str, positions))


def read_positions(text: str) -> tuple[int, ...]:
    """Decode the column `positions`."""
    return tuple(int(position) for position in text.split(",") if position)
