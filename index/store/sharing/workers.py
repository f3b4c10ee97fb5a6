"""Workers: the processes that run over one database, and may claim rows of it.

A worker renews its membership while it lives. A row that it claimed is free again when it leaves,
or when it does not renew in time, by the clock of the database.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from index.errors import StorageError
from index.store.connections import CONNECT_SECONDS
from index.store.database import Database, columns_of, insert_if_absent, now_in
from index.store.sharing.clock import compare_clocks
from index.store.tables import workers

MEMBER_SECONDS = 15.0
"""How long a worker counts as alive that does not renew."""

RENEWALS = 3
"""How often a worker renews before it would no longer count as alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Worker that is alive; `started_at` is in seconds since the epoch."""

    id: str
    name: str
    roles: str
    started_at: float


class Worker:
    """Membership of this process.

    Args:
        database: The database that the workers share.
        name: Its name for people, such as that of the machine; at most 100 characters.
        roles: What it does.
        seconds: How long it counts as alive without renewing.
        clock: A monotonic clock in seconds.
    """

    def __init__(
        self,
        database: Database,
        name: str,
        roles: Iterable[str],
        seconds: float = MEMBER_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.id = secrets.token_hex(8)
        self._database = database
        self._row = {"id": self.id, "name": name[:100], "roles": " ".join(roles)}
        self._seconds = seconds
        self._clock = clock
        self._until: float | None = None
        self._claims_from = float("-inf")

    @property
    def is_alive(self) -> bool:
        """Whether others count it as alive: what it claimed is its own."""
        return self._until is not None and self._clock() < self._until

    @property
    def may_claim(self) -> bool:
        """Whether it is alive, and others that are had the time to say so.

        When the database was lost for so long that no worker counts as alive, the first one that
        renews would else claim what the others still have in hand.
        """
        return self.is_alive and self._clock() >= self._claims_from

    def renew(self) -> None:
        """Join, or stay a member; forget workers that are not alive.

        Raises:
            StorageError: The database cannot be used.
        """
        until = self._clock() + self._seconds
        with self._database.coordinating() as connection:
            now = now_in(connection)
            end = now + self._seconds
            mine = update(workers).where(workers.c.id == self.id).values(until=end)
            if connection.execute(mine).rowcount == 0:
                row = {**self._row, "started_at": now, "until": end}
                insert_if_absent(connection, workers, row)
            # One that renews just now is skipped: two that wait for each other would fail.
            over = select(workers.c.id).where(workers.c.until <= now)
            gone = over.with_for_update(skip_locked=True)
            connection.execute(delete(workers).where(workers.c.id.in_(gone)))
        if self._until is not None and self._clock() >= self._until:
            self._claims_from = self._clock() + self._seconds / RENEWALS + CONNECT_SECONDS
        self._until = until

    def leave(self) -> None:
        """Leave: what it claimed is free for others.

        Raises:
            StorageError: The database cannot be used.
        """
        self._until = None
        with self._database.coordinating() as connection:
            connection.execute(delete(workers).where(workers.c.id == self.id))


class Workers:
    """The workers over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def joined(
        self, name: str, roles: Iterable[str], seconds: float = MEMBER_SECONDS
    ) -> Iterator[Worker]:
        """Make this process a worker while the context is open; see `Worker`.

        Raises:
            StorageError: The database cannot be used at the start.
        """
        worker, is_done = Worker(self._database, name, roles, seconds), threading.Event()
        worker.renew()
        compare_clocks(self._database)

        def renew() -> None:
            while not is_done.wait(seconds / RENEWALS):
                with suppress(StorageError):  # until the database can be used again
                    worker.renew()

        thread = threading.Thread(target=renew, name="worker", daemon=True)
        thread.start()
        try:
            yield worker
        finally:
            is_done.set()
            thread.join()
            with suppress(StorageError):  # it is counted out soon
                worker.leave()

    def members(self) -> list[Member]:
        """List the workers that are alive, longest running first."""
        with self._database.reading() as connection:
            alive = workers.c.until > now_in(connection)
            query = select(*columns_of(Member, workers)).where(alive)
            rows = connection.execute(query.order_by(workers.c.started_at, workers.c.id))
            return [Member(**row._mapping) for row in rows]


def is_free(connection: Connection, claimed_by: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that no worker that is alive has claimed a row.

    Args:
        connection: The transaction that is to claim it.
        claimed_by: The column with the id of the worker that did last.
    """
    alive = select(workers.c.id).where(workers.c.until > now_in(connection))
    return or_(claimed_by.is_(None), claimed_by.not_in(alive))
