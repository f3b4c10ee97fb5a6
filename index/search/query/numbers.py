"""Expand numbers and times of day: `3,2 tỷ` and `3.2 tỷ`, `12` and `mười hai`, `9h05`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.language.number_words import (
    DIGITS,
    FIRST_WORDS,
    MAGNITUDES,
    MAX_IN_WORDS,
    number_to_words,
    read_number_words,
)
from index.search.query.phrases import Phrase, Stretch

SMALL_MAX = 10
"""Up to this, a number counts only with what is counted: `ba` may be a father, `năm` a year."""

_ROW_LENGTH = 16
"""Syllables, more than the longest number has with its unit."""

_SAID_LENGTH_MAX = 6
"""Syllables: longer numbers are written in digits."""

_DIGITS_LENGTH_MAX = 8
"""Longer rows of digits are telephone numbers and the like."""

_YEARS = range(1900, 2100)

_WHOLE = re.compile(rf"[1-9][0-9]{{0,{_DIGITS_LENGTH_MAX - 1}}}")
_DOTTED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){1,3}|(?:,[0-9]{3}){2,3})")
_BROKEN = re.compile(r"([0-9]{1,3})[.,]([0-9]{1,2})")
_GLUED = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3}){0,4})([^\W\d_]{1,6}[23²³]?)")

_SYMBOLS = frozenset("km m cm mm km2 km² m2 m² m3 m³ kg g ha l kw mw gb".split())
"""Units that are as well written together with their number: `5km`."""

_MILLION, _MILLIONS = "triệu", "tr"
_MAGNITUDES = {**MAGNITUDES, _MILLIONS: MAGNITUDES[_MILLION]}
"""Magnitudes behind digits, which may be joined to them: `500tr`."""

_COUNTED = frozenset(
    """
    người tuổi năm tháng tuần ngày giờ phút giây đêm buổi lần vụ ca trường hộ tỉnh huyện xã phường
    thôn chiếc cái căn ngôi bàn điểm trận tấn tạ mét đồng đô usd xe tàu đối nghi nạn cán chiến bệnh
    học nước quốc dự nhóm đội huy tấm bức cuốn đợt mũi liều tầng héc lít mẫu sào cây gói suất vòng
    """.split()
)
"""Words for things that are counted, by their first syllable."""

_DATED = frozenset("ngày tháng năm".split())
"""These are not counted before a number of their own: `5 tháng 1`."""

_NUMBERED = frozenset("tháng quý lớp thứ".split())
"""Words that a number after them names: `tháng hai`."""

_FIRST_WORDS = FIRST_WORDS | _NUMBERED
"""Words that a number begins with, its name counted in."""

_FOURTH = "tư"
_FIFTH = "năm"

_APPROXIMATE = frozenset("vài mấy đôi dăm".split())
"""Before a number, these make it about so many: `vài ba`."""

_VARIANTS = (("nghìn", "ngàn"), ("linh", "lẻ"), ("tỷ", "tỉ"))

_HOUR, _MINUTE = "giờ", "phút"
_CLOCK = re.compile(
    rf"0?([0-9]|1[0-9]|2[0-4])(?:h([0-5][0-9])?"
    rf"| {_HOUR}(?: ([0-5]?[0-9]) {_MINUTE}| ([0-5][0-9])\Z)?)(?= |\Z)"
)


@dataclass(frozen=True, slots=True)
class _Number:
    """A number at the start of a row: its value, where it ends, and how it is written."""

    value: Decimal
    end: int
    in_words: bool = False
    grouped: bool = False


def expand_numbers(syllables: Sequence[str]) -> list[Stretch]:
    """Find the numbers in a row of syllables that have other written forms, in order.

    What is counted belongs to the stretch where the number is small or its unit
    may be joined to it: `hai người` is `2 người`, and `5 km` is `5km`. Numbers
    that may be other words are left out, and so are years.

    Args:
        syllables: Analysed syllables.
    """
    found: list[Stretch] = []
    at = 0
    while at < len(syllables):
        if not (syllables[at] in _FIRST_WORDS or syllables[at][0].isdecimal()):
            at += 1
            continue
        before = syllables[at - 1] if at else ""
        row = tuple(syllables[at : at + _ROW_LENGTH])
        length, others = _time_of_day(row) or _numbered(row) or _counted(row, before) or (1, ())
        different = tuple(dict.fromkeys(other for other in others if other != row[:length]))
        if different:
            found.append(Stretch(at, at + length, different))
        at += length if different else 1
    return found


def _time_of_day(row: Phrase) -> tuple[int, tuple[Phrase, ...]] | None:
    """Return the length of the time of day in digits that a row begins with, and all its forms."""
    clock = _CLOCK.match(" ".join(row))
    if clock is None:
        return None
    minute = clock[2] or clock[3] or clock[4]
    forms = _clock_forms(int(clock[1]), int(minute) if minute else None)
    return clock[0].count(" ") + 1, tuple(forms)


def _clock_forms(hour: int, minute: int | None) -> Iterator[Phrase]:
    shown = "" if minute is None else f"{minute:02}"
    yield (f"{hour}h{shown}",)
    if hour < 10:
        yield (f"0{hour}h{shown}",)
    if minute:
        yield (str(hour), _HOUR, str(minute))
        yield (str(hour), _HOUR, str(minute), _MINUTE)
    else:
        yield (str(hour), _HOUR)


def _numbered(row: Phrase) -> tuple[int, tuple[Phrase, ...]] | None:
    """Return the length and the other forms of what a number names: `tháng hai`, `thứ 7`."""
    name = row[0]
    if name not in _NUMBERED or len(row) == 1:
        return None
    if row[1] == _FOURTH:
        return 2, ((name, "4"), (name, "bốn"))
    if row[1] == _FIFTH and not _is_digits(row[2:3]):
        return 2, ((name, "5"),)
    number = _in_digits(row[1:]) or _in_words(row[1:])
    if number is None or number.end > 2 or not 0 < number.value <= 31:
        return None
    value = int(number.value)
    ways = [(str(value),), *_said(value)] + ([(_FOURTH,)] if value == 4 else [])
    return 1 + number.end, tuple((name, *way) for way in ways)


def _counted(row: Phrase, before: str) -> tuple[int, tuple[Phrase, ...]] | None:
    """Return the length and the other forms of a number with its magnitude and unit."""
    parted = _parted(row[0])
    glued = len(parted) - 1
    row = (*parted, *row[1:])
    number = _in_digits(row) or _in_words(row)
    if number is None or (glued and number.end == 1 and row[1] not in _SYMBOLS):
        return None
    following = row[number.end : number.end + 2]
    unit = following[0] if following and following[0] in _SYMBOLS else None
    counted = unit or _what_is_counted(following)
    if not _is_certain(number, before, counted):
        return None
    ways = list(_ways(row, number, counted))
    if unit is not None:
        joined = [(way[0] + unit,) for way in ways if len(way) == 1 and way[0][0].isdecimal()]
        together = joined + [(*way, unit) for way in ways]
        return number.end + 1 - glued, tuple(together)
    if number.value <= SMALL_MAX and counted:
        return number.end + 1, tuple((*way, counted) for way in ways)
    return number.end - glued, tuple(ways)


def _is_certain(number: _Number, before: str, counted: str | None) -> bool:
    """Whether a number is hardly another word."""
    if before in _APPROXIMATE:
        return False
    if number.value <= SMALL_MAX and counted is None and not number.grouped:
        return False
    if not number.in_words:
        is_plain = not number.grouped and number.end == 1
        return not (is_plain and number.value in _YEARS and (counted is None or before == "năm"))
    return before not in DIGITS


def _ways(row: Phrase, number: _Number, counted: str | None) -> Iterator[Phrase]:
    """Yield all forms of a number, most usual first, its own among them."""
    value = number.value
    if not number.in_words:
        yield row[: number.end]
    broken = _BROKEN.fullmatch(row[0])
    if broken:
        whole, part = broken.groups()
        for sign in ",.":
            yield (f"{whole}{sign}{part}", *row[1 : number.end])
    if value != int(value):
        return
    whole_value = int(value)
    yield (str(whole_value),)
    if whole_value >= 1000:
        yield (f"{whole_value:,}".replace(",", "."),)
    yield from _with_magnitude(whole_value)
    if number.in_words or counted or whole_value >= 100:
        yield from _said(whole_value)


def _with_magnitude(value: int) -> Iterator[Phrase]:
    """Write `3200000000` as `3,2 tỷ` and `3.2 tỷ`, with two places at most."""
    largest = max((size for size in MAGNITUDES.values() if size <= value), default=0)
    if not largest or value * 100 % largest or (largest == 1000 and value % 1000):
        return
    text = f"{Decimal(value) / largest:f}"
    for name in (name for name, size in MAGNITUDES.items() if size == largest):
        yield (text.replace(".", ","), name)
        if "." in text:
            yield (text, name)
    if largest == MAGNITUDES[_MILLION]:
        yield (text.replace(".", ","), _MILLIONS)


def _said(value: int) -> Iterator[Phrase]:
    """Write a whole number in words, and in other words for the same."""
    if not 0 < value < MAX_IN_WORDS:
        return
    words = number_to_words(value)
    if len(words) > _SAID_LENGTH_MAX:
        return
    yield words
    for usual, other in _VARIANTS:
        if usual in words:
            yield tuple(other if word == usual else word for word in words)
    if words[-2:] == ("mươi", "bốn"):
        yield (*words[:-1], _FOURTH)


def _in_digits(row: Phrase) -> _Number | None:
    text = row[0]
    if _WHOLE.fullmatch(text):
        value, grouped = Decimal(text), False
    elif _DOTTED.fullmatch(text):
        value, grouped = Decimal(re.sub("[.,]", "", text)), True
    elif _BROKEN.fullmatch(text):
        value, grouped = Decimal(text.replace(",", ".")), True
    else:
        return None
    magnitude = _MAGNITUDES.get(row[1]) if len(row) > 1 else None
    if magnitude is None:
        return _Number(value, 1, grouped=grouped)
    if row[2:3] == ("rưỡi",):
        return _Number((value + Decimal("0.5")) * magnitude, 3)
    return _Number(value * magnitude, 2)


def _in_words(row: Phrase) -> _Number | None:
    number = read_number_words(row, 0)
    return _Number(Decimal(number[0]), number[1], in_words=True) if number else None


def _what_is_counted(following: Phrase) -> str | None:
    if not following or following[0] not in _COUNTED:
        return None
    is_date = following[0] in _DATED and _is_digits(following[1:])
    return None if is_date else following[0]


def _is_digits(following: Phrase) -> bool:
    return bool(following) and following[0][0].isdecimal()


def _parted(syllable: str) -> Phrase:
    """Split `5km` into `5` and `km`."""
    glued = _GLUED.fullmatch(syllable)
    if glued and (glued[2] in _SYMBOLS or glued[2] in _MAGNITUDES):
        return glued[1], glued[2]
    return (syllable,)
