"""The library: articles go in, questions are answered."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as clock
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from index import analyser as analysing
from index.analyser import Analyser
from index.analysis import Analysis, Spans, analyse
from index.answer_kinds import AnswerKind, holds
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
from index.engines import Field, Filter, SentenceAddress, Snapshot
from index.engines.tantivy import TantivyEngine
from index.errors import InputError, QuestionError, StorageError
from index.highlighting import highlights
from index.query import Query, analyse_question
from index.ranking import Ranked, rank
from index.reading import read
from index.records import parse_record
from index.store import Articles, Chats, Database
from index.store.database import sqlite_address

ARTICLES_A_BATCH = 200
ANSWERS_CHECKED = 40
"""How many of the best candidates are read in full to see whether they hold the answer's kind."""

KIND_FACTORS = {
    AnswerKind.ATTENDANCE: 1.5,
    AnswerKind.WHO: 1.1,
    AnswerKind.WHEN: 1.2,
    AnswerKind.WHERE: 1.1,
    AnswerKind.HOW_MANY: 1.1,
    AnswerKind.WHY: 1.2,
}
"""What a sentence gains that holds the kind of answer wanted."""

CONFIDENT_FROM = 0.5
"""The probability from which an answer is to be trusted."""


Located = tuple[StoredArticle, Spans]
"""An article with the spans of its sentences."""


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
    """The state of the library; `behind` counts changes that are not yet searchable."""

    articles: int
    sentences: int
    sources: int
    behind: int


class Library:
    """Articles that can be asked. Its methods block, and may be called from any thread.

    Open it with `Library.open`, close it or use it in a `with` statement.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._analyser = Analyser()
        self._articles = Articles(database, analysing.VERSION)
        self.chats = Chats(database)
        signature = f"{self._articles.collection_id()}, analyser {analysing.VERSION}"
        self._engine = TantivyEngine(folder / "engine", signature)

    @classmethod
    def open(cls, path: str | Path, *, database: str | None = None) -> "Library":
        """Open the library in a folder; it is made when missing.

        What the engine lacks of the store, after a crash say, is indexed first.

        Args:
            path: The data folder.
            database: An SQLAlchemy address, when it is not the SQLite file in the folder.

        Raises:
            StorageError: The folder, the database or the engine cannot be used.
        """
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"data folder {folder}: {error.strerror or error}") from error
        opened = Database(database or sqlite_address(folder / "hoibao.db"))
        try:
            library = cls(folder, opened)
            library.catch_up()
        except BaseException:
            opened.close()
            raise
        return library

    def ingest(
        self,
        inputs: Iterable[Article | Rejection | Mapping[str, object] | str | Path],
        *,
        progress: Callable[[IngestReport], object] | None = None,
    ) -> IngestReport:
        """Store articles and make them searchable.

        Args:
            inputs: Articles, records as in JSON Lines, or paths to read them from;
                a rejection among them is passed on to the report.
            progress: Called after each batch with the report so far.

        Returns:
            How many were added, updated, unchanged, and what was rejected and why.
        """
        started = time.monotonic()
        report = IngestReport()
        articles = _accepted(inputs, report.rejected)
        while batch := list(islice(articles, ARTICLES_A_BATCH)):
            self._store(batch, report)
            report.seconds = time.monotonic() - started
            if progress:
                progress(report)
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
            source: The name of a source, in any case.

        Raises:
            QuestionError: There is no such source, or `since` is after `until`.
        """
        started = time.perf_counter()
        query = analyse_question(question, self._analyser)
        wanted = self._filter(since, until, source)
        snapshot = self._engine.snapshot()
        found = Candidates(articles=scope) if scope else propose(query, snapshot, wanted)
        codes = self._articles.codes(found.numbers)
        ranked = [found for found in rank(query, found, codes, snapshot) if found.score > 0]
        ranked, articles = self._read(query, ranked, limit)
        quotes = [
            _quote(query, best.address.position, *articles[best.address.article], best.score)
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
        return self._articles.find(reference)

    def quote(self, number: int, position: int, question: str = "") -> Quote | None:
        """One sentence again, its words that match the question marked; None if it is gone."""
        query = analyse_question(question, self._analyser)
        found = self._articles.get([number]).get(number)
        if found is None or not 0 <= position <= len(found[1]):
            return None
        return _quote(query, position, *found)

    def sentences(self, number: int, first: int, last: int) -> list[Quote]:
        """The sentences of an article from one position to another, as far as there are."""
        found = self._articles.get([number]).get(number)
        if found is None:
            return []
        query = analyse_question("", self._analyser)
        positions = range(max(0, first), min(last, len(found[1])) + 1)
        return [_quote(query, at, *found) for at in positions]

    def latest(self, limit: int = 5, source: str | None = None) -> list[StoredArticle]:
        """The articles published last, newest first.

        Raises:
            QuestionError: There is no such source.
        """
        return self._articles.latest(limit, self._source(source))

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
        )

    def catch_up(self) -> None:
        """Make all that is stored searchable."""
        for outdated in self._articles.outdated():
            renewed = {article.number: analyse(article, self._analyser) for article in outdated}
            self._articles.renew(renewed)
        if self._engine.revision() < self._articles.revision():
            self._engine.follow(self._articles.changed_since)

    def reindex(self) -> None:
        """Build the engine anew from the store."""
        self._engine.follow(self._articles.changed_since, afresh=True)

    def close(self) -> None:
        """Let go of the database."""
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

    def _store(self, batch: Sequence[Article], report: IngestReport) -> None:
        analysed: dict[bytes, Analysis] = {
            self._articles.digest(article): analyse(article, self._analyser)
            for article in self._articles.unseen(batch)
        }
        stored = self._articles.upsert(batch, analysed)
        report.added += stored.added
        report.updated += stored.updated
        report.unchanged += stored.unchanged
        report.sentences += stored.sentences

    def _filter(self, since: date | None, until: date | None, source: str | None) -> Filter:
        if since and until and since > until:
            raise QuestionError(f"since {since} is after until {until}")
        return Filter(
            since=_start(since) if since else None,
            until=_start(until + timedelta(days=1)) - 1 if until else None,
            source=self._source(source),
        )

    def _source(self, name: str | None) -> str | None:
        if name is None:
            return None
        for known in self._articles.sources():
            if known.name.casefold() == name.strip().casefold():
                return known.name
        raise QuestionError(f"no source is named {name!r}; see: hoibao status")

    def _read(
        self, query: Query, ranked: Sequence[Ranked], limit: int
    ) -> tuple[list[Ranked], Mapping[int, Located]]:
        """The best candidates with their articles; holding the kind of answer wanted counts."""
        best = ranked[: max(limit, ANSWERS_CHECKED if query.kind else 0)]
        articles = self._articles.get({found.address.article for found in best})
        there = [found for found in best if _exists(found.address, articles)]
        if query.kind:
            there = [_weighed(query.kind, found, articles) for found in there]
            there.sort(key=lambda found: -found.score)
        return there[:limit], articles


def _accepted(
    inputs: Iterable[Article | Rejection | Mapping[str, object] | str | Path],
    rejected: list[Rejection],
) -> Iterator[Article]:
    for number, given in enumerate(inputs, start=1):
        if isinstance(given, Article):
            yield given
        elif isinstance(given, Rejection):
            rejected.append(given)
        elif isinstance(given, Mapping):
            try:
                yield parse_record(given)
            except InputError as error:
                rejected.append(Rejection(f"record {number}", str(error)))
        else:
            yield from _accepted(read([given]), rejected)


def _start(day: date) -> int:
    return int(datetime.combine(day, clock(), vietnam()).timestamp())


def _exists(address: SentenceAddress, articles: Mapping[int, Located]) -> bool:
    """Whether a sentence is still there: an article may change between ranking and quoting."""
    found = articles.get(address.article)
    return found is not None and address.position <= len(found[1])


def _weighed(kind: AnswerKind, found: Ranked, articles: Mapping[int, Located]) -> Ranked:
    text, _, _ = _sentence(found.address.position, *articles[found.address.article])
    return replace(found, score=found.score * KIND_FACTORS[kind]) if holds(kind, text) else found


def _sentence(
    position: int, article: StoredArticle, spans: Spans
) -> tuple[str, int | None, int | None]:
    if position == 0:
        return article.title, None, None
    start, end = spans[position - 1]
    return article.text[start:end], start, end


def _quote(
    query: Query, position: int, article: StoredArticle, spans: Spans, score: float = 0.0
) -> Quote:
    text, start, end = _sentence(position, article, spans)
    return Quote(
        text=text,
        start=start,
        end=end,
        score=score,
        article=article,
        position=position,
        highlights=highlights(query, text),
    )


def _sentences(snapshot: Snapshot) -> int:
    """Sentences without titles, of which there is one an article."""
    return snapshot.totals(Field.SYLLABLES).documents - snapshot.totals(Field.ARTICLE).documents
