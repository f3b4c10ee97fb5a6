"""Check sources on request: make them due, and wait for the follower's result."""

import asyncio
import time
from collections.abc import Callable

from index.sources.following import CheckReport
from index.store.sources import Source, Sources
from index.workers import in_thread

PATIENCE_SECONDS = 600.0  # a site with a crawl delay of a minute takes longer for 200 articles


class Checks:
    """Requested checks of sources.

    A source is never checked twice at a time: a request makes it due, and the follower reports
    its next result, also of a check already under way.

    Args:
        sources: Table of followed sources.
        wake: Makes the follower look up due sources.
    """

    def __init__(self, sources: Sources, wake: Callable[[], None]) -> None:
        self._sources = sources
        self._wake = wake
        self._waiting: dict[asyncio.Future[CheckReport], int] = {}

    async def now(self, *chosen: Source) -> list[CheckReport | None]:
        """Check sources now, resuming paused ones, and wait for the results.

        Returns:
            The reports in their order; None for a check that timed out.
        """
        reports = {asyncio.Future[CheckReport](): source.id for source in chosen}
        self._waiting |= reports
        try:
            await in_thread(self._sources.check_soon, reports.values(), int(time.time()))
            self._wake()
            if reports:
                await asyncio.wait(reports, timeout=PATIENCE_SECONDS)
        finally:
            for report in reports:
                del self._waiting[report]
        return [report.result() if report.done() else None for report in reports]

    def note(self, source: Source, report: CheckReport) -> None:
        """Hand the result of a check to its requests."""
        for waiting, number in self._waiting.items():
            if number == source.id and not waiting.done():
                waiting.set_result(report)
