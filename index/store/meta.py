"""Collection metadata: its id, revision counters, and notes kept between starts."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select, update

from index.store.database import Database
from index.store.tables import articles, collection

SUBSCRIPTIONS = "subscriptions"
"""The counter that each new, changed or ended subscription takes the next number of."""


def value(connection: Connection, name: str) -> str:
    """What is kept under a name."""
    wanted = select(collection.c.value).where(collection.c.name == name)
    return str(connection.scalars(wanted).one())


def set_value(connection: Connection, name: str, text: str) -> None:
    """Keep something under a name that there is."""
    connection.execute(update(collection).where(collection.c.name == name).values(value=text))


def raise_revisions(connection: Connection, numbers: Iterable[int]) -> None:
    """Count articles, by their numbers, as changed: each takes the next revision, in order."""
    revision = int(value(connection, "revision"))
    for number in numbers:
        revision += 1
        changed = update(articles).where(articles.c.number == number)
        connection.execute(changed.values(revision=revision))
    set_value(connection, "revision", str(revision))


def increment(connection: Connection, name: str) -> int:
    """Raise a counter by one, and return it."""
    number = int(value(connection, name)) + 1
    set_value(connection, name, str(number))
    return number


class KeyValueStore:
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
