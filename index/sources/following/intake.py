"""Store fetched articles and update the state of their source items. Blocking: for a thread."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from index.alerts.announcer import Alert
from index.articles.duplicates import is_version
from index.articles.identity import public_id, url_key
from index.articles.readers import read
from index.models.article import Article, IngestReport, Rejection, StoredArticle
from index.sources.articles import FetchedArticle
from index.sources.pages import cut_repeated
from index.sources.report import CheckReport
from index.sources.schedule import REVISIT_AFTER, item_retry
from index.store.sources import ItemState, RevisitItem, Source, SourceItem, Sources


class ArticleLibrary(Protocol):
    """Interface to a library that following sources needs."""

    followed: Sources

    def ingest(self, inputs: Iterable[Article | Rejection], *, alert: Alert) -> IngestReport:
        """Store articles and queue the alerts that match them."""

    def find(self, reference: str) -> StoredArticle | None:
        """Return the article of a public id or URL."""

    def mark_removed(self, number: int, address: str) -> bool:
        """Mark an article as removed from an address; return whether it was not yet."""

    def close(self) -> None:
        """Close the database and the index."""


@dataclass(frozen=True, slots=True)
class FetchedItem:
    """A source item, its current stamp, and the result of fetching it."""

    item: SourceItem
    stamp: str | None
    result: FetchedArticle

    @property
    def has_better(self) -> bool:
        """Whether the full article is stored already and only the feed's text was fetched."""
        return self.item.state is ItemState.STORED and self.result.error is not None

    @property
    def is_outdated(self) -> bool:
        """Whether what is stored stays as it was, since a change could not be fetched yet."""
        return self.has_better and self.result.is_retryable


def store_items(
    library: ArticleLibrary, source: Source, now: int, visits: Sequence[FetchedItem]
) -> CheckReport:
    """Store a batch of fetched articles and finish their source items.

    Raises:
        StorageError: If they cannot be stored; the items stay pending.
    """
    report = CheckReport()
    for visit in visits:
        if visit.result.is_gone and visit.item.article is not None:
            report += _removed(library, visit.item.article, visit.item.key)
    pages = [visit.result.page for visit in visits if visit.result.page]
    library.followed.pages.record(source.id, now, pages)
    repeated = library.followed.pages.repeated(source.id)
    articles: dict[str, Article] = {}
    for visit in visits:
        article = visit.result.article
        if article is None or visit.has_better:
            continue
        if visit.result.page:
            article = cut_repeated(article, visit.result.page, repeated)
        earlier = _earlier_version(library, source, visit.item, article)
        if earlier is None:
            articles[visit.item.key] = _as_known(library, article)
        elif visit.result.error is None:
            articles[visit.item.key] = replace(article, id=earlier.id, source=earlier.source)
    for alert, is_old in ((Alert.ALL, False), (Alert.NONE, True)):
        chosen = (v.item for v in visits if v.item.is_back_catalogue is is_old)
        given = [articles[item.key] for item in chosen if item.key in articles]
        if given:
            report += CheckReport.of(library.ingest(given, alert=alert))
    for visit in visits:
        article = articles.get(visit.item.key)
        _finish(library, source, now, visit, _number(library, article) if article else None)
    failed = tuple(
        Rejection(visit.item.key.removeprefix("id:"), visit.result.error)
        for visit in visits
        if visit.result.error
    )
    return report + CheckReport(failed=failed)


def store_revisit(
    library: ArticleLibrary, source: Source, revisit: RevisitItem, fetched: FetchedArticle
) -> CheckReport:
    """Store the correction or removal of an article that was fetched again.

    No alerts: it is no longer news.

    Raises:
        StorageError: If it cannot be stored; it is fetched once more then.
    """
    report = CheckReport()
    article = fetched.article
    if fetched.is_gone:
        report = _removed(library, revisit.article, revisit.url)
    elif article and url_key(article.url) == url_key(revisit.url):
        report = CheckReport.of(library.ingest([_as_known(library, article)], alert=Alert.NONE))
    library.followed.items.finish_revisit(source.id, revisit.key)
    return report


def store_file(
    library: ArticleLibrary, source: Source, now: int, item: SourceItem, stamp: str | None
) -> CheckReport:
    """Store the articles of a file of a watched folder.

    Articles added later to a file of the back catalogue are news.

    Raises:
        StorageError: If they cannot be stored.
    """
    found: list[Article] = []
    is_old = item.is_back_catalogue and item.state is not ItemState.STORED
    report = library.ingest(
        _articles_of(item.key, source.name, found), alert=Alert.NONE if is_old else Alert.ALL
    )
    attempts = item.attempts + 1
    is_stored = bool(found) or not report.rejected
    library.followed.items.finish_item(
        source.id,
        item.key,
        state=ItemState.STORED if is_stored else ItemState.FAILED,
        stamp=stamp,
        attempts=attempts,
        retry_at=None if is_stored else item_retry(now, attempts),
        article=_number(library, found[0]) if len(found) == 1 else None,
    )
    return CheckReport.of(report)


def _articles_of(path: str, name: str, found: list[Article]) -> Iterator[Article | Rejection]:
    """Read a file; of its articles, the first two are kept in `found`."""
    for article in read([Path(path)]):
        if isinstance(article, Article):
            named = replace(article, source=article.source or name)
            if len(found) < 2:
                found.append(named)
            yield named
        else:
            yield article


def _as_known(library: ArticleLibrary, article: Article) -> Article:
    """Keep the source name of an article that is stored already under another source."""
    known = library.find(article.url) if article.url else None
    if known is None or not known.source or url_key(known.url) != url_key(article.url):
        return article
    return replace(article, source=known.source)


def _earlier_version(
    library: ArticleLibrary, source: Source, item: SourceItem, article: Article
) -> StoredArticle | None:
    """Return the stored article that one at a new address is a version of, by its feed's id."""
    if item.guid is None or article.url is None or library.find(article.url):
        return None
    name = library.followed.items.article_of_guid(source.id, item.guid)
    earlier = library.find(name) if name else None
    if earlier is None or earlier.source != article.source:
        return None
    return earlier if is_version(earlier, article) else None


def _removed(library: ArticleLibrary, number: int, address: str) -> CheckReport:
    return CheckReport(removed=int(library.mark_removed(number, address)))


def _number(library: ArticleLibrary, article: Article) -> int | None:
    stored = library.find(article.url or public_id(article))
    return stored.number if stored else None


def _finish(
    library: ArticleLibrary, source: Source, now: int, visit: FetchedItem, number: int | None
) -> None:
    item, fetched = visit.item, visit.result
    attempts = item.attempts + 1
    if visit.has_better:
        stamp = item.stamp if visit.is_outdated else visit.stamp
        library.followed.items.keep_stored(source.id, item.key, stamp=stamp, attempts=attempts)
        return
    state, retry_at = ItemState.STORED, None
    if fetched.error:
        state = ItemState.FAILED
        retry_at = item_retry(now, attempts) if fetched.is_retryable else None
    # A page of the back catalogue, or a feed's own text, is not looked at again.
    is_settled = item.is_back_catalogue or fetched.error
    library.followed.items.finish_item(
        source.id,
        item.key,
        state=state,
        stamp=visit.stamp,
        attempts=attempts,
        retry_at=retry_at,
        article=number,
        revisit_at=None if is_settled else now + REVISIT_AFTER,
    )
