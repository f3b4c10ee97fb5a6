"""Keeping the engine in line with the store, and both in line with this version."""

from collections.abc import Iterator

from index import analyser as analysing
from index.analyser import Analyser
from index.analysis import analyse
from index.checking import Checked, Problem, check
from index.engines import Engine, Origin
from index.own_abbreviations import OwnAbbreviations
from index.store import Articles, Inspection

BATCHES_A_COMMIT = 50
"""How often a long run is made searchable while it goes on."""


class Upkeep:
    """What has to be done to an index now and then. Its methods block.

    Args:
        articles: The truth.
        inspection: The same, as it is stored.
        engine: What is derived from it.
        analyser: What reads articles.
        abbreviations: What the articles say of them.
    """

    def __init__(
        self,
        articles: Articles,
        inspection: Inspection,
        engine: Engine,
        analyser: Analyser,
        abbreviations: OwnAbbreviations,
    ) -> None:
        self._articles = articles
        self._inspection = inspection
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
        return check(self._inspection, self._engine.snapshot(), revision, checked, analyser)

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
