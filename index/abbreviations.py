"""Abbreviations of Vietnamese news and their long forms, both ways: `UBND`, `Ủy ban nhân dân`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from index.data import rows
from index.definitions import Definition
from index.phrases import Phrase, Phrases

_SYLLABLE = re.compile(r"[^\W_]+")

_JOINED_LENGTH_MIN = 3
"""Letters. Joined, shorter ones are words of their own: `đ/c` is not `đc`, short for `được`."""

_AND = "và"


@cache
def known_abbreviations() -> Phrases:
    """The table, by analysed syllables.

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
    """The table, and beside it what a collection defines (`index.definitions.definitions_of`)."""
    others = {phrase: dict.fromkeys(forms) for phrase, forms in known_abbreviations().items()}
    for short, wording in definitions:
        long_form = tuple(wording.split(" "))
        for spelling in _joined_too(tuple(short.split(" "))):
            others.setdefault(spelling, {})[long_form] = None
            others.setdefault(long_form, {})[spelling] = None
    return Phrases({phrase: tuple(forms) for phrase, forms in others.items()})


def _spellings(abbreviation: str) -> Iterator[Phrase]:
    """`GD&ĐT` as it is analysed, and joined: `gdđt`."""
    parted = _analysed(abbreviation)
    return iter((parted,)) if " " in abbreviation else _joined_too(parted)


def _joined_too(parted: Phrase) -> Iterator[Phrase]:
    yield parted
    joined = "".join(parted)
    if len(joined) >= _JOINED_LENGTH_MIN:
        yield (joined,)


def _wordings(meaning: str) -> Iterator[Phrase]:
    """A long form as it is analysed, and without its `và`, as it is as often written."""
    analysed = _analysed(meaning)
    yield analysed
    if _AND in analysed:
        yield tuple(syllable for syllable in analysed if syllable != _AND)


def _analysed(text: str) -> Phrase:
    """What the analyser makes of an entry, without its cost; a test holds them together."""
    return tuple(_SYLLABLE.findall(text.lower()))
