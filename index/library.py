"""Facade of the index: open a data folder, ingest articles, answer questions."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

from sqlalchemy.engine import URL

from index.alerts.announcer import Alert, SubscriptionMatcher
from index.alerts.service import AlertQueries
from index.articles.term_codes import word_lengths
from index.articles.validation import strip_unstorable
from index.engine.cluster_address import ClusterAddress
from index.engine.opening import open_engine
from index.engine.protocol import Field, again_if_lost
from index.engine.sync import IndexSync
from index.errors import StorageError, UnavailableError
from index.language import analyser as analysing
from index.language.analyser import Analyser
from index.models.answer import Answer, Quote
from index.models.article import IngestReport, Input, SourceSummary, Status, StoredArticle
from index.models.counts import ArticleCounts
from index.models.headlines import HeadlinePage
from index.models.period import Period, vietnam
from index.models.stories import StoryPage
from index.models.timeline import Timeline
from index.search.examples import ExampleQuestion, find_examples
from index.search.overviews import StoryFinder, count_articles, find_headlines, find_timeline
from index.search.pipeline import LONGEST_QUESTION, AskOptions, SearchContext, answer
from index.search.query import (
    CollectionAbbreviations,
    Query,
    QuestionAnalyser,
    find_sources,
    parse_article_request,
    parse_subject_request,
    remove_filters,
)
from index.search.quotes import make_quote
from index.search.reranker import RemoteReranker, RerankServer
from index.search.semantic import Embedder, Semantics
from index.store import (
    AbbreviationDefinitions,
    Articles,
    Bulletins,
    Chats,
    Database,
    Feedback,
    FloodBuckets,
    Inbox,
    KeyValueStore,
    Leases,
    Outbox,
    SharedPace,
    SourceNames,
    Sources,
    Subscriptions,
    Usage,
    Workers,
)
from index.store.database import DATABASE_FILE, sqlite_address
from index.store.private_files import make_private_folder
from index.store.transfer import take_into_use

_LOGGER = logging.getLogger(__name__)


class Library:
    """Collection of articles that answers questions. Methods block and are thread-safe.

    Open it with `Library.open`, close it or use it in a `with` statement.
    """

    def __init__(
        self,
        folder: Path,
        database: Database,
        embedder: Embedder | None = None,
        reranker: RerankServer | None = None,
        cluster: ClusterAddress | None = None,
    ) -> None:
        self.folder = folder
        self._cluster = cluster
        self._database = database
        self._analyser = Analyser()
        self._articles = Articles(database, analysing.VERSION)
        if (made_with := self._articles.analyser_version()) > analysing.VERSION:
            raise StorageError(
                f"data folder {folder}: analysed by a newer version of Hỏi Báo (analyser "
                f"{made_with}, this one is {analysing.VERSION}); update hoibao"
            )
        if made_with < analysing.VERSION:
            self._articles.adopt_version()
        self._source_names = SourceNames(database)
        self.chats = Chats(database)
        self.followed = Sources(database)
        self.subscriptions = Subscriptions(database)
        self.bulletins = Bulletins(database)
        self.outbox = Outbox(database)
        self.inbox = Inbox(database)
        self.flood_buckets = FloodBuckets(database)
        self.feedback = Feedback(database)
        self.usage = Usage(database)
        self.alert_queries = AlertQueries(self._articles, self._analyser)
        self._matcher = SubscriptionMatcher(database, self._analyser)
        self.key_values = KeyValueStore(database)
        self.leases = Leases(database)
        self.workers = Workers(database)
        self.pace = SharedPace(database)
        self._engine = open_engine(folder, cluster, self._articles, self.leases)
        self.semantics = Semantics(database, self._articles, embedder) if embedder else None
        self._reranker = RemoteReranker(reranker) if reranker else None
        self._abbreviations = CollectionAbbreviations(AbbreviationDefinitions(database))
        self.index_sync = IndexSync(
            database, self._articles, self._engine, self._analyser, self.leases
        )
        self.search_context = SearchContext(
            self._articles,
            self._source_names,
            self._engine,
            QuestionAnalyser(self._engine, self._analyser, self._abbreviations),
            self.semantics,
            self._reranker,
        )
        self._story_finder = StoryFinder()

    @property
    def address(self) -> URL:
        """SQLAlchemy address of the database; may contain a password."""
        return self._database.address

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        database: str | URL | None = None,
        semantic: bool = False,
        reranker: RerankServer | None = None,
        cluster: ClusterAddress | None = None,
        indexing: bool = True,
    ) -> Self:
        """Open the library in a data folder, which is created when missing.

        Stored articles that are not indexed, after a crash say, are indexed first. An index of an
        older version stays in use until `index_sync.upgrade` replaces it.

        Args:
            path: The data folder.
            database: An SQLAlchemy address, by default that of the SQLite file in the folder.
            semantic: Search by meaning, too. This needs `hoibao[semantic]`, and finds articles
                that `semantics.embed_missing` has embedded.
            reranker: A server with a reranking model, to which questions and candidates are sent.
            cluster: An OpenSearch cluster that indexes the articles, instead of the engine in the
                folder. This needs `hoibao[opensearch]`.
            indexing: Index stored articles that are not indexed; else leave it to another process.

        Raises:
            ModelError: The embedding model cannot be used.
            StorageError: The folder, the database or the engine cannot be used.
        """
        folder = Path(path)
        embedder = Embedder.load() if semantic else None
        try:
            make_private_folder(folder)
        except OSError as error:
            raise StorageError(f"data folder {folder}: {_why_not_made(error)}") from error
        opened = Database(database or sqlite_address(folder / DATABASE_FILE))
        try:
            take_into_use(opened, lasting=indexing)
            library = cls(folder, opened, embedder, reranker, cluster)
        except BaseException:
            opened.close()
            raise
        try:
            library.index_sync.adopt_if_restored()
            if indexing:
                library._prepare()
        except BaseException:
            library.close()
            raise
        return library

    def ingest(
        self,
        inputs: Input | Iterable[Input],
        *,
        progress: Callable[[IngestReport], object] | None = None,
        alert: Alert = Alert.RECENT,
        workers: int = 1,
    ) -> IngestReport:
        """Store articles, queue alerts of them, and make them searchable.

        Args:
            inputs: Articles, records as in JSON Lines, or paths to read them from,
                or one of these; a rejection among them is passed on to the report.
            progress: Called after each batch with the report so far.
            alert: The new articles that trigger alerts; by default recently published ones, so
                that an archive floods nobody.
            workers: Number of processes that analyse articles; 1 is this one alone. With more,
                the calling script needs `if __name__ == "__main__":`.

        Returns:
            The numbers of added, updated and unchanged articles, and the rejections.

        Raises:
            WorkerError: An analysing process was killed. Articles stored before are kept.
        """
        # Slow to import, and not needed to answer questions.
        from index.ingest import Ingester
        from index.sources.inputs import read_inputs

        ingester = Ingester(self._articles, self.index_sync, self._matcher, self._analyser)
        records = read_inputs(inputs)
        return ingester.ingest(records, progress=progress, alert=alert, workers=workers)

    def ask(
        self,
        question: str,
        *,
        limit: int = 3,
        scope: Sequence[int] = (),
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        today: date | None = None,
    ) -> Answer:
        """Answer a question with the sentences that match it best.

        Args:
            question: Vietnamese, with or without diacritics, or English. It may contain filters,
                see `index.search.query.filters`, and dates, see `index.search.pipeline`. Only the
                first 4,096 characters count.
            limit: Maximum number of quotes.
            scope: Numbers of the articles to search; all of them if empty. Within a scope, dates
                in the question are ordinary words.
            since: The first day of publication, in Vietnam.
            until: The last day of publication.
            source: The name of a source; case is ignored unless a name matches exactly.
            today: The day of the question; by default today in Vietnam.

        Raises:
            QuestionError: There is no such source, or `since` is after `until`.
        """
        options = AskOptions(limit, scope, since, until, source, today)
        return answer(question, options, self.search_context)

    @again_if_lost
    def needs_context(self, question: str) -> bool:
        """Tell whether a question needs what was said before: `khi nào?`, `vụ này ở đâu?`."""
        bare, context = remove_filters(question[:LONGEST_QUESTION]), self.search_context
        return context.analyser.analyse(bare, context.engine.snapshot()).needs_context

    def headlines(
        self,
        question: str,
        *,
        limit: int = 5,
        offset: int = 0,
        since: date | None = None,
        until: date | None = None,
        source: str | None = None,
        today: date | None = None,
    ) -> HeadlinePage | None:
        """Find the articles that a question asks for, such as `tin mới về X` or a bare name.

        Args:
            question: As in `ask`; see `index.search.query.article_requests`.
            limit: Maximum number of articles.
            offset: The number of articles before them.
            since: As in `ask`, and so are the others.
            until: The last day of publication.
            source: The name of a source.
            today: The day of the question.

        Returns:
            The articles, each with a quote; None for a question that does not ask for articles.

        Raises:
            QuestionError: There is no such source, or `since` is after `until`.
        """
        today = today or datetime.now(vietnam()).date()
        request = parse_article_request(question[:LONGEST_QUESTION], today)
        if request is None:
            return None
        options = AskOptions(limit, (), since, until, source, today)
        return find_headlines(request, options, offset, self.search_context)

    def timeline(
        self, question: str, *, limit: int = 5, offset: int = 0, today: date | None = None
    ) -> Timeline | None:
        """Find what articles say happened on a subject, oldest first; None without a subject.

        Args:
            question: A subject, or a request for its timeline, such as `diễn biến vụ X`. It may
                contain filters, as in `ask`; dates in it limit the days of the events.
            limit: Maximum number of events.
            offset: The number of events before them.
            today: The day of the question.

        Raises:
            QuestionError: The filters name no source, or their first day is after the last.
        """
        today = today or datetime.now(vietnam()).date()
        request = parse_subject_request(question[:LONGEST_QUESTION], today)
        return find_timeline(request, limit, offset, self.search_context)

    def count(self, question: str, *, today: date | None = None) -> ArticleCounts | None:
        """Count the articles on a subject, by day and by source; None without a subject.

        Args:
            question: A subject, or a request for its count, such as `bao nhiêu bài về X`. It may
                contain filters and dates, as in `ask`; by default the last thirty days count.
            today: The day of the question.

        Raises:
            QuestionError: The filters name no source, or their first day is after the last.
        """
        today = today or datetime.now(vietnam()).date()
        request = parse_subject_request(question[:LONGEST_QUESTION], today)
        return count_articles(request, today, self.search_context)

    def stories(
        self,
        asked_at: datetime,
        *,
        period: Period | None = None,
        limit: int = 5,
        offset: int = 0,
    ) -> StoryPage | None:
        """Find the top stories: what most sources report; see `index.search.overviews.stories`.

        Args:
            asked_at: The moment, whose day it is about if there is no period.
            period: The days, with both ends.
            limit: Maximum number of stories.
            offset: The number of stories before them.

        Returns:
            The stories; None where no article has a date, or none is of the period.
        """
        return self._story_finder.find(asked_at, period, offset, limit, self.search_context)

    def examples(self, number: int, *, within: bool = False) -> Iterator[ExampleQuestion]:
        """Yield questions in Vietnamese that an article answers for sure, each tried by asking.

        Args:
            number: The number of the article; there are none if it does not exist.
            within: Ask within the article, as it is meant in a talk about it; such questions are
                not understood without it, and no model reads in answering them.
        """
        stored = self._articles.get([number]).get(number)
        if stored is None:
            return iter(())
        context = self.search_context.without_models() if within else self.search_context
        return find_examples(stored, context, within=within)

    def article(self, number: int) -> StoredArticle | None:
        """Return the article with this number, or None."""
        stored = self._articles.get([number]).get(number)
        return stored[0] if stored else None

    def find(self, reference: str) -> StoredArticle | None:
        """Find an article by its public id or URL."""
        return self._articles.find(strip_unstorable(reference))

    def mark_removed(self, number: int, address: str) -> bool:
        """Mark an article as removed from an address.

        It is kept, and counts as removed until its text is seen again.

        Returns:
            Whether it is marked now and was not before.
        """
        return self._articles.mark_removed(number, address)

    @again_if_lost
    def quote(self, number: int, position: int, question: str = "") -> Quote | None:
        """Quote one sentence, with the matches of a question highlighted; None if it is gone."""
        query, context = Query.empty(), self.search_context
        if bare := remove_filters(question).strip():
            query = context.analyser.analyse(bare, context.engine.snapshot())
        quotes = self._quotes(query, number, position, position)
        return quotes[0] if quotes else None

    def sentences(self, number: int, first: int, last: int) -> list[Quote]:
        """Quote the existing sentences of an article from one position to another."""
        return self._quotes(Query.empty(), number, first, last)

    def latest(self, limit: int = 5, source: str | None = None) -> list[StoredArticle]:
        """List the most recently published articles, newest first.

        Raises:
            QuestionError: There is no such source.
        """
        return self._articles.latest(limit, find_sources(source, self._source_names))

    def sources(self) -> list[SourceSummary]:
        """List the sources of the articles, the largest first."""
        return self._source_names.summaries()

    @again_if_lost
    def status(self) -> Status:
        """Return the sizes of the collection, and how far the index is behind."""
        snapshot = self._engine.snapshot()
        titles = snapshot.totals(Field.ARTICLE).documents
        return Status(
            articles=self._articles.count(),
            sentences=snapshot.totals(Field.SYLLABLES).documents - titles,
            sources=len(self._source_names.summaries()),
            unnamed=self._source_names.unnamed(),
            behind=self.index_sync.revisions().behind,
            embedded=self.semantics.embedded() if self.semantics else None,
        )

    def opener(self, *, models: bool = True) -> Callable[[], Self]:
        """Return a picklable function that opens this library in another process.

        Args:
            models: Have the models of this library read there, too.
        """
        return partial(
            type(self).open,
            self.folder,
            database=self.address,
            semantic=models and self.semantics is not None,
            reranker=self._reranker.server if models and self._reranker else None,
            cluster=self._cluster,
            indexing=False,
        )

    def close(self) -> None:
        """Close the database and the engine."""
        self._engine.close()
        if self.semantics:
            self.semantics.close()
        if self._reranker:
            self._reranker.close()
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _quotes(self, query: Query, number: int, first: int, last: int) -> list[Quote]:
        with self._articles.view() as view:
            stored, codes = view.get([number]).get(number), view.codes([number])
        if stored is None:
            return []
        article, spans = stored
        positions = range(max(0, first), min(last, len(spans)) + 1)
        return [
            make_quote(query, position, article, spans, words=word_lengths(codes[number], position))
            for position in positions
        ]

    def _prepare(self) -> None:
        """Index what is missing; without an index wait for it, else go on with the one there is.

        A search cluster that does not answer is left to later syncs.
        """
        with suppress(UnavailableError):
            if self.index_sync.is_missing():
                _LOGGER.warning("there is no search index of these articles: it is built first")
                self.index_sync.sync()
        try:
            self.index_sync.sync_if_available(wait=False)
        except StorageError as error:
            _LOGGER.warning("not all articles are searchable: %s", error)


def _why_not_made(error: OSError) -> str:
    """Say why a folder cannot be created, and what to do."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is a file, or below one; give another folder"
    if isinstance(error, FileNotFoundError):
        return "no folder can be created there; give another one"
    return f"it cannot be created ({error.strerror or error}); give another one"
