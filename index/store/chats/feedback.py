"""Votes on quotes, for measuring answers; with the question only if the settings keep it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlalchemy import select

from index.store.database import Database, columns_of, upsert
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
        with self._database.writing() as connection:
            upsert(connection, feedback, asdict(vote))

    def all(self) -> Iterator[Vote]:
        """Read all votes, oldest first."""
        query = select(*columns_of(Vote, feedback)).order_by(feedback.c.created_at)
        with self._database.reading() as connection:
            for row in connection.execute(query):
                yield Vote(**row._mapping)
