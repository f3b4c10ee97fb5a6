"""Snapshot of an OpenSearch index: statistics and searches, few requests each.

Nothing that is written shows before the writer refreshes the index, once an update. Statistics are
those of the whole collection: `_mtermvectors` tells the document frequencies of the terms of a
document that need not exist, in the shard that it would be in, so one is made up for each shard.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any

from index.engine.opensearch import queries
from index.engine.opensearch.cluster import Cluster, Json
from index.engine.opensearch.documents import (
    ARTICLES,
    LENGTHS,
    SENTENCES,
    address_of,
    sentence_id,
)
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

_NOTHING: Json = {"query": {"match_none": {}}, "size": 0}


class OpenSearchSnapshot:
    """State of an index at a revision; see `index.engine.protocol.Snapshot`.

    Args:
        cluster: The cluster.
        index: The name of the index; None for an empty collection.
    """

    def __init__(self, cluster: Cluster, index: str | None) -> None:
        self._cluster = cluster
        self._index = index
        self._routings = _routings(cluster, index) if index else []
        self._totals = self._read_totals() if index else {}
        self._known: dict[Field, dict[str, int]] = defaultdict(dict)

    def totals(self, field: Field) -> Totals:
        """Return the size of the collection in documents of the field."""
        return self._totals.get(field, Totals(0, 1.0))

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
            for field, counts in self._count(missing).items():
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
                    queries.best(search, wanted) if search.terms and search.limit > 0 else _NOTHING
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
        if not self._index:
            return list(range(len(article.terms)))
        routing = str(article.number)
        wanted = [
            {"_id": sentence_id(article.number, position), "routing": routing}
            for position in range(len(article.terms))
        ]
        found = self._cluster.read("POST", f"/{self._index}/_mget", {"docs": wanted})["docs"]
        texts = [each.get("_source", {}).get(Field.WORDS) for each in found]
        pairs = enumerate(zip(article.terms, texts, strict=True))
        return [position for position, (terms, text) in pairs if terms != text]

    def _search(self, bodies: Sequence[Json]) -> list[list[int]]:
        """Return the addresses of what each of some searches finds."""
        if not self._index:
            return [[] for _ in bodies]
        header = {
            "index": self._index,
            "search_type": "dfs_query_then_fetch",
            "allow_partial_search_results": False,
        }
        lines = [json.dumps(line) for body in bodies for line in (header, body)]
        found = self._cluster.read("POST", "/_msearch", "\n".join((*lines, "")))["responses"]
        return [
            [int(hit["fields"]["address"][0]) for hit in each["hits"]["hits"]] for each in found
        ]

    def _all(self, kind: Json, first: int, last: int | None) -> list[int]:
        keys: list[int] = []
        while True:
            after = keys[-1] if keys else -1
            page = self._search([queries.numbered(kind, first, last, after, PAGE)])[0]
            keys += page
            if len(page) < PAGE:
                return keys

    def _count(self, terms: Mapping[Field, Sequence[str]]) -> Mapping[Field, Mapping[str, int]]:
        """Sum the document frequencies of terms over all shards."""
        counts = {field: dict.fromkeys(texts, 0) for field, texts in terms.items()}
        if not self._index:
            return counts
        document = {field: " ".join(texts) for field, texts in terms.items() if texts}
        wanted = {
            "doc": document,
            "fields": list(document),
            "term_statistics": True,
            "field_statistics": False,
            **dict.fromkeys(("positions", "offsets", "payloads"), False),
        }
        docs = [{**wanted, "_index": self._index, "routing": each} for each in self._routings]
        found = self._cluster.read("POST", "/_mtermvectors", {"docs": docs})
        for each in found["docs"]:
            for name, vector in each.get("term_vectors", {}).items():
                of_field = counts[Field(name)]
                for term, statistics in vector["terms"].items():
                    if term in of_field:
                        of_field[term] += statistics.get("doc_freq", 0)
        return counts

    def _read_totals(self) -> dict[Field, Totals]:
        sizes = {field: {"stats": {"field": length}} for field, length in LENGTHS.items()}
        body = {"size": 0, "track_total_hits": False, "aggs": sizes}
        parameters = {"allow_partial_search_results": "false"}
        found = self._cluster.read("POST", f"/{self._index}/_search", body, **parameters)
        totals = {field: _totals(found["aggregations"][field]) for field in LENGTHS}
        syllables = totals[Field.SYLLABLES]
        pairs = Totals(syllables.documents, max(1.0, syllables.average_length - 1))
        return {**totals, Field.BIGRAMS: pairs}


def _totals(statistics: Mapping[str, Any]) -> Totals:
    return Totals(int(statistics["count"]), max(1.0, statistics["avg"] or 0.0))


def _routings(cluster: Cluster, index: str) -> list[str]:
    """Find a routing value for each shard of an index."""
    routings: dict[int, str] = {}
    ask = partial(cluster.read, "GET", f"/{index}/_search_shards")
    shards = len(ask()["shards"])
    for value in map(str, count()):
        if len(routings) == shards:
            break
        ((copy, *_),) = ask(routing=value)["shards"]
        routings.setdefault(copy["shard"], value)
    return list(routings.values())
