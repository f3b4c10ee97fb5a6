"""Glossaries of English words, phrases and names with their Vietnamese equivalents."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from index.language.data import rows
from index.language.english.lemmas import lemmas

_WORDS_KEPT = 10_000


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
        self._first = lru_cache(_WORDS_KEPT)(partial(self._reached, ("",)))

    def longest(self, words: Sequence[str]) -> Entry | None:
        """Find the longest entry at the start of words, any of them maybe inflected.

        Expects lower case, without the `'s` of a possessive.
        """
        longest = None
        begun: Sequence[str] = ()
        for length, word in enumerate(words, 1):
            equivalents, begun = self._reached(begun, word) if begun else self._first(word)
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
