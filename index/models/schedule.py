"""Delivery schedule of alerts: immediate or in a digest, outside a chat's quiet hours.

Pure functions: moments are in seconds since the epoch, times of day in minutes
since midnight in the chat's time zone.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from index.models.period import DAY, WEEK

DAY_MINUTES = 24 * 60

_HOUR = timedelta(hours=1)


class Rhythm(StrEnum):
    """Delivery frequency of a subscription's alerts."""

    NOW = "now"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Delivery schedule of a subscription's alerts.

    Args:
        rhythm: At once, or in a digest.
        minute: Time of day of a daily or weekly digest, in minutes since midnight.
        weekday: Weekday of a weekly digest, 0 for Monday.
    """

    rhythm: Rhythm = Rhythm.NOW
    minute: int = 7 * 60
    weekday: int = 0

    def due(self, now: float, zone: tzinfo) -> int:
        """Return when an alert created now is due: now, or at the next digest (seconds)."""
        if self.rhythm is Rhythm.NOW:
            return int(now)
        here = datetime.fromtimestamp(now, zone)
        if self.rhythm is Rhythm.HOURLY:
            hour = here.replace(minute=0, second=0, microsecond=0) + _HOUR
            return int(hour.timestamp())
        ahead = (self.weekday - here.weekday()) % 7
        first = here.date() + (DAY * ahead if self.rhythm is Rhythm.WEEKLY else timedelta())
        step = DAY if self.rhythm is Rhythm.DAILY else WEEK
        due = _at(first, self.minute, zone)
        return due if due > now else _at(first + step, self.minute, zone)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Daily hours without alerts, in minutes since midnight; they may span midnight."""

    start: int
    end: int

    def end_of(self, now: float, zone: tzinfo) -> int | None:
        """Return when the present quiet hours end (seconds); None outside of them."""
        here = datetime.fromtimestamp(now, zone)
        minute = here.hour * 60 + here.minute
        if (minute - self.start) % DAY_MINUTES >= (self.end - self.start) % DAY_MINUTES:
            return None
        ends = _at(here.date(), self.end, zone)
        return ends if ends > now else _at(here.date() + DAY, self.end, zone)


def _at(day: date, minute: int, zone: tzinfo) -> int:
    """Return the timestamp of a time of day, in seconds."""
    hour, minute = divmod(minute, 60)
    return int(datetime.combine(day, time(hour, minute), zone).timestamp())
