"""Document frequencies of terms in an OpenSearch index, summed over all shards.

`_termvectors` tells the frequencies of the terms of a document that need not exist, in the shard
that it would be in: one is made up for each shard. Like BM25 it counts replaced documents until
they are merged away, at other times in each copy of a shard; so the copies are asked that a point
in time reads. It takes no point in time itself. So it also tells the sizes of the fields, and where
these are no longer those that were noted before a point was opened, the terms are counted by
searches in that point, which take longer.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count

from index.engine.opensearch.cluster import Cluster, Json
from index.engine.opensearch.documents import TEXTS
from index.engine.opensearch.point_in_time import PointInTime
from index.engine.protocol import Field
from index.errors import UnavailableError

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
        self.is_outdated = False
        _, self._sizes = self._ask(dict.fromkeys(TEXTS, (_ANY,)))

    def count(self, terms: Terms, point: PointInTime) -> Counts:
        """Count the documents of a point in time that contain each of some terms.

        It is outdated where these are no longer of the same documents: shards were merged or
        written to, or other copies answer.

        Raises:
            UnavailableError: The cluster cannot answer.
        """
        terms = {field: texts for field, texts in terms.items() if texts}
        counts, sizes = self._ask(terms)
        if all(self._sizes.get(key) == size for key, size in sizes.items()):
            return counts
        self.is_outdated = True
        return _count_in(point, terms)

    def _ask(self, terms: Terms) -> tuple[Counts, Sizes]:
        """Return the frequencies of terms in all shards, and the sizes of their fields in each."""
        wanted = {
            "doc": {field: " ".join(texts) for field, texts in terms.items()},
            "fields": list(terms),
            "term_statistics": True,
            "field_statistics": True,
            **dict.fromkeys(("positions", "offsets", "payloads"), False),
        }
        copies = [{"routing": each, "preference": self._preference} for each in self._routings]
        found = self._cluster.read_each("POST", f"/{self._index}/_termvectors", wanted, copies)
        vectors = dict(_vectors(found))
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
        (copies,) = cluster.read("GET", path, routing=value)["shards"]
        if not copies:
            raise UnavailableError(
                f"search index {index}: a shard of it is on no node; check the cluster's disks"
            )
        routings.setdefault(copies[0]["shard"], value)
    return list(routings.values())


def _vectors(shards: Sequence[Json]) -> Iterator[tuple[tuple[int, Field], Json]]:
    for shard, each in enumerate(shards):
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
