"""Abbreviations of Vietnamese news and their long forms, both ways: `UBND`, `Ủy ban nhân dân`."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from index.data import rows
from index.phrases import Phrase, Phrases, Stretch

_SYLLABLE = re.compile(r"[^\W_]+")

_JOINED_LENGTH_MIN = 3
"""Letters. Joined, shorter ones are words of their own: `đ/c` is not `đc`, short for `được`."""

_AND = "và"


def abbreviated(syllables: Sequence[str], *, folded: bool = False) -> list[Stretch]:
    """The abbreviations and long forms that a row of syllables holds; see `Phrases.stretches`.

    An abbreviation has its long forms as other ways, and a long form its
    abbreviations. An abbreviation with one meaning has other abbreviations of
    the same meaning too; a long form never another meaning of its abbreviation.
    """
    return known_abbreviations().stretches(syllables, folded=folded)


@cache
def known_abbreviations() -> Phrases:
    """The table, by analysed syllables."""
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


def _spellings(abbreviation: str) -> Iterator[Phrase]:
    """`GD&ĐT` as it is analysed, and joined: `gdđt`."""
    parted = _analysed(abbreviation)
    yield parted
    joined = "".join(parted)
    if " " not in abbreviation and len(joined) >= _JOINED_LENGTH_MIN:
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
