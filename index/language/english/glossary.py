"""Glossaries of English words, phrases and names with their Vietnamese equivalents."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from index.language.data import rows
from index.language.english.lemmas import lemmas

_DECADE = re.compile(r"((?:\d\d)?(\d0))'?s")
_ORDINAL = re.compile(r"([1-9][0-9]{0,3})(?:st|nd|rd|th)")
_PARTED = re.compile(r"\d+(?:[.,]\d+)+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A match in a glossary.

    Args:
        length: Number of English words.
        equivalents: In Vietnamese, most usual first.
        is_name: Whether it is a name rather than a word.
    """

    length: int
    equivalents: tuple[str, ...]
    is_name: bool = False


class Glossary:
    """Glossary whose entries, of one or more words, are found by any form of each word.

    Args:
        entries: Equivalents separated by `|`, by the entry's words in lower case.
        forms: Function that gives the forms to look up for a word, likeliest first.
        of_names: Whether the entries are names.
    """

    def __init__(
        self,
        entries: dict[str, str],
        forms: Callable[[str], Iterable[str]],
        *,
        of_names: bool = False,
    ) -> None:
        self._entries = entries
        self._forms = forms
        self._of_names = of_names
        self._beginnings = set(_beginnings(entries))

    def longest(self, words: Sequence[str]) -> Entry | None:
        """Find the longest entry at the start of words, any of them maybe inflected.

        Expects lower case, without the `'s` of a possessive.
        """
        longest = None
        begun: Sequence[str] = ("",)
        for length, word in enumerate(words, 1):
            equivalents, begun = self._reached(begun, word)
            if equivalents:
                longest = Entry(length, equivalents, self._of_names)
            if not begun:
                break
        return longest

    def _reached(self, begun: Sequence[str], word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Extend beginnings of entries by one word.

        Returns:
            The equivalents of the entry that ends there, and the beginnings that go on.
        """
        reached = [beginning + form for beginning in begun for form in self._forms(word)]
        entry = next((phrase for phrase in reached if phrase in self._entries), None)
        equivalents = tuple(self._entries[entry].split("|")) if entry else ()
        return equivalents, tuple(f"{phrase} " for phrase in reached if phrase in self._beginnings)


@cache
def words_and_phrases() -> Glossary:
    """Return the glossary of general vocabulary, by lemmas."""
    return Glossary(_read("lexicon_en_vi.tsv"), lemmas)


@cache
def names() -> Glossary:
    """Return the glossary of countries, peoples, cities and months with Vietnamese names."""
    return Glossary(_read("names_en_vi.tsv"), _singulars, of_names=True)


def read_english_number(words: Sequence[str]) -> Entry | None:
    """Read the figure that words begin with, where Vietnamese writes it otherwise.

    `1990s` is `thập niên 1990`, `21st` is `21`, `19th century` is `thế kỷ 19`
    or `thế kỷ XIX`, and `3.2` is `3,2`.
    """
    word = words[0]
    decade, ordinal = _DECADE.fullmatch(word), _ORDINAL.fullmatch(word)
    if decade:
        years = dict.fromkeys(year for year in decade.groups() if year != "00")
        written = [f"{name} {year}" for year in years for name in ("thập niên", "những năm")]
        return Entry(1, tuple(written))
    if ordinal and len(ordinal[1]) <= _CENTURY_DIGITS and _CENTURY.intersection(words[1:2]):
        return Entry(2, (f"thế kỷ {ordinal[1]}", f"thế kỷ {_roman(int(ordinal[1]))}"))
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


def _beginnings(phrases: Iterable[str]) -> Iterator[str]:
    """Yield the proper beginnings of phrases: `chief` and `chief of` for `chief of staff`."""
    for phrase in phrases:
        end = phrase.rfind(" ")
        while end > 0:
            yield phrase[:end]
            end = phrase.rfind(" ", 0, end)


def _singulars(word: str) -> tuple[str, ...]:
    """Return the forms of a name, which is inflected by `s` only: `Mayor` is not `May`."""
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _read(name: str) -> dict[str, str]:
    return {_normalize_phrase(phrase): equivalents for phrase, equivalents in rows(name)}


def _normalize_phrase(phrase: str) -> str:
    """Split an entry into words as a question is: `U.S.` is two."""
    if phrase.isalpha():
        return phrase.lower()
    words = phrase.lower().replace("'s ", " ").replace("-", " ").replace(".", " ")
    return " ".join(words.split())


_ROMAN = ((90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_CENTURY = frozenset(("century", "centuries"))
_CENTURY_DIGITS = 2
_SWAPPED = str.maketrans(".,", ",.")
