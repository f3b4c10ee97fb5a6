"""Notes: what a program over the store wants to know again at its next start."""

from sqlalchemy import insert, select, update

from index.store.database import Database
from index.store.tables import collection


class Notes:
    """Short texts, each under a name of at most 40 characters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """What was noted under a name, or None."""
        with self._database.reading() as connection:
            return connection.scalar(
                select(collection.c.value).where(collection.c.name == f"{_PREFIX}{name}")
            )

    def set(self, name: str, value: str) -> None:
        """Note something in place of what was noted before."""
        row = {"name": f"{_PREFIX}{name}", "value": value}
        changed = update(collection).where(collection.c.name == row["name"]).values(row)
        with self._database.writing() as connection:
            if connection.execute(changed).rowcount == 0:
                connection.execute(insert(collection).values(row))


_PREFIX = "note "  # the table also holds what the store itself has to know
