"""English lemmatizer: candidate lemmas of an inflected or derived form."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from index.language.data import rows

_FORMS_KEPT = 10_000


@lru_cache(_FORMS_KEPT)
def lemmas(form: str) -> tuple[str, ...]:
    """List the form and its possible lemmas, likeliest first; not all of them are words.

    `took` gives `take`, `cities` `city`, `stopped` `stop`, `organised` `organize`,
    `happiness` `happy`. Expects lower case.
    """
    return tuple(_origins(form))


def _origins(form: str) -> Iterator[str]:
    yield form
    irregular = _irregular().get(form)
    if irregular:
        yield irregular
    stems = [form, *_stems(form)]
    yield from stems[1:]
    for stem in stems:
        yield from _american(stem)
    yield from _derived_from(form)


def _stems(form: str) -> Iterator[str]:
    yield from _replace_ending(form, _ENDINGS, _SHORTEST_STEM)
    if form.endswith("es") and form.removesuffix("es").endswith(_SIBILANTS):
        yield form.removesuffix("es")
    if form.endswith("s"):
        yield form.removesuffix("s")
    for ending in _ENDINGS_WITH_A_VOWEL:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) >= _SHORTEST_STEM:
            yield from _roots(stem)


def _roots(stem: str) -> Iterator[str]:
    """Yield the words before an ending with a vowel: `rat` gives `rate`, `ratt` `rat`."""
    if _SHORT.fullmatch(stem):
        yield stem + "e"
        return
    yield stem
    yield stem + "e"
    if stem[-1] == stem[-2]:
        yield stem[:-1]


def _american(word: str) -> Iterator[str]:
    yield from _replace_ending(word, _BRITISH, _SHORTEST_STEM)
    for british, american in _BRITISH_WITHIN:
        if british in word[:-1]:
            yield word.replace(british, american, 1)


def _derived_from(form: str) -> Iterator[str]:
    singular = form if form.endswith("ss") else form.removesuffix("s")
    return _replace_ending(singular, _DERIVATIONS, _SHORTEST_ROOT)


def _replace_ending(
    word: str, endings: Iterable[tuple[str, tuple[str, ...]]], shortest: int
) -> Iterator[str]:
    for ending, replacements in endings:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= shortest:
            yield from (stem + replacement for replacement in replacements)


_ENDINGS = (
    ("ies", ("y", "ie")),
    ("ied", ("y", "ie")),
    ("ier", ("y",)),
    ("iest", ("y",)),
    ("ves", ("f", "fe")),
    ("men", ("man",)),
    ("ily", ("y",)),
    ("bly", ("ble",)),
    ("ly", ("", "le")),
    ("ally", ("",)),
)

_ENDINGS_WITH_A_VOWEL = ("ed", "ing", "ings", "er", "ers", "or", "ors", "est")

_SIBILANTS = ("s", "x", "z", "ch", "sh", "o")
"""Endings before the plural `es`."""

_SHORT = re.compile("[^aeiou]*[aeiou][^aeiouwxy]")
"""Pattern of a syllable whose last consonant would be doubled."""

_BRITISH = (
    ("our", ("or",)),
    ("ise", ("ize",)),
    ("yse", ("yze",)),
    ("tre", ("ter",)),
    ("ogue", ("og",)),
    ("ence", ("ense",)),
)

_BRITISH_WITHIN = (
    ("isation", "ization"),
    ("our", "or"),
    ("ae", "e"),
    ("oe", "e"),
)

_DERIVATIONS = (
    ("iness", ("y",)),
    ("ness", ("",)),
    ("ment", ("", "e")),
    ("ization", ("ize",)),
    ("isation", ("ize",)),
    ("ication", ("y",)),
    ("ation", ("e", "")),
    ("ion", ("", "e")),
    ("ance", ("", "e")),
    ("ence", ("", "e")),
    ("ability", ("able", "")),
    ("ity", ("", "e")),
    ("able", ("", "e")),
    ("ship", ("",)),
    ("hood", ("",)),
    ("ful", ("",)),
    ("al", ("", "e")),
    ("ic", ("", "y")),
    ("ist", ("", "y", "ism")),
    ("ism", ("", "ist")),
)

_SHORTEST_STEM = 2  # letters
_SHORTEST_ROOT = 4  # letters: a shorter one is chance, as in `nation` or `moment`


@cache
def _irregular() -> dict[str, str]:
    return dict(row for row in rows("irregular_en.tsv"))
