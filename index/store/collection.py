"""What is known of the collection as a whole: its id, and counters of what changed."""

from collections.abc import Iterable

from sqlalchemy import Connection, select, update

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


def raised(connection: Connection, name: str) -> int:
    """Raise a counter by one, and return it."""
    number = int(value(connection, name)) + 1
    set_value(connection, name, str(number))
    return number
