"""Report of a check of a source, and its line in the log."""

import logging
from dataclasses import dataclass, replace

from index.models.article import IngestReport, Rejection
from index.store.sources import Source

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Result of checking a source.

    `new`, `updated` and `removed` count articles, `failed` lists those that could not be fetched
    in full. `error` is why the source itself could not be read, `paused` why it was paused.
    """

    new: int = 0
    updated: int = 0
    removed: int = 0
    failed: tuple[Rejection, ...] = ()
    not_modified: bool = False
    error: str | None = None
    paused: str | None = None

    @classmethod
    def of(cls, report: IngestReport) -> "CheckReport":
        """Return the counts of an ingest."""
        return cls(new=report.added, updated=report.updated, failed=tuple(report.rejected))

    def __add__(self, other: "CheckReport") -> "CheckReport":
        """Add the counts and failures of a later part of the check."""
        return replace(
            self,
            new=self.new + other.new,
            updated=self.updated + other.updated,
            removed=self.removed + other.removed,
            failed=self.failed + other.failed,
        )


def log_check(source: Source, report: CheckReport) -> None:
    """Log the result of a check, if there is anything to tell."""
    if report.paused:
        _LOGGER.warning("source %s: paused: %s", source.name, report.paused)
    elif report.error:
        _LOGGER.warning("source %s: %s", source.name, report.error)
    elif any(counts := (report.new, report.updated, report.removed, len(report.failed))):
        words = "source %s: %d new, %d updated, %d removed, %d failed"
        _LOGGER.info(words, source.name, *counts)
