"""Metadata of the collection: id, analyser version, revision counters, key-value pairs."""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, delete, select, update

from index.store.database import Database, upsert
from index.store.sharing import notify
from index.store.tables import articles, collection

SUBSCRIPTIONS = "subscriptions"
"""Name of the counter that each new, changed or removed subscription increments."""

REPLACED = "replaced"
"""Name of the ids of collections that a backup replaced."""

COPY = "copy"
"""Name of the state of a copy that is not in use yet; see `index.store.transfer.copying`."""

HOME = "home"
"""Name of the place where a database of PostgreSQL is; see `index.store.transfer.adoption`."""


def value(connection: Connection, name: str) -> str:
    """Read a value by its name."""
    wanted = select(collection.c.value).where(collection.c.name == name)
    return str(connection.scalars(wanted).one())


def find_value(connection: Connection, name: str) -> str | None:
    """Read a value by its name; None if there is none."""
    return connection.scalar(select(collection.c.value).where(collection.c.name == name))


def remove_value(connection: Connection, name: str) -> None:
    """Forget a value."""
    connection.execute(delete(collection).where(collection.c.name == name))


def collection_ids(connection: Connection) -> list[str]:
    """Return the id of the collection, and those of collections that a backup replaced."""
    named = select(collection.c.value).where(collection.c.name.in_(("id", REPLACED)))
    rows = connection.scalars(named.order_by(collection.c.name)).all()
    return [name for row in rows for name in row.split()]


def renew_id(connection: Connection, replaced: Iterable[str]) -> None:
    """Give the collection a new id; remember those of the ones that it replaces."""
    set_value(connection, "id", uuid4().hex)
    upsert(connection, collection, {"name": REPLACED, "value": " ".join(replaced)})


def set_value(connection: Connection, name: str, text: str) -> None:
    """Change the value of an existing name."""
    connection.execute(update(collection).where(collection.c.name == name).values(value=text))


def raise_revisions(connection: Connection, numbers: Iterable[int]) -> None:
    """Mark articles, by their numbers, as changed: each takes the next revision, in order."""
    revision = int(value(connection, "revision"))
    for number in numbers:
        revision += 1
        changed = update(articles).where(articles.c.number == number)
        connection.execute(changed.values(revision=revision))
    set_revision(connection, revision)


def set_revision(connection: Connection, revision: int) -> None:
    """Set the revision of the last change, and tell other processes of it."""
    set_value(connection, "revision", str(revision))
    notify(connection)


def increment(connection: Connection, name: str) -> int:
    """Increment a counter, and return it."""
    number = int(value(connection, name)) + 1
    set_value(connection, name, str(number))
    return number


class KeyValueStore:
    """Key-value store of short texts, kept between starts; a key has at most 35 characters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """Return the value of a key, or None."""
        with self._database.reading() as connection:
            return connection.scalar(
                select(collection.c.value).where(collection.c.name == f"{_PREFIX}{name}")
            )

    def set(self, name: str, value: str) -> None:
        """Set the value of a key."""
        with self._database.writing() as connection:
            upsert(connection, collection, {"name": f"{_PREFIX}{name}", "value": value})


_PREFIX = "note "  # the table also holds metadata of the store itself
