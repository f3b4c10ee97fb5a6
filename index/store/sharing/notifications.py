"""Tell other processes at once that articles were stored: NOTIFY and LISTEN of PostgreSQL."""

import threading
from collections.abc import Callable

from sqlalchemy import Connection, func, select

from index.errors import StorageError
from index.store.database import Database

CHANNEL = "hoibao_articles"
STOP_SECONDS = 0.5
"""After which a listener sees that it is to stop."""

RECONNECT_SECONDS = 2.0


def notify(connection: Connection) -> None:
    """Tell listeners, when the transaction is committed, that articles were stored."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_notify(CHANNEL, "")))


def listen(database: Database, stop: threading.Event, notice: Callable[[], object]) -> None:
    """Call back when a process has stored articles, and after each connecting, until a stop.

    It connects again by itself. Where the database cannot notify, it returns at once.

    Args:
        database: The database.
        stop: The sign to stop, within `STOP_SECONDS`.
        notice: Called in this thread.
    """
    while database.can_notify and not stop.is_set():
        try:
            with database.listening(CHANNEL) as wait:
                notice()
                while not stop.is_set():
                    if wait(STOP_SECONDS):
                        notice()
        except StorageError:
            # Others need the database, too, and say that it cannot be used.
            stop.wait(RECONNECT_SECONDS)
