"""Numbers in Vietnamese words, read and said: `hai mươi mốt` is 21."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from index.spelling import fold

MAGNITUDES: Mapping[str, int] = {
    "tỷ": 10**9,
    "tỉ": 10**9,
    "triệu": 10**6,
    "nghìn": 10**3,
    "ngàn": 10**3,
}
"""What a number may be followed by, as in `3 triệu`, largest first."""

SAID_MAX = 10**12
"""Larger numbers are not written in words."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
"""The words of the digits from 0 on."""

NUMBER_WORDS = (*DIGITS[1:], "mười", "chục", "trăm", *MAGNITUDES)
"""What a number in words is told by; `không` is hardly ever one."""

_AFTER_TENS = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7}
"""How some digits are said behind `mươi`."""

_FOLDED_LEFT_OUT = frozenset({"ngan"})
"""Without marks rather `ngân` or `ngắn`."""


@dataclass(frozen=True, slots=True)
class _Words:
    """The words that numbers are made of, with or without marks."""

    digits: Mapping[str, int]
    after_tens: Mapping[str, int]
    magnitudes: Mapping[str, int]
    ten: str
    tens: frozenset[str]
    hundred: str
    and_: frozenset[str]
    half: str
    five: str


def read(syllables: Sequence[str], start: int, *, folded: bool = False) -> tuple[int, int] | None:
    """Read the number in words that begins at a syllable.

    Args:
        syllables: Analysed syllables.
        start: Where it begins.
        folded: Whether they are without marks.

    Returns:
        Its value and where it ends, or None where there is none. `năm` alone is
        no number, since it is rather a year.
    """
    words = _words(folded)
    total, at, below = 0, start, SAID_MAX
    while (group := _below_thousand(syllables, at, words, within=at > start)) is not None:
        value, end = group
        magnitude = words.magnitudes.get(_at(syllables, end), 1)
        if magnitude >= below:
            break
        total, at, below = total + value * magnitude, end, magnitude
        if magnitude == 1:
            break
        at += 1
        if _at(syllables, at) == words.half:
            return total + magnitude // 2, at + 1
    alone = at == start + 1 and syllables[start] == words.five
    return None if at == start or alone or total == 0 else (total, at)


def say(value: int) -> tuple[str, ...]:
    """A whole number from 1 up to `SAID_MAX` in words, as newsreaders say it."""
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


def _below_thousand(
    syllables: Sequence[str], at: int, words: _Words, *, within: bool
) -> tuple[int, int] | None:
    """A group of up to three digits; within a longer number it names its hundreds."""
    hundreds = words.digits.get(_at(syllables, at))
    if hundreds is not None and _at(syllables, at + 1) == words.hundred:
        rest = _below_hundred(syllables, at + 2, words)
        if _at(syllables, at + 2) in words.and_:
            ones = words.digits.get(_at(syllables, at + 3))
            rest = (ones, at + 4) if ones else None
        value, end = rest or (0, at + 2)
        return hundreds * 100 + value, end
    if within:
        return None
    tens = _below_hundred(syllables, at, words)
    if tens is not None:
        return tens
    return (hundreds, at + 1) if hundreds else None


def _below_hundred(syllables: Sequence[str], at: int, words: _Words) -> tuple[int, int] | None:
    """A number from 10 to 99."""
    first = _at(syllables, at)
    if first == words.ten and _at(syllables, at + 1) not in words.tens:
        value, end = 10, at + 1
    elif words.digits.get(first, 0) and _at(syllables, at + 1) in words.tens:
        value, end = words.digits[first] * 10, at + 2
    else:
        return None
    last = _at(syllables, end)
    ones = words.after_tens.get(last)
    return (value, end) if ones is None else (value + ones, end + 1)


def _at(syllables: Sequence[str], at: int) -> str:
    return syllables[at] if at < len(syllables) else ""


@cache
def _words(folded: bool) -> _Words:
    def written(word: str) -> str:
        return fold(word) if folded else word

    def table(words: Mapping[str, int]) -> dict[str, int]:
        known = {written(word): value for word, value in words.items()}
        return {word: value for word, value in known.items() if word not in _FOLDED_LEFT_OUT}

    digits = {word: value for value, word in enumerate(DIGITS)} | {"bẩy": 7}
    after_tens = digits | _AFTER_TENS
    # `hai mươi năm` is twenty years: five behind `mươi` is `lăm`.
    del after_tens["năm"], after_tens["không"]
    return _Words(
        digits=table(digits),
        after_tens=table(after_tens),
        magnitudes=table(MAGNITUDES),
        ten=written("mười"),
        tens=frozenset({written("mươi"), written("chục")}),
        hundred=written("trăm"),
        and_=frozenset({written("linh"), written("lẻ")}),
        half=written("rưỡi"),
        five=written("năm"),
    )
