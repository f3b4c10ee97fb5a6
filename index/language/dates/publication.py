"""Parse and format publication dates, in Vietnamese and English."""

import contextlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from typing import Literal

from index.errors import InputError
from index.language.number_words import MONTHS_EN, SHORT_MONTHS_EN, parse_month
from index.language.patterns import Pattern, numbered_group
from index.models.period import has_time, vietnam

EARLIEST = date(1945, 1, 1)
"""Earliest publication date: `năm 1930` is a matter of history."""

WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_LONGEST_STAMP = 200  # characters: a longer text is prose that mentions a date
_MOST_WORDS_OF_SECTION = 4  # before a date
_MOST_WORDS_OF_NAME = 6  # beside a date with a time of day
_LATEST = timedelta(days=2)  # ahead of now: clocks and time zones differ
_LATER_HALF = {  # the hours, as said, that are after noon
    **dict.fromkeys(("pm", "ch", "chiều", "tối"), (0, 12)),
    "trưa": (1, 6),
    "đêm": (6, 12),
}
_WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

_MONTH_NAME = rf"(?:{'|'.join(SHORT_MONTHS_EN)})[a-z]*\.?"
_MONTH_WORD = r"mười\smột|mười\shai|mười|giêng|chạp|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín"
_DATE = Pattern(
    rf"""(?<![\d/.])(?<!\d-)(?:
        (?P<y1>\d{{4}})(?P<s1>[-/.])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})
      | (?P<d2>\d{{1,2}})\s?(?P<s2>[-/.])\s?(?P<m2>\d{{1,2}})\s?(?P=s2)\s?(?P<y2>\d{{4}})
      | (?P<d3>\d{{1,2}})\s?(?:tháng|thg)\.?\s?(?P<m3>\d{{1,2}}|{_MONTH_WORD})\s?,?\s?(?:năm)?\s?
        (?P<y3>\d{{4}})
      | (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<m4>{_MONTH_NAME}),?\s(?P<y4>\d{{4}})
      | \b(?P<m5>{_MONTH_NAME})\s(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y5>\d{{4}})
      | \b(?P<m6>{_MONTH_NAME})\s(?P<d6>\d{{1,2}})
        (?=\s\d{{1,2}}:\d{{2}}(?::\d{{2}})?\s(?:(?:[a-z]{{1,5}}|[+-]\d{{4}})\s)?(?P<y6>\d{{4}}))
    )(?!\d)""",
    re.VERBOSE,
)
_MAY_BE_DATE = re.compile(r"\d{4}|\d\s?[/.-]\s?\d")
_SHORT_YEAR = re.compile(r"(?<![\d/.-])(?P<day>\d{1,2}([/.-])\d{1,2}\2)(?P<year>\d\d)(?![\d/.-])")
_TIME = Pattern(
    r"""(?<![\d:/.])(?P<hour>\d{1,2})
    (?:
        :(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?
      | \s?(?:giờ|h|g)(?![^\W\d_])(?:\s?(?P<minute2>\d{1,2})(?![\d/.-])(?:\s?(?:phút|p|'))?)?
    )
    (?:\s?(?P<half>(?:[ap]\.?m\.?|sa|ch|sáng|trưa|chiều|tối|đêm)(?![^\W\d_])))?""",
    re.VERBOSE,
)
_OFFSET = re.compile(
    r"""\s?\(?(?:
        (?:gmt|utc|z)(?![^\W_])(?!\s?[+-]\s?\d)
      | (?:gmt|utc)\s?(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)
      | (?P<sign2>[+-])(?P<hours2>\d{2}):?(?P<minutes2>\d{2})(?![\d/.-])
    )\)?""",
    re.VERBOSE,
)
_WEEKDAY_FIRST = re.compile(r"thứ|chủ nhật|cn\b|t[2-7]\b")
_STAMP_WORDS = Pattern(
    r"""(?<![^\W_])(?:
        (?:thứ\s)?(?:hai|ba|tư|năm|sáu|bảy|bẩy)|thứ\s?[2-7]|t[2-7]|chủ\snhật|cn
      | (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?
      | cập\snhật|ngày|lúc|vào|đăng|tải|xuất\sbản|thời\sgian|gửi|lần\scuối|gần\snhất|mới\snhất
      | tạo|ban\shành|phát\shành|hành|bởi|admin|administrator|chỉnh\ssửa|sửa|giờ|phút
      | (?:lượt|số\slượt)\s(?:xem|đọc|truy\scập)\s?:?\s?[\d.,]*
      | \d[\d.,]{0,12}\s(?:(?:lượt\s)?(?:xem|đọc)|bình\sluận|views?|comments?)
      | lượt|xem|bình\sluận|views?|comments?
      | published|posted|updated|date|last|on|at|by
      | sáng|trưa|chiều|tối|đêm|t
    )(?![^\W_])""",
    re.VERBOSE,
)
_STAMP_BORDER = re.compile(
    r"\s[-–]\s|[|•·(;]|cập nhật|xuất bản|(?:ngày )?đăng|phát hành|sửa|published|posted|updated"
)
_AGO = re.compile(r"\b(?:\d{1,3}|một|hai|ba)\s(?:phút|giờ|ngày|tháng)\strước\b")
_UPDATE = re.compile(r"cập nhật|sửa|chỉnh lý|updated|modified|last")
_SECTION_AND_DATE = re.compile(r"[^\W\d_]\s[-–|•]\s[\d/.-]{8,10}$")
_SEPARATOR = re.compile(r"[|•,]|\s[-–]\s|:\s")


def read_datetime(text: str, *, month_first: bool = False) -> datetime | None:
    """Parse the first date in a short text, and the time of day beside it.

    The day comes before the month, unless told otherwise. Without a time the result is
    midnight, which means that only the day is known; without an offset it is
    the time of Viet Nam.

    Args:
        text: A date line such as "Cập nhật lúc 14h23 ngày 5/1/2021", in NFC or NFD.
        month_first: Whether numbers before a year are month and day, as in `12/31/2021`.

    Returns:
        The moment with its offset, or None if there is no date, the date or time
        does not exist, or the text is too long for a date line.
    """
    if not _MAY_BE_DATE.search(text):
        return None
    line = _normal(text)
    if len(line) > _LONGEST_STAMP:
        return None
    line = _with_whole_years(line)
    found = _DATE.search(line)
    return _moment(line, found, month_first=month_first) if found else None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date beside a headline: when the article was published or updated."""

    moment: datetime
    is_update: bool


def read_stamps(text: str) -> list[Stamp]:
    """Parse all dates of a short text, with the time of day beside each.

    Args:
        text: A date line such as "Cập nhật 21/06/2023 13:10 | Xuất bản 20/06/2023 06:45".

    Returns:
        The dates in order; none if the text is too long for a date line.
    """
    line = _normal(text)
    if len(line) > _LONGEST_STAMP:
        return []
    line = _with_whole_years(line)
    dates = list(_DATE.finditer(line))
    borders = [0]
    for date_before, date_after in pairwise(dates):
        border = _STAMP_BORDER.search(line, date_before.end(), date_after.start())
        borders.append(border.start() if border else date_before.end())
    stamps: list[Stamp] = []
    for start, end in zip(borders, [*borders[1:], len(line)], strict=True):
        part = line[start:end]
        moment = read_datetime(part)
        if moment is not None:
            stamps.append(Stamp(moment, _UPDATE.search(part) is not None))
    return stamps


def has_time_of_day(text: str) -> bool:
    """Tell whether a short text has a date with a time of day."""
    moment = read_datetime(text)
    return moment is not None and has_time(moment)


def beside_date(text: str) -> str | None:
    """Return the text beside the date and time of a short line: a name, a place, a section.

    Returns:
        The text without separators and labels, or None if there is no date in the line.
    """
    line = _normal(text)
    whole = _with_whole_years(line)
    if len(whole) > _LONGEST_STAMP or not _DATE.search(whole):
        return None
    letters = list(" ".join(unicodedata.normalize("NFC", text).split()))
    if len(line) != len(letters):  # a letter that has two in small letters
        return None
    for pattern in (_AGO, _SHORT_YEAR, _DATE, _TIME, _OFFSET, _STAMP_WORDS):
        for found in pattern.finditer(line):
            letters[slice(*found.span())] = " " * len(found[0])
        line = pattern.sub(lambda found: "\0" * len(found[0]), line)
    return " ".join("".join(letters).split()).strip(" ,;:.|/•·–—-()[]") or None


def is_date_line(text: str) -> bool:
    """Tell whether a line is a date line: a date with only the usual words beside it.

    A name or a place may be beside a date with a time of day, after a separator:
    "Minh Anh | 05/01/2021 14:23"; a section or name of few words before a date alone as well.
    """
    if read_datetime(text) is None:
        return False
    line = _with_whole_years(_normal(text))
    bare = _OFFSET.sub(" ", _TIME.sub(" \0 ", _DATE.sub(" ", line)))
    left = re.findall(r"[^\W_]+", _STAMP_WORDS.sub(" ", bare))
    if not left:
        return True
    if "\0" not in bare:
        return len(left) <= _MOST_WORDS_OF_SECTION and _SECTION_AND_DATE.search(line) is not None
    return len(left) <= _MOST_WORDS_OF_NAME and _SEPARATOR.search(line) is not None


def shows_today(text: str) -> bool:
    """Tell whether a date line shows the day of the visit, as page headers do.

    "Hôm nay: …" does, and so does a weekday and date without a time of day
    ("Thứ ba, ngày 9/3/2021"), as page headers have it.
    """
    moment = read_datetime(text)
    line = _normal(text)
    if moment is None or line.startswith(("hôm nay", "bây giờ")):
        return moment is not None
    return bool(_WEEKDAY_FIRST.match(line)) and not has_time(moment)


def parse_iso(text: str) -> datetime:
    """Parse an ISO 8601 date or date-time; without an offset it is the time of Viet Nam.

    Raises:
        InputError: If the text is not such a date, or the date does not exist.
    """
    try:
        moment = _with_offset(datetime.fromisoformat(text.strip()))
        moment.astimezone(UTC)
        moment.astimezone(vietnam())
    except (ValueError, OverflowError):
        raise InputError(
            f"{text[:40]!r} is not a date: write it as 2021-01-05T14:23:00+07:00 (ISO 8601)"
        ) from None
    return moment


def is_plausible_date(moment: datetime, now: datetime) -> bool:
    """Tell whether a publication date is plausible: from 1945 to two days after `now`."""
    return moment.date() >= EARLIEST and not is_to_come(moment, now)


def is_to_come(moment: datetime, now: datetime) -> bool:
    """Tell whether a moment is more than two days after `now`, when nothing was published yet."""
    return moment > now + _LATEST


def format_datetime(moment: datetime | None, language: Literal["vi", "en"] = "vi") -> str:
    """Format a publication date, in the time of Viet Nam.

    Args:
        moment: The date with its offset, or None if it is not known.
        language: "vi" for "Thứ Ba, 05/01/2021 14:23", "en" for
            "Tuesday, 5 January 2021, 14:23".

    Returns:
        The text; without the time of day if only the day is known.
    """
    if moment is None:
        return "không rõ ngày" if language == "vi" else "date unknown"
    clock = f"{_in_vietnam(moment):%H:%M}" if has_time(moment) else ""
    moment = _in_vietnam(moment)
    weekdays, separator = (_WEEKDAYS_VI, " ") if language == "vi" else (WEEKDAYS_EN, ", ")
    written = f"{moment:%d/%m}/{moment.year:04d}" if language == "vi" else format_day(moment, "en")
    day = f"{weekdays[moment.weekday()]}, {written}"
    return f"{day}{separator}{clock}" if clock else day


def format_date(moment: datetime | None, language: Literal["vi", "en"] = "vi") -> str:
    """Format the day of a publication date briefly: "5/1/2021" or "5 Jan 2021"."""
    if moment is None:
        return format_datetime(None, language)
    day = _in_vietnam(moment).date()
    if language == "vi":
        return format_day(day)
    return f"{day.day} {MONTHS_EN[day.month - 1][:3]} {day.year}"


def _in_vietnam(moment: datetime) -> datetime:
    """Return a moment in the time of Viet Nam; a day without a time of day as it is."""
    if has_time(moment):
        with contextlib.suppress(OverflowError):  # the first or the last day that Python knows
            return _with_offset(moment).astimezone(vietnam())
    return moment


def format_day(day: date, language: Literal["vi", "en"] = "vi") -> str:
    """Format a day in a sentence: "5/1/2021" or "5 January 2021"."""
    if language == "vi":
        return f"{day.day}/{day.month}/{day.year}"
    return f"{day.day} {format_month(day, language)}"


def format_month(day: date, language: Literal["vi", "en"] = "vi") -> str:
    """Format the month of a day: "1/2021" or "January 2021"."""
    if language == "vi":
        return f"{day.month}/{day.year}"
    return f"{MONTHS_EN[day.month - 1]} {day.year}"


def _normal(text: str) -> str:
    if len(text) > 4 * _LONGEST_STAMP:
        return text
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _with_whole_years(line: str) -> str:
    """Write years of two digits out, in dates beside a time of day: "14:05 23/11/21"."""
    if _DATE.search(line) or not _TIME.search(line):
        return line
    return _SHORT_YEAR.sub(r"\g<day>20\g<year>", line)


def _with_offset(moment: datetime) -> datetime:
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=vietnam())


def _moment(line: str, found: re.Match[str], *, month_first: bool) -> datetime | None:
    year, month, day = (numbered_group(found, letter) or "" for letter in "ymd")
    if month_first and found["d2"]:
        month, day = day, month
    time = _time_beside(line, found)
    try:
        hour, minute, second = _clock(time) if time else (0, 0, 0)
        zone = _zone(line, time.end()) if time else vietnam()
        date_parts = int(year), parse_month(month), int(day)
        return datetime(*date_parts, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _time_beside(line: str, found: re.Match[str]) -> re.Match[str] | None:
    """Find the time before the date, or else between it and the next date."""
    following = _DATE.search(line, found.end())
    end = following.start() if following else len(line)
    # An ISO date runs straight into its time: "2021-01-05T14:23".
    return _TIME.search(line, 0, found.start()) or _TIME.search(line, found.end(), end)


def _clock(time: re.Match[str]) -> tuple[int, int, int]:
    hour = int(time["hour"])
    half = (time["half"] or "").replace(".", "")
    first, last = _LATER_HALF.get(half, (0, 0))
    if first <= hour < last:
        hour += 12
    elif half in ("am", "sa", "đêm") and hour == 12:
        hour = 0
    return hour, int(time["minute"] or time["minute2"] or 0), int(time["second"] or 0)


def _zone(line: str, position: int) -> tzinfo:
    found = _OFFSET.match(line, position)
    if found is None and ("gmt" in line or "utc" in line):
        found = _OFFSET.search(line, position)
    if found is None:
        return vietnam()
    hours = int(found["hours"] or found["hours2"] or 0)
    minutes = int(found["minutes"] or found["minutes2"] or 0)
    if hours > 14 or minutes > 59:
        return vietnam()
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if "-" in (found["sign"], found["sign2"]) else offset)
