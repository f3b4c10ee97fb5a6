"""Follow sources: claim, poll, record, fetch, extract, ingest, finish, schedule.

Each source is polled when it is due, by one of the workers over a database. Its items are
recorded; new ones are fetched, their articles extracted and ingested in batches, the items
finished, and the next check is scheduled.

The rules, in order. Items are recorded before anything is fetched, so that a crash loses
nothing; the items of the first reading of a source are its back catalogue, which triggers no
alerts. Each item is fetched once, again when its feed changes it, once more a day later, and
a few times more when it fails. Lines that stand on most of the last pages of a source are
furniture, and cut from its articles. An article gets the source's name where its page names none,
and keeps the name under which it came first. A failure costs its own source a line in the log,
and many in a row a pause, unless no source at all can be reached: then it is not the source
that fails. A folder that lost all its files fails, since it may not be mounted. A worker that
others count as dead, since it hung, stores nothing more of a source that another one has claimed
since.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec

from index.articles.urls import is_localhost
from index.errors import DatabaseLostError, HoiBaoError, InputError
from index.models.problem import Code, Problem, reason
from index.models.source_kind import SourceKind
from index.sources.articles import fetch_article
from index.sources.discovery import discover
from index.sources.errors import FetchError
from index.sources.feeds.items import FeedItem
from index.sources.fetch.fetcher import Fetcher
from index.sources.following.claimed import ClaimedSources
from index.sources.following.intake import (
    ArticleLibrary,
    FetchedItem,
    store_file,
    store_items,
    store_revisit,
)
from index.sources.poll import (
    PollResult,
    has_files,
    item_guid,
    item_key,
    item_stamp,
    poll,
    scan_folder,
)
from index.sources.report import CheckReport, log_check
from index.sources.schedule import (
    REVISIT_WITHIN,
    Bounds,
    adapt_interval,
    interval_by_dates,
    next_check,
    next_retry,
)
from index.store.sharing import Worker
from index.store.sources import ClaimLostError, Source, SourceError, SourceItem
from index.workers import Executor, InlineExecutor, in_thread

LOOK_SECONDS = 2.0
"""How often due sources are looked up."""

CONCURRENCY = 8
ITEMS_A_CHECK = 200
"""The most articles fetched in one check of a source; the rest wait for the next check."""

SECONDS_A_CHECK = 300.0
"""The longest fetching in one check, and the longest fetching again: sites with long crawl delays
must not block the others."""

ITEMS_A_BATCH = 20
REVISITS_A_CHECK = 20
"""The most articles fetched again in one check of a source."""

MOST_UNREACHABLE = 3
"""Unreachable pages in a row after which a check stops fetching from a site."""

MANY_FILES = 5
"""The files of a folder that nobody is likely to delete all at once."""

_NO_LIMIT = 2**31
_Params = ParamSpec("_Params")

_LOGGER = logging.getLogger(__name__)


OnChecked = Callable[[Source, CheckReport], object]
"""Called after each check with the source as it was before, and the result."""


class Follower:
    """Scheduler that checks followed sources when they are due and stores their articles.

    Args:
        library: Stores the sources and their articles.
        fetcher: HTTP client.
        bounds: Limits of check intervals, and of failures before a pause.
        concurrency: The most sources checked at one time.
        clock: Returns seconds since the epoch.
        jitter: Returns a random number from 0 to 1.
        on_checked: Called after each check that `run` makes.
        executor: Runs the storing; by default in a thread of this process.
        worker: The membership of this process, where several follow the sources of one database:
            each then checks only what it has claimed, as `run` does.
    """

    def __init__(
        self,
        library: ArticleLibrary,
        fetcher: Fetcher,
        *,
        bounds: Bounds | None = None,
        concurrency: int = CONCURRENCY,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        on_checked: OnChecked | None = None,
        executor: Executor[ArticleLibrary] | None = None,
        worker: Worker | None = None,
    ) -> None:
        self._sources = library.followed
        self._claimed = ClaimedSources(library.followed, worker)
        self.fetcher = fetcher
        self._bounds = bounds or Bounds()
        self._concurrency = concurrency
        self._clock = clock
        self._jitter = jitter
        self._on_checked = on_checked
        self._executor = executor or InlineExecutor(library)
        self._woken = asyncio.Event()
        self._resting: dict[int, float] = {}
        self._storing = asyncio.Lock()  # one at a time: questions want the other cores

    async def check(self, source: Source) -> CheckReport:
        """Check a source now: poll it and store its new and changed articles.

        A source that cannot be read gives a report with an error, and is retried later.

        Args:
            source: The source, as stored.

        Raises:
            ClaimLostError: If another worker has claimed it since.
            StorageError: If the failure of a source cannot be stored.
        """
        try:
            if source.kind is SourceKind.SITE:
                source = await self._discover(source)
            if source.kind is SourceKind.FOLDER:
                return await self._check_folder(source)
            return await self._check_web(source)
        except (ClaimLostError, DatabaseLostError):
            raise
        except HoiBaoError as error:
            return await self._fail(source, error)

    async def run(self, stop: asyncio.Event) -> None:
        """Check sources as they become due, until `stop` is set.

        Args:
            stop: Cancels the checks under way; they are made again at the next start.
        """
        busy: dict[int, asyncio.Task[None]] = {}
        ended = asyncio.create_task(stop.wait())
        woken = asyncio.create_task(self._woken.wait())
        try:
            while not stop.is_set():
                if woken.done():
                    self._woken.clear()
                    woken = asyncio.create_task(self._woken.wait())
                await self._start_due(busy)
                free = len(busy) < self._concurrency
                await asyncio.wait(
                    [ended, *busy.values(), *([woken] if free else [])],
                    timeout=LOOK_SECONDS if free else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                busy = {number: task for number, task in busy.items() if not task.done()}
        finally:
            tasks = ended, woken, *busy.values()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._claimed.release()

    def wake(self) -> None:
        """Make `run` look up due sources immediately."""
        self._woken.set()

    async def _start_due(self, busy: dict[int, asyncio.Task[None]]) -> None:
        free = self._concurrency - len(busy)
        if free <= 0:
            return
        now = self._clock()
        self._resting = {number: end for number, end in self._resting.items() if end > now}
        try:
            due = await self._claimed.claim(int(now), free, (*busy, *self._resting))
        except DatabaseLostError:
            return
        except HoiBaoError as error:
            _LOGGER.warning("the sources cannot be looked up: %s", error)
            return
        for source in due:
            busy[source.id] = asyncio.create_task(self._check_and_report(source))

    async def _check_and_report(self, source: Source) -> None:
        """Check a source and report the result, logging unexpected errors."""
        try:
            report = await self._check_or_fail(source)
            if self._on_checked:
                self._on_checked(source, report)
        except ClaimLostError as error:
            _LOGGER.warning("source %s: %s, since this process hung", source.name, error)
        except Exception:
            _LOGGER.exception("source %s: an error in this program", source.name)

    async def _check_or_fail(self, source: Source) -> CheckReport:
        """Check a source, counting an unexpected error as a failure of the source."""
        try:
            report = await self.check(source)
        except ClaimLostError:
            raise
        except DatabaseLostError as error:
            return CheckReport(error=reason(error))  # it is due again when the database is back
        except Exception as error:
            _LOGGER.exception("source %s: an error in this program", source.name)
            with suppress(HoiBaoError):
                return await self._fail(source, error)
            # The store does not know that it was checked: it would be due again at once.
            self._resting[source.id] = self._clock() + self._bounds.shortest
            return CheckReport(error=reason(error))
        log_check(source, report)
        return report

    async def _discover(self, source: Source) -> Source:
        """Discover the feed, sitemap or listing page at a site's address."""
        discovered = await discover(self.fetcher, source.address)
        await self._claimed.require(source)
        return await in_thread(
            self._sources.change_address,
            source.id,
            kind=discovered.kind,
            address=discovered.url,
            pattern=source.pattern or discovered.pattern,
        )

    async def _check_web(self, source: Source) -> CheckReport:
        now = int(self._clock())
        in_full = await in_thread(self._sources.items.has_pending, source.id, now)
        answer = await poll(self.fetcher, source, in_full=in_full)
        await self._claimed.require(source)
        if answer.not_modified:
            report = await self._revisit(source)
            await self._finish(source, answer, adapt_interval(source.interval, False, self._bounds))
            return replace(report, not_modified=True)
        items = {item_key(item): item for item in answer.items}
        stamps = {key: item_stamp(item, source.kind) for key, item in items.items()}
        guids = {key: guid for key, item in items.items() if (guid := item_guid(item, source.kind))}
        record = self._sources.items.record_items
        wanted = await in_thread(record, source.id, stamps, now, guids=guids)
        result = await self._fetch_items(source, now, wanted, items, stamps)
        report = result.report
        if result.is_all:
            report += await self._revisit(source)
        dates = [item.published.timestamp() for item in answer.items if item.published]
        interval = interval_by_dates(dates, now, self._bounds)
        if interval is None:
            interval = adapt_interval(source.interval, bool(result.report.new), self._bounds)
        await self._finish(source, answer, interval, result)
        return report

    async def _fetch_items(
        self,
        source: Source,
        now: int,
        wanted: Sequence[SourceItem],
        items: Mapping[str, FeedItem],
        stamps: Mapping[str, str | None],
    ) -> "_FetchResult":
        """Fetch pending items and store their articles, within the limits of a check."""
        report = CheckReport()
        visits: list[FetchedItem] = []
        done = unreachable = outdated = 0
        wait = 0.0
        end = self._clock() + SECONDS_A_CHECK
        repeated = await in_thread(self._sources.pages.repeated, source.id)
        for item in wanted[:ITEMS_A_CHECK]:
            fetched = await fetch_article(
                self.fetcher, items[item.key], source.address, source.name, repeated
            )
            visits.append(FetchedItem(item, stamps[item.key], replace(fetched, cuts=())))
            done += 1
            outdated += visits[-1].is_outdated
            unreachable = unreachable + 1 if fetched.is_unreachable else 0
            wait = fetched.wait or 0.0
            if len(visits) == ITEMS_A_BATCH:
                report += await self._store(store_items, source, now, visits)
                repeated = await in_thread(self._sources.pages.repeated, source.id)
                visits = []
            if wait or unreachable == MOST_UNREACHABLE or self._clock() >= end:
                break
        if visits:
            report += await self._store(store_items, source, now, visits)
        return _FetchResult(report, done == len(wanted), outdated, wait)

    async def _revisit(self, source: Source) -> CheckReport:
        """Fetch articles stored a day ago again, to find corrections and removals."""
        now = int(self._clock())
        due = await in_thread(
            self._sources.items.to_revisit, source.id, now - REVISIT_WITHIN, now, REVISITS_A_CHECK
        )
        report = CheckReport()
        end = now + SECONDS_A_CHECK
        repeated = await in_thread(self._sources.pages.repeated, source.id)
        for revisit in due:
            if self._clock() >= end:
                break
            item = FeedItem(
                id=revisit.key, url=revisit.url, title=revisit.title, published=revisit.published
            )
            fetched = await fetch_article(self.fetcher, item, source.address, source.name, repeated)
            if fetched.is_unreachable:
                break
            report += await self._store(store_revisit, source, revisit, fetched)
        return report

    async def _store(
        self,
        function: Callable[Concatenate[ArticleLibrary, Source, _Params], CheckReport],
        source: Source,
        *args: _Params.args,
        **kwargs: _Params.kwargs,
    ) -> CheckReport:
        async with self._storing:
            await self._claimed.require(source)
            return await self._executor.run(function, source, *args, **kwargs)

    async def _check_folder(self, source: Source) -> CheckReport:
        now = int(self._clock())
        stamps = await asyncio.to_thread(scan_folder, source.address)
        await self._claimed.require(source)
        if not stamps:
            await self._require_mounted(source)
        wanted = await in_thread(
            self._sources.items.record_items, source.id, stamps, now, _NO_LIMIT
        )
        report = CheckReport()
        for item in wanted:
            report += await self._store(store_file, source, now, item, stamps[item.key])
        await self._claimed.require(source)
        # After the new files: the article of a renamed one has its new item by now.
        removed = await in_thread(self._sources.items.mark_missing, source.id, stamps, now)
        report += CheckReport(removed=removed)
        await self._finish(source, PollResult(), self._bounds.folder)
        return report

    async def _require_mounted(self, source: Source) -> None:
        """Check that a folder without articles is not one from which all were read, but unmounted.

        Raises:
            InputError: It holds no file at all, and many of its files were read.
        """
        read = await in_thread(self._sources.items.count_below, source.id, source.address)
        if read >= MANY_FILES and not await asyncio.to_thread(has_files, source.address):
            raise InputError(Problem(Code.FOLDER_EMPTY, folder=source.address, files=read))

    async def _finish(
        self,
        source: Source,
        answer: PollResult,
        interval: int,
        result: "_FetchResult | None" = None,
    ) -> None:
        """Record a success and schedule the next check."""
        now = int(self._clock())
        if self._bounds.nearby is not None and is_localhost(source.address):
            interval = self._bounds.nearby
        pause, kept = interval, answer.max_age or 0.0
        if result and not result.is_all:
            pause, kept = self._bounds.shortest, 0.0
        wanted = max(kept, result.wait if result else 0.0)
        # Changes that are not stored yet are announced again only by an answer in full.
        is_stored = result is None or (result.is_all and not result.outdated)
        await in_thread(
            self._sources.record_success,
            source,
            now=now,
            next_check_at=next_check(now, pause, wanted, self._bounds),
            interval=interval,
            etag=answer.etag if is_stored else None,
            last_modified=answer.last_modified if is_stored else None,
            worker=self._claimed.worker_id,
        )

    async def _fail(self, source: Source, error: Exception) -> CheckReport:
        now = int(self._clock())
        failures = source.failures + 1
        asked = error.retry_after if isinstance(error, FetchError) else None
        paused = None
        if failures >= self._bounds.failures and not await self._is_offline(source, error):
            paused = f"it failed {failures} times in a row, lastly: {error}"
        is_recorded = await in_thread(
            self._sources.record_failure,
            source,
            reason(error),
            now=now,
            next_check_at=next_retry(now, failures, self._jitter(), asked, self._bounds),
            failures=failures,
            paused=paused,
            worker=self._claimed.worker_id,
        )
        if not is_recorded:
            return CheckReport(error=await self._change_of(source))
        return CheckReport(error=reason(error), paused=paused)

    async def _change_of(self, source: Source) -> str:
        """Say what happened to a source since it was claimed.

        Raises:
            ClaimLostError: Another worker has claimed it.
        """
        try:
            stored = await in_thread(self._sources.by_id, source.id)
            if stored.target == source.target:
                await self._claimed.require(source)
        except SourceError:
            return "it was removed meanwhile"
        return "it was changed meanwhile"

    async def _is_offline(self, source: Source, error: Exception) -> bool:
        """Whether it is this machine that reaches nothing, rather than the source that fails."""
        if not isinstance(error, FetchError) or not error.is_unreachable:
            return False
        followed = await in_thread(self._sources.all)
        others = [other for other in followed if other.is_on_web and other.id != source.id]
        active = [other for other in others if other.paused is None]
        return bool(active) and not any(other.was_read for other in active)


@dataclass(frozen=True, slots=True)
class _FetchResult:
    """Result of fetching pending items.

    `outdated` counts the stored articles whose change could not be fetched, `wait` is the site's
    Retry-After in seconds.
    """

    report: CheckReport
    is_all: bool
    outdated: int
    wait: float
