"""Find dates in articles that are within a period: `sáng 5/1`, `tháng 1/2021`, `năm 2020`."""

import re
from collections.abc import Iterator
from datetime import date, datetime

from index.language.dates.relative import DAY_PART
from index.language.number_words import parse_small_number
from index.language.patterns import numbered_group
from index.models.period import MONTHS_A_QUARTER, Period

_DATE = re.compile(
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
