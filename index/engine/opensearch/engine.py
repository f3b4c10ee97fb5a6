"""OpenSearch engine: the index that an alias names, and one being built beside it."""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Any

from index.engine.opensearch.cluster import Cluster, ClusterAddress
from index.engine.opensearch.documents import STATE, VERSION, index_body, writing_actions
from index.engine.opensearch.snapshot import OpenSearchSnapshot
from index.engine.protocol import ChangedSince, Origin

LOOKED_AGAIN_SECONDS = 1.0
"""How old what is known of the index may be when a question begins."""

GRACE_SECONDS = 10.0
"""How long a replaced index stays, for questions that began with it."""


@dataclass(frozen=True, slots=True)
class _State:
    """Name of the index in use, its version, its origin, its revision."""

    index: str
    version: int
    origin: Origin
    revision: int


class OpenSearchEngine:
    """Search engine on an OpenSearch cluster; see `index.engine.protocol.Engine`.

    Several processes may write at once: a document that a newer revision wrote stays.

    Args:
        address: The cluster; its prefix is the name of the alias.
        looked_again: See `LOOKED_AGAIN_SECONDS`.
        grace: See `GRACE_SECONDS`.

    Raises:
        StorageError: The client is not installed, or the address makes no sense.
    """

    def __init__(
        self,
        address: ClusterAddress,
        *,
        looked_again: float = LOOKED_AGAIN_SECONDS,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._cluster = Cluster(address)
        self._looked_again = looked_again
        self._grace = grace
        self._writing = threading.Lock()
        self._loading = threading.Lock()
        self._looked_at = float("-inf")
        self._state: _State | None = None
        self._snapshot = OpenSearchSnapshot(self._cluster, None)

    def origin(self) -> Origin | None:
        """Return the origin of the index in use; None if it is missing."""
        state = self._look()
        return state.origin if state else None

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it."""
        state = self._look()
        return state is not None and state.version != VERSION

    def revision(self) -> int:
        """Return the revision up to which the store has been indexed; 0 without an index."""
        state = self._look()
        return state.revision if state else 0

    def snapshot(self) -> OpenSearchSnapshot:
        """Return the index as it was a second ago at most."""
        with self._loading:
            if time.monotonic() - self._looked_at >= self._looked_again:
                state = self._look()
                if state != self._state or state is None:
                    index = state.index if state else None
                    self._snapshot = OpenSearchSnapshot(self._cluster, index)
                self._state, self._looked_at = state, time.monotonic()
            return self._snapshot

    def faults(self) -> list[str]:
        """Describe the shards of the index in use that no node has."""
        state = self._look()
        if state is None:
            return []
        health = self._cluster.read("GET", f"/_cluster/health/{state.index}")
        if health["status"] != "red":
            return []
        return [f"search index {state.index}: {health['unassigned_shards']} shards are on no node"]

    def update(self, changed_since: ChangedSince, *, wait: bool = True) -> None:
        """Index the articles changed since `revision()`, and make them searchable."""
        if not self._writing.acquire(blocking=wait):
            return
        try:
            state = self._look()
            if state is None or state.version != VERSION:
                return
            revision = self._index_changed(state.index, changed_since, state.revision)
            self._commit(state.index, state.origin, revision)
        finally:
            self._writing.release()

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Build a new index beside the one in use, then switch the alias to it."""
        address = self._cluster.address
        name = f"{address.prefix}-{origin.analyser}-{secrets.token_hex(4)}"
        with self._writing:
            self._cluster.write("PUT", f"/{name}", index_body(address))
            try:
                revision = self._index_changed(name, changed_since, 0)
                revision = self._index_changed(name, changed_since, revision)
                self._commit(name, origin, revision)
            except BaseException:
                self._cluster.write("DELETE", f"/{name}")
                raise
            replaced = self._switch(name)
            if replaced:
                time.sleep(self._grace)
            for each in replaced:
                self._cluster.write("DELETE", f"/{each}", ignore_unavailable="true")

    def close(self) -> None:
        """Close the connections."""
        self._cluster.close()

    def _look(self) -> _State | None:
        """Read what the index in use is."""
        found = self._cluster.find(f"/{self._cluster.address.prefix}/_doc/{STATE}")
        if found is None or not found.get("found"):
            return None
        state: dict[str, Any] = found["_source"][STATE]
        origin = Origin(state["collection"], state["analyser"])
        return _State(found["_index"], state["version"], origin, state["revision"])

    def _index_changed(self, index: str, changed_since: ChangedSince, revision: int) -> int:
        """Index the articles changed after a revision; return the last revision indexed."""
        for batch in changed_since(revision):
            wanted = [{"_id": str(each.number), "routing": str(each.number)} for each in batch]
            found = self._cluster.read("POST", f"/{index}/_mget", {"docs": wanted})["docs"]
            lengths = {
                int(each["_id"]): each["_source"]["sentences"] for each in found if each["found"]
            }
            self._cluster.bulk(writing_actions(index, batch, lengths))
            revision = batch[-1].revision
        return revision

    def _commit(self, index: str, origin: Origin, revision: int) -> None:
        """Make what was written searchable, then say so; a newer revision stays."""
        self._cluster.write("POST", f"/{index}/_refresh")
        state = {
            "version": VERSION,
            "collection": origin.collection,
            "analyser": origin.analyser,
            "revision": revision,
        }
        action = {"_index": index, "_id": STATE, "_source": {STATE: state}}
        versioned = {"version": max(1, revision), "version_type": "external_gte"}
        self._cluster.bulk([{**action, **versioned}])
        self._looked_at = float("-inf")

    def _switch(self, name: str) -> list[str]:
        """Let the alias name an index; return those that it named."""
        alias = self._cluster.address.prefix
        found = self._cluster.find(f"/_alias/{alias}") or {}
        removed = [{"remove": {"index": each, "alias": alias}} for each in found]
        added = {"add": {"index": name, "alias": alias}}
        self._cluster.write("POST", "/_aliases", {"actions": [*removed, added]})
        self._looked_at = float("-inf")
        return list(found)
