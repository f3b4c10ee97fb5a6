"""What a question asks for, once it is understood: see `index.search.query.analysis`."""

from dataclasses import dataclass
from functools import cached_property

from index.engine.protocol import Field
from index.search.query.answer_type import AnswerType


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """The terms of a question, which are no answer to it.

    Args:
        syllables: Its syllables, in all the ways in which they are written.
        counted: What it asks to count or to name: `hộ` in `bao nhiêu hộ`, `cầu` in `cầu nào`.
    """

    syllables: frozenset[str]
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a concept is written: neighbouring terms of a sentence field."""

    field: Field
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A thing that a question names, by all the ways it may be written.

    The alternatives count as one term: its frequency in a text is the weighted
    sum of theirs (structured queries, Pirkola, SIGIR 1998). `certainty` says how
    sure it is, 0 to 1, that a sentence which answers holds one of them; `weight` is
    what finding it counts for beside other concepts.
    """

    alternatives: tuple[Variant, ...]
    certainty: float = 1.0
    weight: float = 1.0


@dataclass(frozen=True)
class Query:
    """An analysed question.

    Args:
        question: As it was asked, with the marks that were left out.
        kind: The kind of answer that it wants, if it says so.
        concepts: What a good sentence holds.
        words: Its pyvi words, for a marked Vietnamese question.
        bigrams: Its pairs of neighbouring syllables, likewise.
        counted: What it asks to count or to name: `hộ` in `bao nhiêu hộ`.
    """

    question: str
    kind: AnswerType | None
    concepts: tuple[QueryTerm, ...]
    words: tuple[QueryTerm, ...] = ()
    bigrams: tuple[QueryTerm, ...] = ()
    counted: tuple[str, ...] = ()

    @cached_property
    def said(self) -> QuestionTerms:
        """What it says itself, which is no answer."""
        terms = (
            term
            for concept in self.all_concepts
            for way in concept.alternatives
            for term in way.terms
        )
        syllables = frozenset(part for term in terms for part in term.split("_"))
        return QuestionTerms(syllables, self.counted)

    @classmethod
    def empty(cls) -> "Query":
        """One that asks for nothing."""
        return cls("", None, ())

    @cached_property
    def all_concepts(self) -> tuple[QueryTerm, ...]:
        """Concepts, words and bigrams, in this order."""
        return (*self.concepts, *self.words, *self.bigrams)
