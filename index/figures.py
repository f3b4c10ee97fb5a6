"""Figures of English questions as Vietnamese newspapers write them."""

import re
from collections.abc import Sequence

from index.english_text import Token
from index.glossary import Entry

_DECADE = re.compile(r"((?:\d\d)?(\d0))'?s")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_PARTED = re.compile(r"\d+(?:[.,]\d+)+")


def figure(phrase: Sequence[Token]) -> Entry | None:
    """The figure that words begin with, where Vietnamese writes it otherwise.

    `1990s` is `thập niên 1990`, `21st` is `21`, `19th century` is `thế kỷ 19`
    or `thế kỷ XIX`, and `3.2` is `3,2`.
    """
    word = phrase[0].word
    decade, ordinal = _DECADE.fullmatch(word), _ORDINAL.fullmatch(word)
    if decade:
        years = dict.fromkeys(decade.groups())
        written = [f"{name} {year}" for year in years for name in ("thập niên", "những năm")]
        return Entry(1, tuple(written))
    if ordinal and len(phrase) > 1 and phrase[1].word in ("century", "centuries"):
        number = ordinal[1]
        return Entry(2, (f"thế kỷ {number}", f"thế kỷ {_roman(int(number))}"))
    if ordinal:
        return Entry(1, (ordinal[1],))
    if _PARTED.fullmatch(word):
        return Entry(1, (word.translate(_SWAPPED), word))
    return None


def _roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral


_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_SWAPPED = str.maketrans(".,", ",.")
