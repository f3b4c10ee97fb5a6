"""Adaptive polling intervals of sources, exponential backoff after failures, retries of items.

Pure functions: times are in seconds since the epoch, spans in seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NEWEST = 10
"""How many of the newest items determine a source's publishing rate."""

FEWEST = 3
CHECKS_A_GAP = 2
"""Checks per average gap between two articles."""

QUICKER = 0.5
SLOWER = 1.5
"""Factors of the interval of sources without dates, after a check with and without news."""

ITEM_PAUSES = (300, 1_800, 10_800)
"""Seconds until a failed article is fetched again, after each attempt."""

REVISIT_AFTER = 24 * 3600
"""Seconds until an article is fetched again to find corrections and removals."""

REVISIT_WITHIN = 3 * 24 * 3600
"""Seconds after which an overdue revisit is skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Limits of check intervals in seconds, and of failures in a row before a pause.

    `folder` is the interval of watched folders, `nearby` that of addresses of this machine;
    None treats these as any others.
    """

    shortest: int = 120
    longest: int = 6 * 3600
    folder: int = 5
    nearby: int | None = None
    failures: int = 10


def interval_by_dates(published: Sequence[float], now: float, bounds: Bounds) -> int | None:
    """Return the check interval from the publication dates of items; None if too few.

    Args:
        published: Publication times of the items.
        now: The current time.
        bounds: The shortest and longest interval.
    """
    newest = sorted((moment for moment in published if moment <= now), reverse=True)[:NEWEST]
    if len(newest) < FEWEST:
        return None
    return _within((now - newest[-1]) / len(newest) / CHECKS_A_GAP, bounds)


def adapt_interval(interval: int, news: bool, bounds: Bounds) -> int:
    """Shorten the check interval after a check with news, lengthen it after one without."""
    return _within(interval * (QUICKER if news else SLOWER), bounds)


def next_check(now: float, interval: int, max_age: float | None, bounds: Bounds) -> int:
    """Return the time of the next check after a success.

    Args:
        now: The time of the check.
        interval: The check interval of the source.
        max_age: Seconds for which the response is fresh; capped at the longest interval.
        bounds: The shortest and longest interval.
    """
    return int(now + max(interval, min(max_age or 0, bounds.longest)))


def next_retry(
    now: float, failures: int, jitter: float, retry_after: float | None, bounds: Bounds
) -> int:
    """Return the time of the next check after a failure: exponential backoff with jitter.

    Args:
        now: The time of the check.
        failures: Failures in a row, including this one.
        jitter: A random number from 0 to 1: spreads sources that failed together.
        retry_after: Seconds of the Retry-After header, the least to wait.
        bounds: The shortest and longest wait.
    """
    doubled = bounds.shortest * 2.0 ** min(failures - 1, 30)
    wait = min(doubled, bounds.longest) * (0.75 + jitter / 2)
    return int(now + max(wait, retry_after or 0))


def item_retry(now: float, attempts: int) -> int | None:
    """Return the time to retry a failed item; None if it is given up."""
    return int(now + ITEM_PAUSES[attempts - 1]) if attempts <= len(ITEM_PAUSES) else None


def _within(seconds: float, bounds: Bounds) -> int:
    return int(min(max(seconds, bounds.shortest), bounds.longest))
