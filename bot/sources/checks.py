"""Checks that are asked for in the chat: made by the follower, in its turn, and waited for."""

import asyncio
import time
from collections.abc import Callable

from index.sources.follower import CheckReport
from index.store.sources import Source, Sources
from index.workers import in_thread

PATIENCE_SECONDS = 600.0  # a site with a crawl delay of a minute takes longer for 200 articles


class Checks:
    """Has sources checked.

    A source is never checked twice at a time: it is made due, and whoever follows the sources
    tells of its check when it is done. A check that is under way already serves as well.

    Args:
        sources: The sources that are followed.
        wake: Has the follower look which of them are due.
        clock: Gives the seconds since the epoch.
        patience: How many seconds a check is waited for.
    """

    def __init__(
        self,
        sources: Sources,
        wake: Callable[[], None],
        *,
        clock: Callable[[], float] = time.time,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._sources = sources
        self._wake = wake
        self._clock = clock
        self._patience = patience
        self._waiting: dict[asyncio.Future[CheckReport], int] = {}

    async def now(self, *chosen: Source) -> list[CheckReport | None]:
        """Have sources checked, those that are paused go on, and return what each check comes to.

        Returns:
            The reports in their order; None for a check that takes longer than anybody waits.
        """
        loop = asyncio.get_running_loop()
        reports = {loop.create_future(): source.id for source in chosen}
        self._waiting |= reports
        try:
            await in_thread(self._sources.check_soon, list(reports.values()), int(self._clock()))
            self._wake()
            if reports:
                await asyncio.wait(reports, timeout=self._patience)
        finally:
            for report in reports:
                del self._waiting[report]
        return [report.result() if report.done() else None for report in reports]

    def note(self, source: Source, report: CheckReport) -> None:
        """Tell whoever waits for the check of a source."""
        for waiting, number in self._waiting.items():
            if number == source.id and not waiting.done():
                waiting.set_result(report)
