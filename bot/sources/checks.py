"""Check sources on request: make them due, and wait for the result of whoever checks them."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from index.sources.report import CheckReport
from index.store.sources import Source, SourceError, Sources
from index.workers import in_thread

LOOK_SECONDS = 2.0  # between looks whether another worker has checked a source
PATIENCE_SECONDS = 600.0  # a site with a crawl delay of a minute takes longer for 200 articles


class Checks:
    """Requested checks of sources.

    A source is never checked twice at a time: a request makes it due, and the follower reports
    its next result, also of a check already under way. Of what another worker checks, the stored
    result is reported.

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
            checked_at = await in_thread(self._request, frozenset(reports.values()))
            self._wake()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._wait(reports, checked_at)
        finally:
            for report in reports:
                del self._waiting[report]
        return [report.result() if report.done() else None for report in reports]

    def _request(self, numbers: Collection[int]) -> Mapping[int, int | None]:
        """Make sources due; return when each was last checked, by the clock of who did."""
        followed = self._sources.all()
        checked_at = {each.id: each.checked_at for each in followed if each.id in numbers}
        self._sources.check_soon(numbers, int(time.time()))
        return checked_at

    async def _wait(
        self,
        reports: Mapping[asyncio.Future[CheckReport], int],
        checked_at: Mapping[int, int | None],
    ) -> None:
        """Wait for the reports, also for those of other workers."""
        elsewhere: dict[asyncio.Future[CheckReport], CheckReport] = {}
        while pending := [report for report in reports if not report.done()]:
            await asyncio.wait(pending, timeout=LOOK_SECONDS)
            for report in pending:
                # The follower of this process stores its result a moment before it reports it.
                if report in elsewhere and not report.done():
                    report.set_result(elsewhere[report])
                elif stored := await in_thread(self._stored, reports[report], checked_at):
                    elsewhere[report] = stored

    def _stored(self, number: int, checked_at: Mapping[int, int | None]) -> CheckReport | None:
        """Return the stored result of a check after the last one; None if there is none."""
        earlier = checked_at.get(number)
        try:
            source = self._sources.by_id(number)
        except SourceError as gone:
            return CheckReport(error=str(gone))
        if source.checked_at == earlier:
            return None
        error = None if source.last_error is None else str(source.last_error)
        new = self._sources.items.count_new(number, earlier or 0)
        return CheckReport(new=new, error=error, paused=source.paused)

    def note(self, source: Source, report: CheckReport) -> None:
        """Hand the result of a check to its requests."""
        for waiting, number in self._waiting.items():
            if number == source.id and not waiting.done():
                waiting.set_result(report)
