"""Turn a subject into what articles on it must hold: its words, from the strictest to the loosest.

`phrase` is the subject as one run of syllables, `any_phrase` with any of their likely diacritics;
`words` asks for each word of it in one sentence, `syllables` for each of its syllables anywhere in
an article; both are empty for two syllables that are no word together. Each word may be written in
the other ways that the analysis of the query knows: `HN` is `Hà Nội`, and "gold" is `vàng`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from index.engine.protocol import Field, Requirement, WeightedTerm
from index.search.query.article_requests import is_optional
from index.search.query.model import Query, QueryTerm, Variant

LONGEST_PHRASE = 4
"""Syllables of a subject that articles write as one run."""

MOST_FORMS = 4
"""Forms of a syllable that are looked for where the likeliest ones are not found."""

LIKELY_FROM = 0.4
"""The weight from which a form of a syllable, or another way to write a word, is looked for."""

SAME_FROM = 0.9
"""The weight from which a longer way to write a word is the same, not a synonym."""

CERTAIN_FROM = 0.1
"""The certainty of a word below which articles need not hold it."""


@dataclass(frozen=True, slots=True)
class SubjectRequirements:
    """What a sentence or an article on a subject holds; none where it cannot be said so."""

    phrase: Sequence[Requirement]
    any_phrase: Sequence[Requirement]
    words: Sequence[Requirement]
    syllables: Sequence[Requirement]


def subject_requirements(query: Query) -> SubjectRequirements:
    """Return the requirements of an analysed subject."""
    if not query.words:
        concepts = [one for one in query.concepts if one.certainty >= CERTAIN_FROM]
        words = [requirement for one in concepts if (requirement := _ways(one))]
        return SubjectRequirements((), (), words, [_anywhere(one) for one in concepts])
    groups = list(_by_word(query))
    syllables = [concept for _, concepts in groups for concept in concepts]
    phrase: list[Requirement] = []
    any_phrase: list[Requirement] = []
    if 1 < len(syllables) <= LONGEST_PHRASE:
        likeliest = [_forms(concept)[:1] for concept in syllables]
        phrase = [_pairs(one, two) for one, two in pairwise(likeliest)]
        any_phrase = [_pairs(_forms(one), _forms(two)) for one, two in pairwise(syllables)]
        if all(len(concepts) == 1 for _, concepts in groups) and len(syllables) == 2:
            return SubjectRequirements(phrase, any_phrase, (), ())
    needed = [group for group in groups if not is_optional(group[0])] or groups
    words = [requirement for _, concepts in needed for requirement in _of_word(concepts)]
    anywhere = [_anywhere(concept) for _, concepts in needed for concept in concepts]
    return SubjectRequirements(phrase, any_phrase, words, anywhere)


def needed_concepts(query: Query) -> list[int]:
    """Return the places, among all concepts of a subject, of those that its articles hold.

    Syllables that make one word stand beside each other.
    """
    if not query.words:
        return [at for at, one in enumerate(query.concepts) if one.certainty >= CERTAIN_FROM]
    needed, at = list[int](), 0
    pairs = len(query.concepts) + len(query.words)
    for word, concepts in _by_word(query):
        if not is_optional(word):
            needed += range(at, at + len(concepts))
            needed += range(pairs + at, pairs + at + len(concepts) - 1)
        at += len(concepts)
    return needed


def _by_word(query: Query) -> Iterator[tuple[str, Sequence[QueryTerm]]]:
    """Yield each word of a Vietnamese query with the concepts of its syllables."""
    at = 0
    for word in query.words:
        text = word.alternatives[0].terms[0]
        count = text.count("_") + 1
        if concepts := query.concepts[at : at + count]:
            yield text.replace("_", " "), concepts
        at += count


def _of_word(concepts: Sequence[QueryTerm]) -> list[Requirement]:
    """Return the requirements of a word: of its neighbouring syllables, or of another way."""
    if len(concepts) == 1:
        return [_ways(concepts[0])]
    pairs = [_pairs(_forms(one)[:1], _forms(two)[:1]) for one, two in pairwise(concepts)]
    longer = [
        _terms(way)
        for concept in concepts
        for way in concept.alternatives
        if len(way.terms) > 1 and way.weight >= SAME_FROM
    ]
    if not longer:
        return pairs
    return [[[pair[0][0] for pair in pairs], *longer]]


def _forms(concept: QueryTerm) -> list[str]:
    """Return the likely forms of a syllable."""
    return [
        way.terms[0]
        for way in concept.alternatives
        if way.field is Field.SYLLABLES and len(way.terms) == 1
    ][:MOST_FORMS]


def _pairs(before: Sequence[str], after: Sequence[str]) -> Requirement:
    return [[WeightedTerm(Field.BIGRAMS, f"{one}_{two}")] for one, two in product(before, after)]


def _ways(concept: QueryTerm) -> Requirement:
    """Return the ways in which a concept may be written in a sentence."""
    return [
        _terms(way)
        for way in concept.alternatives
        if way.field is not Field.FOLDED and way.weight >= LIKELY_FROM
    ] or [_terms(concept.alternatives[0])]


def _terms(way: Variant) -> list[WeightedTerm]:
    if way.field is Field.SYLLABLES and len(way.terms) > 1:
        return [WeightedTerm(Field.BIGRAMS, "_".join(pair)) for pair in pairwise(way.terms)]
    return [WeightedTerm(way.field, term) for term in way.terms]


def _anywhere(concept: QueryTerm) -> Requirement:
    """Return the ways in which a concept may be written anywhere in an article."""
    return [
        [WeightedTerm(Field.ARTICLE, part) for term in way.terms for part in term.split("_")]
        for way in concept.alternatives
        if way.field is not Field.FOLDED and way.weight >= LIKELY_FROM
    ]
