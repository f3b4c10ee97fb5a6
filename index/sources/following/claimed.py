"""Sources that this process may check: what it has claimed, if it is one of several workers."""

from collections.abc import Iterable
from contextlib import suppress

from index.errors import HoiBaoError
from index.store.sharing import Worker
from index.store.sources import Source, Sources
from index.workers import in_thread


class ClaimedSources:
    """The claims of this process; without a worker, it may check all sources.

    Args:
        sources: Table of followed sources.
        worker: The membership of this process.
    """

    def __init__(self, sources: Sources, worker: Worker | None) -> None:
        self._sources = sources
        self._worker = worker
        self.worker_id = worker.id if worker else None

    async def claim(self, now: int, most: int, besides: Iterable[int]) -> list[Source]:
        """Claim due sources; none while others count this process as dead, or may be waited for.

        Raises:
            StorageError: The database cannot be used.
        """
        if self._worker and not self._worker.may_claim:
            return []
        return await in_thread(self._sources.claim, self.worker_id, now, most, besides)

    async def require(self, source: Source) -> None:
        """Check that no other worker has claimed a source meanwhile.

        Raises:
            ClaimLostError: One has.
            SourceError: It was removed, and there are workers.
        """
        if self.worker_id:
            await in_thread(self._sources.claims.require, source.id, self.worker_id)

    async def release(self) -> None:
        """Let other workers check what this one did not get to check."""
        if self.worker_id:
            with suppress(HoiBaoError):  # what it claimed is free when it leaves
                await in_thread(self._sources.claims.release, self.worker_id)
