"""Abbreviations defined in articles, with the number of articles that define each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from index.articles.abbreviations import Definition, definitions_in_article
from index.store.database import Database, replace_rows
from index.store.meta import raise_revisions
from index.store.tables import articles, definitions


@dataclass(frozen=True, slots=True)
class DefinitionCount:
    """Abbreviation and long form, both as analysed, and the number of articles defining it."""

    short: str
    long_form: str
    articles: int


class AbbreviationDefinitions:
    """Abbreviation definitions of all articles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def most_common(self, limit: int) -> list[DefinitionCount]:
        """Return the definitions found in the most articles, most frequent first."""
        pair = definitions.c.short, definitions.c.long_form
        query = (
            select(*pair, func.count())
            .group_by(*pair)
            .order_by(func.count().desc(), *pair)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [DefinitionCount(*row) for row in connection.execute(query)]

    def renew(self, batch: int = 500) -> None:
        """Extract the definitions of all articles again; an older version stored none.

        An article whose definitions differ from the stored ones counts as changed.
        """
        columns = articles.c.number, articles.c.title, articles.c.text
        last = 0
        while True:
            query = select(*columns).where(articles.c.number > last).order_by(articles.c.number)
            # Reading and writing are one transaction, so that no change comes in between.
            with self._database.writing() as connection:
                rows = connection.execute(query.limit(batch)).all()
                now = {row.number: definitions_in_article(row.title, row.text) for row in rows}
                before = _definitions_of(connection, list(now))
                changed = {
                    number: pairs
                    for number, pairs in now.items()
                    if sorted(pairs) != sorted(before[number])
                }
                replace_definitions(connection, changed)
                raise_revisions(connection, changed)
            if not rows:
                return
            last = rows[-1].number


def replace_definitions(connection: Connection, pairs: Mapping[int, Sequence[Definition]]) -> None:
    """Replace the definitions of articles, by their numbers."""
    rows = {
        number: [{"short": short, "long_form": long_form} for short, long_form in several]
        for number, several in pairs.items()
    }
    replace_rows(connection, definitions, rows)


def _definitions_of(
    connection: Connection, numbers: Sequence[int]
) -> defaultdict[int, list[Definition]]:
    """Read the stored definitions of articles, by their numbers."""
    pairs: defaultdict[int, list[Definition]] = defaultdict(list)
    query = select(definitions).where(definitions.c.article.in_(numbers))
    for row in connection.execute(query):
        pairs[row.article].append((row.short, row.long_form))
    return pairs
