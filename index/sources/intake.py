"""What was gathered goes into the library, and each item is settled. Blocking: for a thread."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.alerting import Alert
from index.article import Article, Rejection
from index.identity import public_id, url_key
from index.library import Library
from index.reading import read
from index.reports import IngestReport
from index.sources.gathering import Gathered
from index.sources.schedule import REVISIT_AFTER, item_retry
from index.store.source_items import ItemState, Revisit, SourceItem
from index.store.sources import Source


@dataclass(slots=True)
class Tally:
    """How many articles a check brought, changed, or found to be gone, and what failed."""

    new: int = 0
    updated: int = 0
    removed: int = 0
    failed: list[Rejection] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what another one counted."""
        self.new += other.new
        self.updated += other.updated
        self.removed += other.removed
        self.failed += other.failed

    def count(self, report: IngestReport) -> None:
        """Add what the library says."""
        self.new += report.added
        self.updated += report.updated
        self.failed += report.rejected


@dataclass(frozen=True, slots=True)
class Check:
    """A check of a source, when it began, and what it has come to."""

    source: Source
    now: int
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Visit:
    """An item that was fetched, the stamp that it has now, and what came of it."""

    item: SourceItem
    stamp: str | None
    gathered: Gathered


class Intake:
    """Takes in what one source gave.

    Args:
        library: Where articles are stored.
        source: The source.
        now: The time of the check.
    """

    def __init__(self, library: Library, source: Source, now: int) -> None:
        self._library = library
        self._source = source
        self._now = now
        self.tally = Tally()

    def take(self, visits: Sequence[Visit]) -> None:
        """Store the articles of some visits and settle their items.

        Raises:
            StorageError: If they cannot be stored; the items are fetched again then.
        """
        for visit in visits:
            if visit.gathered.is_gone and visit.item.article is not None:
                self._mark_removed(visit.item.article, visit.item.key)
        articles = {
            visit.item.key: self._as_known(visit.gathered.article)
            for visit in visits
            if visit.gathered.article and not _has_better(visit)
        }
        for alert, chosen in (
            (Alert.ALL, [visit for visit in visits if not visit.item.is_back_catalogue]),
            (Alert.NONE, [visit for visit in visits if visit.item.is_back_catalogue]),
        ):
            given = [articles[v.item.key] for v in chosen if v.item.key in articles]
            if given:
                self.tally.count(self._library.ingest(given, alert=alert))
        for visit in visits:
            article = articles.get(visit.item.key)
            number = self._number(article) if article else None
            self._settle(visit, number)

    def take_again(self, revisit: Revisit, gathered: Gathered) -> None:
        """Store what changed of an article that was looked at again, or that it is gone.

        Nobody is alerted of it: it is news no more.

        Raises:
            StorageError: If it cannot be stored; it is looked at once more then.
        """
        article = gathered.article
        if gathered.is_gone:
            self._mark_removed(revisit.article, revisit.url)
        elif article and url_key(article.url) == url_key(revisit.url):
            self.tally.count(self._library.ingest(self._as_known(article), alert=Alert.NONE))
        self._library.followed.items.revisited(self._source.id, revisit.key)

    def take_missing(self, present: Collection[str]) -> None:
        """Mark the articles of a watched folder's files that are not present any more.

        Of a file of several articles it is not known which they are: they stay as they are.
        """
        items = self._library.followed.items
        self.tally.removed += items.miss(self._source.id, present, self._now)

    def take_file(self, item: SourceItem, stamp: str | None) -> None:
        """Store the articles of a file of a watched folder.

        What is added later to a file of the back catalogue is news.

        Raises:
            StorageError: If they cannot be stored.
        """
        found: list[Article] = []
        is_old = item.is_back_catalogue and item.state is not ItemState.STORED
        report = self._library.ingest(
            self._articles_of(item.key, found), alert=Alert.NONE if is_old else Alert.ALL
        )
        self.tally.count(report)
        attempts = item.attempts + 1
        is_stored = bool(found) or not report.rejected
        self._library.followed.items.settle(
            self._source.id,
            item.key,
            state=ItemState.STORED if is_stored else ItemState.FAILED,
            stamp=stamp,
            attempts=attempts,
            retry_at=None if is_stored else item_retry(self._now, attempts),
            article=self._number(found[0]) if len(found) == 1 else None,
        )

    def _articles_of(self, path: str, found: list[Article]) -> Iterator[Article | Rejection]:
        """Read a file; of its articles, the first two are kept in `found`."""
        for article in read([Path(path)]):
            if isinstance(article, Article):
                named = replace(article, source=article.source or self._source.name)
                if len(found) < 2:
                    found.append(named)
                yield named
            else:
                yield article

    def _as_known(self, article: Article) -> Article:
        """Leave an article that came by another source the name of that one."""
        known = self._library.find(article.url) if article.url else None
        if known is None or not known.source or url_key(known.url) != url_key(article.url):
            return article
        return replace(article, source=known.source)

    def _mark_removed(self, number: int, address: str) -> None:
        self.tally.removed += self._library.mark_removed(number, address)

    def _number(self, article: Article) -> int | None:
        stored = self._library.find(article.url or public_id(article))
        return stored.number if stored else None

    def _settle(self, visit: Visit, number: int | None) -> None:
        item, gathered = visit.item, visit.gathered
        attempts = item.attempts + 1
        state, retry_at, stamp = ItemState.STORED, None, visit.stamp
        if gathered.trouble:
            self.tally.failed.append(Rejection(item.key.removeprefix("id:"), gathered.trouble))
            if _has_better(visit):
                stamp = item.stamp if gathered.may_come else visit.stamp
            else:
                state = ItemState.FAILED
                retry_at = item_retry(self._now, attempts) if gathered.may_come else None
        self._library.followed.items.settle(
            self._source.id,
            item.key,
            state=state,
            stamp=stamp,
            attempts=attempts,
            retry_at=retry_at,
            article=number,
            revisit_at=self._revisit_at(visit) if state is ItemState.STORED else None,
        )

    def _revisit_at(self, visit: Visit) -> int | None:
        """When a page is looked at again; never one of a back catalogue, or a feed's own text."""
        is_settled = visit.item.is_back_catalogue or visit.gathered.trouble
        return None if is_settled else self._now + REVISIT_AFTER


Deed = Callable[[Intake], None]
"""A method of `Intake` with what it is given."""


def take_in(library: Library, source: Source, now: int, deed: Deed) -> Tally:
    """Do one thing that an `Intake` of a source can: a function for an `Executor`."""
    intake = Intake(library, source, now)
    deed(intake)
    return intake.tally


def _has_better(visit: Visit) -> bool:
    """Whether the article is stored from its page already, and the feed's text is less."""
    return visit.item.state is ItemState.STORED and visit.gathered.trouble is not None
