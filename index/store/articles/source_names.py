"""The names of the sources that articles come from, each of its own or of a copy elsewhere."""

from collections import Counter

from sqlalchemy import func, select

from index.language.spelling import fold
from index.models.article import SourceSummary
from index.models.period import from_seconds
from index.store.database import Database
from index.store.tables import article_locations as places
from index.store.tables import articles


class SourceNames:
    """The sources of the articles of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def summaries(self) -> list[SourceSummary]:
        """Where the articles come from, the largest source first; an article counts for each."""
        latest = func.max(articles.c.published_at)
        own = (
            select(articles.c.source, func.count(), latest)
            .where(articles.c.source.is_not(None))
            .group_by(articles.c.source)
        )
        also = (
            select(places.c.source, func.count(places.c.article.distinct()), latest)
            .join(articles)
            .where(places.c.source.is_not(None))
            .where(articles.c.source.is_distinct_from(places.c.source))
            .group_by(places.c.source)
        )
        counts: Counter[str] = Counter()
        moments: dict[str, int] = {}
        with self._database.reading() as connection:
            for name, number, seconds in (*connection.execute(own), *connection.execute(also)):
                counts[name] += number
                moments[name] = max(seconds or 0, moments.get(name, 0))
        return [
            SourceSummary(
                name, counts[name], from_seconds(moments[name]) if moments[name] else None
            )
            for name in sorted(counts, key=lambda name: (-counts[name], name))
        ]

    def named(self, name: str) -> tuple[str, ...]:
        """The sources of this name: spelled just so, else in any case, else without marks."""
        own = select(articles.c.source).where(articles.c.source.is_not(None))
        also = select(places.c.source).where(places.c.source.is_not(None))
        with self._database.reading() as connection:
            for query in (
                own.where(articles.c.source == name),
                also.where(places.c.source == name),
            ):
                if found := connection.scalar(query.limit(1)):
                    return (found,)
            known = list(connection.scalars(own.union(also)))
        for alike in (str.casefold, _unmarked):
            if found := [source for source in known if alike(source) == alike(name)]:
                return tuple(found)
        return ()


def _unmarked(name: str) -> str:
    return fold(" ".join(name.casefold().split()))
