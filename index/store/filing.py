"""Filing articles under keys: in tables with some rows of each article, renewed together."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert

from index.store.identity import parts


def file_rows(
    connection: Connection, table: Table, filed: Mapping[int, Iterable[Mapping[str, Any]]]
) -> None:
    """File rows of articles, by their numbers, in place of those that they had before.

    Args:
        connection: A transaction that writes.
        table: Where they are filed; its column `article` holds the number.
        filed: The other columns of each row.
    """
    for part in parts(list(filed)):
        connection.execute(delete(table).where(table.c.article.in_(part)))
    rows = [{"article": number, **row} for number, several in filed.items() for row in several]
    if rows:
        connection.execute(insert(table), rows)
