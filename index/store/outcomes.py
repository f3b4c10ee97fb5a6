"""What becomes of a delivery, and dropping what is owed."""

from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, update

from index.store.tables import deliveries


class State(StrEnum):
    """What became of a delivery."""

    OWED = "owed"
    SENT = "sent"
    DROPPED = "dropped"


class Reason(StrEnum):
    """Why a delivery was dropped."""

    TOO_OLD = "too_old"
    CHAT_GONE = "chat_gone"
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    RESTORED = "restored"


def drop_owed(connection: Connection, which: ColumnElement[bool], reason: Reason, now: int) -> int:
    """Give up what is still owed of some deliveries, within a transaction that writes.

    Returns:
        How many deliveries that were.
    """
    owed = deliveries.c.state == State.OWED.value, which
    dropped = {"state": State.DROPPED.value, "reason": reason.value, "settled_at": now}
    return connection.execute(update(deliveries).where(*owed).values(dropped)).rowcount
