"""Patterns of Vietnamese expressions, for text with, without or with half of its marks."""

import re

from index.patterns import Pattern
from index.spelling import fold

NUMBER = r"\d{1,3}|một|hai|ba|bốn|tư|năm|sáu|bảy|tám|chín|mười"
NUMBER_EN = r"\d{1,3}|a|one|two|three|four|five|six|seven|eight|nine|ten"
MONTH_WORD = "mười một|mười hai|mười|giêng|chạp|hai|ba|tư|năm(?= năm |/)|sáu|bảy|tám|chín"
"""Of these `năm` is a month before a year only: `tháng năm 2020` may be any month of 2020."""

_WORDS = (
    *("một giêng a one i", "hai two ii", "ba three iii", "bốn tư four iv", "năm five"),
    *("sáu six", "bảy seven", "tám eight", "chín nine", "mười ten"),
)
_VALUES = {word: value for value, words in enumerate(_WORDS, 1) for word in words.split()}
_VALUES |= {"mười một": 11, "mười hai": 12, "chạp": 12}
_BARE_VALUES = {fold(word): value for word, value in _VALUES.items()}


def compiled(pattern: str) -> Pattern:
    """A pattern in which a marked letter stands for the bare one as well, a space for any space.

    What it finds are whole words, in any case. Marked letters may not stand in
    its character classes.
    """
    return Pattern(rf"(?<!\w)(?:{loose(pattern)})(?!\w)", re.IGNORECASE)


def loose(pattern: str) -> str:
    """The same for a part of a pattern."""
    either = "".join(
        letter if letter == fold(letter) else f"[{letter}{fold(letter)}]" for letter in pattern
    )
    return either.replace(" ", r"\s+")


def bare(text: str) -> str:
    """Words as they are looked up: without marks, in lower case, parted by one space."""
    return " ".join(fold(text).lower().split())


def number(text: str) -> int:
    """The value of digits, or of a word for a number or a month."""
    return int(text) if text.isdecimal() else _BARE_VALUES[bare(text)]
