"""OpenSearch engine: the index that an alias names, and one being built beside it."""

import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from index.engine.cluster_address import ClusterAddress
from index.engine.opensearch.cluster import Cluster
from index.engine.opensearch.documents import (
    STATE,
    VERSION,
    index_body,
    writer_alias,
    writing_actions,
)
from index.engine.opensearch.snapshot import OpenSearchSnapshot
from index.engine.opensearch.term_statistics import find_routings
from index.engine.protocol import ChangedSince, Origin, Snapshot
from index.engine.tantivy_index import Indexes, TantivySnapshot
from index.errors import StorageError, UnavailableError
from index.store import Articles, Leases
from index.store.sharing import Lease

LOOKED_AGAIN_SECONDS = 1.0
"""How old what is known of the index may be when a question begins."""

GRACE_SECONDS = 10.0
"""How long a replaced index, or point in time, stays for questions that began with it."""


@dataclass(frozen=True, slots=True)
class _State:
    """Name of the index in use, its version, its origin, its revision, a routing value a shard."""

    index: str
    version: int
    origin: Origin
    revision: int
    routings: tuple[str, ...]


class OpenSearchEngine:
    """Search engine on an OpenSearch cluster; see `index.engine.protocol.Engine`.

    One process at a time updates the index, and one builds another, by leases in the database. A
    document that a newer revision wrote stays, also if a process goes on whose lease has run out.

    Args:
        address: The cluster; its prefix is the name of the alias.
        articles: The articles that are indexed. If there are some and no index, a snapshot is an
            error; without any it is empty.
        leases: The leases of their database.
        looked_again: See `LOOKED_AGAIN_SECONDS`.
        grace: See `GRACE_SECONDS`.

    Raises:
        StorageError: The client is not installed, or the address makes no sense. All methods but
            `close` raise it if the alias names an index of another collection, and
            UnavailableError if the cluster cannot answer.
    """

    def __init__(
        self,
        address: ClusterAddress,
        articles: Articles,
        leases: Leases,
        *,
        looked_again: float = LOOKED_AGAIN_SECONDS,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self._cluster = Cluster(address)
        self._articles = articles
        self._leases = leases
        self._looked_again = looked_again
        self._grace = grace
        self._loading = threading.Lock()
        self._looked_at = float("-inf")
        self._state: _State | None = None
        self._snapshot: OpenSearchSnapshot | None = None
        self._refusal: str | None = None
        self._replaced: deque[tuple[float, OpenSearchSnapshot]] = deque()

    def origin(self) -> Origin | None:
        """Return the origin of the index in use; None if it is missing."""
        state = self._look()
        return state.origin if state else None

    def is_outdated(self) -> bool:
        """Whether an older version of the engine made it."""
        state = self._look()
        return state is not None and state.version < VERSION

    def revision(self) -> int:
        """Return the revision up to which the store has been indexed; 0 without an index."""
        state = self._look()
        return state.revision if state else 0

    def snapshot(self) -> Snapshot:
        """Return the index as it was a second ago at most."""
        with self._loading:
            is_lost = self._snapshot is not None and self._snapshot.is_lost and not self._refusal
            if is_lost or time.monotonic() - self._looked_at >= self._looked_again:
                self._refusal = self._renew()
                self._looked_at = time.monotonic()
            if self._refusal:  # also for the questions that waited meanwhile
                raise UnavailableError(self._refusal)
            snapshot, unread = self._snapshot, list(self._unread())
        for each in unread:
            each.close()
        if snapshot:
            return snapshot
        if self._articles.revision() > 0:
            raise UnavailableError(
                f"search cluster {self._cluster.address.name}: it has no index of these articles "
                "yet; hoibao run builds it, and so does: hoibao reindex"
            )
        return TantivySnapshot(Indexes())

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
        with self._leases.held(self._named("writer"), wait=wait) as lease:
            state = self._look() if lease.is_mine else None
            while state and state.version == VERSION:
                before, state = self._follow(state, changed_since), self._look()
                if state and state.index == before.index:
                    return  # else another index was switched to meanwhile

    def rebuild(self, changed_since: ChangedSince, origin: Origin) -> None:
        """Build a new index beside the one in use, then switch the alias to it."""
        before = self._look()
        with self._leases.held(self._named("builder")) as lease:
            if _is_newer(self._look(), before, origin):
                return  # another process built it while this one waited
            self._delete(self._abandoned(origin.collection))
            state = self._build(changed_since, origin, lease)
            replaced = self._switch(state.index)
            self._follow(state, changed_since)  # what was indexed in the other one meanwhile
            if replaced:
                time.sleep(self._grace)
            self._delete(replaced)

    def close(self) -> None:
        """Close the connections."""
        for _, snapshot in self._replaced:
            snapshot.close()
        if self._snapshot:
            self._snapshot.close()
        self._cluster.close()

    def _named(self, role: str) -> str:
        """Return the name of the lease of a role: other stores lease others."""
        return f"{role} of {self._cluster.address.prefix}"

    def _build(self, changed_since: ChangedSince, origin: Origin, lease: Lease) -> _State:
        """Build an index that may be switched to."""
        address = self._cluster.address
        name = f"{address.prefix}-{origin.analyser}-{secrets.token_hex(4)}"
        try:
            self._cluster.write("PUT", f"/{name}", index_body(address, name, origin.collection))
        except UnavailableError:
            if self._cluster.find(f"/{name}") is None:  # else an earlier try has made it
                raise
        try:
            state = _State(name, VERSION, origin, 0, tuple(find_routings(self._cluster, name)))
            state = self._follow(self._follow(state, changed_since), changed_since)
            self._look()  # the alias may have been given to another collection
            is_mine = lease.renew()
        except BaseException as error:
            self._delete([name])
            if not isinstance(error, UnavailableError) or lease.renew():
                raise
            is_mine = False  # who has the lease now has deleted the index
        if not is_mine:
            self._delete([name])
            raise UnavailableError(f"search index {name}: another process builds one instead")
        return state

    def _renew(self) -> str | None:
        """Open another snapshot if the index has changed; return why that cannot be done."""
        try:
            state, snapshot = self._look(), self._snapshot
            if state != self._state or (snapshot and (snapshot.is_lost or snapshot.is_outdated)):
                self._load(state)
        except UnavailableError as error:
            return str(error)
        return None

    def _load(self, state: _State | None) -> None:
        """Open a snapshot of an index in place of the one before."""
        snapshot = OpenSearchSnapshot(self._cluster, state.index, state.routings) if state else None
        if self._snapshot:
            self._replaced.append((time.monotonic(), self._snapshot))
        self._state, self._snapshot = state, snapshot

    def _unread(self) -> Iterator[OpenSearchSnapshot]:
        """Take the replaced snapshots that no question reads any more."""
        now = time.monotonic()
        while self._replaced and now - self._replaced[0][0] > self._grace:
            yield self._replaced.popleft()[1]

    def _look(self) -> _State | None:
        """Read what the index in use is; refuse that of another collection."""
        prefix = self._cluster.address.prefix
        found = self._cluster.find(f"/{prefix}/_doc/{STATE}")
        if found is None or not found.get("found"):
            return None
        state: dict[str, Any] = found["_source"][STATE]
        if not self._articles.is_of(state["collection"]):
            raise StorageError(
                f"search cluster {self._cluster.address.name}: index {prefix} holds the articles "
                "of another collection; give this one another prefix under [opensearch]"
            )
        origin = Origin(state["collection"], state["analyser"])
        routings = tuple(state["routings"])
        return _State(found["_index"], state["version"], origin, state["revision"], routings)

    def _follow(self, state: _State, changed_since: ChangedSince) -> _State:
        """Index in an index the articles changed since its revision; return its new state."""
        revision = self._index_changed(state.index, changed_since, state.revision)
        state = replace(state, revision=revision)
        self._commit(state)
        return state

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

    def _commit(self, state: _State) -> None:
        """Make what was written searchable, then say so; a newer revision stays."""
        self._cluster.write("POST", f"/{state.index}/_refresh")
        written = {
            "version": state.version,
            "collection": state.origin.collection,
            "analyser": state.origin.analyser,
            "revision": state.revision,
            "routings": state.routings,
        }
        action = {"_index": writer_alias(state.index), "_id": STATE, "_source": {STATE: written}}
        versioned = {"version": max(1, state.revision), "version_type": "external_gte"}
        self._cluster.bulk([{**action, **versioned}])
        self._looked_at = float("-inf")

    def _switch(self, name: str) -> list[str]:
        """Let the alias name one index only, in one step; return those that it named."""
        alias = self._cluster.address.prefix
        found = self._cluster.find(f"/_alias/{alias}") or {}
        every = {"index": f"{alias}-*", "alias": alias, "must_exist": False}
        added = {"index": name, "alias": alias}
        actions = {"actions": [{"remove": every}, {"add": added}]}
        self._cluster.write("POST", "/_aliases", actions)
        self._looked_at = float("-inf")
        return list(found)

    def _abandoned(self, collection: str) -> list[str]:
        """Find what killed builders of a collection left: indexes that the alias does not name.

        One that goes on although its lease has run out cannot write to a deleted index.
        """
        prefix = self._cluster.address.prefix
        ours = re.compile(rf"{re.escape(prefix)}-\d+-[0-9a-f]{{8}}")
        found = self._cluster.find(f"/{prefix}-*") or {}
        return [
            name
            for name, index in found.items()
            if ours.fullmatch(name)
            and prefix not in index["aliases"]
            and index["mappings"].get("_meta") == {"collection": collection}
        ]

    def _delete(self, names: Iterable[str]) -> None:
        """Delete indexes that nothing reads; one that stays is found by the next build."""
        for name in names:
            with suppress(UnavailableError):
                self._cluster.write("DELETE", f"/{name}", ignore_unavailable="true")


def _is_newer(state: _State | None, before: _State | None, origin: Origin) -> bool:
    """Whether another index of the same origin was built since, by this version."""
    if state is None or (before is not None and state.index == before.index):
        return False
    return state.origin == origin and state.version == VERSION
