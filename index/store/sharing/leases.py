"""Leases: rights that one process at a time has, until a time by the clock of the database.

A holder renews its lease while it works. A lease that a killed process held can be acquired by
another one when it runs out.
"""

import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from time import monotonic

from sqlalchemy import delete, update

from index.errors import StorageError
from index.store.database import Database, insert_if_absent, now_in
from index.store.tables import leases
from index.workers import in_thread

LEASE_SECONDS = 15.0
RENEWALS = 3
"""How often a lease is renewed before it would run out."""

LOOK_AGAIN_SECONDS = 0.5
"""Between looks whether a lease of somebody else is over."""


class Lease:
    """A lease, and one that wants to hold it.

    Args:
        database: The database that keeps it.
        name: What the holder may do; at most 200 characters.
        seconds: How long it holds without being renewed.
    """

    def __init__(self, database: Database, name: str, seconds: float) -> None:
        self._database = database
        self._name = name
        self._seconds = seconds
        self._owner = secrets.token_hex(8)
        self._mine = leases.c.name == name, leases.c.owner == self._owner
        self._until = float("-inf")

    @property
    def is_mine(self) -> bool:
        """Whether it was acquired, and neither lost nor left to run out since."""
        return monotonic() < self._until

    def acquire(self) -> bool:
        """Acquire it; return False if somebody else has it."""
        until = monotonic() + self._seconds
        with self._database.coordinating() as connection:
            now = now_in(connection)
            row = {"name": self._name, "owner": self._owner, "until": now + self._seconds}
            is_over = leases.c.name == self._name, leases.c.until <= now
            taken = connection.execute(update(leases).where(*is_over).values(row)).rowcount > 0
            is_mine = taken or insert_if_absent(connection, leases, row)
        self._until = until if is_mine else float("-inf")
        return is_mine

    def renew(self) -> bool:
        """Renew it; return False if somebody else has acquired it since."""
        end = monotonic() + self._seconds
        with self._database.coordinating() as connection:
            renewed = update(leases).where(*self._mine)
            until = now_in(connection) + self._seconds
            is_mine = connection.execute(renewed.values(until=until)).rowcount > 0
        self._until = end if is_mine else float("-inf")
        return is_mine

    def release(self) -> None:
        """Let others acquire it."""
        self._until = float("-inf")
        with self._database.coordinating() as connection:
            connection.execute(delete(leases).where(*self._mine))


class Leases:
    """The leases of a database.

    Args:
        database: The database.
        seconds: How long a lease holds that is not renewed.
    """

    def __init__(self, database: Database, seconds: float = LEASE_SECONDS) -> None:
        self._database = database
        self._seconds = seconds

    @contextmanager
    def held(self, name: str, *, wait: bool = True) -> Iterator[Lease]:
        """Hold a lease while the context is open.

        Args:
            name: What the holder may do; at most 200 characters.
            wait: Wait until nobody else holds it; else it may not be yielded as `is_mine`.

        Raises:
            StorageError: The database cannot be used.
        """
        lease = Lease(self._database, name, self._seconds)
        while not lease.acquire() and wait:
            time.sleep(LOOK_AGAIN_SECONDS)
        with _renewing(lease, self._seconds / RENEWALS) if lease.is_mine else nullcontext():
            yield lease

    @asynccontextmanager
    async def tried(self, name: str) -> AsyncIterator[Lease]:
        """Hold a lease while the context is open, if nobody else does; the event loop goes on.

        Args:
            name: What the holder may do; at most 200 characters.

        Yields:
            The lease, which may not be `is_mine`.

        Raises:
            StorageError: The database cannot be used.
        """
        with ExitStack() as stack:
            lease = await in_thread(stack.enter_context, self.held(name, wait=False))
            try:
                yield lease
            finally:
                await in_thread(stack.close)


@contextmanager
def _renewing(lease: Lease, pause: float) -> Iterator[None]:
    """Renew a lease in a thread while the context is open, and release it then."""
    is_done = threading.Event()

    def renew() -> None:
        while not is_done.wait(pause):
            with suppress(StorageError):  # until the database can be used again
                lease.renew()

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()
        with suppress(StorageError):  # it runs out by itself
            lease.release()
