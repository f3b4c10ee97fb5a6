"""Embedding vectors of articles, for search by meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from index.store.database import Database, change_rows_in
from index.store.tables import article_vectors as vectors
from index.store.tables import articles

LEAD_CHARACTERS = 250
"""Characters of the body embedded with the title: more costs time, and gains little."""


@dataclass(frozen=True, slots=True)
class ArticleLead:
    """Title and beginning of an article; `digest` identifies the version of its text."""

    number: int
    title: str
    lead: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class StoredVector:
    """Embedding vector of an article; `place` increases with each stored vector."""

    place: int
    article: int
    vector: bytes


class Vectors:
    """Vectors made by one model; those of another model count as missing.

    Args:
        database: Their database.
        model: The model's name, of at most 40 characters.
    """

    def __init__(self, database: Database, model: str) -> None:
        self._database = database
        self._model = model

    def missing(self, limit: int) -> list[int]:
        """Return the numbers of articles without a vector, last stored first."""
        has_one = select(vectors.c.article).where(
            vectors.c.article == articles.c.number, vectors.c.model == self._model
        )
        query = select(articles.c.number).where(~has_one.exists())
        with self._database.reading() as connection:
            newest = query.order_by(articles.c.number.desc()).limit(limit)
            return list(connection.scalars(newest))

    def openings(self, numbers: Sequence[int]) -> list[ArticleLead]:
        """Read the beginnings of articles."""
        lead = func.substr(articles.c.text, 1, LEAD_CHARACTERS).label("lead")
        query = select(articles.c.number, articles.c.title, lead, articles.c.digest)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(articles.c.number.in_(numbers)))
            return [ArticleLead(*row) for row in rows]

    def put(self, made: Mapping[ArticleLead, bytes]) -> None:
        """Store vectors, except those of articles that changed meanwhile."""
        digests = {opening.number: opening.digest for opening in made}
        current = select(articles.c.number, articles.c.digest)
        with self._database.writing() as connection:
            rows = connection.execute(current.where(articles.c.number.in_(digests)))
            same = {row.number for row in rows if row.digest == digests[row.number]}
            delete_vectors(connection, same)
            values = [
                {"article": opening.number, "model": self._model, "vector": vector}
                for opening, vector in made.items()
                if opening.number in same
            ]
            if values:
                connection.execute(insert(vectors), values)

    def since(self, place: int, limit: int) -> list[StoredVector]:
        """Read the vectors with a higher place, in order of place."""
        query = (
            select(vectors.c.id, vectors.c.article, vectors.c.vector)
            .where(vectors.c.id > place, vectors.c.model == self._model)
            .order_by(vectors.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [StoredVector(*row) for row in connection.execute(query)]

    def count(self) -> int:
        """Return the number of articles with a vector."""
        query = select(func.count()).select_from(vectors).where(vectors.c.model == self._model)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0


def delete_vectors(connection: Connection, numbers: Iterable[int]) -> None:
    """Delete the vectors of articles whose text changes."""
    change_rows_in(connection, delete(vectors), vectors.c.article, numbers)
