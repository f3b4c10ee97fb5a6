"""Keeping the engine in line with the store, and both in line with this version."""

from collections.abc import Iterator
from pathlib import Path

from index import analyser as analysing
from index.analyser import Analyser
from index.analysis import analyse
from index.checking import Checked, Problem, check
from index.engines import Engine, Origin
from index.own_abbreviations import OwnAbbreviations
from index.store import Articles, Database, Inspection
from index.store.backup import back_up, restore

BATCHES_A_COMMIT = 25
"""How often a long run is made searchable while it goes on."""


class Upkeep:
    """What has to be done to an index now and then. Its methods block.

    Args:
        database: The truth.
        articles: What is in it.
        engine: What is derived from it.
        analyser: What reads articles.
        abbreviations: What the articles say of them.
    """

    def __init__(
        self,
        database: Database,
        articles: Articles,
        engine: Engine,
        analyser: Analyser,
        abbreviations: OwnAbbreviations,
    ) -> None:
        self._database = database
        self._articles = articles
        self._engine = engine
        self._analyser = analyser
        self._abbreviations = abbreviations

    def is_missing(self) -> bool:
        """Whether there is no index of what is stored: none at all, or of another database."""
        origin, stored = self._engine.origin(), self._articles.revision()
        if origin is None or origin.collection != self._articles.collection_id():
            return stored > 0
        return self._engine.revision() > stored

    def catch_up(self, *, wait: bool = True) -> None:
        """Make all that is stored searchable.

        Args:
            wait: Wait for another process that is doing so; else leave it to that one, unless
                nothing can be found before it is done.
        """
        if self.is_missing():
            self._engine.build(self._articles.changed_since, self._origin())
        elif self._engine.revision() < self._articles.revision():
            self._engine.follow(self._articles.changed_since, wait=wait)

    def is_outdated(self) -> bool:
        """Whether an older version analysed or indexed what there is; `renew` does it anew."""
        if self._articles.analyser_version() < analysing.VERSION or self._engine.is_outdated():
            return True
        origin = self._engine.origin()
        return origin is not None and origin != self._origin()

    def renew(self) -> None:
        """Analyse and index anew what an older version did, while that goes on answering.

        Interrupted, it goes on from there when it is called again.
        """
        self._analyse_anew()
        if self.is_outdated():
            self._engine.build(self._articles.changed_since, self._origin())

    def check(self, checked: Checked, *, sentences: bool = False) -> Iterator[Problem]:
        """Find what is wrong with store and engine; see `index.checking`.

        Args:
            checked: Is counted up.
            sentences: Compare sentence by sentence; each is analysed anew.
        """
        revision = self._engine.revision()
        analyser = self._analyser if sentences else None
        return check(Inspection(self._database), self._engine, revision, checked, analyser)

    def reindex(self, *, sentences: bool = False) -> None:
        """Build the engine and what is known of abbreviations anew from the store.

        The engine that there is goes on answering until the new one is complete.

        Args:
            sentences: Split and analyse each article anew, too.
        """
        if sentences:
            self._articles.distrust()
        self._analyse_anew()
        self._abbreviations.renew()
        self._engine.build(self._articles.changed_since, self._origin())

    def back_up(self, path: Path) -> int:
        """Write all that is stored to a file; returns how many articles that are.

        Raises:
            StorageError: It cannot be backed up, or not there.
        """
        return back_up(self._database, path)

    def restore(self, path: Path) -> int:
        """Put a backup in the place of what is stored, and index it.

        Until that is done, answers are found by the index of what was there before: each is a
        quote all the same, but some are missed.

        Returns:
            How many articles there are now.

        Raises:
            StorageError: It cannot be restored; all is as it was.
        """
        count = restore(self._database, path, analysing.VERSION)
        self.catch_up()
        self.renew()
        return count

    def _analyse_anew(self) -> None:
        """Analyse what an older version analysed; what is done is soon searchable."""
        if self._articles.analyser_version() == analysing.VERSION:
            return
        for number, outdated in enumerate(self._articles.outdated(), start=1):
            renewed = {article.number: analyse(article, self._analyser) for article in outdated}
            self._articles.renew(renewed)
            if number % BATCHES_A_COMMIT == 0:
                self.catch_up(wait=False)

    def _origin(self) -> Origin:
        """What an index is made from that is made now."""
        return Origin(self._articles.collection_id(), self._articles.analyser_version())
