"""What is known of the collection as a whole: its id, and counters of what changed."""

from sqlalchemy import Connection, select, update

from index.store.tables import collection

SUBSCRIPTIONS = "subscriptions"
"""The counter that each new, changed or ended subscription takes the next number of."""


def value(connection: Connection, name: str) -> str:
    """What is kept under a name."""
    wanted = select(collection.c.value).where(collection.c.name == name)
    return str(connection.scalars(wanted).one())


def set_value(connection: Connection, name: str, text: str) -> None:
    """Keep something under a name that there is."""
    connection.execute(update(collection).where(collection.c.name == name).values(value=text))


def raised(connection: Connection, name: str) -> int:
    """Raise a counter by one, and return it."""
    number = int(value(connection, name)) + 1
    set_value(connection, name, str(number))
    return number
