"""Sync the search index with the store, rebuild it, and upgrade it to this version."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.articles.analysis import analyse
from index.engine.consistency import ConsistencyReport, Inconsistency, check
from index.engine.protocol import Engine, Origin
from index.errors import DatabaseLostError, StorageError, UnavailableError
from index.language import analyser as analysing
from index.language.analyser import Analyser
from index.store import AbbreviationDefinitions, Articles, Database, Inspection, Leases
from index.store.sharing import listen
from index.store.transfer import (
    Progress,
    TableComparison,
    adopt,
    adopt_if_restored,
    back_up,
    copy,
    restore,
)

BATCHES_A_SYNC = 25
"""Number of batches that a long run stores between two syncs of the index."""

LEASE = "analyse articles again"

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Revisions:
    """Revision of the store, and the one up to which its articles are searchable."""

    stored: int
    indexed: int

    @property
    def behind(self) -> int:
        """The number of changes that are not searchable."""
        return self.stored - self.indexed


class IndexSync:
    """Keeps a search index in line with the store. Its methods block.

    Args:
        database: The store.
        articles: The articles of the database.
        engine: The index, which is derived from them.
        analyser: Analyses articles again.
        leases: Those of the database: one process at a time analyses all articles again.
    """

    def __init__(
        self,
        database: Database,
        articles: Articles,
        engine: Engine,
        analyser: Analyser,
        leases: Leases,
    ) -> None:
        self._database = database
        self._articles = articles
        self._engine = engine
        self._analyser = analyser
        self._leases = leases
        self._is_cluster_lost = False

    def is_missing(self) -> bool:
        """Whether there is no index of this database."""
        # The index first: what others store and index meanwhile does not look like another store.
        origin, indexed = self._engine.origin(), self._engine.revision()
        stored = self._articles.revision()
        if origin is None or origin.collection != self._articles.collection_id():
            return stored > 0
        return indexed > stored

    def revisions(self) -> Revisions:
        """Return how far the store and the index are.

        Raises:
            StorageError: The database or the engine cannot be used.
        """
        indexed = self._engine.revision()
        return Revisions(self._articles.revision(), indexed)

    def sync(self, *, wait: bool = True) -> None:
        """Make all stored articles searchable.

        Args:
            wait: Wait for another process that is syncing; else leave it to that one, unless
                there is no index yet.
        """
        if self.is_missing():
            self._rebuild()
        elif self.revisions().behind > 0:
            self._engine.update(self._articles.changed_since, wait=wait)

    def sync_if_available(self, *, wait: bool = True) -> bool:
        """Sync; leave it to the next time, with one line in the log, if a cluster does not answer.

        Args:
            wait: See `sync`.

        Returns:
            Whether it answered.
        """
        try:
            self.sync(wait=wait)
        except DatabaseLostError:
            return False
        except UnavailableError as error:
            if not self._is_cluster_lost:
                _LOGGER.warning("not all articles are searchable: %s", error)
            self._is_cluster_lost = True
            return False
        if self._is_cluster_lost:
            _LOGGER.warning("the search cluster answers again, all articles are searchable")
        self._is_cluster_lost = False
        return True

    def listen(self, stop: threading.Event, notice: Callable[[], object]) -> None:
        """Call back when a process has stored articles, until `stop` is set; see `listen`."""
        listen(self._database, stop, notice)

    def is_outdated(self) -> bool:
        """Whether an older version analysed or indexed the articles; see `upgrade`."""
        if self._articles.analyser_version() < analysing.VERSION or self._engine.is_outdated():
            return True
        origin = self._engine.origin()
        return origin is not None and origin != self._origin()

    def upgrade(self) -> None:
        """Analyse and index again the articles of an older version, whose index stays in use.

        Interrupted, it continues when it is called again.
        """
        self._analyse_outdated()
        if self.is_outdated():
            self._rebuild()

    def rebuild(self, *, sentences: bool = False) -> None:
        """Rebuild the index and the stored abbreviations from the articles.

        The present index stays in use until the new one is complete.

        Args:
            sentences: Also split and analyse each article again.
        """
        if sentences:
            self._articles.mark_outdated()
        self._analyse_outdated()
        AbbreviationDefinitions(self._database).renew()
        self._rebuild()

    def check(
        self, report: ConsistencyReport, *, sentences: bool = False
    ) -> Iterator[Inconsistency]:
        """Find inconsistencies of the index with the store; see `index.engine.consistency`.

        Args:
            report: Counts what was compared.
            sentences: Compare sentence by sentence; each is analysed again.
        """
        indexed, stored = self._engine.revision(), self._articles.revision()
        analyser = self._analyser if sentences else None
        return check(Inspection(self._database), self._engine, indexed, stored, report, analyser)

    def back_up(self, path: Path) -> int:
        """Back up the store to a file; return the number of articles.

        Raises:
            StorageError: The store is damaged or cannot be backed up, or the file cannot be
                written; an earlier backup stays.
        """
        return back_up(self._database, path)

    def restore(self, path: Path) -> int:
        """Replace the store by a backup, and index it.

        Until that is done, searches use the index of the replaced store: answers are still
        quotes, but some are missed.

        Returns:
            The number of articles.

        Raises:
            StorageError: The backup cannot be restored and nothing was changed, or the message
                says that it was restored and cannot be indexed.
        """
        count = restore(self._database, path, analysing.VERSION)
        self._index_replaced(f"backup {path}: it is restored")
        return count

    def adopt(self) -> int:
        """Make a store that was replaced from outside another collection, and index it.

        Returns:
            The number of articles.

        Raises:
            StorageError: The store cannot be adopted and nothing was changed, or the message says
                that it was adopted and cannot be indexed.
        """
        count = adopt(self._database)
        self._index_replaced(f"database {self._database.name}: it is adopted")
        return count

    def adopt_if_restored(self) -> None:
        """Adopt a database of PostgreSQL that was restored from a dump since it was last opened.

        Raises:
            StorageError: The database cannot be used.
        """
        if adopt_if_restored(self._database):
            _LOGGER.warning(
                "the database was restored from a dump: it is another collection now, which is "
                "indexed anew; alerts that were pending in the dump are dropped"
            )

    def copy_to(self, target: Database, progress: Progress) -> list[TableComparison]:
        """Copy the store to another database; see `index.store.transfer.copying.copy`."""
        return copy(self._database, target, progress)

    def _index_replaced(self, done: str) -> None:
        try:
            self.sync()
            self.upgrade()
        except StorageError as error:
            raise StorageError(
                f"{done} and not yet indexed: {error}; then: hoibao reindex"
            ) from error

    def _analyse_outdated(self) -> None:
        """Analyse articles of an older version again, and sync the index now and then.

        Waits for another process that does; what that one did is not done again.
        """
        if self._articles.analyser_version() == analysing.VERSION:
            return
        with self._leases.held(LEASE):
            for number, outdated in enumerate(self._articles.outdated(), start=1):
                renewed = {article.number: analyse(article, self._analyser) for article in outdated}
                self._articles.renew(renewed)
                if number % BATCHES_A_SYNC == 0:
                    self.sync(wait=False)

    def _rebuild(self) -> None:
        self._engine.rebuild(self._articles.changed_since, self._origin())

    def _origin(self) -> Origin:
        """Return the origin of an index that is built now."""
        return Origin(self._articles.collection_id(), self._articles.analyser_version())
