"""The library: articles go in, questions are answered."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from types import TracebackType
from typing import Self

from index import analyser as analysing
from index.alerting import Alert, Alerts
from index.analyser import Analyser
from index.analysis import analyse
from index.article import (
    Answer,
    Article,
    Quote,
    Rejection,
    SourceSummary,
    StoredArticle,
)
from index.candidates import Candidates, propose
from index.confidence import probability
from index.dates import vietnam
from index.embedding import Embedder
from index.engines import Engine, Field, Filter, Snapshot
from index.engines.tantivy import TantivyEngine
from index.errors import QuestionError, StorageError
from index.gate import storable
from index.inputs import Input, accept, batches
from index.query import Query, analyse_question
from index.quoting import Located, exists, quote, weighed
from index.ranking import Ranked, rank
from index.semantic import Semantics, is_understood, spokesmen
from index.store import Articles, Chats, Database, Feedback, Notes, Outbox, Sources, Subscriptions
from index.store.database import sqlite_address
from index.store.identity import digest
from index.wishing import Wishes

_LOGGER = logging.getLogger(__name__)

BATCHES_A_COMMIT = 50
"""How often a long run is made searchable while it goes on."""

ANSWERS_CHECKED = 40
"""How many of the best candidates are read in full to see whether they hold the answer's kind."""

CONFIDENT_FROM = 0.5
"""The probability from which an answer is to be trusted."""


@dataclass(slots=True)
class IngestReport:
    """What became of the articles given."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    sentences: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the library; `behind` counts changes that are not yet searchable.

    `embedded` counts the articles that are found by meaning too; None where that is off.
    """

    articles: int
    sentences: int
    sources: int
    behind: int
    embedded: int | None = None


class Library:
    """Articles that can be asked. Its methods block, and may be called from any thread.

    Open it with `Library.open`, close it or use it in a `with` statement.
    """

    def __init__(self, folder: Path, database: Database, embedder: Embedder | None = None) -> None:
        self.folder = folder
        self._database = database
        self._analyser = Analyser()
        self._articles = Articles(database, analysing.VERSION)
        if (made_with := self._articles.analyser_version()) > analysing.VERSION:
            raise StorageError(
                f"data folder {folder}: analysed by a newer version of Hỏi Báo (analyser "
                f"{made_with}, this one is {analysing.VERSION}); update hoibao"
            )
        self.chats = Chats(database)
        self.followed = Sources(database)
        self.subscriptions = Subscriptions(database)
        self.outbox = Outbox(database)
        self.feedback = Feedback(database)
        self.wishes = Wishes(self._articles, self._analyser)
        self._alerts = Alerts(database, self._analyser)
        self.notes = Notes(database)
        self.semantics = Semantics(database, self._articles, embedder) if embedder else None
        signature = f"{self._articles.collection_id()}, analyser {analysing.VERSION}"
        self._engine: Engine = TantivyEngine(folder / "engine", signature)

    @classmethod
    def open(
        cls, path: str | Path, *, database: str | None = None, semantic: bool = False
    ) -> "Library":
        """Open the library in a folder; it is made when missing.

        What the engine lacks of the store, after a crash say, is indexed first.

        Args:
            path: The data folder.
            database: An SQLAlchemy address, when it is not the SQLite file in the folder.
            semantic: Whether meaning counts beside words; it needs `hoibao[semantic]`, and
                finds what `semantics.embed_missing` has embedded.

        Raises:
            ModelError: The model that reads meaning cannot be used.
            StorageError: The folder, the database or the engine cannot be used.
        """
        folder = Path(path)
        embedder = Embedder.load() if semantic else None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"data folder {folder}: {error.strerror or error}") from error
        opened = Database(database or sqlite_address(folder / "hoibao.db"))
        try:
            library = cls(folder, opened, embedder)
            try:
                library.catch_up(wait=False)
            except StorageError as error:
                # What is indexed can be asked all the same.
                _LOGGER.warning("not all articles are searchable: %s", error)
        except BaseException:
            opened.close()
            raise
        return library

    def ingest(
        self,
        inputs: Input | Iterable[Input],
        *,
        progress: Callable[[IngestReport], object] | None = None,
        alert: Alert = Alert.RECENT,
    ) -> IngestReport:
        """Store articles and make them searchable; who subscribed to them is owed an alert.

        Args:
            inputs: Articles, records as in JSON Lines, or paths to read them from,
                or one of these; a rejection among them is passed on to the report.
            progress: Called after each batch with the report so far.
            alert: Of which of those that are new people are alerted; by default of those
                published lately, so that an archive floods nobody.

        Returns:
            How many were added, updated, unchanged, and what was rejected and why.
        """
        started = time.monotonic()
        report = IngestReport()
        try:
            accepted = accept(inputs, report.rejected)
            for number, batch in enumerate(batches(accepted), start=1):
                self._store(batch, report, alert)
                report.seconds = time.monotonic() - started
                if progress:
                    progress(report)
                if number % BATCHES_A_COMMIT == 0:
                    self.catch_up()
        finally:
            self.catch_up()
        report.seconds = time.monotonic() - started
        return report

    def ask(
        self,
        question: str,
        *,
        limit: int = 3,
        scope: Sequence[int] = (),
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
    ) -> Answer:
        """Answer a question with the sentences that match it best.

        Args:
            question: Vietnamese, with or without marks, or English.
            limit: How many quotes at most.
            scope: Numbers of the articles to ask; all of them if empty.
            since: The first day of publication, in Vietnam.
            until: The last day of publication.
            source: The name of a source; in any case, if none is spelled just so.

        Raises:
            QuestionError: There is no such source, or `since` is after `until`.
        """
        started = time.perf_counter()
        query = analyse_question(question, self._analyser)
        wanted = self._filter(since, until, source)
        snapshot = self._engine.snapshot()
        near = self._near(query, wanted, scope)
        found = self._candidates(query, snapshot, wanted, scope, near)
        codes = self._articles.codes(found.numbers)
        ranked = [
            best
            for best in rank(query, found, codes, snapshot)
            if best.score > 0 or best.address.article in near
        ]
        ranked, articles = self._read(query, ranked, limit, near)
        quotes = [
            quote(query, best.address.position, *articles[best.address.article], best.score)
            for best in ranked
        ]
        confident = bool(ranked) and probability(query, ranked[0], snapshot) >= CONFIDENT_FROM
        return Answer(
            question=question,
            quotes=tuple(quotes),
            confident=confident,
            milliseconds=(time.perf_counter() - started) * 1000,
        )

    def article(self, number: int) -> StoredArticle | None:
        """The article with this number."""
        found = self._articles.get([number]).get(number)
        return found[0] if found else None

    def find(self, reference: str) -> StoredArticle | None:
        """The article with this public id or URL."""
        return self._articles.find(storable(reference))

    def mark_removed(self, number: int, address: str) -> bool:
        """Note that an article is gone from an address.

        It stays, and counts as removed until its text is seen again.

        Returns:
            Whether it is marked now and was not before.
        """
        return self._articles.mark_removed(number, address)

    def quote(self, number: int, position: int, question: str = "") -> Quote | None:
        """One sentence again, its words that match the question marked; None if it is gone."""
        query = analyse_question(question, self._analyser)
        found = self._articles.get([number]).get(number)
        if found is None or not 0 <= position <= len(found[1]):
            return None
        return quote(query, position, *found)

    def sentences(self, number: int, first: int, last: int) -> list[Quote]:
        """The sentences of an article from one position to another, as far as there are."""
        found = self._articles.get([number]).get(number)
        if found is None:
            return []
        query = analyse_question("", self._analyser)
        positions = range(max(0, first), min(last, len(found[1])) + 1)
        return [quote(query, at, *found) for at in positions]

    def latest(self, limit: int = 5, source: str | None = None) -> list[StoredArticle]:
        """The articles published last, newest first.

        Raises:
            QuestionError: There is no such source.
        """
        return self._articles.latest(limit, self._sources(source))

    def sources(self) -> list[SourceSummary]:
        """Where the articles come from, the largest source first."""
        return self._articles.sources()

    def status(self) -> Status:
        """How much there is, and whether all of it is searchable."""
        return Status(
            articles=self._articles.count(),
            sentences=_sentences(self._engine.snapshot()),
            sources=len(self._articles.sources()),
            behind=self._articles.revision() - self._engine.revision(),
            embedded=self.semantics.embedded() if self.semantics else None,
        )

    def catch_up(self, *, wait: bool = True) -> None:
        """Make all that is stored searchable.

        Args:
            wait: Wait for another process that is doing so; else leave it to that one.
        """
        if self._articles.analyser_version() < analysing.VERSION:
            for outdated in self._articles.outdated():
                renewed = {article.number: analyse(article, self._analyser) for article in outdated}
                self._articles.renew(renewed)
        indexed, stored = self._engine.revision(), self._articles.revision()
        if indexed != stored:
            # An index that is ahead followed a database that has since been restored.
            afresh = indexed > stored
            self._engine.follow(self._articles.changed_since, afresh=afresh, wait=wait)

    def reindex(self) -> None:
        """Build the engine anew from the store."""
        self._engine.follow(self._articles.changed_since, afresh=True)

    def close(self) -> None:
        """Let go of the database."""
        if self.semantics:
            self.semantics.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _store(self, batch: Sequence[Article], report: IngestReport, alert: Alert) -> None:
        announcer = self._alerts.of(alert)
        while batch:
            unseen = {digest(article): article for article in self._articles.unseen(batch)}
            analysed = {key: analyse(article, self._analyser) for key, article in unseen.items()}
            stored = self._articles.upsert(batch, analysed, announcer)
            report.added += stored.added
            report.updated += stored.updated
            report.unchanged += stored.unchanged
            report.sentences += stored.sentences
            batch = stored.missed

    def _filter(self, since: date | None, until: date | None, source: str | None) -> Filter:
        if since and until and since > until:
            raise QuestionError(f"since {since} is after until {until}")
        return Filter(
            since=_moment(since, clock.min) if since else None,
            until=_moment(until, clock.max) if until else None,
            sources=self._sources(source),
        )

    def _sources(self, name: str | None) -> tuple[str, ...]:
        if name is None:
            return ()
        if found := self._articles.named(storable(name.strip())):
            return found
        raise QuestionError(f"no source is named {name!r}; see: hoibao status")

    def _near(self, query: Query, wanted: Filter, scope: Sequence[int]) -> frozenset[int]:
        """The articles whose sentences may answer for their meaning alone."""
        if self.semantics is None or not is_understood(query.question):
            return frozenset()
        return frozenset(scope or self.semantics.propose(query.question, wanted))

    def _candidates(
        self,
        query: Query,
        snapshot: Snapshot,
        wanted: Filter,
        scope: Sequence[int],
        near: frozenset[int],
    ) -> Candidates:
        if not scope:
            proposed = propose(query, snapshot, wanted)
            return replace(proposed, articles=[*proposed.articles, *sorted(near)])
        return Candidates(
            scope=self._articles.within(scope, wanted) if wanted != Filter() else scope
        )

    def _read(
        self, query: Query, ranked: Sequence[Ranked], limit: int, near: frozenset[int]
    ) -> tuple[list[Ranked], Mapping[int, Located]]:
        """The best candidates with their articles.

        Holding the kind of answer wanted counts, and so does nearness where it is on.
        """
        best = ranked[: max(limit, ANSWERS_CHECKED if query.kind or self.semantics else 0)]
        best = [*best, *spokesmen(ranked[len(best) :], near)]
        articles = self._articles.get({found.address.article for found in best})
        there = [found for found in best if exists(found.address, articles)]
        if query.kind:
            there = [weighed(query.kind, found, articles) for found in there]
            there.sort(key=lambda found: -found.score)
        if self.semantics:
            there = self.semantics.reorder(query.question, there, near, articles)
            there = [found for found in there if found.score > 0]
        return there[:limit], articles


def _moment(day: date, time: clock) -> int:
    return int(datetime.combine(day, time, vietnam()).timestamp())


def _sentences(snapshot: Snapshot) -> int:
    """Sentences without titles, of which there is one an article."""
    return snapshot.totals(Field.SYLLABLES).documents - snapshot.totals(Field.ARTICLE).documents
