"""Document frequencies of terms in an OpenSearch index, exact over all shards.

`_mtermvectors` tells the frequencies of the terms of a document that need not exist, in the shard
that it would be in: one is made up for each shard. It takes no point in time. So it also tells the
sizes of the fields, and where these are no longer those that were noted before a point was opened,
the terms are counted by searches in that point, which take longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from index.engine.opensearch.cluster import Cluster, Json
from index.engine.opensearch.documents import TEXTS
from index.engine.opensearch.point_in_time import PointInTime
from index.engine.protocol import Field

Terms = Mapping[Field, Sequence[str]]
Counts = Mapping[Field, Mapping[str, int]]
Sizes = Mapping[tuple[int, Field], Json]
"""Statistics of each field in each shard."""

_ANY = "."
"""A token, of which only the sizes of its field are wanted."""


class TermStatistics:
    """Counts the documents that contain terms, as they are in a point in time.

    It has to be made before the point is opened.

    Args:
        cluster: The cluster.
        index: The name of the index.
        routings: A routing value for each shard.
        preference: See `PointInTime`.

    Raises:
        UnavailableError: The cluster cannot answer.
    """

    def __init__(
        self, cluster: Cluster, index: str, routings: Sequence[str], preference: str
    ) -> None:
        self._cluster = cluster
        self._index = index
        self._routings = routings
        self._preference = preference
        _, self._sizes = self._ask(dict.fromkeys(TEXTS, (_ANY,)))

    def count(self, terms: Terms, point: PointInTime) -> Counts:
        """Count the documents of a point in time that contain each of some terms.

        Raises:
            UnavailableError: The cluster cannot answer.
        """
        terms = {field: texts for field, texts in terms.items() if texts}
        counts, sizes = self._ask(terms)
        if all(self._sizes.get(key) == size for key, size in sizes.items()):
            return counts
        return _count_in(point, terms)

    def _ask(self, terms: Terms) -> tuple[Counts, Sizes]:
        """Return the frequencies of terms in all shards, and the sizes of their fields in each."""
        wanted = {
            "_index": self._index,
            "doc": {field: " ".join(texts) for field, texts in terms.items()},
            "fields": list(terms),
            "term_statistics": True,
            "field_statistics": True,
            **dict.fromkeys(("positions", "offsets", "payloads"), False),
        }
        docs = [{**wanted, "routing": each} for each in self._routings]
        found = self._cluster.read(
            "POST", "/_mtermvectors", {"docs": docs}, preference=self._preference
        )
        vectors = dict(_vectors(found["docs"]))
        counts = {field: dict.fromkeys(texts, 0) for field, texts in terms.items()}
        for (_, field), vector in vectors.items():
            for term in counts[field].keys() & vector["terms"].keys():
                counts[field][term] += vector["terms"][term].get("doc_freq", 0)
        return counts, {key: vector["field_statistics"] for key, vector in vectors.items()}


def find_routings(cluster: Cluster, index: str) -> list[str]:
    """Find a routing value for each shard of an index.

    Raises:
        UnavailableError: The cluster cannot answer.
    """
    path = f"/{index}/_search_shards"
    shards = len(cluster.read("GET", path)["shards"])
    routings: dict[int, str] = {}
    for value in map(str, count()):
        if len(routings) == shards:
            break
        ((copy, *_),) = cluster.read("GET", path, routing=value)["shards"]
        routings.setdefault(copy["shard"], value)
    return list(routings.values())


def _vectors(docs: Sequence[Json]) -> Iterator[tuple[tuple[int, Field], Json]]:
    for shard, each in enumerate(docs):
        for name, vector in each["term_vectors"].items():
            yield (shard, Field(name)), vector


def _count_in(point: PointInTime, terms: Terms) -> Counts:
    """Count the documents that contain terms by a search each, in one request."""
    pairs = [(field, text) for field, texts in terms.items() for text in texts]
    bodies = [
        {"query": {"term": {field: text}}, "size": 0, "track_total_hits": True}
        for field, text in pairs
    ]
    counts: dict[Field, dict[str, int]] = {field: {} for field in terms}
    found = point.search(bodies, "query_then_fetch")
    for (field, text), each in zip(pairs, found, strict=True):
        counts[field][text] = each["hits"]["total"]["value"]
    return counts
