"""Periods of days (weeks, months, quarters, years, parts of them) and the Vietnamese time zone."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

MONTHS_A_QUARTER = 3
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class PeriodPart(StrEnum):
    """Part of a month or year: a half, or else a third."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    FIRST_HALF = "first half"
    LAST_HALF = "last half"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, inclusive; None is an open end."""

    first: date | None
    last: date | None

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Make the period of one day."""
        return cls(day, day)

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Self:
        """Make the period of whole months of a year.

        Raises:
            ValueError: There is no such month or year.
        """
        if not 1 <= first <= last <= 12:
            raise ValueError(f"months {first} to {last}")
        return cls(date(year, first, 1), date(year, last, monthrange(year, last)[1]))

    @classmethod
    def of_year(cls, year: int) -> Self:
        """Make the period of a whole year."""
        return cls.of_months(year, 1, 12)

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Self:
        """Make the period of a quarter of a year, 1 to 4."""
        last = quarter * MONTHS_A_QUARTER
        return cls.of_months(year, last - MONTHS_A_QUARTER + 1, last)

    @classmethod
    def of_week(cls, day: date) -> Self:
        """Make the period of a day's week, from Monday to Sunday."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @property
    def days(self) -> int:
        """Number of days; the largest possible if an end is open."""
        if self.first is None or self.last is None:
            return (date.max - date.min).days + 1
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        if self.first == self.last:
            return f"{self.first}"
        if self.first is None or self.last is None:
            return f"since {self.first}" if self.first else f"until {self.last}"
        return f"{self.first} to {self.last}"

    @property
    def is_open(self) -> bool:
        """Whether an end is open."""
        return self.first is None or self.last is None

    def holds(self, other: "Period") -> bool:
        """Tell whether all days of another period are within this one."""
        first, last = self._bounds
        start, end = other._bounds
        return first <= start and end <= last

    def published(self, moment: datetime | None) -> bool:
        """Tell whether a publication date is within the period, by the Vietnamese clock."""
        return moment is not None and self.holds(Period.of_day(publication_day(moment)))

    def until(self, day: date) -> "Period":
        """Cut the period off after a day."""
        return Period(self.first, min(self._bounds[1], day))

    def part(self, part: PeriodPart) -> "Period":
        """Take a part of the period, which must have both ends; a year is divided by months."""
        first, last = self._bounds
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months >= MONTHS_A_QUARTER:
            start, end = _part_bounds(part, months)
            return Period.of_months(first.year, first.month + start, first.month + end - 1)
        start, end = _part_bounds(part, self.days - 1)
        # The last third of a month has its thirty-first day too.
        last = last if end == self.days - 1 else first + timedelta(days=end - 1)
        return Period(first + timedelta(days=start), last)

    @property
    def _bounds(self) -> tuple[date, date]:
        """First and last day, an open end replaced by the first or last day that there is."""
        return self.first or date.min, self.last or date.max


def _part_bounds(part: PeriodPart, whole: int) -> tuple[int, int]:
    """Return the bounds `[start, end)` of a part of a number of days or months."""
    third, half = -(-whole // 3), whole // 2
    return {
        PeriodPart.EARLY: (0, third),
        PeriodPart.MIDDLE: (third, whole - third),
        PeriodPart.LATE: (whole - third, whole),
        PeriodPart.FIRST_HALF: (0, half),
        PeriodPart.LAST_HALF: (half, whole),
    }[part]


def has_time(moment: datetime) -> bool:
    """Tell whether a time of day is known; midnight means that only the day is."""
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def publication_day(moment: datetime) -> date:
    """Return the day of a publication date, by the Vietnamese clock."""
    # Midnight in its own offset means that only the day is known.
    return moment.astimezone(vietnam()).date() if has_time(moment) else moment.date()


def days_before(day: date, days: int) -> date:
    """Return the day so many days before another, or the first day that there is."""
    return day - min(days * DAY, day - date.min)


def vietnam() -> tzinfo:
    """Return the Vietnamese time zone, the default of dates without one."""
    return ZoneInfo("Asia/Ho_Chi_Minh")


def from_seconds(seconds: float) -> datetime:
    """Convert seconds since 1970 to a datetime in Vietnamese time."""
    return datetime.fromtimestamp(seconds, vietnam())
