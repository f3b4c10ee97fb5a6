"""Claims of sources: each is checked by one worker at a time.

A worker claims the sources that it is about to check. The claim ends when the check is recorded,
or when the worker no longer counts as alive.
"""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import ColumnElement, Connection, not_, or_, select, update

from index.articles.urls import host_of, is_localhost
from index.store.database import CLAIM_LOCK, Database, lock
from index.store.sharing import is_free
from index.store.sources.errors import ClaimLostError, SourceError
from index.store.tables import sources


class SourceClaims:
    """Claims of the sources of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, worker: str | None, now: int, most: int, besides: Iterable[int] = ()
    ) -> list[int]:
        """Claim sources that are due to be checked, longest waiting first; return their numbers.

        None is claimed that another worker which is alive has claimed, or that is on a host at
        which such a one is just now.

        Args:
            worker: The id of the worker; None lists the sources without a claim.
            now: The time, in seconds since the epoch.
            most: Maximum number of sources.
            besides: Sources to skip, such as those that it is checking.
        """
        due = [sources.c.paused.is_(None), sources.c.next_check_at <= now]
        due.append(sources.c.id.not_in(list(besides)))
        with self._database.reading() as connection:
            free = select(sources.c.id).where(*due, _is_open(connection, worker))
            if connection.execute(free.limit(1)).first() is None:
                return []
        with self._database.coordinating() as connection:
            return _claim(connection, worker, due, most)

    def take(self, worker: str, source: int) -> bool:
        """Claim a source that need not be due; return False if another worker is at its host."""
        with self._database.coordinating() as connection:
            return bool(_claim(connection, worker, [sources.c.id == source], 1))

    def require(self, source: int, worker: str) -> None:
        """Check that a worker has still claimed a source.

        Raises:
            ClaimLostError: Another one has claimed it since.
            SourceError: It was removed.
        """
        with self._database.reading() as connection:
            claim = select(sources.c.claimed_by).where(sources.c.id == source)
            row = connection.execute(claim).first()
        if row is None:
            raise SourceError("the source was removed meanwhile")
        if row.claimed_by != worker:
            raise ClaimLostError("another worker checks it now")

    def release(self, worker: str) -> None:
        """End all claims of a worker."""
        mine = update(sources).where(sources.c.claimed_by == worker)
        with self._database.coordinating() as connection:
            connection.execute(mine.values(claimed_by=None))


def _claim(
    connection: Connection, worker: str | None, wanted: list[ColumnElement[bool]], most: int
) -> list[int]:
    """Claim sources that no other worker has claimed, nor one at their host."""
    # So that of two workers that claim at once, one sees at which hosts the other is.
    lock(connection, CLAIM_LOCK)
    free = _is_open(connection, worker)
    chosen = _choose(connection, [*wanted, free], not_(free), most)
    # A source that is being changed is left to the next look.
    still = select(sources.c.id).where(sources.c.id.in_(chosen), *wanted, free)
    claimed = list(connection.scalars(still.with_for_update(skip_locked=True)))
    if claimed and worker:
        theirs = update(sources).where(sources.c.id.in_(claimed))
        connection.execute(theirs.values(claimed_by=worker))
    return claimed


def _is_open(connection: Connection, worker: str | None) -> ColumnElement[bool]:
    """Return the condition that no other worker that is alive has claimed a source."""
    mine = sources.c.claimed_by.is_not_distinct_from(worker)
    return or_(is_free(connection, sources.c.claimed_by), mine)


def _choose(
    connection: Connection,
    conditions: Iterable[ColumnElement[bool]],
    of_others: ColumnElement[bool],
    most: int,
) -> list[int]:
    """Choose the sources to claim, none of them on a host at which another worker is."""
    query = select(sources.c.id, sources.c.address)
    busy = {_host(row.address) for row in connection.execute(query.where(of_others))} - {None}
    waiting = query.where(*conditions).order_by(sources.c.next_check_at, sources.c.id)
    free = (row.id for row in connection.execute(waiting) if _host(row.address) not in busy)
    return list(islice(free, most))


def _host(address: str) -> str | None:
    """Return the host of an address; None for a folder, and for this machine."""
    return None if is_localhost(address) else host_of(address)
