"""Connections to PostgreSQL: how many, how long they wait, when a dead one is given up.

What the address says itself, such as `?connect_timeout=3`, is kept.
"""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError

KEPT = 5
"""Connections that a process keeps open, once it has needed them."""

MOST = 24
"""Connections of a process, beside the one that listens for new articles: the bot has 8 threads
that wait for the database, up to 8 that serve one purpose (sources, alerts, updates, pace,
metrics), up to 6 that renew leases and memberships, one that takes articles in and one that indexes
them, each with one connection at a time or two."""

WAIT_SECONDS = 30
"""How long a thread waits for one of them."""

CONNECT_SECONDS = 10
LOCK_SECONDS = 60
"""How long a statement waits for a lock, as the one of the only writer; the same in SQLite."""

IDLE_SECONDS = 900
"""How long a transaction may do nothing, such as that of a machine that was suspended, before the
server ends it: the lock of the only writer may be its."""

SILENT_SECONDS, PROBE_SECONDS, PROBES = 30, 10, 3
"""After how long of silence the other side is asked for a sign of life, and how often: what a
broken network cut off is given up after a minute, and does not hold a lock for two hours."""

UNACKNOWLEDGED_MS = 60_000
"""After how long it is given up while it owes an acknowledgement of what was sent: it is not asked
for a sign of life then, and the system would wait for a quarter of an hour."""

_AT_CONNECT: dict[str, Any] = {
    "application_name": "hoibao",
    "connect_timeout": CONNECT_SECONDS,
    "keepalives_idle": SILENT_SECONDS,
    "keepalives_interval": PROBE_SECONDS,
    "keepalives_count": PROBES,
    "tcp_user_timeout": UNACKNOWLEDGED_MS,
}
"""Parameters of libpq."""

_SETTINGS = (
    f"SET lock_timeout = '{LOCK_SECONDS}s'",
    f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'",
    f"SET tcp_keepalives_idle = {SILENT_SECONDS}",
    f"SET tcp_keepalives_interval = {PROBE_SECONDS}",
    f"SET tcp_user_timeout = {UNACKNOWLEDGED_MS}",
)
"""No statement has a time-out: a check, a copy or a migration takes as long as it takes."""

_READ_ONLY = "25006"
"""SQLSTATE of writing on a server that may only be read: another one took over from it."""

_GONE = "08", "57P", _READ_ONLY
"""Beginnings of the SQLSTATE of a connection that broke, and of a server that stops or starts."""


def connect(url: URL) -> Engine:
    """Make the pool of connections of a process; the first one is opened when it is needed.

    Args:
        url: The address of a database of PostgreSQL.
    """
    is_libpq = "psycopg" in url.drivername
    given = {name: value for name, value in _AT_CONNECT.items() if name not in url.query}
    engine = create_engine(
        url,
        connect_args=given if is_libpq else {},
        pool_size=KEPT,
        max_overflow=MOST - KEPT,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,  # the error of a statement is logged; its values may be private
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "handle_error", _leave_read_only)
    return engine


def is_lost(error: DBAPIError) -> bool:
    """Whether an error says that a server of PostgreSQL cannot be used now, or is stopping."""
    if state := _state_of(error.orig):
        return state.startswith(_GONE)
    is_of_connection = type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout")
    return error.connection_invalidated or is_of_connection


def _state_of(error: BaseException | None) -> str:
    return getattr(error, "sqlstate", None) or ""


def _leave_read_only(context: ExceptionContext) -> None:
    """Close the connections to a server that may only be read; the next ones look for another."""
    if _state_of(context.original_exception) == _READ_ONLY:
        context.is_disconnect = True


def _set_up(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for setting in _SETTINGS:
        cursor.execute(setting)
    cursor.close()
    connection.commit()
