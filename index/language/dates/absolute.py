"""Parse absolute dates: `5/1/2021`, `tháng 1 năm 2021`, `quý I/2021`, "in May 2020".

The day comes before the month. A day, month or quarter without a year is the
latest that has begun. Text that may be no date is ignored: `24/7`, `tỷ số 2-1`,
`Luật Đất đai năm 2013`, `nhiệm kỳ 2016-2021`, `đường 3 tháng 2`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from index.language.dates.publication import EARLIEST
from index.language.dates.relative import (
    DAY_PART,
    PART_EN,
    PERIOD_PARTS,
    DateExpression,
    first_or_last_months,
)
from index.language.number_words import (
    MONTHS_EN,
    NUMBER,
    SHORT_MONTHS_EN,
    parse_month,
    parse_small_number,
)
from index.language.patterns import Pattern, diacritic_insensitive, fold_words, numbered_group
from index.models.period import DAY, Period

_MONTH_EN = "|".join((*MONTHS_EN, "sept", *SHORT_MONTHS_EN))
_MONTH_WORD = "mười một|mười hai|mười|giêng|chạp|hai|ba|tư|năm(?= năm |/)|sáu|bảy|tám|chín"
"""Month names; `năm` is one before a year only, as `tháng năm 2020` may mean any month."""


def _folded(alternatives: str) -> frozenset[str]:
    return frozenset(map(fold_words, alternatives.split("|")))


_ALSO_WORDS = frozenset(("may", "march", "mar"))
_SUMMER = (5, 8)  # months: the school holidays, and the hot season of the north

_FROM = _folded("từ|kể từ|since|from|between")
_TO = _folded("đến|tới|đến hết|cho đến|to|until|till|through")
_AND = _folded("và|and")
_BETWEEN = _folded("giữa|between")
_BEFORE = _folded("trước|before")
_AFTER = _folded("sau|after")
_OF_DAYS = _folded(f"ngày|hôm|{DAY_PART}|on|dated|before|after|since")
_OF_YEARS = _folded(f"in|during|of|since|before|after|{PART_EN}")
_OF_MONTHS_EN = _OF_YEARS | _folded("from|to|until|till")
_CUES = frozenset().union(
    *(_FROM, _TO, _AND, _BETWEEN, _BEFORE, _AFTER, _OF_DAYS, _OF_MONTHS_EN, PERIOD_PARTS),
    _folded("thứ tư|hồi|vào|trong|the"),
)
"""Words before a date that say how it is meant; without `thứ tư` its `tư` would be a `từ`."""

_YEAR = r"(?:19|20)\d\d"
_ORDINAL = "(?:st|nd|rd|th)?"


def _with_year(number: int, joint: str = r"(?:\s?[/.-]\s?|,?\s+(?:năm )?)") -> str:
    return rf"(?:{joint}(?P<y{number}>{_YEAR})(?!\d|[.,]\d))?"


def _with_year_en(number: int) -> str:
    return _with_year(number, r",?\s+(?:of )?")


def _first_of_several(number: int) -> str:
    """`ngày 5-7/1`, `từ 5 đến 7/1`."""
    return rf"(?:(?P<f{number}>\d\d?)(?:\s?[-–]\s?| (?:đến|và|to|and) )(?:ngày )?)?"


_POINT = Pattern(
    r"(?<![\w/.,])(?<![^\W\d]-)(?:"
    + diacritic_insensitive(
        rf"(?P<y1>{_YEAR})-(?P<m1>\d\d?)-(?P<d1>\d\d?)"
        rf"|{_first_of_several(2)}(?P<d2>\d\d?)\s?[/.-]\s?(?P<m2>\d\d?){_with_year(2)}"
        rf"|{_first_of_several(3)}(?P<d3>\d\d?) tháng (?P<m3>\d\d?|{_MONTH_WORD}){_with_year(3)}"
        rf"|tháng (?:(?P<n4>\d\d?)(?:\s?[-–]\s?| và ))?(?P<m4>\d\d?|{_MONTH_WORD}){_with_year(4)}"
        rf"|T?(?P<m5>0?[1-9]|1[0-2])\s?/\s?(?P<y5>{_YEAR})"
        rf"|(?:quý|quí) (?P<q6>[1-4]|iv|i{{1,3}}|một|hai|ba|bốn|tư){_with_year(6)}"
        rf"|q(?P<q7>[1-4])(?:\s?/\s?| )(?P<y7>{_YEAR})"
        rf"|năm (?P<y8>{_YEAR})"
        rf"|(?:(?:mùa )?hè (?:năm )?|summer (?:of )?)(?P<y9>{_YEAR})"
        rf"|{_first_of_several(11)}(?P<d11>\d\d?){_ORDINAL} (?:of )?(?P<m11>{_MONTH_EN})\.?"
        rf"{_with_year_en(11)}"
        rf"|(?P<m12>{_MONTH_EN})\.? {_first_of_several(12)}(?P<d12>\d\d?){_ORDINAL}(?!\d)"
        rf"{_with_year_en(12)}"
        rf"|(?P<m13>{_MONTH_EN})\.?{_with_year_en(13)}"
        rf"|(?P<y14>{_YEAR})"
    )
    + r")(?!\w|[/.,:]\d|/\w|\s?%|-[^\W\d])",
    re.IGNORECASE,
)
_CUES_LENGTH = 60  # characters: "Luật Quản lý, sử dụng vũ khí và vật liệu nổ năm 2017"
_NAMES = _folded("sinh|cách mạng|rằm|nhiệm kỳ|giai đoạn|tầm nhìn")
"""Words that make a date after them a part of a name or another expression."""

_NAMES_OF_FIGURES = _folded(
    "đường|phố|quảng trường|mùng|mồng|số|điều|khoản|tỷ số|tỉ số|"
    "nghị định|thông tư|quyết định|chỉ thị|nghị quyết|công văn|pháp lệnh|luật|công điện"
)
"""The same before a date of digits only: `đường 3/2`, `điều 5/2`, `nghị định 10/2020`."""

_PLACES = frozenset(("viet", "mien", "phia", "quang", "ha"))
"""Words before `nam` in a text without diacritics where it does not mean `năm`."""

_LAWS = re.compile(r"\b(?<!phap )(?:bo luat|hien phap|phap lenh|luat(?! su))\b")
_NOT_IN_NAMES = frozenset("nao gi duoc da co bi do".split())
_COUNTED_AFTER = Pattern(
    diacritic_insensitive(
        r"\s*(?:người|đồng|tấn|ha|km|hộ|tỷ|tỉ|triệu|usd|lần|trẻ|em|con|dân số|số|tổng|diện tích|"
        r"people|cases|dollars|percent)\b|\s?[-–]\s?(?:19|20)\d\d"
    ),
    re.IGNORECASE,
)
_MONTHS_BEFORE = re.compile(diacritic_insensitive(rf"(?<!\w)({NUMBER}) tháng\s+\Z"), re.IGNORECASE)
_CIRCULAR = re.compile(r"\bth[ôo]ng t[ưu]\s+\Z", re.IGNORECASE)  # whose `tư` is like `từ`
_NUMBER_BEFORE = re.compile(r"\d\s+\Z")
_RELATIVE_YEAR = Pattern(
    diacritic_insensitive(
        r"\s+(?:năm (?:(?P<this>nay|này)|ngoái|trước|rồi)|(?:(?P<this_en>this)|last) year)\b"
    ),
    re.IGNORECASE,
)
_THE_BEFORE = re.compile(r"\bthe\s+\Z", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_DASH = re.compile(r"\s*[-–]\s*")


@dataclass(frozen=True, slots=True)
class _Point:
    """A date in a text: its span with the cue words before it, and its days in a year.

    `year` is None if it is missing. `is_bare` marks a date only as the end of a range.
    """

    start: int
    end: int
    cues: frozenset[str]
    days: Callable[[int], Period]
    year: int | None
    is_bare: bool
    is_several: bool
    is_year: bool

    def latest(self, until: date) -> Period:
        """Return the days; without a year those of the latest one in which they have begun.

        Raises:
            ValueError: The date does not exist.
        """
        if self.year is not None:
            return self.days(self.year)
        for year in range(until.year, until.year - _LEAP_YEARS_APART, -1):
            try:
                period = self.days(year)
            except ValueError:  # 29 February
                continue
            if period.first and period.first <= until:
                return period
        raise ValueError("no such day")


class UnknownDay(NamedTuple):
    """A date that does not exist, or is yet to come.

    Args:
        name: The date as typed, without the words before it: `31/2`.
        start: Where it begins in the text, those words included.
        end: Where it ends.
        is_to_come: Whether it exists.
    """

    name: str
    start: int
    end: int
    is_to_come: bool


_LEAP_YEARS_APART = 9  # at most, and one more


def absolute_dates(text: str, today: date) -> Iterator[DateExpression]:
    """Find the absolute dates in a text.

    Args:
        text: Text in NFC.
        today: The day in Viet Nam; later dates are left out.
    """
    points = [point for match in _POINT.finditer(text) if (point := _point(text, match, today))]
    is_range_end = False
    for point, after in zip_longest(points, points[1:]):
        if is_range_end:
            is_range_end = False
            continue
        try:
            if after is not None and _is_range(text, point, after):
                is_range_end = True
                end, has_year = after.end, (after.year or point.year) is not None
                period: Period | None = _between(point, after, today)
            else:
                end, has_year = point.end, point.year is not None
                period = _single(text, point, today)
        except (ValueError, OverflowError):  # there is no such day
            continue
        if period is not None and _is_possible(period, today):
            yield DateExpression(point.start, end, period, is_relative=False, has_year=has_year)


def unknown_days(text: str, today: date) -> Iterator[UnknownDay]:
    """Find the absolute dates in a text that no article can be of.

    Args:
        text: Text in NFC.
        today: The day in Viet Nam.
    """
    for match in _POINT.finditer(text):
        point = _point(text, match, today)
        if point is None or point.is_bare:
            continue
        name = text[match.start() : point.end]
        try:
            first = point.latest(today).first
        except (ValueError, OverflowError):
            yield UnknownDay(name, point.start, point.end, is_to_come=False)
            continue
        if first and first > today:
            yield UnknownDay(name, point.start, point.end, is_to_come=True)


def _is_possible(period: Period, today: date) -> bool:
    """Tell whether an article can have been published in a period."""
    in_order = not (period.first and period.last) or period.first <= period.last
    began = period.first is None or period.first <= today
    return in_order and began and (period.last is None or period.last >= EARLIEST)


def _point(text: str, found: re.Match[str], today: date) -> _Point | None:
    """Make a date of a match, unless the words around it exclude that."""
    cues, before, start = _before(text, found.start())
    if _is_something_else(text, before, cues, found):
        return None
    year = numbered_group(found, "y")
    end = found.end()
    relative = None if year else _RELATIVE_YEAR.match(text, end)
    if relative:
        end = relative.end()
        year = str(today.year - (0 if relative["this"] or relative["this_en"] else 1))
    return _Point(
        start,
        end,
        cues,
        _days(found),
        int(year) if year else None,
        _is_bare(text, found, cues, has_year=year is not None),
        numbered_group(found, "f") is not None,
        bool(found["y8"] or found["y14"]),
    )


def _before(text: str, position: int) -> tuple[frozenset[str], list[str], int]:
    """Return the cues before a date, the folded words before them, and the cues' start."""
    words = list(_WORD.finditer(text, max(0, position - _CUES_LENGTH), position))
    start, left = position, len(words)
    cues = set()
    if words and not text[position - 1].isspace():
        return frozenset(), [], position
    while left and (cue := _cue([fold_words(word[0]) for word in words[max(0, left - 3) : left]])):
        left -= len(cue.split())
        cues.add(cue)
        start = words[left].start()
    return frozenset(cues), [fold_words(word[0]) for word in words[:left]], start


def _cue(words: list[str]) -> str | None:
    """Return the longest cue at the end of words."""
    ends = (" ".join(words[first:]) for first in range(len(words)))
    return next((end for end in ends if end in _CUES), None)


def _is_something_else(
    text: str, before: list[str], cues: frozenset[str], found: re.Match[str]
) -> bool:
    last = before[-1] if before else ""
    names = _NAMES | _NAMES_OF_FIGURES if found[0][0].isdecimal() and not cues else _NAMES
    if last in names or " ".join(before[-2:]) in names:
        return True
    if _CIRCULAR.search(text, 0, found.start()):
        return True
    is_year = bool(found["y8"] or found["y14"])
    if is_year and not cues and _is_named_by_year(before):
        return True
    # Without its diacritic the year may be the South, or a part of a name.
    is_folded = found["y8"] and found[0][:3].lower() == "nam"
    if is_folded and (last in _PLACES or (found[0].startswith("Nam") and before)):
        return True
    return not found["d1"] and _COUNTED_AFTER.match(text, found.end()) is not None


def _is_named_by_year(before: list[str]) -> bool:
    """Tell whether a law's name is before a year: `Luật Đất đai năm 2013`."""
    law = _LAWS.search(" ".join(before))
    return law is not None and _NOT_IN_NAMES.isdisjoint(law.string[law.end() :].split())


def _is_bare(text: str, found: re.Match[str], cues: frozenset[str], *, has_year: bool) -> bool:
    """Tell whether a date is too short to be one alone: a year without a cue, or no year."""
    if has_year:
        is_alone = _THE_BEFORE.search(text, 0, found.start()) or not cues & _OF_YEARS
        return found["y14"] is not None and bool(is_alone)
    if found["d2"] or found["d3"]:
        return not cues & _OF_DAYS
    if month := found["m4"]:
        counted = _NUMBER_BEFORE.search(text, 0, found.start()) is not None
        return counted or not (month.isdecimal() or cues)
    if quarter := found["q6"]:
        return not (quarter.isdecimal() or quarter.lower().startswith("i") or cues)
    if month := found["m11"] or found["m12"]:
        return not (cues or month[0].isupper())
    month = found["m13"]
    of_month = bool(cues & _OF_MONTHS_EN)
    return not of_month or (
        month.lower() in _ALSO_WORDS and not (month[0].isupper() or text.isascii())
    )


def _days(found: re.Match[str]) -> Callable[[int], Period]:
    """Return the function from a year to a date's period."""
    if found["y9"]:
        return lambda year: Period.of_months(year, *_SUMMER)
    if quarter := numbered_group(found, "q"):
        return lambda year: Period.of_quarter(year, parse_small_number(quarter))
    name = numbered_group(found, "m")
    if name is None:
        return Period.of_year
    month = parse_month(name)
    day = numbered_group(found, "d")
    if day is None:
        first_month = int(found["n4"] or month)
        return lambda year: Period.of_months(year, first_month, month)
    first, last = int(numbered_group(found, "f") or day), int(day)
    return lambda year: Period(date(year, month, first), date(year, month, last))


def _is_range(text: str, point: _Point, after: _Point) -> bool:
    """Tell whether two dates are a range: `từ … đến …`, "between … and …", `… - …`."""
    if point.is_several or after.is_several:
        return False
    gap = text[point.end : after.start]
    is_opened = bool(point.cues & (_FROM | _BETWEEN))
    if point.is_bare and after.is_bare and not is_opened:
        return False
    if gap.strip():
        return not after.cues and _DASH.fullmatch(gap) is not None
    return bool(after.cues & (_TO | _AND))


def _between(point: _Point, after: _Point, today: date) -> Period:
    if after.year is None and point.year is not None:
        first, last = point.latest(today), after.days(point.year)
        if first.first and last.last and last.last < first.first:
            last = after.days(point.year + 1)
        return Period(first.first, last.last)
    last = after.latest(today)
    return Period(point.latest(last.first or today).first, last.last)


def _single(text: str, point: _Point, today: date) -> Period | None:
    """Apply the cues before a date to it: `trước`, `sau`, `từ`, `đầu`, `6 tháng đầu`."""
    if point.is_bare or (point.is_year and point.cues & _TO):
        return None
    period = point.latest(today)
    if point.is_several or period.first is None or period.last is None:
        return period
    parts = point.cues & PERIOD_PARTS.keys()
    if parts and period.days > 1:
        part = PERIOD_PARTS[min(parts)]
        months = _MONTHS_BEFORE.search(text, 0, point.start)
        if months and point.is_year:
            return first_or_last_months(period.first.year, parse_small_number(months[1]), part)
        period = period.part(part)
    if point.cues & _BEFORE:
        return Period(None, period.first - DAY) if period.first else None
    if point.cues & _AFTER:
        return Period(period.last + DAY, None) if period.last else None
    return Period(period.first, None) if point.cues & _FROM else period
