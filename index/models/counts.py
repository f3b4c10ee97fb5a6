"""Counts of the articles on a subject, by day of publication and by source."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.models.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCounts:
    """How many articles on a subject were published on each day of a period.

    `subject` is as it was typed. `period` has both ends; `days` holds the articles of each of its
    days in order, `sources` those of each source, most first: an article counts for each of its
    sources. `is_complete` is False where there were too many to count them all.
    """

    subject: str
    period: Period
    days: Sequence[int]
    sources: Sequence[tuple[str, int]]
    is_complete: bool = True

    @property
    def total(self) -> int:
        """Number of the articles of all days."""
        return sum(self.days)
