"""Names of the sources of articles: list them with counts, look one up leniently."""

from collections import Counter

from sqlalchemy import func, select

from index.language.spelling import fold
from index.models.article import SourceSummary
from index.models.period import from_seconds
from index.store.database import Database
from index.store.tables import article_locations, articles


class SourceNames:
    """Source names of the articles of a database, those of further locations included."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def summaries(self) -> list[SourceSummary]:
        """List the sources, the largest first; an article counts for each of its sources."""
        latest = func.max(articles.c.published_at)
        own = (
            select(articles.c.source, func.count(), latest)
            .where(articles.c.source.is_not(None))
            .group_by(articles.c.source)
        )
        also = (
            select(
                article_locations.c.source,
                func.count(article_locations.c.article.distinct()),
                latest,
            )
            .join(articles)
            .where(article_locations.c.source.is_not(None))
            .where(articles.c.source.is_distinct_from(article_locations.c.source))
            .group_by(article_locations.c.source)
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
        """Look up a name: exactly, else ignoring case, else ignoring diacritics."""
        own = select(articles.c.source).where(articles.c.source.is_not(None))
        also = select(article_locations.c.source).where(article_locations.c.source.is_not(None))
        with self._database.reading() as connection:
            for query in (
                own.where(articles.c.source == name),
                also.where(article_locations.c.source == name),
            ):
                if found := connection.scalar(query.limit(1)):
                    return (found,)
            known = list(connection.scalars(own.union(also)))
        for alike in (str.casefold, _without_diacritics):
            if found := [source for source in known if alike(source) == alike(name)]:
                return tuple(found)
        return ()


def _without_diacritics(name: str) -> str:
    return fold(" ".join(name.casefold().split()))
