"""How often an alert is to be expected, from how often there would have been one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(days=30)
"""How far back is looked: as far as the reply to a new subscription counts matches."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Pace(StrEnum):
    """In what a frequency is counted."""

    DAILY = "daily"
    WEEKLY = "weekly"
    RARELY = "rarely"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, for a person: `count` times a day or a week, at least 1.

    With `RARELY` (less than once a week) and `NEVER` (not once), `count` is how
    often it was in the whole window.
    """

    pace: Pace
    count: int


def frequency(times: Sequence[datetime], now: datetime, since: datetime | None = None) -> Frequency:
    """How often something is to be expected that happened at these times.

    Args:
        times: With offsets, in any order; those outside of the window are left out.
        now: The end of the window.
        since: When watching began, if less than `WINDOW` ago: a collection of
            three days cannot tell what thirty are like. At least a day is assumed.
    """
    start = max(now - WINDOW, since) if since else now - WINDOW
    watched = max(now - start, _DAY)
    count = sum(now - watched <= each <= now for each in times)
    if count == 0:
        return Frequency(Pace.NEVER, 0)
    if count >= watched / _DAY:
        return Frequency(Pace.DAILY, round(count / (watched / _DAY)))
    if count >= watched / _WEEK:
        return Frequency(Pace.WEEKLY, round(count / (watched / _WEEK)))
    return Frequency(Pace.RARELY, count)
