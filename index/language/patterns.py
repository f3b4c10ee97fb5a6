"""Regular expressions: compiled when first used, insensitive to Vietnamese marks, with capitals."""

import re
import sys
from collections.abc import Iterator
from functools import cached_property

from index.language.spelling import fold

_MARKED_LETTERS = tuple(map(chr, range(0xC0, 0x1F00)))  # as far as Latin Extended Additional

UPPER = "A-Z" + "".join(filter(str.isupper, _MARKED_LETTERS))
"""Capital letters of Vietnamese and of foreign names, for a character class."""

LOWER = "a-z" + "".join(filter(str.islower, _MARKED_LETTERS))

UNTONED_UPPER = "A-ZĐĂÂÊÔƠƯ"
"""The capitals of the alphabet: those of abbreviations, which have no tones."""


class Pattern:
    """A regular expression, with those methods of `re.Pattern` that are used.

    Compiled when it is first used, since a command needs few of them.

    Args:
        pattern: The expression.
        flags: Those of `re`.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = pattern
        self._flags = flags

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The first match in a part of a text."""
        return self._compiled.search(text, start, end)

    def match(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """The match at the beginning of a part of a text."""
        return self._compiled.match(text, start, end)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of a whole text."""
        return self._compiled.fullmatch(text)

    def finditer(
        self, text: str, start: int = 0, end: int = sys.maxsize
    ) -> Iterator[re.Match[str]]:
        """All matches in a part of a text, in order."""
        return self._compiled.finditer(text, start, end)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)


def word_pattern(pattern: str) -> Pattern:
    """A pattern of whole words in any case, with, without or with half of their marks.

    Any white space matches a space. Marked letters may not stand in its character classes.
    """
    return Pattern(rf"(?<!\w)(?:{diacritic_insensitive(pattern)})(?!\w)", re.IGNORECASE)


def diacritic_insensitive(pattern: str) -> str:
    """The same for a part of a pattern: a marked letter stands for the unmarked one as well."""
    either = "".join(
        letter if letter == fold(letter) else f"[{letter}{fold(letter)}]" for letter in pattern
    )
    return either.replace(" ", r"\s+")


def fold_words(text: str) -> str:
    """Words as they are looked up: without marks, in lower case, parted by one space."""
    return " ".join(fold(text).lower().split())
