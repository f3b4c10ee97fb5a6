"""Check the integrity of the stored data, and read articles with their stored analyses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select, text

from index.models.article import IndexableArticle, Spans
from index.store.articles.duplicates import sources_of
from index.store.articles.view import to_indexable, unpack_spans
from index.store.database import Database, faults_of_sqlite
from index.store.tables import analyses, articles, metadata


@dataclass(frozen=True, slots=True)
class AnalysedArticle:
    """Article and analysis as stored, with the version of the analyser that made it."""

    id: str
    title: str
    text: str
    indexable: IndexableArticle
    spans: Spans
    codes: bytes
    version: int


class Inspection:
    """Reads stored data for a consistency check."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of SQLite, and not on a server of PostgreSQL."""
        return self._database.address.get_backend_name() == "sqlite"

    def faults(self) -> list[str]:
        """List failed integrity checks of the database, and count articles without an analysis."""
        with self._database.reading() as connection:
            driver: Any = connection.connection.driver_connection
            is_file = connection.dialect.name == "sqlite"
            faults = faults_of_sqlite(driver) if is_file else _faults_of_postgresql(connection)
            without = select(func.count()).select_from(articles).outerjoin(analyses)
            if count := connection.scalar(without.where(analyses.c.article.is_(None))):
                faults.append(f"{count} articles have no analysis")
        return faults

    def count_changed(self, after: int, until: int) -> int:
        """Count the articles whose last change is after one revision, and not after another."""
        revision = articles.c.revision
        query = select(func.count()).select_from(articles)
        with self._database.reading() as connection:
            return connection.scalar(query.where(revision > after, revision <= until)) or 0

    def articles(self, batch: int = 200) -> Iterator[list[AnalysedArticle]]:
        """Read all articles in batches, ordered by number."""
        query = select(articles, analyses).join(analyses).order_by(articles.c.number).limit(batch)
        after = 0
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(articles.c.number > after)).all()
                sources = sources_of(connection, [row.number for row in rows])
            if not rows:
                return
            yield [_inspected(row, sources[row.number]) for row in rows]
            after = rows[-1].number


def _faults_of_postgresql(connection: Connection) -> list[str]:
    """List what PostgreSQL knows to be wrong: indexes, constraints, checksums, and counters."""
    faults = [
        f"{what} {name}"
        for what, query in _FAULTS_OF_POSTGRESQL.items()
        for name in connection.scalars(text(query))
    ]
    for table in metadata.sorted_tables:
        if (column := table.autoincrement_column) is not None:
            names = {"table": table.name, "column": column.name}
            last = connection.scalar(text(_LAST_NUMBER), names) or 0
            if last < (connection.scalar(select(func.max(column))) or 0):
                faults.append(f"table {table.name} would give numbers that are taken")
    return faults


_FAULTS_OF_POSTGRESQL = {
    "unusable index": "SELECT CAST(indexrelid AS regclass) FROM pg_index WHERE NOT indisvalid",
    "unchecked constraint": "SELECT conname FROM pg_constraint WHERE NOT convalidated",
    "failed checksums of pages:": "SELECT checksum_failures FROM pg_stat_database "
    "WHERE datname = current_database() AND checksum_failures > 0",
}
"""Queries for names, by what is wrong with them. What is on the disk is read by `pg_amcheck`."""

_LAST_NUMBER = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, :column))"


def _inspected(row: Row[*tuple[Any, ...]], sources: tuple[str, ...]) -> AnalysedArticle:
    indexable, spans = to_indexable(row, sources), unpack_spans(row.spans)
    return AnalysedArticle(row.id, row.title, row.text, indexable, spans, row.codes, row.version)
