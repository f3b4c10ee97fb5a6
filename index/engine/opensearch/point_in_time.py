"""Point in time of an OpenSearch index: searches in it see nothing that is written later."""

import json
from collections.abc import Sequence
from dataclasses import replace

from index.engine.opensearch.cluster import BUSY, READING, Cluster, Json
from index.errors import SnapshotLostError, UnavailableError

KEPT = "1m"
"""How long the cluster keeps a point after the last search in it."""

WHILE_IT_IS_THERE = replace(READING, retried=BUSY)
"""A shard that is lost takes the point with it, so that only a busy cluster is asked again."""


class PointInTime:
    """State of an index that searches see. May be shared by threads.

    Args:
        cluster: The cluster.
        index: The name of the index.
        preference: The copies of shards that are asked: equal ones for an equal text.

    Raises:
        UnavailableError: The cluster cannot answer.
    """

    def __init__(self, cluster: Cluster, index: str, preference: str) -> None:
        self._cluster = cluster
        self.is_lost = False
        opened = cluster.read(
            "POST",
            f"/{index}/_search/point_in_time",
            keep_alive=KEPT,
            preference=preference,
            allow_partial_pit_creation="false",
        )
        self._id: str = opened["pit_id"]

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
            SnapshotLostError: Not all shards answered all of them: the point is too old, or was
                lost with a node.
        """
        header = {"search_type": search_type, "allow_partial_search_results": False}
        point = {"pit": {"id": self._id, "keep_alive": KEPT}}
        lines = [json.dumps(line) for body in bodies for line in (header, {**body, **point})]
        text = "\n".join((*lines, ""))
        try:
            found = self._cluster.read("POST", "/_msearch", text, patience=WHILE_IT_IS_THERE)
        except UnavailableError as error:
            self.is_lost = True
            raise SnapshotLostError(str(error)) from error
        answers: Sequence[Json] = found["responses"]
        return answers

    def close(self) -> None:
        """Let the cluster forget it; it does so later by itself if it does not answer now."""
        self._cluster.release("DELETE", "/_search/point_in_time", {"pit_id": [self._id]})
