"""English words, phrases and names with their Vietnamese equivalents, and how they are found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from index.data import rows
from index.english_text import tokens_of
from index.inflection import lemmas


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found.

    Args:
        length: In words.
        equivalents: In Vietnamese, most usual first.
        is_name: Whether it is a name rather than a word.
    """

    length: int
    equivalents: tuple[str, ...]
    is_name: bool = False


@dataclass(slots=True)
class Glossary:
    """Entries of one or more words, as a tree of words.

    Args:
        forms: What a word of a text is looked up as, likeliest first.
        equivalents: Of the entry that ends here, if one does.
        after: The words that may follow.
    """

    forms: Callable[[str], Iterable[str]]
    equivalents: tuple[str, ...] = ()
    after: "dict[str, Glossary]" = field(default_factory=dict)

    def add(self, words: Iterable[str], equivalents: tuple[str, ...]) -> None:
        """Take up an entry, given by its words in lower case."""
        node = self
        for word in words:
            following = node.after.get(word)
            if following is None:
                following = node.after[word] = Glossary(self.forms)
            node = following
        node.equivalents = equivalents

    def longest(self, words: Sequence[str]) -> Entry | None:
        """The longest entry that the words begin with, any of them maybe inflected.

        Expects lower case, without the `'s` of a possessive.
        """
        found = None
        nodes = [self]
        for length, word in enumerate(words, 1):
            forms = list(self.forms(word))
            nodes = [node.after[form] for node in nodes for form in forms if form in node.after]
            if not nodes:
                break
            entry = next((node.equivalents for node in nodes if node.equivalents), ())
            if entry:
                found = Entry(length, entry)
        return found


@cache
def words_and_phrases() -> Glossary:
    """General vocabulary by its lemmas."""
    return _read("lexicon_en_vi.tsv", lemmas)


@cache
def names() -> Glossary:
    """Countries, peoples, cities, months and the like, where Vietnamese has its own name."""
    return _read("names_en_vi.tsv", _singulars)


def _singulars(word: str) -> tuple[str, ...]:
    """A name has no other inflection: `Mayor` does not come from `May`."""
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _read(name: str, forms: Callable[[str], Iterable[str]]) -> Glossary:
    glossary = Glossary(forms)
    for phrase, equivalents in rows(name):
        words = [phrase] if phrase.islower() and phrase.isalpha() else _words(phrase)
        glossary.add(words, tuple(equivalents.split("|")))
    return glossary


def _words(phrase: str) -> list[str]:
    return [token.word for token in tokens_of(phrase)]
