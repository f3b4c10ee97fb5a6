"""Alerts of new articles: whom they are owed to, decided where the article is stored."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from threading import Lock

from sqlalchemy import Connection

from index.analyser import Analyser
from index.analysis import Analysis
from index.article import Article
from index.identity import digest
from index.store.database import Database
from index.store.deliveries import owe
from index.store.storing import Fresh
from index.store.subscriptions import Recipient, changed_wishes, recipients, subscription_numbers
from index.subscriptions import Match, Matcher, SubscriptionError, parse

_LOGGER = logging.getLogger(__name__)

RECENT = timedelta(days=2)
"""How old an article may be that is news of itself, wherever it comes from."""


OWED_A_TRANSACTION = 5_000
"""Alerts that are owed in one transaction; an article that more want has one of its own.

On two busy cores another writer waited 0.5 to 1 s at most while 10,000 were owed in one, and 4 to
6 s while 200,000 were.
"""

RELIEF_SECONDS = 0.1
"""For which others may write between two such: who waits for SQLite looks this often."""


class Alert(StrEnum):
    """Of which new articles people are alerted."""

    ALL = "all"
    RECENT = "recent"
    NONE = "none"


class Alerts:
    """The wishes of all subscriptions, kept in line with the store.

    May be shared by threads.

    Args:
        database: Where the subscriptions are.
        analyser: That of articles and questions.
    """

    def __init__(self, database: Database, analyser: Analyser) -> None:
        self._database = database
        self._analyser = analyser
        self._matcher = Matcher()
        self._unreadable: set[int] = set()
        self._revision = 0
        self._lock = Lock()

    def of(self, which: Alert) -> "Announcer | None":
        """What announces the news among new articles; None if there is to be none."""
        if which is Alert.NONE:
            return None
        with self._database.reading() as connection:
            self._refresh(connection)  # what is many is not to be read while others wait
        return Announcer(self, which)

    def match(self, terms: Sequence[str], sources: Sequence[str]) -> "Matches":
        """The subscriptions that an article is for, as they are known now."""
        revision = self._revision
        return Matches(revision, self._matcher.match(terms, sources))

    def owe(
        self,
        connection: Connection,
        fresh: Sequence[Fresh],
        now: int,
        before: Mapping[tuple[Sequence[str], Sequence[str]], "Matches"],
    ) -> None:
        """Owe articles to whom they are for, within the transaction that stores them.

        Args:
            connection: The transaction.
            fresh: The articles.
            now: The time.
            before: What their terms and sources were found to match before the transaction.
        """
        self._refresh(connection)
        matches: dict[int, Sequence[Match]] = {}
        for each in fresh:
            known = before.get((each.terms, each.sources))
            if known is None or known.revision != self._revision:
                known = self.match(each.terms, each.sources)
            matches[each.number] = known.found
        wanted = {match.id for found in matches.values() for match in found}
        active = {each.subscription.id: each for each in recipients(connection, wanted)}
        for each in fresh:
            matched: list[tuple[Recipient, tuple[int, ...]]] = [
                (active[match.id], match.positions)
                for match in matches[each.number]
                if match.id in active
            ]
            known_as = each.repeats if each.is_new else (each.number, *each.repeats)
            owe(connection, each.number, matched, now, known_as)

    def _refresh(self, connection: Connection) -> None:
        """Take over what changed since."""
        with self._lock:
            revision, changed = changed_wishes(connection, self._revision)
            if revision <= self._revision:
                return
            for subscription, wish in changed:
                try:
                    self._matcher.add(subscription, parse(wish, self._analyser))
                    self._unreadable.discard(subscription)
                except SubscriptionError as error:
                    self._matcher.remove(subscription)
                    self._unreadable.add(subscription)
                    _LOGGER.error("subscription %d cannot be read: %s", subscription, error)
            self._forget_ended(connection)
            self._revision = revision

    def _forget_ended(self, connection: Connection) -> None:
        there = subscription_numbers(connection, len(self._matcher) + len(self._unreadable))
        if there is not None:
            self._matcher.retain(there)
            self._unreadable &= there


@dataclass(frozen=True, slots=True)
class Matches:
    """What an article matched, at a revision of the subscriptions."""

    revision: int
    found: Sequence[Match]


@dataclass(frozen=True, slots=True)
class Announcer:
    """Says which new articles are news, and owes alerts of them; see `index.store.storing`.

    `before` is what was matched ahead of the transaction, by terms and sources.
    """

    alerts: Alerts
    which: Alert
    before: dict[tuple[Sequence[str], Sequence[str]], Matches] = field(default_factory=dict)

    def parts(
        self, batch: Sequence[Article], analysed: Mapping[bytes, Analysis]
    ) -> Iterator[Sequence[Article]]:
        """A batch in parts that owe no more than others can wait for.

        Between two of them others may write.

        Args:
            batch: The articles to store.
            analysed: The analysis of each new or changed one, by its `digest`.
        """
        part: list[Article] = []
        owed, now = 0, int(time.time())
        for article in batch:
            analysis = analysed.get(digest(article))
            is_told = analysis and self.is_news(article, now)
            wanted = self._match(article, analysis) if analysis and is_told else 0
            if part and owed + wanted > OWED_A_TRANSACTION:
                yield part
                time.sleep(RELIEF_SECONDS)
                part, owed = [], 0
            part.append(article)
            owed += wanted
        yield part

    def _match(self, article: Article, analysis: Analysis) -> int:
        """Match an article as it probably will be stored; return how many wanted it."""
        key = analysis.terms, (article.source,) if article.source else ()
        matches = self.before[key] = self.alerts.match(*key)
        return len(matches.found)

    def is_news(self, article: Article, now: int) -> bool:
        """Whether anybody is to be alerted of an article that is seen for the first time."""
        if self.which is Alert.ALL:
            return True
        published = article.published
        return published is not None and published.timestamp() > now - RECENT.total_seconds()

    def announce(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """Owe alerts of articles that are new, or whose text changed while they are news."""
        self.alerts.owe(connection, fresh, now, self.before)
