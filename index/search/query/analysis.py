"""Analyse a question into query terms and an answer type."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

from index.engine.protocol import Engine, Field, Snapshot
from index.language.analyser import Analyser, Terms, syllable_spans
from index.language.english import EnglishWord, content_words, parse_english_question
from index.language.spelling import fold, nfc
from index.search.query.chat_language import expand_shorthand, remove_courtesies
from index.search.query.collection_abbreviations import CollectionAbbreviations
from index.search.query.diacritics import DiacriticRestorer
from index.search.query.model import (
    BEING_THERE,
    QUESTION_PHRASES,
    QUESTION_SYLLABLES,
    AnswerType,
    Query,
    QueryTerm,
    Variant,
    answer_type,
)
from index.search.query.numbers import expand_numbers
from index.search.query.phrases import Phrase, Phrases, expand_synonyms, known_abbreviations


class QuestionAnalyser:
    """Question analyser with the diacritics and abbreviations of a collection.

    May be shared by threads.

    Args:
        engine: The collection.
        analyser: The one of its articles.
        abbreviations: Those of its articles.
    """

    def __init__(
        self, engine: Engine, analyser: Analyser, abbreviations: CollectionAbbreviations
    ) -> None:
        self._engine = engine
        self._analyser = analyser
        self._abbreviations = abbreviations
        self._learned: tuple[Snapshot, DiacriticRestorer, Phrases] | None = None

    def analyse(self, question: str, snapshot: Snapshot) -> Query:
        """Analyse a question, given without filters, by what a snapshot of the collection holds."""
        learned = self._learned
        if learned is None or learned[0] is not snapshot:
            abbreviations = self._abbreviations.at(self._engine.revision())
            learned = self._learned = snapshot, DiacriticRestorer(snapshot), abbreviations
        return analyse_question(question, self._analyser, *learned[1:])


def analyse_question(
    question: str,
    analyser: Analyser,
    marks: DiacriticRestorer,
    abbreviations: Phrases | None = None,
) -> Query:
    """Analyse a question into a query. Never raises; an empty question has no concepts.

    Args:
        question: As it was typed: Vietnamese, with its marks or without, or English.
        analyser: The one of the articles.
        marks: Those that the collection writes, to be put back where they were left out.
        abbreviations: Those of the collection beside those of the table; by default the latter.
    """
    question = remove_courtesies(nfc(question))
    english = parse_english_question(question)
    if english is not None:
        return _english(question, english, analyser, marks)
    question = remove_courtesies(expand_shorthand(question))
    return _vietnamese(question, analyser, marks, abbreviations or known_abbreviations())


def _vietnamese(
    question: str, analyser: Analyser, marks: DiacriticRestorer, abbreviations: Phrases
) -> Query:
    spans = syllable_spans(question)
    forms = marks.restore([syllable for syllable, _, _ in spans])
    marked = _with_marks(question, spans, forms)
    terms = analyser.analyse(marked)
    kind = answer_type(marked)
    return Query(
        marked,
        kind,
        _concepts(forms, terms, abbreviations, kind) + _expected(kind),
        tuple(_single(Field.WORDS, word) for word in terms.words if word not in _ASKING_WORDS),
        tuple(QueryTerm((Variant(Field.SYLLABLES, pair),)) for pair in pairwise(terms.syllables)),
        tuple(_counted(terms.words)),
    )


def _counted(words: Sequence[str]) -> Iterator[str]:
    """What is to be counted or named: `hộ` in `bao nhiêu hộ`, `cây cầu` in `cây cầu nào`."""
    for before, after in pairwise(words):
        if before in _COUNTING:
            yield after.replace("_", " ")
        elif after in _NAMING:
            yield before.replace("_", " ")


def _with_marks(
    question: str, spans: Sequence[tuple[str, int, int]], forms: Sequence[dict[str, float]]
) -> str:
    """Return the question with its diacritics restored."""
    pieces: list[str] = []
    end = 0
    for (syllable, first, last), ways in zip(spans, forms, strict=True):
        form = next(iter(ways))
        typed = question[first:last]
        pieces += question[end:first], typed if form == syllable else _in_case(form, typed)
        end = last
    return "".join((*pieces, question[end:]))


def _in_case(form: str, typed: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return form.upper()
    return form.capitalize() if typed[:1].isupper() else form


def _single(field: Field, term: str) -> QueryTerm:
    return QueryTerm((Variant(field, (term,)),))


def _concepts(
    forms: Sequence[dict[str, float]],
    terms: Terms,
    abbreviations: Phrases,
    kind: AnswerType | None,
) -> tuple[QueryTerm, ...]:
    """What is looked for: all but the words that ask, which nothing can be told by.

    Of the ways to say that somebody is there any will do: see `_expected`.
    """
    likeliest = [next(iter(ways)) for ways in forms]
    same, more = _other_ways(likeliest, terms, abbreviations)
    asking = _asking(likeliest)
    wanted = [at for at in range(len(likeliest)) if at not in asking]
    being_there = _being_there(likeliest) if kind is AnswerType.ATTENDANCE else frozenset()
    return (
        *(
            QueryTerm(
                (*_likely(forms[at]), *same.get(at, ())),
                1.0 if wanted and at not in being_there else 0.0,
            )
            for at in wanted or range(len(forms))
        ),
        *more,
    )


def _being_there(syllables: Sequence[str]) -> frozenset[int]:
    """The places of the words that say that somebody is there: `có mặt`, `tham dự`."""
    pairs = enumerate(pairwise(syllables))
    return frozenset(
        place for at, pair in pairs if " ".join(pair) in BEING_THERE for place in (at, at + 1)
    )


def _asking(syllables: Sequence[str]) -> frozenset[int]:
    """The places of the words that only ask."""
    single = {at for at, syllable in enumerate(syllables) if syllable in _ASKING}
    pairs = [
        at for at, pair in enumerate(pairwise(syllables)) if " ".join(pair) in QUESTION_PHRASES
    ]
    for at in range(len(syllables) - 2):
        if syllables[at : at + 2] == _COMPOSITION and syllables[at + 2] in _OF_THOSE_PRESENT:
            pairs.append(at)
    return frozenset(single.union(*((at, at + 1) for at in pairs)))


def _other_ways(
    syllables: Sequence[str], terms: Terms, abbreviations: Phrases
) -> tuple[dict[int, tuple[Variant, ...]], list[QueryTerm]]:
    """How else the words of a question are written.

    Returns:
        The other ways of single syllables, by their place, and those of longer words, each a
        concept beside their syllables. Who writes `UBND` has said each syllable of its long form.
    """
    same: dict[int, tuple[Variant, ...]] = {}
    more: list[QueryTerm] = []
    alone = _words_alone(terms)
    for stretch in abbreviations.stretches(syllables):
        is_long = stretch.end - stretch.start > 1
        for at in range(stretch.start, stretch.end):
            ways = (_ways(way, _SAME) for way in stretch.others if syllables[at] not in way)
            if is_long or at in alone:
                same[at] = tuple(chain.from_iterable(ways))
    for stretches, weight in (
        (expand_numbers(syllables), _SAME),
        (expand_synonyms(syllables), _SYNONYM),
    ):
        for stretch in stretches:
            others = tuple(way for other in stretch.others for way in _ways(other, weight))
            if stretch.end - stretch.start > 1:
                more.append(QueryTerm(others, 0.0, _BESIDE))
            elif stretch.start in alone:
                same[stretch.start] = same.get(stretch.start, ()) + others
    return same, more


def _words_alone(terms: Terms) -> frozenset[int]:
    """The places of syllables that are words by themselves."""
    places, at = set(), 0
    for word in terms.words:
        length = word.count("_") + 1
        if length == 1:
            places.add(at)
        at += length
    return frozenset(places)


def _ways(syllables: Phrase, weight: float) -> Iterator[Variant]:
    """A phrase; one syllable within a longer word is hardly the same."""
    if len(syllables) == 1:
        yield Variant(Field.WORDS, syllables, weight * (1 - _WITHIN_A_WORD))
        weight *= _WITHIN_A_WORD
    yield Variant(Field.SYLLABLES, syllables, weight)


def _likely(ways: dict[str, float]) -> Iterator[Variant]:
    """The forms that a syllable may have; where that is open, a little for any form."""
    most = max(ways.values())
    for form, probability in ways.items():
        yield Variant(Field.SYLLABLES, (form,), probability / most)
    if len(ways) > 1:
        yield Variant(Field.FOLDED, (fold(next(iter(ways))),), _ANY_FORM)


def _expected(kind: AnswerType | None) -> tuple[QueryTerm, ...]:
    """What a sentence says that answers a question of the kind, whatever the question's words."""
    alternatives = tuple(
        Variant(Field.SYLLABLES, tuple(way.split())) for way in _EXPECTED.get(kind, ())
    )
    return (QueryTerm(alternatives, _EXPECTED_CERTAINTY),) if alternatives else ()


def _english(
    question: str, words: Sequence[EnglishWord], analyser: Analyser, marks: DiacriticRestorer
) -> Query:
    kind = answer_type(question)
    concepts: list[QueryTerm] = []
    unknown: list[EnglishWord] = []
    for word in (*words, None):
        if word is not None and not word.equivalents:
            unknown.append(word)
            continue
        concepts += _names(unknown, analyser, marks)
        unknown = []
        if word is not None:
            concepts.append(QueryTerm(tuple(_equivalents(word.equivalents, analyser))))
    if kind is AnswerType.WHY:
        concepts += _expected(kind)
    return Query(question, kind, tuple(concepts), counted=tuple(_counted_in_english(question)))


def _counted_in_english(question: str) -> Iterator[str]:
    """What is to be counted or named, in Vietnamese: `hộ` in `how many households`."""
    if asked := _ENGLISH_COUNTING.search(question):
        for word in content_words(asked[1])[:1]:
            yield from word.equivalents


def _names(
    words: Sequence[EnglishWord], analyser: Analyser, marks: DiacriticRestorer
) -> Iterator[QueryTerm]:
    """Words that are not known: names for the most part, often typed without their marks."""
    typed = [
        (syllable, 1.0 if word.is_name else _UNKNOWN_WORD)
        for word in words
        for syllable in analyser.analyse(word.text).syllables
    ]
    forms = marks.restore([syllable for syllable, _ in typed])
    for ways, (_, certainty) in zip(forms, typed, strict=True):
        yield QueryTerm(tuple(_likely(ways)), certainty)


def _equivalents(equivalents: tuple[str, ...], analyser: Analyser) -> Iterator[Variant]:
    for rank, equivalent in enumerate(equivalents):
        syllables = tuple(analyser.analyse(equivalent).syllables)
        yield from _ways(syllables, 1.0 if rank == 0 else _LESS_USUAL)


_ANY_FORM = 0.3
"""The weight of a syllable with whatever marks, where those meant are not certain."""

_SAME = 1.0
_SYNONYM = 0.3
_BESIDE = 0.5
_LESS_USUAL = 0.8
"""The weight of an equivalent that is not the first of its entry."""

_UNKNOWN_WORD = 0.2
"""The certainty of an English word without a known equivalent: articles will hardly hold it."""

_WITHIN_A_WORD = 0.25
"""The weight of an equivalent of one syllable within a longer word: `dự` in `dự báo`."""

_EXPECTED: dict[AnswerType | None, tuple[str, ...]] = {
    AnswerType.ATTENDANCE: BEING_THERE,
    AnswerType.WHY: ("nguyên nhân", "lý do", "do", "vì", "bởi"),
}
_EXPECTED_CERTAINTY = 0.5

_ASKING = QUESTION_SYLLABLES | {"nhiêu"}
_COMPOSITION, _OF_THOSE_PRESENT = ["thành", "phần"], ("tham", "dự", "gồm", "đại")
"""`thành phần tham dự` asks who is there; of a medicine it would ask something else."""

_ASKING_WORDS = _ASKING | {"bao_nhiêu", "bao_giờ", "khi_nào", "ở_đâu"}
_COUNTING = frozenset("bao_nhiêu mấy nhiêu".split())
_NAMING = frozenset("nào mấy".split())
_ENGLISH_COUNTING = re.compile(r"\b(?:how many|which|what)\b(.*)", re.IGNORECASE)
