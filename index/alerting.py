"""Alerts of new articles: whom they are owed to, decided where the article is stored."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from threading import Lock

from sqlalchemy import Connection

from index.analyser import Analyser
from index.article import Article
from index.store.database import Database
from index.store.deliveries import owe
from index.store.storing import Fresh
from index.store.subscriptions import Recipient, changed_wishes, recipients
from index.subscriptions import Matcher, SubscriptionError, parse

_LOGGER = logging.getLogger(__name__)

RECENT = timedelta(days=2)
"""How old an article may be that is news of itself, wherever it comes from."""


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
        self._revision = 0
        self._lock = Lock()

    def of(self, which: Alert) -> "Announcer | None":
        """What announces the news among new articles; None if there is to be none."""
        if which is Alert.NONE:
            return None
        with self._database.reading() as connection:
            self._refresh(connection)  # what is many is not to be read while others wait
        return Announcer(self, which)

    def owe(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """Owe articles to whom they are for, within the transaction that stores them."""
        self._refresh(connection)
        matches = {each.number: self._matcher.match(each.terms, each.sources) for each in fresh}
        wanted = {match.id for found in matches.values() for match in found}
        known = {each.subscription.id: each for each in recipients(connection, wanted)}
        for each in fresh:
            matched: list[tuple[Recipient, tuple[int, ...]]] = [
                (known[match.id], match.positions)
                for match in matches[each.number]
                if match.id in known
            ]
            owe(connection, each.number, matched, now, is_new=each.is_new)

    def _refresh(self, connection: Connection) -> None:
        """Take over what changed since; ended subscriptions stay, and match nobody."""
        with self._lock:
            revision, changed = changed_wishes(connection, self._revision)
            for subscription, wish in changed:
                try:
                    self._matcher.add(subscription, parse(wish, self._analyser))
                except SubscriptionError as error:
                    _LOGGER.error("subscription %d cannot be read: %s", subscription, error)
            self._revision = revision


@dataclass(frozen=True, slots=True)
class Announcer:
    """Says which new articles are news, and owes alerts of them; see `index.store.storing`."""

    alerts: Alerts
    which: Alert

    def is_news(self, article: Article, now: int) -> bool:
        """Whether anybody is to be alerted of an article that is seen for the first time."""
        if self.which is Alert.ALL:
            return True
        published = article.published
        return published is not None and published.timestamp() > now - RECENT.total_seconds()

    def announce(self, connection: Connection, fresh: Sequence[Fresh], now: int) -> None:
        """Owe alerts of articles that are new, or whose text changed while they are news."""
        self.alerts.owe(connection, fresh, now)
