"""The rows of deliveries: their states, dropping them, and the columns that hold lists.

`positions` holds the positions of sentences, `0,3`. `others` holds the further subscriptions of
the chat that the article matched, with their sentences: `12:0,3;15:` for subscription 12 with the
sentences 0 and 3, and 15, which names no word.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, update

from index.store.tables import deliveries

Matched = tuple[int, tuple[int, ...]]
"""The number of a subscription, and the sentences that it matched, the best first."""


class DeliveryState(StrEnum):
    """The state of a delivery, as stored."""

    PENDING = "owed"
    SENT = "sent"
    DROPPED = "dropped"


class DropReason(StrEnum):
    """Why a delivery was dropped."""

    TOO_OLD = "too_old"
    CHAT_GONE = "chat_gone"
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    RESTORED = "restored"


def drop_pending(
    connection: Connection, which: ColumnElement[bool], reason: DropReason, now: int
) -> int:
    """Drop the pending ones of some deliveries, within a transaction that writes.

    Returns:
        How many deliveries that were.
    """
    pending = deliveries.c.state == DeliveryState.PENDING.value, which
    dropped = {"state": DeliveryState.DROPPED.value, "reason": reason.value, "settled_at": now}
    return connection.execute(update(deliveries).where(*pending).values(dropped)).rowcount


def write_others(matched: Iterable[Matched]) -> str | None:
    """Return the text for the table; None for no subscriptions."""
    return (
        ";".join(f"{number}:{write_positions(positions)}" for number, positions in matched) or None
    )


def read_others(text: str | None) -> list[Matched]:
    """Read what `write_others` wrote."""
    found: list[Matched] = []
    for entry in text.split(";") if text else ():
        number, _, positions = entry.partition(":")
        found.append((int(number), read_positions(positions)))
    return found


def write_positions(positions: Iterable[int]) -> str:
    """Return the positions of some sentences as a text."""
    return ",".join(map(str, positions))


def read_positions(text: str) -> tuple[int, ...]:
    """Read what `write_positions` wrote."""
    return tuple(int(position) for position in text.split(",") if position)
