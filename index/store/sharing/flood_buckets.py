"""Token buckets by which workers count the requests of each person together."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

from sqlalchemy import delete, select

from index.store.database import Database, columns_of, insert_if_absent, now_in, upsert
from index.store.tables import flood_buckets

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Requests that a person has left; times are in seconds, by any one clock.

    `paused_until` is set for who has emptied it.
    """

    tokens: float
    seen_at: float
    paused_until: float | None = None


class FloodBuckets:
    """The buckets of a database. Its methods block."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(
        self,
        bot: int,
        kind: str,
        person: int,
        step: Callable[[Bucket | None, float], tuple[Bucket, Result]],
    ) -> Result:
        """Replace the bucket of a person by what a function makes of it.

        Args:
            bot: The number of the bot.
            kind: The kind of requests, of 8 characters at most.
            person: The number of the person.
            step: Returns the next bucket and a result, of the present one and the time by the
                clock of the database.

        Raises:
            StorageError: The database cannot be used.
        """
        key = {"bot": bot, "kind": kind, "person": person}
        same = [flood_buckets.c[name] == value for name, value in key.items()]
        query = select(*columns_of(Bucket, flood_buckets)).where(*same).with_for_update()
        with self._database.coordinating() as connection:
            now = now_in(connection)
            row = connection.execute(query).first()
            if row is None:
                first, result = step(None, now)
                if insert_if_absent(connection, flood_buckets, key | asdict(first)):
                    return result
                row = connection.execute(query).one()  # another worker was quicker
            bucket, result = step(Bucket(*row), now)
            upsert(connection, flood_buckets, key | asdict(bucket))
        return result

    def purge(self, unseen_for: float) -> None:
        """Delete the buckets that nobody used for some seconds."""
        with self._database.coordinating() as connection:
            old = flood_buckets.c.seen_at < now_in(connection) - unseen_for
            connection.execute(delete(flood_buckets).where(old))
