"""Match new articles to subscriptions, and queue their alerts where the articles are stored."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from threading import Lock

from sqlalchemy import Connection

from index.alerts.errors import SubscriptionError
from index.alerts.matcher import Match, Matcher
from index.alerts.parser import parse
from index.articles.analysis import Analysis
from index.articles.identity import digest
from index.language.analyser import Analyser
from index.models.article import Article
from index.store.articles import ChangedArticle
from index.store.chats import (
    Recipient,
    changed_queries,
    queue_deliveries,
    recipients,
    subscription_ids_if_deleted,
)
from index.store.database import Database

_LOGGER = logging.getLogger(__name__)

RECENT = timedelta(days=2)
"""How old an article may be that is news of itself, wherever it comes from."""

ALERTS_A_TRANSACTION = 5_000
"""Alerts that are queued in one transaction; an article with more has one of its own.

On two busy cores another writer waited 0.5 to 1 s at most while 10,000 were queued in one, and 4
to 6 s while 200,000 were.
"""

RELIEF_SECONDS = 0.1
"""The pause between two such transactions: a writer that waits for SQLite looks this often."""


class Alert(StrEnum):
    """Rule for which new articles trigger alerts."""

    ALL = "all"
    RECENT = "recent"
    NONE = "none"


class SubscriptionMatcher:
    """Matches articles to the stored subscriptions, and follows their changes.

    May be shared by threads.

    Args:
        database: Where the subscriptions are.
        analyser: That of articles and questions.

    Attributes:
        revision: That of the subscriptions that were read.
    """

    def __init__(self, database: Database, analyser: Analyser) -> None:
        self._database = database
        self._analyser = analyser
        self._matcher = Matcher()
        self._unreadable: set[int] = set()
        self.revision = 0
        self._lock = Lock()

    def load(self) -> None:
        """Read the changed subscriptions ahead of a transaction, in which writers would wait."""
        with self._database.reading() as connection:
            self.refresh(connection)

    def match(self, terms: Sequence[str], sources: Sequence[str]) -> Sequence[Match]:
        """Match an article to the subscriptions as they were last read."""
        return self._matcher.match(terms, sources)

    def refresh(self, connection: Connection) -> None:
        """Read the subscriptions that changed since the last time."""
        with self._lock:
            revision, changed = changed_queries(connection, self.revision)
            if revision <= self.revision:
                return
            for subscription, text in changed:
                try:
                    self._matcher.add(subscription, parse(text, self._analyser))
                    self._unreadable.discard(subscription)
                except SubscriptionError as error:
                    self._matcher.remove(subscription)
                    self._unreadable.add(subscription)
                    _LOGGER.error("subscription %d cannot be read: %s", subscription, error.reason)
            self._forget_ended(connection)
            self.revision = revision

    def _forget_ended(self, connection: Connection) -> None:
        stored = subscription_ids_if_deleted(connection, len(self._matcher) + len(self._unreadable))
        if stored is not None:
            self._matcher.retain(stored)
            self._unreadable &= stored


@dataclass(frozen=True, slots=True)
class AlertAnnouncer:
    """Queues the alerts of new articles: the `AlertHook` of `index.store.articles.writer`.

    Articles are matched ahead of the transaction that stores them, in which writers wait; within
    it only those are matched again whose source or subscriptions have changed.

    Args:
        matcher: The subscriptions.
        which: Which new articles trigger alerts: all, or the recent ones.
    """

    matcher: SubscriptionMatcher
    which: Alert
    _matched: dict[tuple[int, Sequence[str], Sequence[str]], Sequence[Match]] = field(
        default_factory=dict, init=False
    )

    def split(
        self, batch: Sequence[Article], analysed: Mapping[bytes, Analysis]
    ) -> Iterator[Sequence[Article]]:
        """Split a batch into parts whose alerts fit into one transaction.

        Between two of them it pauses, so that others may write.

        Args:
            batch: The articles to store.
            analysed: The analysis of each new or changed one, by its `digest`.
        """
        self.matcher.load()
        part: list[Article] = []
        queued, now = 0, int(time.time())
        for article in batch:
            analysis = analysed.get(digest(article))
            alerts = 0
            if analysis and self.is_news(article, now):
                sources = (article.source,) if article.source else ()
                alerts = len(self._match(analysis.terms, sources))
            if part and queued + alerts > ALERTS_A_TRANSACTION:
                yield part
                time.sleep(RELIEF_SECONDS)
                part, queued = [], 0
            part.append(article)
            queued += alerts
        yield part

    def is_news(self, article: Article, now: int) -> bool:
        """Whether alerts are due for an article that is seen for the first time."""
        if self.which is Alert.ALL:
            return True
        published = article.published
        return published is not None and published.timestamp() > now - RECENT.total_seconds()

    def queue(self, connection: Connection, changed: Sequence[ChangedArticle], now: int) -> None:
        """Queue alerts of articles that are new, or whose text changed while they are news."""
        self.matcher.refresh(connection)
        matches = {
            article.number: self._match(article.terms, article.sources) for article in changed
        }
        ids = {match.id for of_article in matches.values() for match in of_article}
        active = {recipient.subscription.id: recipient for recipient in recipients(connection, ids)}
        for article in changed:
            matched: list[tuple[Recipient, tuple[int, ...]]] = [
                (active[match.id], match.positions)
                for match in matches[article.number]
                if match.id in active
            ]
            same = article.duplicates if article.is_new else (article.number, *article.duplicates)
            queue_deliveries(connection, article.number, matched, now, same)

    def _match(self, terms: Sequence[str], sources: Sequence[str]) -> Sequence[Match]:
        """Match an article to the subscriptions, once for each of their revisions."""
        key = self.matcher.revision, terms, sources
        if key not in self._matched:
            self._matched[key] = self.matcher.match(terms, sources)
        return self._matched[key]
