"""Names of the sources of articles: list them with counts, look one up leniently."""

import re

from sqlalchemy import func, select, union_all

from index.language.spelling import fold
from index.models.article import SourceSummary
from index.models.period import from_seconds
from index.store.database import Database
from index.store.tables import article_locations as locations
from index.store.tables import articles

_KIND = re.compile(r"^(?:(?:bao|tap chi|trang tin|trang thong tin|cong thong tin|dien tu)\s)+")


class SourceNames:
    """Source names of the articles of a database, those of further locations included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def summaries(self) -> list[SourceSummary]:
        """List the sources, the largest first; an article counts for each of its sources."""
        published_at = articles.c.published_at
        own = select(articles.c.source.label("name"), articles.c.number, published_at)
        further = select(locations.c.source, locations.c.article, published_at).distinct()
        is_other = articles.c.source.is_distinct_from(locations.c.source)
        named = union_all(
            own.where(articles.c.source.is_not(None)),
            further.join(articles).where(locations.c.source.is_not(None), is_other),
        ).subquery()
        counted = select(named.c.name, func.count(), func.max(named.c.published_at))
        with self._database.reading() as connection:
            rows = connection.execute(counted.group_by(named.c.name)).all()
        return [
            SourceSummary(name, count, from_seconds(latest) if latest else None)
            for name, count, latest in sorted(rows, key=lambda row: (-row[1], row[0]))
        ]

    def unnamed(self) -> int:
        """Count the articles of which no source is known."""
        also = select(locations.c.article).where(locations.c.source.is_not(None))
        without = articles.c.source.is_(None), articles.c.number.not_in(also)
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).where(*without)) or 0

    def named(self, name: str) -> tuple[str, ...]:
        """Look up a name: exactly, else without regard to case, diacritics, or a leading "Báo"."""
        own = select(articles.c.source).where(articles.c.source.is_not(None))
        further = select(locations.c.source).where(locations.c.source.is_not(None))
        is_own = own.where(articles.c.source == name).exists()
        is_further = further.where(locations.c.source == name).exists()
        with self._database.reading() as connection:
            if connection.scalar(select(is_own | is_further)):
                return (name,)
            known = list(connection.scalars(own.union(further)))
        for alike in (str.casefold, _without_diacritics, _own_name):
            if found := [source for source in known if alike(source) == alike(name)]:
                return tuple(found)
        return ()


def _without_diacritics(name: str) -> str:
    return fold(" ".join(name.casefold().split()))


def _own_name(name: str) -> str:
    """Return a name without the kind of source before it: `phu sa` of "Báo Phù Sa"."""
    folded = _without_diacritics(name)
    return _KIND.sub("", folded) or folded
