"""Point in time of an OpenSearch index: searches in it see nothing that is written later."""

import json
from collections.abc import Sequence

from index.engine.opensearch.cluster import BUSY, RETRIED, Cluster, Json
from index.errors import UnavailableError

KEPT = "1m"
"""How long the cluster keeps a point after the last search in it."""


class PointInTime:
    """State of an index that searches see. May be shared by threads.

    If the cluster loses it, because of its age or with a node, it is opened again: later searches
    see the index as last refreshed then.

    Args:
        cluster: The cluster.
        index: The name of the index.
        preference: The copies of shards that are asked: equal ones for an equal text.

    Raises:
        UnavailableError: The cluster cannot answer.
    """

    def __init__(self, cluster: Cluster, index: str, preference: str) -> None:
        self._cluster = cluster
        self._index = index
        self._preference = preference
        self._id = self._open()

    def search(
        self, bodies: Sequence[Json], search_type: str = "dfs_query_then_fetch"
    ) -> Sequence[Json]:
        """Make some searches in one request.

        Args:
            bodies: Their bodies.
            search_type: By default scores are of statistics of all shards, else of each shard.

        Returns:
            The answer to each.

        Raises:
            UnavailableError: Not all shards answered all of them.
        """
        try:
            return self._search(bodies, search_type, BUSY)
        except UnavailableError:
            self.close()
            self._id = self._open()
        return self._search(bodies, search_type, RETRIED)

    def close(self) -> None:
        """Let the cluster forget it; it does so later by itself if it does not answer now."""
        self._cluster.release("DELETE", "/_search/point_in_time", {"pit_id": [self._id]})

    def _search(
        self, bodies: Sequence[Json], search_type: str, retried: frozenset[int]
    ) -> Sequence[Json]:
        header = {"search_type": search_type, "allow_partial_search_results": False}
        point = {"pit": {"id": self._id, "keep_alive": KEPT}}
        lines = [json.dumps(line) for body in bodies for line in (header, {**body, **point})]
        found = self._cluster.read("POST", "/_msearch", "\n".join((*lines, "")), retried=retried)
        answers: Sequence[Json] = found["responses"]
        return answers

    def _open(self) -> str:
        found = self._cluster.read(
            "POST",
            f"/{self._index}/_search/point_in_time",
            keep_alive=KEPT,
            preference=self._preference,
            allow_partial_pit_creation="false",
        )
        opened: str = found["pit_id"]
        return opened
