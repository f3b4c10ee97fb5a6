"""Lazily compiled and diacritic-insensitive regular expressions, and Vietnamese letter classes."""

import re
import sys
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from string import digits

from index.language.spelling import LATIN_END, fold

_MARKED_LETTERS = tuple(map(chr, range(0xC0, LATIN_END)))

UPPER = "A-Z" + "".join(filter(str.isupper, _MARKED_LETTERS))
"""Capital letters of Vietnamese and of foreign names, for a character class."""

LOWER = "a-z" + "".join(filter(str.islower, _MARKED_LETTERS))

FAMILY_NAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đoàn|Trịnh|Đinh"
)
"""The commonest family names, as alternatives of a pattern."""

UNTONED_UPPER = "A-ZĐĂÂÊÔƠƯ"
"""Capital letters without tones, of which abbreviations consist."""


class Pattern:
    """A lazily compiled regular expression, with the common methods of `re.Pattern`.

    A command needs few of them, and compiling takes long.

    Args:
        pattern: The expression.
        flags: Flags of `re`.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = pattern
        self._flags = flags

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Find the first match in a part of a text."""
        return self._compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Match at the beginning of a part of a text."""
        return self._compiled.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Match a whole text."""
        return self._compiled.fullmatch(text)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """Find all matches in a part of a text, in order."""
        return self._compiled.finditer(text, start, end)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """Replace all matches in a text."""
        return self._compiled.sub(replacement, text)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)


@cache
def word_pattern(pattern: str) -> Pattern:
    """Make a pattern of whole words in any case, with or without any of their diacritics.

    A space matches any white space. Letters with diacritics must not be in character classes.
    """
    return Pattern(rf"(?<!\w)(?:{diacritic_insensitive(pattern)})(?!\w)", re.IGNORECASE)


def numbered_group(found: re.Match[str], name: str) -> str | None:
    """Return the numbered group that matched: for `year`, the text of `year1` or `year2`."""
    groups = found.groupdict().items()
    return next((text for group, text in groups if text and group.rstrip(digits) == name), None)


def diacritic_insensitive(pattern: str) -> str:
    """Let each letter with diacritics in a pattern match the plain letter too."""
    either = "".join(
        letter if letter == fold(letter) else f"[{letter}{fold(letter)}]" for letter in pattern
    )
    return either.replace(" ", r"\s+")


def fold_words(text: str) -> str:
    """Fold words for a look-up: no diacritics, lower case, separated by one space.

    ı is taken for i and ſ for s, as by `re.IGNORECASE`.
    """
    return " ".join(fold(text).upper().lower().split())
