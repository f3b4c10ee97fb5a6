"""Rows of deliveries: states, dropping pending ones, encoding of the columns with lists.

`positions` contains positions of sentences, `0,3`. `others` contains the further matching
subscriptions of the chat with their sentences: `12:0,3;15:` for subscription 12 with the sentences
0 and 3, and 15, which has no words.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

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


UNCLAIMED: dict[str, object] = {"leased_by": None, "leased_until": None}
"""Column values of a delivery that no sender has claimed."""


class DropReason(StrEnum):
    """Reason why a delivery was dropped, as stored."""

    TOO_OLD = "too_old"
    CHAT_GONE = "chat_gone"
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    RESTORED = "restored"


def dropped(reason: DropReason, now: int) -> dict[str, Any]:
    """Return the column values of a dropped delivery."""
    return {"state": DeliveryState.DROPPED.value, "reason": reason.value, "settled_at": now}


def drop_pending(
    connection: Connection, which: ColumnElement[bool], reason: DropReason, now: int
) -> int:
    """Drop the pending deliveries that meet a condition, within a writing transaction.

    Returns:
        The number of dropped deliveries.
    """
    change = update(deliveries).where(IS_PENDING, which).values(dropped(reason, now))
    return connection.execute(change).rowcount


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
