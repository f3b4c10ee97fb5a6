"""Votes on quotes, for measuring answers; with the question only if the settings keep it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select, update

from index.store.database import Database
from index.store.tables import feedback


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Vote of a person on the first quote of an answer; `text` is the quote."""

    bot: int
    chat: int
    message: int
    person: int
    article: int
    position: int
    text: str
    is_good: bool
    question: str | None
    created_at: int


class Feedback:
    """The votes of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, vote: Vote) -> None:
        """Store a vote, replacing the person's earlier one on the same message."""
        values = asdict(vote)
        same = [feedback.c[name] == values[name] for name in ("bot", "chat", "message", "person")]
        with self._database.writing() as connection:
            changed = connection.execute(update(feedback).where(*same).values(values))
            if changed.rowcount == 0:
                connection.execute(insert(feedback).values(values))

    def all(self) -> Iterator[Vote]:
        """Read all votes, oldest first."""
        columns = [feedback.c[name] for name in Vote.__dataclass_fields__]
        with self._database.reading() as connection:
            query = select(*columns).order_by(feedback.c.created_at)
            for row in connection.execute(query):
                yield Vote(**row._mapping)
