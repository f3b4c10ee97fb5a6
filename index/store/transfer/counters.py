"""Counters of tables: the numbers that SQLite and PostgreSQL give to new rows."""

from sqlalchemy import Connection, Table, func, select, text


def last_number(connection: Connection, table: Table) -> int:
    """Return the last number that a table gave to a row; 0 if it gave none or does not count."""
    column = table.autoincrement_column
    if column is None:
        return 0
    highest = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        given = connection.scalar(query, {"table": table.name})
    else:
        query = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column))")
        given = connection.scalar(query, {"table": table.name, "column": column.name})
    return max(int(highest), int(given or 0))


def count_on(connection: Connection, table: Table, last: int) -> None:
    """Let a table count on from a number, so that none is given twice."""
    column = table.autoincrement_column
    if column is None or not last:
        return
    names = {"table": table.name, "column": column.name, "last": last}
    if connection.dialect.name == "postgresql":
        counter = "pg_get_serial_sequence(:table, :column)"
        connection.execute(text(f"SELECT setval({counter}, :last)"), names)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), names)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:table, :last)"), names)
