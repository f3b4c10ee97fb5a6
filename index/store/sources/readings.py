"""How the last articles of a source read: sentences, dates, text of the feed, what was cut."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median_low

from sqlalchemy import select

from index.store.articles.view import unpack_spans
from index.store.database import Database
from index.store.sources.items import ItemState
from index.store.sources.pages import SourcePages
from index.store.tables import analyses, articles, source_items

ARTICLES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class SourceReadings:
    """How the last articles of a source read.

    `sentences` counts those of each article, fewest first. `undated` counts articles without a
    date, `from_feed` those with the text of the feed, since their page could not be used. `cuts`
    counts the lines that were left out of the last pages by reason, most first.
    """

    sentences: tuple[int, ...] = ()
    undated: int = 0
    from_feed: int = 0
    cuts: Mapping[str, int] = field(default_factory=dict)

    @property
    def usual(self) -> int:
        """The number of sentences that half of the articles have at most."""
        return median_low(self.sentences)


def read_last_articles(database: Database, source: int) -> SourceReadings:
    """Sum up how the last articles of a source read."""
    query = (
        select(analyses.c.spans, articles.c.published, source_items.c.state)
        .join(articles, articles.c.number == source_items.c.article)
        .join(analyses, analyses.c.article == articles.c.number)
        .where(source_items.c.source == source)
        .order_by(source_items.c.first_seen_at.desc(), source_items.c.key)
    )
    with database.reading() as connection:
        rows = connection.execute(query.limit(ARTICLES_SHOWN)).all()
    cuts: Counter[str] = SourcePages(database).cuts(source)
    return SourceReadings(
        sentences=tuple(sorted(len(unpack_spans(spans)) for spans, _, _ in rows)),
        undated=sum(published is None for _, published, _ in rows),
        from_feed=sum(state == ItemState.FAILED for _, _, state in rows),
        cuts=dict(cuts.most_common()),
    )
