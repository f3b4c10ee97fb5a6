"""When a source is checked next: often if it publishes often, seldom while it fails.

Pure functions: times are in seconds since the epoch, spans in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NEWEST = 10
"""By how many of its newest items a source's pace is told."""

FEWEST = 3
CHECKS_A_GAP = 2
"""How often a source is checked in the time in which it publishes one article."""

QUICKER = 0.5
SLOWER = 1.5
"""What an interval is multiplied by where the items have no dates: with news, and without."""

ITEM_PAUSES = (300, 1_800, 10_800)
"""How long an article that could not be got is left alone, after each attempt."""

REVISIT_AFTER = 24 * 3600
"""When the page of an article is looked at again: by then it was corrected, or removed."""

REVISIT_WITHIN = 3 * 24 * 3600
"""For how long after that it is still worth it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Within which sources are checked, and after how many failures in a row they are paused.

    `folder` is for watched folders, which cost nobody anything, `nearby` for addresses of this
    machine, likewise; None treats them as any others.
    """

    shortest: int = 120
    longest: int = 6 * 3600
    folder: int = 5
    nearby: int | None = None
    failures: int = 10


def interval_by_dates(published: Sequence[float], now: float, bounds: Bounds) -> int | None:
    """Return how often to check a source whose items have dates; None if too few have.

    Args:
        published: When its items were published.
        now: The time of reading.
        bounds: The shortest and longest interval.
    """
    newest = sorted((moment for moment in published if moment <= now), reverse=True)[:NEWEST]
    if len(newest) < FEWEST:
        return None
    return _within((now - newest[-1]) / len(newest) / CHECKS_A_GAP, bounds)


def adapt_interval(interval: int, news: bool, bounds: Bounds) -> int:
    """Return the interval after a check that brought news, or none."""
    return _within(interval * (QUICKER if news else SLOWER), bounds)


def next_check(now: float, interval: int, max_age: float | None, bounds: Bounds) -> int:
    """Return when to check a source again after it was read.

    Args:
        now: The time of the check.
        interval: That of the source.
        max_age: For how long the server wants its answer kept; believed up to the longest
            interval.
        bounds: The shortest and longest interval.
    """
    return int(now + max(interval, min(max_age or 0, bounds.longest)))


def next_retry(
    now: float, failures: int, jitter: float, retry_after: float | None, bounds: Bounds
) -> int:
    """Return when to check a source again after it failed.

    Args:
        now: The time of the check.
        failures: How often it failed in a row, this time included.
        jitter: From 0 to 1, at random: sources that failed together come back apart.
        retry_after: What the server asks to wait, if it does: never less.
        bounds: The shortest and longest wait.
    """
    doubled = bounds.shortest * 2.0 ** min(failures - 1, 30)
    wait = min(doubled, bounds.longest) * (0.75 + jitter / 2)
    return int(now + max(wait, retry_after or 0))


def should_pause(failures: int, bounds: Bounds) -> bool:
    """Whether a source failed so often in a row that it is left alone."""
    return failures >= bounds.failures


def item_retry(now: float, attempts: int) -> int | None:
    """Return when an item that failed is tried again; None if it is given up."""
    return int(now + ITEM_PAUSES[attempts - 1]) if attempts <= len(ITEM_PAUSES) else None


def _within(seconds: float, bounds: Bounds) -> int:
    return int(min(max(seconds, bounds.shortest), bounds.longest))
