"""Expand abbreviations and synonyms in queries, from tables.

`UBND` is `Ủy ban nhân dân` and the other way round; `chết` and `tử vong` mean nearly the same.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from index.articles.abbreviations import Definition
from index.language.data import rows

Phrase = tuple[str, ...]
"""Analysed syllables, as `Terms.syllables` has them."""

_SYLLABLE = re.compile(r"[^\W_]+")

_JOINED_LENGTH_MIN = 3
"""Letters. Joined, shorter ones are words of their own: `đ/c` is not `đc`, short for `được`."""

_AND = "và"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The syllables `[start, end)` of a row, and their other written forms."""

    start: int
    end: int
    others: tuple[Phrase, ...]


class Phrases:
    """A table of phrases with the other forms of each, most usual first."""

    def __init__(self, others: Mapping[Phrase, tuple[Phrase, ...]]) -> None:
        self.others = others
        self._lengths: dict[str, set[int]] = {}
        for phrase in filter(None, others):
            self._lengths.setdefault(phrase[0], set()).add(len(phrase))

    def stretches(self, syllables: Sequence[str]) -> list[Stretch]:
        """Find the phrases of the table in a row of syllables, in order.

        Longer ones go before shorter ones, and no two overlap.

        Args:
            syllables: Analysed syllables.
        """
        known = [
            Stretch(start, start + length, others)
            for start, syllable in enumerate(syllables)
            for length in self._lengths.get(syllable, ())
            if start + length <= len(syllables)
            if (others := self.others.get(tuple(syllables[start : start + length])))
        ]
        found: list[Stretch] = []
        taken: set[int] = set()
        for stretch in sorted(known, key=lambda each: (each.start - each.end, each.start)):
            places = range(stretch.start, stretch.end)
            if taken.isdisjoint(places):
                taken.update(places)
                found.append(stretch)
        return sorted(found, key=lambda stretch: stretch.start)


@cache
def known_abbreviations() -> Phrases:
    """Return the table of abbreviations, by analysed syllables.

    An abbreviation has its long forms as other ways, and a long form its
    abbreviations. An abbreviation with one meaning has other abbreviations of
    the same meaning too; a long form never another meaning of its abbreviation.
    """
    long_forms: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
    short_forms: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
    ambiguous: set[Phrase] = set()
    for abbreviation, column in rows("abbreviations.tsv"):
        meanings = column.split("|")
        spellings = list(_spellings(abbreviation))
        if len(meanings) > 1:
            ambiguous.update(spellings)
        for wording in (wording for meaning in meanings for wording in _wordings(meaning)):
            short_forms[wording].update(dict.fromkeys(spellings))
            for spelling in spellings:
                long_forms[spelling][wording] = None
    others = {long_form: dict(short) for long_form, short in short_forms.items()}
    for spelling, wordings in long_forms.items():
        known = others.setdefault(spelling, {})
        known.update(wordings)
        if spelling not in ambiguous:
            for wording in wordings:
                known.update(short_forms[wording])
        known.pop(spelling, None)
    return Phrases({phrase: tuple(forms) for phrase, forms in others.items()})


def with_definitions(definitions: Iterable[Definition]) -> Phrases:
    """Return the abbreviations of the table, and those that a collection defines."""
    definitions = tuple(definitions)
    if not definitions:
        return known_abbreviations()
    others = {
        phrase: dict.fromkeys(forms) for phrase, forms in known_abbreviations().others.items()
    }
    for short, wording in definitions:
        long_form = tuple(wording.split(" "))
        for spelling in _joined_too(tuple(short.split(" "))):
            others.setdefault(spelling, {})[long_form] = None
            others.setdefault(long_form, {})[spelling] = None
    return Phrases({phrase: tuple(forms) for phrase, forms in others.items()})


def _spellings(abbreviation: str) -> Iterator[Phrase]:
    """Yield the forms of an abbreviation: `GD&ĐT` as it is analysed, and joined as `gdđt`."""
    parted = _analysed(abbreviation)
    return iter((parted,)) if " " in abbreviation else _joined_too(parted)


def _joined_too(parted: Phrase) -> Iterator[Phrase]:
    yield parted
    joined = "".join(parted)
    if len(joined) >= _JOINED_LENGTH_MIN:
        yield (joined,)


def _wordings(meaning: str) -> Iterator[Phrase]:
    """Yield a long form as it is analysed, and without `và`, as it is as often written."""
    analysed = _analysed(meaning)
    yield analysed
    if _AND in analysed:
        yield tuple(syllable for syllable in analysed if syllable != _AND)


def _analysed(text: str) -> Phrase:
    """Analyse an entry as the analyser does, but faster; a test compares them."""
    return tuple(_SYLLABLE.findall(text.lower()))


@cache
def known_synonyms() -> Phrases:
    """Return the table of synonyms, by analysed syllables; of two groups, a form has both.

    Only the caller knows whether a stretch is a word of its own where it stands: `dự` has
    synonyms, but not in `dự kiến`.
    """
    others: dict[Phrase, tuple[Phrase, ...]] = {}
    for (column,) in rows("synonyms.tsv"):
        group = [tuple(form.split(" ")) for form in column.split("|")]
        for at, form in enumerate(group):
            others[form] = (*others.get(form, ()), *group[:at], *group[at + 1 :])
    return Phrases(others)


@cache
def counted_alike() -> Mapping[str, tuple[str, ...]]:
    """Return the nouns that may be counted where a question asks to count another one."""
    return {asked: tuple(column.split("|")) for asked, column in rows("counted.tsv")}
