"""A question, analysed: what to look for, and what kind of answer is wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.analyser import Analyser
from index.answer_kinds import AnswerKind, kind_of
from index.courtesies import without_courtesies
from index.engines import Field
from index.english import content_words, is_english
from index.spelling import fold, is_marked, nfc

SYLLABLES_WEIGHT, WORDS_WEIGHT, BIGRAMS_WEIGHT = 0.7, 0.3, 0.2
"""Of the sentence fields, in both stages; see `index.ranking` for where they were measured."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a concept is written: neighbouring terms of a sentence field."""

    field: Field
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that a question names, by all the ways it may be written.

    The alternatives count as one term: its frequency in a text is the weighted
    sum of theirs (structured queries, Pirkola, SIGIR 1998). `certainty` says how
    sure it is, 0 to 1, that a sentence which answers holds one of them.
    """

    alternatives: tuple[Alternative, ...]
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """An analysed question.

    Args:
        question: As it was asked.
        kind: The kind of answer that it wants, if it says so.
        concepts: What a good sentence holds.
        words: Its pyvi words, for a marked Vietnamese question.
        bigrams: Its pairs of neighbouring syllables, likewise.
    """

    question: str
    kind: AnswerKind | None
    concepts: tuple[Concept, ...]
    words: tuple[Concept, ...] = ()
    bigrams: tuple[Concept, ...] = ()

    @property
    def all_concepts(self) -> tuple[Concept, ...]:
        """Concepts, words and bigrams, in this order."""
        return (*self.concepts, *self.words, *self.bigrams)


def analyse_question(question: str, analyser: Analyser) -> Query:
    """Find out what a question asks for. Never raises; an empty question has no concepts."""
    asked = nfc(question)
    question = without_courtesies(asked)
    marked = is_marked(question)
    kind = kind_of(question, marked=marked)
    if is_english(question):
        concepts = tuple(_english(question, analyser))
        if kind is AnswerKind.WHY:
            concepts += _expected(kind, Field.SYLLABLES)
        return Query(question, kind, concepts)
    if not marked:
        folded = analyser.analyse(question).syllables
        concepts = _syllables(folded, Field.FOLDED, _ASKING_FOLDED)
        return Query(question, kind, concepts + _expected(kind, Field.FOLDED))
    terms = analyser.analyse(question)
    return Query(
        question,
        kind,
        _syllables(terms.syllables, Field.SYLLABLES, _ASKING) + _expected(kind, Field.SYLLABLES),
        tuple(_single(Field.WORDS, word) for word in terms.words if word not in _ASKING_WORDS),
        tuple(Concept((Alternative(Field.SYLLABLES, pair),)) for pair in pairwise(terms.syllables)),
    )


def _single(field: Field, term: str) -> Concept:
    return Concept((Alternative(field, (term,)),))


def _syllables(syllables: list[str], field: Field, asking: frozenset[str]) -> tuple[Concept, ...]:
    """What is looked for: all but the words that ask, which nothing can be told by."""
    wanted = [syllable for syllable in syllables if syllable not in asking]
    certainty = 1.0 if wanted else 0.0
    return tuple(
        Concept((Alternative(field, (syllable,)),), certainty) for syllable in wanted or syllables
    )


def _expected(kind: AnswerKind | None, field: Field) -> tuple[Concept, ...]:
    """What a sentence says that answers a question of the kind, whatever the question's words."""
    ways = [fold(way) if field is Field.FOLDED else way for way in _EXPECTED.get(kind, ())]
    alternatives = tuple(Alternative(field, tuple(way.split())) for way in ways)
    return (Concept(alternatives, _EXPECTED_CERTAINTY),) if alternatives else ()


def _english(question: str, analyser: Analyser) -> Iterator[Concept]:
    for word in content_words(question):
        if word.equivalents:
            yield Concept(tuple(_equivalents(word.equivalents, analyser)))
        else:
            for syllable in analyser.analyse(word.text).syllables:
                field = Field.SYLLABLES if is_marked(syllable) else Field.FOLDED
                certainty = 1.0 if word.is_name else _UNKNOWN_WORD
                yield Concept((Alternative(field, (syllable,)),), certainty)


def _equivalents(equivalents: tuple[str, ...], analyser: Analyser) -> Iterator[Alternative]:
    for rank, equivalent in enumerate(equivalents):
        weight = 1.0 if rank == 0 else _LESS_USUAL
        syllables = tuple(analyser.analyse(equivalent).syllables)
        if len(syllables) == 1:
            yield Alternative(Field.WORDS, syllables, weight * (1 - _WITHIN_A_WORD))
            weight *= _WITHIN_A_WORD
        yield Alternative(Field.SYLLABLES, syllables, weight)


_LESS_USUAL = 0.8
"""The weight of an equivalent that is not the first of its entry."""

_UNKNOWN_WORD = 0.2
"""The certainty of an English word without a known equivalent: articles will hardly hold it."""

_WITHIN_A_WORD = 0.25
"""The weight of an equivalent of one syllable within a longer word: `dự` in `dự báo`."""

_EXPECTED: dict[AnswerKind | None, tuple[str, ...]] = {
    AnswerKind.ATTENDANCE: ("dự", "tham dự", "có mặt", "tham gia", "chủ trì", "đại biểu"),
    AnswerKind.WHY: ("nguyên nhân", "lý do", "do", "vì", "bởi"),
}
_EXPECTED_CERTAINTY = 0.5

_ASKING = frozenset("ai gì nào đâu mấy bao nhiêu".split())
_ASKING_WORDS = _ASKING | {"bao_nhiêu", "bao_giờ", "khi_nào", "ở_đâu"}
_ASKING_FOLDED = frozenset("ai gi nao nhieu".split())
"""Without marks, `đâu`, `mấy` and `bao` would take `đầu`, `máy` and `bão` with them."""
