"""Find dates in articles: those within a period, and the days that a sentence names first.

`sáng 5/1`, `tháng 1/2021`, `năm 2020`, and with a publication date `hôm qua`, `sáng nay`.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from index.language.dates.relative import DAY_PART
from index.language.number_words import parse_small_number
from index.language.patterns import Pattern, numbered_group
from index.models.period import MONTHS_A_QUARTER, Period, days_before, publication_day

_DATE = Pattern(
    r"(?<![\w/.,-])(?:"
    r"(?P<d1>\d\d?)[/.-](?P<m1>\d\d?)[/.-](?P<y1>\d{4})"
    rf"|(?:(?:ngày|hôm|{DAY_PART}|từ|đến)\s+|\()(?P<d2>\d\d?)[/-](?P<m2>\d\d?)(?![/.-]\d)"
    r"|(?P<d3>\d\d?)\s+tháng\s+(?P<m3>\d\d?)(?:(?:\s?[/-]\s?|,?\s+năm\s+)(?P<y3>\d{4}))?"
    r"|tháng\s+(?P<m4>\d\d?)(?:(?:\s?[/-]\s?|,?\s+năm\s+)(?P<y4>\d{4}))?"
    r"|năm\s+(?P<y5>\d{4})"
    r"|quý\s+(?P<q6>IV|I{1,3}|[1-4])(?:(?:\s?/\s?|,?\s+năm\s+)(?P<y6>\d{4}))?"
    r"|(?:ngày|từ)\s+(?P<d7>\d\d?)(?:\s?[-–]\s?|\s+đến\s+(?:ngày\s+)?)(?P<l7>\d\d?)"
    r"(?:[/.-]|\s+tháng\s+)(?P<m7>\d\d?)(?:(?:[/.-]|,?\s+năm\s+)(?P<y7>\d{4}))?"
    r")(?!\w)",
    re.IGNORECASE,
)
_YEARS_BESIDE = (0, -1, 1)

_STREET = re.compile(r"(?:đường|phố|quảng trường|điều|khoản|số)\s+(?:số\s+)?\Z", re.IGNORECASE)
_STREET_LENGTH = 20  # characters

_NEAR_DAY = Pattern(
    rf"(?<!\w)(?:hôm|{DAY_PART})\s+(?:(?P<today>nay)|qua)(?!\w)"
    r"(?:,?\s+\(?(?:ngày\s+)?(?P<d1>\d\d?)[/-](?P<m1>\d\d?)(?:[/-](?P<y1>\d{4}))?(?![\w/-])\)?)?",
    re.IGNORECASE,
)
"""A day told from the publication; a date beside it says which one: `hôm qua (5/1)`."""

DAYS_OF_A_MONTH = 31


class MentionedDate(NamedTuple):
    """A date in a text, at `[start, end)`, and the days that it means."""

    start: int
    end: int
    period: Period


def mentions_period(
    text: str, period: Period, published: datetime | None, *, any_year: bool = False
) -> bool:
    """Tell whether an article's text mentions a date within a period.

    Args:
        text: Text of an article, in NFC.
        period: The period.
        published: Publication date, to which a date without a year is the nearest; if it is
            unknown, such a date may be of any year.
        any_year: Whether to ignore the year.
    """
    return any(
        period.holds(mentioned)
        for found in _DATE.finditer(text)
        for mentioned in _meanings(found, period, published, any_year=any_year)
    )


def first_mentioned_date(text: str, published: datetime | None) -> MentionedDate | None:
    """Find the date that a sentence of an article names first: a day, else days or a month.

    Years are no dates here, nor are days after the publication, which are plans.

    Args:
        text: The sentence, in NFC.
        published: Publication date. Without it only dates with a year are found.
    """
    found = sorted(_mentioned_dates(text, published), key=lambda one: one.start)
    return min(found, key=lambda one: one.period.days > 1, default=None)


def _mentioned_dates(text: str, published: datetime | None) -> Iterator[MentionedDate]:
    day = publication_day(published) if published else None
    if day is not None:
        for found in _NEAR_DAY.finditer(text):
            told = Period.of_day(day if found["today"] else days_before(day, 1))
            yield MentionedDate(*found.span(), _period(found, day) or told)
    for found in _DATE.finditer(text):
        period = _period(found, day)
        if period is None or period.first is None or period.days > DAYS_OF_A_MONTH:
            continue
        start, end = found.span()
        if _STREET.search(text, max(0, start - _STREET_LENGTH), start) or _is_fraction(text, found):
            continue
        if day is None or period.first <= day:
            yield MentionedDate(start + (text[start] == "("), end, period)


def _is_fraction(text: str, found: re.Match[str]) -> bool:
    """Whether a bracket that opens before a day and month does not close behind: `(2/3 số hộ)`."""
    return found[0][0] == "(" and not text.startswith(")", found.end())


def _period(found: re.Match[str], published: date | None) -> Period | None:
    """Return the days or the month of a date; None if its year is unknown or there is none."""
    year, month, day, last_day = (
        parse_small_number(text) if (text := numbered_group(found, letter)) else None
        for letter in "ymdl"
    )
    if month is None or (year is None and (day is None or published is None)):
        return None
    if day and last_day and last_day < day:  # of which the first is of the month before, or none
        return None
    try:
        if year is None:
            assert published is not None
            year = _nearest(month, day or 1, published)
        if day is None:
            return Period.of_months(year, month, month)
        return Period(date(year, month, day), date(year, month, last_day or day))
    except (ValueError, OverflowError):  # there is no such day
        return None


def _meanings(
    found: re.Match[str], period: Period, published: datetime | None, *, any_year: bool
) -> Iterator[Period]:
    year, month, day, last_day, quarter = (
        parse_small_number(text) if (text := numbered_group(found, letter)) else None
        for letter in "ymdlq"
    )
    if quarter:
        month = MONTHS_A_QUARTER * quarter
    if year is not None and (month is None or not any_year):
        years = {year}
    elif month is None or published is None or any_year:
        years = {end.year for end in (period.first, period.last) if end}
    else:
        years = {_nearest(month, day or 1, published.date())}
    for year in years:
        try:
            if quarter:
                yield Period.of_quarter(year, quarter)
            elif month and day:
                for one in range(day, (last_day or day) + 1):
                    yield Period(date(year, month, one), date(year, month, one))
            elif month:
                yield Period.of_months(year, month, month)
            else:
                yield Period.of_year(year)
        except ValueError:  # there is no such day
            continue


def _nearest(month: int, day: int, published: date) -> int:
    """Return the year in which a day and month are nearest to a publication date."""
    of_year = published.timetuple().tm_yday
    distance = 30 * (month - 1) + day - of_year
    return min(
        (published.year + step for step in _YEARS_BESIDE),
        key=lambda year: abs(distance + 365 * (year - published.year)),
    )
