"""Ingest articles: validate, batch, analyse, store with their pending alerts, index.

The rules, in order. Invalid records are rejected with a reason; the others are kept. Articles are
stored in batches, so that memory stays bounded. Only new or changed ones are analysed; with
several workers, ahead of the batch that is being stored. A batch and its alerts are written in one
transaction: killed at any moment, an article is stored with its alerts or not at all. The index is
synced every few batches and at the end.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

from index.alerts.announcer import Alert, AlertAnnouncer, SubscriptionMatcher
from index.articles.analysis_pool import Analyses, AnalysisPool, Batch, analyse_all
from index.articles.readers import parse_record
from index.articles.validation import validate
from index.engine.sync import BATCHES_A_SYNC, IndexSync
from index.errors import InputError
from index.language.analyser import Analyser
from index.models.article import Article, IngestReport, Rejection
from index.models.problem import reason
from index.store import Articles

ARTICLES_A_BATCH = 200
CHARACTERS_A_BATCH = 2_000_000

Record = Article | Mapping[str, object] | Rejection
"""Article, record as in JSON Lines, or rejection of an earlier step."""


class Ingester:
    """Ingests articles into a store and its search index.

    Args:
        articles: The store.
        index: Its index.
        matcher: Matches articles to subscriptions.
        analyser: Analyses articles in this process.
    """

    def __init__(
        self,
        articles: Articles,
        index: IndexSync,
        matcher: SubscriptionMatcher,
        analyser: Analyser,
    ) -> None:
        self._articles = articles
        self._index = index
        self._matcher = matcher
        self._analyser = analyser

    def ingest(
        self,
        records: Iterable[Record],
        *,
        progress: Callable[[IngestReport], object] | None,
        alert: Alert,
        workers: int,
    ) -> IngestReport:
        """Ingest articles; see `Library.ingest`."""
        started = time.monotonic()
        report = IngestReport()
        try:
            with (
                closing(_BackgroundSync(self._index)) as background,
                closing(AnalysisPool(workers, self._analyser)) as pool,
            ):
                sync = background.start if workers > 1 else self._index.sync_if_available
                batches = split_into_batches(validate_records(records, report))
                analysed = pool.analyse_batches(batches, self._articles.new_or_changed)
                for number, (batch, analyses) in enumerate(analysed, start=1):
                    self._store(batch, analyses, report, alert)
                    report.seconds = time.monotonic() - started
                    if progress:
                        progress(report)
                    if number % BATCHES_A_SYNC == 0:
                        sync()
        finally:
            self._index.sync_if_available()
            report.seconds = time.monotonic() - started
        return report

    def _store(self, batch: Batch, analyses: Analyses, report: IngestReport, alert: Alert) -> None:
        """Store a batch with its alerts, in as many transactions as other writers need."""
        announcer = None if alert is Alert.NONE else AlertAnnouncer(self._matcher, alert)
        while batch:
            missed: list[Article] = []
            for part in announcer.split(batch, analyses) if announcer else [batch]:
                result = self._articles.upsert(part, analyses, announcer)
                report.added += result.added
                report.updated += result.updated
                report.unchanged += result.unchanged
                report.sentences += result.sentences
                missed += result.missed
            batch = missed  # changed by another process between `new_or_changed` and now
            analyses = analyse_all(missed, self._analyser)


def validate_records(records: Iterable[Record], report: IngestReport) -> Iterator[Article]:
    """Validate records one by one.

    Args:
        records: Articles, records as in JSON Lines, and rejections of earlier steps.
        report: Collects the invalid ones, and those without a date that can be, with reasons.
    """
    for number, record in enumerate(records, start=1):
        if isinstance(record, Rejection):
            report.rejected.append(record)
            continue
        try:
            given = record if isinstance(record, Article) else parse_record(record)
            article = validate(given)
        except InputError as error:
            report.rejected.append(Rejection(_name(record, number), reason(error)))
            continue
        if given.published and not article.published:
            why = f"published: {given.published.isoformat()} is yet to come; kept without a date"
            report.undated.append(Rejection(_name(given, number), why))
        yield article


def split_into_batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Split articles into batches limited in number and in characters."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        batch.append(article)
        characters += len(article.text)
        if len(batch) == ARTICLES_A_BATCH or characters > CHARACTERS_A_BATCH:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


class _BackgroundSync:
    """Syncs the index in a thread, one run at a time, while more is stored."""

    def __init__(self, index: IndexSync) -> None:
        self._index = index
        self._thread = ThreadPoolExecutor(1)
        self._run: Future[bool] | None = None

    def start(self) -> None:
        """Start a run, unless one is under way.

        Raises:
            StorageError: The last run failed.
        """
        if self._run and not self._run.done():
            return
        if self._run:
            self._run.result()
        self._run = self._thread.submit(self._index.sync_if_available)

    def close(self) -> None:
        """Wait for the run that is under way."""
        self._thread.shutdown()


def _name(given: Article | Mapping[str, object], number: int) -> str:
    named = isinstance(given, Article) and (given.origin or given.url or given.id or given.title)
    return named or f"record {number}"
