"""Snapshot of an OpenSearch index: statistics and searches, few requests each.

Nothing that is written shows before the writer refreshes the index, once an update, shard by shard;
all of an article is in one shard.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.engine.opensearch import queries
from index.engine.opensearch.cluster import Cluster, Json
from index.engine.opensearch.documents import ARTICLES, LENGTHS, SENTENCES, address_of
from index.engine.opensearch.point_in_time import PointInTime
from index.engine.opensearch.term_statistics import TermStatistics
from index.engine.protocol import (
    Field,
    Hits,
    Requirement,
    SentenceAddress,
    TermSearch,
    Totals,
    WeightedTerm,
)
from index.models.article import ArticleFilter, IndexableArticle

FREQUENCIES_KEPT = 100_000
"""Of the terms of a snapshot."""

PAGE = 10_000
"""Documents that a check lists at once."""


class OpenSearchSnapshot:
    """State of an index at a point in time; see `index.engine.protocol.Snapshot`.

    Args:
        cluster: The cluster.
        index: The name of the index.
        routings: A routing value for each shard.

    Raises:
        UnavailableError: The cluster cannot answer. All methods raise SnapshotLostError if it does
            not have this state any more.
    """

    def __init__(self, cluster: Cluster, index: str, routings: Sequence[str]) -> None:
        preference = secrets.token_hex(8)
        self._statistics = TermStatistics(cluster, index, routings, preference)
        self._point = PointInTime(cluster, index, preference)
        self._totals = _read_totals(self._point)
        self._known: dict[Field, dict[str, int]] = defaultdict(dict)

    @property
    def is_lost(self) -> bool:
        """Whether the cluster could not answer from it."""
        return self._point.is_lost

    @property
    def is_outdated(self) -> bool:
        """Whether another one of the same documents would answer faster."""
        return self._statistics.is_outdated

    def close(self) -> None:
        """Let the cluster forget the point in time."""
        self._point.close()

    def totals(self, field: Field) -> Totals:
        """Return the size of the collection in documents of the field."""
        return self._totals[field]

    def document_frequencies(
        self, terms: Mapping[Field, Iterable[str]]
    ) -> Mapping[Field, Mapping[str, int]]:
        """Count the documents that contain each of some terms of each of some fields."""
        wanted = {field: dict.fromkeys(texts) for field, texts in terms.items()}
        known = {field: self._known[field] for field in wanted}
        missing = {
            field: [text for text in texts if text not in known[field]]
            for field, texts in wanted.items()
        }
        if any(missing.values()):
            if sum(map(len, self._known.values())) > FREQUENCIES_KEPT:
                self._known = defaultdict(dict)
                return self.document_frequencies(wanted)
            for field, counts in self._statistics.count(missing, self._point).items():
                known[field].update(counts)
        return known

    def best(
        self, sentences: TermSearch, articles: TermSearch, filters: Sequence[ArticleFilter]
    ) -> list[Hits]:
        """Search for the best sentences and the best articles among those of each filter."""
        searches = [(search, wanted) for wanted in filters for search in (sentences, articles)]
        found = iter(
            self._search(
                [
                    queries.best(search, wanted)
                    if search.terms and search.limit > 0
                    else queries.NOTHING
                    for search, wanted in searches
                ]
            )
        )
        return [Hits(list(map(address_of, keys)), next(found)) for keys in found]

    def sentences_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
        preferred: Sequence[WeightedTerm] = (),
    ) -> list[SentenceAddress]:
        """Search for sentences that meet every requirement."""
        body = queries.holding(SENTENCES, required, limit, wanted, preferred, newest=newest)
        return list(map(address_of, self._search([body])[0]))

    def articles_holding(
        self,
        required: Sequence[Requirement],
        limit: int,
        wanted: ArticleFilter,
        *,
        newest: bool = False,
    ) -> list[int]:
        """Search for articles, by number, that meet every requirement of the article field."""
        return self._search([queries.holding(ARTICLES, required, limit, wanted, newest=newest)])[0]

    def indexed(self, first: int, last: int | None) -> list[SentenceAddress]:
        """List all indexed sentences of a range of articles, with repetitions."""
        return list(map(address_of, self._all(SENTENCES, first, last)))

    def indexed_articles(self, first: int, last: int | None) -> list[int]:
        """List all indexed articles of a range, with repetitions."""
        return self._all(ARTICLES, first, last)

    def mismatched_sentences(self, article: IndexableArticle) -> list[int]:
        """Return the positions of sentences that are not indexed by exactly their terms."""
        found = self._point.search([queries.words_of(article.number, PAGE)])[0]
        indexed = {
            address_of(_address(hit)).position: hit["_source"][Field.WORDS]
            for hit in found["hits"]["hits"]
        }
        pairs = enumerate(article.terms)
        return [position for position, terms in pairs if indexed.get(position) != terms]

    def _search(self, bodies: Sequence[Json]) -> list[list[int]]:
        """Return the addresses of what each of some searches finds."""
        found = self._point.search(bodies)
        return [list(map(_address, each["hits"]["hits"])) for each in found]

    def _all(self, kind: Json, first: int, last: int | None) -> list[int]:
        keys: list[int] = []
        while True:
            after = keys[-1] if keys else -1
            page = self._search([queries.numbered(kind, first, last, after, PAGE)])[0]
            keys += page
            if len(page) < PAGE:
                return keys


def _address(hit: Json) -> int:
    return int(hit["fields"]["address"][0])


def _read_totals(point: PointInTime) -> Mapping[Field, Totals]:
    sizes = {field: {"stats": {"field": length}} for field, length in LENGTHS.items()}
    (found,) = point.search([{"size": 0, "track_total_hits": False, "aggs": sizes}])
    totals = {field: _totals(found["aggregations"][field]) for field in LENGTHS}
    syllables = totals[Field.SYLLABLES]
    pairs = Totals(syllables.documents, max(1.0, syllables.average_length - 1))
    return {**totals, Field.BIGRAMS: pairs}


def _totals(statistics: Mapping[str, Any]) -> Totals:
    return Totals(int(statistics["count"]), max(1.0, statistics["avg"] or 0.0))
