"""Numbers and months in words: `hai mươi mốt` is 21, `tư` and "four" are 4, as is "Apr"."""

from collections.abc import Mapping, Sequence
from functools import cache

from index.language.patterns import fold_words

MAGNITUDES: Mapping[str, int] = {
    "tỷ": 10**9,
    "tỉ": 10**9,
    "triệu": 10**6,
    "nghìn": 10**3,
    "ngàn": 10**3,
}
"""Magnitudes that may follow a number, as in `3 triệu`, largest first."""

MAX_IN_WORDS = 10**12
"""Largest number that is written in words."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
"""Words of the digits from 0 on."""

NUMBER_WORDS = (*DIGITS[1:], "mười", "chục", "trăm", *MAGNITUDES)
"""Words that indicate a number; `không` hardly ever is one."""

_DIGIT_VALUES = {word: value for value, word in enumerate(DIGITS)} | {"bẩy": 7}
FIRST_WORDS = frozenset((*_DIGIT_VALUES, "mười"))
"""Words that a number in words begins with."""

# `hai mươi năm` is twenty years: five behind `mươi` is `lăm`.
_AFTER_TENS = {
    **{word: value for word, value in _DIGIT_VALUES.items() if word not in ("không", "năm")},
    "mốt": 1,
    "tư": 4,
    "lăm": 5,
    "nhăm": 5,
}
"""Values of the digits' words after `mươi`."""

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

NUMBER = rf"\d{{1,3}}|{'|'.join((*DIGITS[1:], 'tư', 'mười'))}"
"""Pattern of a small number in digits or in a Vietnamese word."""

NUMBER_EN = rf"\d{{1,3}}|a|{'|'.join(_ENGLISH)}"

MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
SHORT_MONTHS_EN = tuple(month[:3].lower() for month in MONTHS_EN)

_TENS = frozenset(("mươi", "chục"))
_AND = frozenset(("linh", "lẻ"))


def read_number_words(syllables: Sequence[str], start: int) -> tuple[int, int] | None:
    """Parse the number in words that begins at a syllable.

    Args:
        syllables: Analysed syllables.
        start: Index of its first syllable.

    Returns:
        Its value and the index after it, or None where there is none. `năm` alone is
        no number, since it rather means a year.
    """
    total, at, below = 0, start, MAX_IN_WORDS
    while (group := _below_thousand(syllables, at, within=at > start)) is not None:
        value, end = group
        magnitude = MAGNITUDES.get(_at(syllables, end), 1)
        if magnitude >= below:
            break
        total, at, below = total + value * magnitude, end, magnitude
        if magnitude == 1:
            break
        at += 1
        if _at(syllables, at) == "rưỡi":
            return total + magnitude // 2, at + 1
    alone = at == start + 1 and syllables[start] == "năm"
    return None if at == start or alone or total == 0 else (total, at)


def parse_small_number(text: str) -> int:
    """Parse digits, a small number in words, or a Roman numeral up to `iv`.

    Args:
        text: With or without diacritics, in any case; `giêng` and `chạp` are the first and
            the last month.

    Raises:
        KeyError: The text is none of these.
    """
    return int(text) if text.isdecimal() else _small_values()[fold_words(text)]


def parse_month(name: str) -> int:
    """Parse a month: digits, an English name or its beginning, or a Vietnamese number.

    Raises:
        KeyError: The text is none of these.
    """
    short = fold_words(name)[:3]
    if short in SHORT_MONTHS_EN:
        return SHORT_MONTHS_EN.index(short) + 1
    return parse_small_number(name)


@cache
def _small_values() -> Mapping[str, int]:
    values = {" ".join(number_to_words(value)): value for value in range(1, 13)}
    values |= {word: value for value, word in enumerate(_ENGLISH, 1)}
    values |= {"i": 1, "ii": 2, "iii": 3, "iv": 4, "a": 1, "tư": 4, "giêng": 1, "chạp": 12}
    return {fold_words(word): value for word, value in values.items()}


def number_to_words(value: int) -> tuple[str, ...]:
    """Write a whole number from 1 up to `MAX_IN_WORDS` in Vietnamese words."""
    said: list[str] = []
    for magnitude, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = value // magnitude % 1000
        if group:
            said += _say_below_thousand(group, after_more=bool(said))
            said += [name] if name else []
    return tuple(said)


def _say_below_thousand(value: int, *, after_more: bool) -> list[str]:
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    said = [DIGITS[hundreds], "trăm"] if hundreds or after_more else []
    if tens > 1:
        said += [DIGITS[tens], "mươi"]
    elif tens == 1:
        said.append("mười")
    elif said and ones:
        said.append("linh")
    if ones == 1 and tens > 1:
        said.append("mốt")
    elif ones == 5 and tens:
        said.append("lăm")
    elif ones:
        said.append(DIGITS[ones])
    return said


def _below_thousand(syllables: Sequence[str], at: int, *, within: bool) -> tuple[int, int] | None:
    """Parse a group of up to three digits; within a longer number it names its hundreds."""
    hundreds = _DIGIT_VALUES.get(_at(syllables, at))
    if hundreds is not None and _at(syllables, at + 1) == "trăm":
        rest = _below_hundred(syllables, at + 2)
        if _at(syllables, at + 2) in _AND:
            ones = _DIGIT_VALUES.get(_at(syllables, at + 3))
            rest = (ones, at + 4) if ones else None
        value, end = rest or (0, at + 2)
        return hundreds * 100 + value, end
    if within:
        return None
    tens = _below_hundred(syllables, at)
    if tens is not None:
        return tens
    return (hundreds, at + 1) if hundreds else None


def _below_hundred(syllables: Sequence[str], at: int) -> tuple[int, int] | None:
    """Parse a number from 10 to 99."""
    first = _at(syllables, at)
    if first == "mười" and _at(syllables, at + 1) not in _TENS:
        value, end = 10, at + 1
    elif _DIGIT_VALUES.get(first, 0) and _at(syllables, at + 1) in _TENS:
        value, end = _DIGIT_VALUES[first] * 10, at + 2
    else:
        return None
    last = _at(syllables, end)
    ones = _AFTER_TENS.get(last)
    return (value, end) if ones is None else (value + ones, end + 1)


def _at(syllables: Sequence[str], at: int) -> str:
    return syllables[at] if at < len(syllables) else ""
