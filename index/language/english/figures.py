"""English numbers, ordinals, decades and centuries in Vietnamese notation."""

import re
from collections.abc import Sequence

from index.language.english.glossary import Entry
from index.language.english.tokens import EnglishToken

_DECADE = re.compile(r"((?:\d\d)?(\d0))'?s")
_ORDINAL = re.compile(r"([1-9][0-9]{0,3})(?:st|nd|rd|th)")
_PARTED = re.compile(r"\d+(?:[.,]\d+)+")


def read_english_number(phrase: Sequence[EnglishToken]) -> Entry | None:
    """Convert the number at the start of words to Vietnamese, if that writes it differently.

    `1990s` is `thập niên 1990`, `21st` is `21`, `19th century` is `thế kỷ 19`
    or `thế kỷ XIX`, and `3.2` is `3,2`.
    """
    word = phrase[0].word
    decade, ordinal = _DECADE.fullmatch(word), _ORDINAL.fullmatch(word)
    if decade:
        years = dict.fromkeys(year for year in decade.groups() if year != "00")
        written = [f"{name} {year}" for year in years for name in ("thập niên", "những năm")]
        return Entry(1, tuple(written))
    if ordinal and len(ordinal[1]) <= _CENTURY_DIGITS and _is_century(phrase[1:2]):
        return Entry(2, (f"thế kỷ {ordinal[1]}", f"thế kỷ {_roman(int(ordinal[1]))}"))
    if ordinal:
        return Entry(1, (ordinal[1],))
    if _PARTED.fullmatch(word):
        return Entry(1, (word.translate(_SWAPPED), word))
    return None


def _is_century(following: Sequence[EnglishToken]) -> bool:
    return bool(following) and following[0].word in ("century", "centuries")


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


_ROMAN = ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_CENTURY_DIGITS = 2
_SWAPPED = str.maketrans(".,", ",.")
