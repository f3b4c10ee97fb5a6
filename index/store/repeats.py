"""News that repeats what was news already: articles of their own, of which one alert is enough.

A page that is a copy of another one is the same article (`index.store.places`). What comes as a
file is one of its own, though it has the text of a page: a folder that a newsroom saves its
pages to, beside their feed. What names itself by an id is never taken for another.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, select

from index.copies import MOST_APART, is_copy
from index.store.database import replace_rows
from index.store.places import COMPARED, stored_content
from index.store.tables import news_keys as filed


class Repeats:
    """The news of some days, within a transaction that writes.

    Args:
        connection: The transaction.
        now: The time, in seconds since the epoch.
    """

    def __init__(self, connection: Connection, now: int) -> None:
        self._connection = connection
        self._now = now

    def file(self, keys: Mapping[int, Sequence[int]]) -> None:
        """File articles, by their numbers, under their keys (`index.copies.copy_keys`)."""
        if not keys:
            return
        too_old = filed.c.filed_at < self._now - MOST_APART.total_seconds()
        self._connection.execute(delete(filed).where(too_old))
        rows = {
            number: [{"key": key, "filed_at": self._now} for key in several]
            for number, several in keys.items()
        }
        replace_rows(self._connection, filed, rows)

    def of(self, number: int) -> tuple[int, ...]:
        """The articles that are filed and say the same as one of them."""
        own = select(filed.c.key).where(filed.c.article == number)
        query = (
            select(filed.c.article)
            .where(filed.c.key.in_(own), filed.c.article != number)
            .group_by(filed.c.article)
            .order_by(func.count().desc(), filed.c.article)
            .limit(COMPARED)
        )
        likely = list(self._connection.scalars(query))
        if not likely:
            return ()
        article = stored_content(self._connection, number)
        return tuple(
            other for other in likely if is_copy(article, stored_content(self._connection, other))
        )
