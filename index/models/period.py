"""Stretches of days: months, quarters, weeks, and what they hold."""

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
    """Which part of a month or year is meant; a half is half, the others are a third."""

    EARLY = "early"
    MIDDLE = "middle"
    LATE = "late"
    FIRST_HALF = "first half"
    LAST_HALF = "last half"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both among them; None is an open end."""

    first: date | None
    last: date | None

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Self:
        """Whole months of a year.

        Raises:
            ValueError: There is no such month or year.
        """
        if not 1 <= first <= last <= 12:
            raise ValueError(f"months {first} to {last}")
        return cls(date(year, first, 1), date(year, last, monthrange(year, last)[1]))

    @classmethod
    def of_year(cls, year: int) -> Self:
        """A whole year."""
        return cls.of_months(year, 1, 12)

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Self:
        """A quarter of a year, 1 to 4."""
        last = quarter * MONTHS_A_QUARTER
        return cls.of_months(year, last - MONTHS_A_QUARTER + 1, last)

    @classmethod
    def of_week(cls, day: date) -> Self:
        """The week of a day, from Monday to Sunday."""
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + timedelta(days=6))

    @property
    def days(self) -> int:
        """How many days there are; more than any other has if an end is open."""
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
        """Whether all days of another are among these."""
        starts = self.first is None or (other.first is not None and self.first <= other.first)
        return starts and (
            self.last is None or (other.last is not None and other.last <= self.last)
        )

    def published(self, moment: datetime | None) -> bool:
        """Whether an article of this date is of these days, in Viet Nam; without a date never."""
        if moment is None:
            return False
        # Midnight in its own offset means that only the day is known.
        day = moment.astimezone(vietnam()).date() if has_time(moment) else moment.date()
        return self.holds(Period(day, day))

    def until(self, day: date) -> "Period":
        """These days as far as a day."""
        return Period(self.first, day if self.last is None else min(self.last, day))

    def part(self, part: PeriodPart) -> "Period":
        """A part of these days, which must have both ends; a year is parted by its months."""
        assert self.first is not None
        assert self.last is not None
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        if months >= MONTHS_A_QUARTER:
            start, end = _share(part, months)
            month = self.first.month
            return Period.of_months(self.first.year, month + start, month + end - 1)
        start, end = _share(part, self.days - 1)
        # The last third of a month has its thirty-first day too.
        last = self.last if end == self.days - 1 else self.first + timedelta(days=end - 1)
        return Period(self.first + timedelta(days=start), last)


def _share(part: PeriodPart, whole: int) -> tuple[int, int]:
    """The share `[start, end)` of a number of days or months."""
    third, half = -(-whole // 3), whole // 2
    return {
        PeriodPart.EARLY: (0, third),
        PeriodPart.MIDDLE: (third, whole - third),
        PeriodPart.LATE: (whole - third, whole),
        PeriodPart.FIRST_HALF: (0, half),
        PeriodPart.LAST_HALF: (half, whole),
    }[part]


def has_time(moment: datetime) -> bool:
    """Tell whether the time of day is known: midnight means that only the day is."""
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def vietnam() -> tzinfo:
    """Return the time zone of Viet Nam: that of a date that names none."""
    return ZoneInfo("Asia/Ho_Chi_Minh")


def from_seconds(seconds: float) -> datetime:
    """A moment given in seconds since 1970, as the clock in Vietnam had it."""
    return datetime.fromtimestamp(seconds, vietnam())
