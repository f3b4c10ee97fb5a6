"""English inflection: the words that a form may come from."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from index.language.data import rows

_FORMS_KEPT = 10_000


@lru_cache(_FORMS_KEPT)
def lemmas(form: str) -> tuple[str, ...]:
    """The form itself, then what it may come from, likeliest first; not all of them are words.

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
    for ending, replacements in _ENDINGS:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) > 1:
            yield from (stem + replacement for replacement in replacements)
    if form.endswith("es") and form.removesuffix("es").endswith(_SIBILANTS):
        yield form.removesuffix("es")
    if form.endswith("s"):
        yield form.removesuffix("s")
    for ending in _ENDINGS_WITH_A_VOWEL:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) > 1:
            yield from _roots(stem)


def _roots(stem: str) -> Iterator[str]:
    """What an ending with a vowel was put to: `rat` comes from `rate`, `ratt` from `rat`."""
    if _SHORT.fullmatch(stem):
        yield stem + "e"
        return
    yield stem
    yield stem + "e"
    if stem[-1] == stem[-2]:
        yield stem[:-1]


def _american(word: str) -> Iterator[str]:
    for british, american in _BRITISH:
        stem = word.removesuffix(british)
        if stem != word and len(stem) > 1:
            yield stem + american
    for british, american in _BRITISH_WITHIN:
        if british in word[:-1]:
            yield word.replace(british, american, 1)


def _derived_from(form: str) -> Iterator[str]:
    singular = form if form.endswith("ss") else form.removesuffix("s")
    for ending, replacements in _DERIVATIONS:
        stem = singular.removesuffix(ending)
        if stem != singular and len(stem) > _SHORTEST_ROOT:
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
"""After these a plural has `es`."""

_SHORT = re.compile("[^aeiou]*[aeiou][^aeiouwxy]")
"""A syllable whose last consonant would be doubled."""

_BRITISH = (
    ("our", "or"),
    ("ise", "ize"),
    ("yse", "yze"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("ence", "ense"),
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

_SHORTEST_ROOT = 3
"""Letters: a shorter rest is chance, as in `nation` or `render_time`."""


@cache
def _irregular() -> dict[str, str]:
    return dict(row for row in rows("irregular_en.tsv"))
