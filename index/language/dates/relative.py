"""Parse relative dates: `hôm qua`, `tuần trước`, `3 ngày qua`, "last month".

The future (`tuần sau`, `ngày mai`) is left out: nothing is published then.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from index.language.dates.publication import WEEKDAYS_EN
from index.language.number_words import NUMBER, NUMBER_EN, parse_small_number
from index.language.patterns import diacritic_insensitive, fold_words, word_pattern
from index.models.period import DAY, MONTHS_A_QUARTER, WEEK, Period, PeriodPart


class DateExpression(NamedTuple):
    """A date expression in a text, at `[start, end)`, and the days that it means.

    `is_relative` says whether they are relative to today, and `has_year` whether the year is
    given.
    """

    start: int
    end: int
    period: Period
    is_relative: bool = True
    has_year: bool = True


FEW_DAYS = 7
"""Days of `mấy ngày qua` and "recent days"."""

DAY_PART = "rạng sáng|sáng|trưa|chiều|tối|đêm"
WEEKDAY = "thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật"
PART = "nửa đầu|nửa cuối|đầu|giữa|cuối"
PART_EN = (
    "early|mid|late|beginning of|start of|middle of|end of|"
    "first half of|second half of|last half of"
)
PERIOD_PARTS = {
    **dict.fromkeys(("dau", "early", "beginning of", "start of"), PeriodPart.EARLY),
    **dict.fromkeys(("giua", "mid", "middle of"), PeriodPart.MIDDLE),
    **dict.fromkeys(("cuoi", "late", "end of"), PeriodPart.LATE),
    "nua dau": PeriodPart.FIRST_HALF,
    "nua cuoi": PeriodPart.LAST_HALF,
    "first half of": PeriodPart.FIRST_HALF,
    "second half of": PeriodPart.LAST_HALF,
    "last half of": PeriodPart.LAST_HALF,
}
"""Folded words for a part of a month or year, as in `đầu`, `nửa cuối` and "mid"."""

_UNIT = "(?P<unit>tuần|tháng|quý|năm)"
_ANY_UNIT = "(?P<unit>giờ|ngày|hôm|tuần|tháng|quý|năm)"
_UNIT_EN = "(?P<unit>week|month|quarter|year)"
_ANY_UNIT_EN = "(?P<unit>hour|day|week|month|quarter|year)s?"
_THIS_OR_LAST = "(?:(?P<this>nay|này)|trước|trc|ngoái|rồi|vừa rồi)"
_TODAY = "hôm nay|hum nay|hnay"
_YESTERDAY = "hôm qua|hum qua|hqua"
_NOT_OF_ANOTHER_TIME = "(?! (?:đó|ấy|khi|lúc|nữa|học|mới|\\d))"
"""`tuần trước đó` is a week before another one, `từ đầu năm 2020` is not of this year."""
_INDEFINITE = re.compile(
    diacritic_insensitive(r"\b(?:những|các|nhiều|mấy|vài|bao|hàng|mỗi|từng)\s+\Z"), re.IGNORECASE
)
_ORDINAL = re.compile(
    diacritic_insensitive(
        r"\b(?:lớp|khối|quý|tháng|ngày|thứ|số|top|hạng|lần|đợt|kỳ|khóa|khoá|vòng|giải)\s+\Z"
    ),
    re.IGNORECASE,
)
_LENGTHS = {"ngay": 1, "hom": 1, "tuan": 7, "thang": 30, "quy": 91, "nam": 365}
_LENGTHS |= {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_HOURS = ("gio", "hour")


def relative_dates(text: str, today: date) -> Iterator[DateExpression]:
    """Find the date expressions in a text that are relative to today, cut off after today.

    Args:
        text: Text in NFC.
        today: The day in Viet Nam.
    """
    words = frozenset(re.findall(r"\w+", fold_words(text)))
    for signs, pattern, meaning in _RULES:
        if words.isdisjoint(signs.split()):
            continue
        for found in word_pattern(pattern).finditer(text):
            try:
                period = meaning(found, today)
            except (ValueError, OverflowError):  # further back than the calendar goes
                continue
            if period and period.first and period.first <= today:
                yield DateExpression(*found.span(), period.until(today))


def first_or_last_months(year: int, count: int, part: PeriodPart) -> Period:
    """Return the period of the first or last months of a year: `6 tháng đầu năm`.

    Raises:
        ValueError: A year does not have so many months.
    """
    if part is PeriodPart.EARLY:
        return Period.of_months(year, 1, count)
    return Period.of_months(year, 13 - count, 12)


def _day(back: int) -> Callable[[re.Match[str], date], Period]:
    return lambda _, today: Period(today - back * DAY, today - back * DAY)


def _named(found: re.Match[str], today: date) -> Period | None:
    """`tuần này`, `đầu năm ngoái`, "late last month"."""
    if _follows(_INDEFINITE, found):
        return None
    period = _whole(fold_words(found["unit"]), 0 if found["this"] else 1, today)
    return period.part(PERIOD_PARTS[fold_words(found["part"])]) if found["part"] else period


def _whole(unit: str, steps: int, today: date) -> Period:
    """Return the week, month, quarter or year a number of steps before today's."""
    if unit in ("tuan", "week"):
        return Period.of_week(today - steps * WEEK)
    if unit in ("nam", "year"):
        return Period.of_year(today.year - steps)
    months = today.year * 12 + today.month - 1
    if unit in ("thang", "month"):
        year, month = divmod(months - steps, 12)
        return Period.of_months(year, month + 1, month + 1)
    year, quarter = divmod(months // MONTHS_A_QUARTER - steps, 12 // MONTHS_A_QUARTER)
    return Period.of_quarter(year, quarter + 1)


def _first_months(found: re.Match[str], today: date) -> Period:
    """`6 tháng đầu năm nay`."""
    year = today.year if found["this"] else today.year - 1
    return first_or_last_months(
        year, parse_small_number(found["count"]), PERIOD_PARTS[fold_words(found["part"])]
    )


def _day_of_month(found: re.Match[str], today: date) -> Period:
    """`ngày 5 tháng trước`."""
    month = _whole("thang", 0 if found["this"] else 1, today)
    assert month.first is not None
    day = month.first.replace(day=int(found["day"]))
    return Period(day, day)


def _just_past(found: re.Match[str], today: date) -> Period | None:
    """`tuần qua`, `3 ngày qua`, "past two weeks": a number of days, and today."""
    if _follows(_INDEFINITE, found):
        return None
    unit, count = fold_words(found["unit"]), parse_small_number(found["count"] or "1")
    length = -(-count // 24) if unit in _HOURS else count * _LENGTHS[unit]
    return Period(today - length * DAY, today)


def _by_now(found: re.Match[str], today: date) -> Period | None:
    """`3 tháng nay`; `lớp 6 năm nay` is of this year."""
    return None if _follows(_ORDINAL, found) else _just_past(found, today)


def _follows(words: re.Pattern[str], found: re.Match[str]) -> bool:
    return words.search(found.string, max(0, found.start() - 10), found.start()) is not None


def _ago(found: re.Match[str], today: date) -> Period:
    """`3 ngày trước`, "two years ago": the day, week, month or year then."""
    unit, count = fold_words(found["unit"]), parse_small_number(found["count"])
    if _LENGTHS[unit] > 1:
        return _whole(unit, count, today)
    return Period(today - count * DAY, today - count * DAY)


def _few_days(_: re.Match[str], today: date) -> Period:
    return Period(today - FEW_DAYS * DAY, today)


def _from_start(found: re.Match[str], today: date) -> Period:
    """`từ đầu năm đến nay`, "so far this year"."""
    return Period(_whole(fold_words(found["unit"]), 0, today).first, today)


def _weekday(found: re.Match[str], today: date) -> Period | None:
    """`hôm thứ Hai`, `thứ sáu tuần trước`, `chủ nhật vừa qua`: not the ordinal `thứ hai`."""
    week = fold_words(found["week"] or "")
    if not (week or found["cue"]):
        return None
    day = fold_words(found["day"])
    place = 6 if day == "chu nhat" else parse_small_number(day.split()[-1]) - 2
    if week.startswith("tuan"):
        monday = _whole("tuan", 0 if week == "tuan nay" else 1, today).first
        assert monday is not None
        return Period(monday + place * DAY, monday + place * DAY)
    return _latest_weekday(place, today if not week else today - DAY)


def _weekday_en(found: re.Match[str], today: date) -> Period:
    """Return the day of "on Monday" or "last Monday"."""
    place = WEEKDAYS_EN.index(found["day"].title())
    return _latest_weekday(place, today if fold_words(found["cue"]) == "on" else today - DAY)


def _latest_weekday(place: int, until: date) -> Period:
    day = until - timedelta((until.weekday() - place) % 7)
    return Period(day, day)


def _weekend(found: re.Match[str], today: date) -> Period:
    """`cuối tuần này`; `cuối tuần qua`, the last one that is over."""
    if found["this"]:
        sunday = today + timedelta(6 - today.weekday())
    else:
        sunday = today - timedelta(today.weekday() + 1)
    return Period(sunday - DAY, sunday)


_RULES: tuple[tuple[str, str, Callable[[re.Match[str], date], Period | None]], ...] = (
    ("nay hnay", f"(?:ngày )?(?:{_TODAY})|(?:{DAY_PART}) nay", _day(0)),
    ("today tonight this", "today|tonight|this (?:morning|afternoon|evening)", _day(0)),
    (
        "qua hqua",
        f"(?:(?:{DAY_PART}) )?(?:{_YESTERDAY})|"
        f"(?:{DAY_PART}) qua(?! (?:đời|lại|cầu|đường|sông|khỏi|biên giới))",
        _day(1),
    ),
    ("yesterday last", "yesterday|last night", _day(1)),
    ("kia yesterday", "(?:ngày )?hôm kia|the day before yesterday", _day(2)),
    (
        "nay truoc trc ngoai roi",
        f"(?:(?P<part>{PART}) )?{_UNIT} {_THIS_OR_LAST}{_NOT_OF_ANOTHER_TIME}",
        _named,
    ),
    ("this last", f"(?:(?P<part>{PART_EN}) )?(?:(?P<this>this)|last) {_UNIT_EN}(?! of)", _named),
    (
        "dau cuoi",
        f"(?P<count>{NUMBER}) tháng (?P<part>đầu|cuối) năm {_THIS_OR_LAST}",
        _first_months,
    ),
    ("ngay", rf"ngày (?P<day>\d\d?) tháng {_THIS_OR_LAST}", _day_of_month),
    (
        "qua gan tro",
        f"(?:(?P<count>{NUMBER}) )?{_ANY_UNIT} (?:vừa )?(?:qua|gần đây|trở lại đây)",
        _just_past,
    ),
    ("nay", f"(?P<count>{NUMBER}) (?P<unit>ngày|tuần|tháng|năm) nay", _by_now),
    ("past last", f"(?:past|(?:past|last) (?P<count>{NUMBER_EN})) {_ANY_UNIT_EN}", _just_past),
    (
        "truoc trc",
        f"(?P<count>{NUMBER}) (?P<unit>ngày|hôm|tuần|tháng|quý|năm) (?:trước|trc)"
        f"{_NOT_OF_ANOTHER_TIME}",
        _ago,
    ),
    ("ago", f"(?P<count>{NUMBER_EN}) (?P<unit>day|week|month|year)s? ago", _ago),
    (
        "may vai nhung cac",
        "(?:mấy|vài|những|các) (?:ngày|hôm) (?:qua|vừa qua|nay|gần đây|rồi)",
        _few_days,
    ),
    ("few recent", "(?:past|last) few days|recent days", _few_days),
    (
        "dau",
        f"từ đầu {_UNIT}(?: nay| này)?(?: (?:đến|tới) (?:hôm )?nay)?{_NOT_OF_ANOTHER_TIME}",
        _from_start,
    ),
    ("so", f"so far this {_UNIT_EN}", _from_start),
    (
        "thu chu",
        f"(?:(?P<cue>hôm|{DAY_PART}) )?(?P<day>{WEEKDAY})"
        "(?: (?P<week>tuần (?:này|nay|trước|qua|rồi|vừa rồi|vừa qua)|vừa qua|vừa rồi))?"
        "(?! (?:tuần|tới|sau|của|liên tiếp|hàng))",
        _weekday,
    ),
    ("on last past", f"(?P<cue>on|last|this past) (?P<day>{'|'.join(WEEKDAYS_EN)})", _weekday_en),
    ("cuoi", "cuối tuần (?:(?P<this>này|nay)|qua|trước|rồi|vừa rồi|vừa qua)", _weekend),
    ("weekend", "(?:(?P<this>this)|last|past) weekend", _weekend),
)
"""Folded words of which an expression has one, its pattern and its meaning."""
