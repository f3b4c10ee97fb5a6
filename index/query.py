"""A question, analysed: what to look for, and what kind of answer is wanted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.analyser import Analyser
from index.answer_kinds import AnswerKind, kind_of
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
    sum of theirs (structured queries, Pirkola, SIGIR 1998).
    """

    alternatives: tuple[Alternative, ...]


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
    question = nfc(question)
    marked = is_marked(question)
    kind = kind_of(question, marked=marked)
    if is_english(question):
        concepts = tuple(_english(question, analyser))
        return Query(question, kind, concepts)
    if not marked:
        folded = _without_question_words(analyser.analyse(question).syllables, _ASKING_FOLDED)
        concepts = tuple(_single(Field.FOLDED, syllable) for syllable in folded)
        return Query(question, kind, concepts + _attendance(kind, Field.FOLDED))
    terms = analyser.analyse(question)
    syllables = _without_question_words(terms.syllables, _ASKING)
    return Query(
        question,
        kind,
        tuple(_single(Field.SYLLABLES, syllable) for syllable in syllables)
        + _attendance(kind, Field.SYLLABLES),
        tuple(_single(Field.WORDS, word) for word in terms.words if word not in _ASKING_WORDS),
        tuple(Concept((Alternative(Field.SYLLABLES, pair),)) for pair in pairwise(terms.syllables)),
    )


def _single(field: Field, term: str) -> Concept:
    return Concept((Alternative(field, (term,)),))


def _without_question_words(syllables: list[str], asking: frozenset[str]) -> list[str]:
    """The syllables that are looked for; all of them where nothing else is left."""
    return [syllable for syllable in syllables if syllable not in asking] or syllables


def _attendance(kind: AnswerKind | None, field: Field) -> tuple[Concept, ...]:
    if kind is not AnswerKind.ATTENDANCE:
        return ()
    ways = (fold(way) if field is Field.FOLDED else way for way in _ATTENDING)
    return (Concept(tuple(Alternative(field, tuple(way.split())) for way in ways)),)


def _english(question: str, analyser: Analyser) -> Iterator[Concept]:
    for word in content_words(question):
        if word.equivalents:
            yield Concept(tuple(_equivalents(word.equivalents, analyser)))
        else:
            for syllable in analyser.analyse(word.text).syllables:
                yield _single(Field.SYLLABLES if is_marked(syllable) else Field.FOLDED, syllable)


def _equivalents(equivalents: tuple[str, ...], analyser: Analyser) -> Iterator[Alternative]:
    for rank, equivalent in enumerate(equivalents):
        syllables = tuple(analyser.analyse(equivalent).syllables)
        # A word of one syllable is looked for as a word: `dự` is not in `dự báo`.
        field = Field.WORDS if len(syllables) == 1 else Field.SYLLABLES
        yield Alternative(field, syllables, 1.0 if rank == 0 else _LESS_USUAL)


_LESS_USUAL = 0.8
"""The weight of an equivalent that is not the first of its entry."""

_ATTENDING = ("dự", "tham dự", "có mặt", "tham gia", "chủ trì", "đại biểu")

_ASKING = frozenset("ai gì nào đâu mấy bao nhiêu".split())
_ASKING_WORDS = _ASKING | {"bao_nhiêu", "bao_giờ", "khi_nào", "ở_đâu"}
_ASKING_FOLDED = frozenset("ai gi nao nhieu".split())
"""Without marks, `đâu`, `mấy` and `bao` would take `đầu`, `máy` and `bão` with them."""
