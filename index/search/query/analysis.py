"""Analyse a question into query terms and an answer type."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise

from index.engine.protocol import Engine, Field, Snapshot
from index.language.analyser import Analyser, Terms, syllable_spans
from index.language.english import EnglishWord, content_words, parse_english_question
from index.language.spelling import fold, nfc
from index.search.query.chat_language import expand_shorthand, remove_courtesies
from index.search.query.collection_abbreviations import CollectionAbbreviations
from index.search.query.diacritics import DiacriticRestorer
from index.search.query.model import (
    BEING_THERE,
    NOT_ASKING,
    QUESTION_PHRASES,
    QUESTION_SYLLABLES,
    AnswerType,
    Query,
    QueryTerm,
    Variant,
    answer_type,
    quantity,
)
from index.search.query.numbers import expand_numbers
from index.search.query.phrases import (
    Phrase,
    Phrases,
    known_abbreviations,
    known_synonyms,
)
from index.search.query.quantities import Quantity


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

    def terms(self, text: str) -> Terms:
        """Return the terms of a text as it is."""
        return self._analyser.analyse(text)


def analyse_question(
    question: str,
    analyser: Analyser,
    restorer: DiacriticRestorer,
    abbreviations: Phrases | None = None,
) -> Query:
    """Analyse a question into a query. Never raises; an empty question has no concepts.

    Args:
        question: As it was typed: Vietnamese, with diacritics or without, or English; its cost
            grows with the square of its length.
        analyser: The one of the articles.
        restorer: Restores diacritics as the collection writes them.
        abbreviations: Those of the table and of the collection; by default those of the table.
    """
    typed = nfc(question)
    question = remove_courtesies(typed)
    english = parse_english_question(question)
    if english is not None:
        return _english(question, english, analyser, restorer)
    question = expand_shorthand(question)
    if question != typed:
        question = remove_courtesies(question)
    return _vietnamese(question, analyser, restorer, abbreviations or known_abbreviations())


def literal_query(text: str, terms: Terms) -> Query:
    """Return the query for a text that is looked for as it is."""
    return Query(
        text,
        None,
        tuple(_term(Field.SYLLABLES, syllable) for syllable in terms.syllables),
        tuple(_term(Field.WORDS, word) for word in terms.words),
        tuple(_term(Field.SYLLABLES, *pair) for pair in pairwise(terms.syllables)),
    )


def _vietnamese(
    question: str, analyser: Analyser, restorer: DiacriticRestorer, abbreviations: Phrases
) -> Query:
    spans = syllable_spans(question)
    (forms,) = restorer.restore([syllable for syllable, _, _ in spans])
    restored = _with_diacritics(question, spans, forms)
    terms = analyser.analyse(restored)
    kind = answer_type(restored)
    return Query(
        restored,
        kind,
        _concepts(forms, terms, abbreviations, kind) + _expected(kind, restored),
        tuple(_term(Field.WORDS, word) for word in _saying(terms.words)),
        tuple(_term(Field.SYLLABLES, *pair) for pair in pairwise(terms.syllables)),
        tuple(dict.fromkeys(_counted(terms.words))),
    )


def _saying(words: Sequence[str]) -> Iterator[str]:
    """Yield the words that do not only ask."""
    syllables = [syllable for word in words for syllable in word.split("_")]
    saying, at = _seeming(syllables), 0
    for word in words:
        if word not in _ASKING_WORDS or at in saying:
            yield word
        at += word.count("_") + 1


def _seeming(syllables: Sequence[str]) -> frozenset[int]:
    """Return the places of syllables that ask nothing, though they do elsewhere: `bao` `bì`."""
    within = enumerate(pairwise(syllables))
    in_words = {at for at, (one, after) in within if one == "bao" and after not in _BEHIND_BAO}
    return _places_of_pairs(syllables, NOT_ASKING) | in_words


def _counted(words: Sequence[str]) -> Iterator[str]:
    """Yield what is to be counted or named: `hộ` of `bao nhiêu hộ`, `cây cầu` of `cây cầu nào`."""
    for before, after in pairwise(words):
        if before in _COUNTING:
            yield after.replace("_", " ")
        elif after in _NAMING:
            yield before.replace("_", " ")


def _with_diacritics(
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


def _term(field: Field, *terms: str) -> QueryTerm:
    return QueryTerm((Variant(field, terms),))


def _concepts(
    forms: Sequence[dict[str, float]],
    terms: Terms,
    abbreviations: Phrases,
    kind: AnswerType | None,
) -> tuple[QueryTerm, ...]:
    """Return the terms to look for: all words except question words, which carry no information.

    Of the ways to say that somebody is there any will do: see `_expected`.
    """
    likeliest = [next(iter(ways)) for ways in forms]
    same, more = _other_ways(likeliest, terms, abbreviations)
    asking = _asking(likeliest, kind)
    wanted = [at for at in range(len(likeliest)) if at not in asking]
    is_attendance = kind is AnswerType.ATTENDANCE
    being_there = _places_of_pairs(likeliest, BEING_THERE) if is_attendance else frozenset()
    of_event = _places_of_events(likeliest) if kind in _OF_EVENTS else frozenset()
    certainties = dict.fromkeys(wanted, 1.0) | dict.fromkeys(of_event, _EVENT_WEIGHT)
    certainties |= dict.fromkeys(being_there, 0.0)
    return (
        *(
            QueryTerm(
                (*_likely(forms[at]), *same.get(at, ())),
                certainties.get(at, 0.0),
                _EVENT_WEIGHT if at in of_event else 1.0,
            )
            for at in wanted or range(len(forms))
        ),
        *more,
    )


def _asking(syllables: Sequence[str], kind: AnswerType | None) -> frozenset[int]:
    """Return the places of the words that only ask."""
    asking = {at for at, syllable in enumerate(syllables) if syllable in _ASKING}
    asking -= _seeming(syllables)
    asking |= {
        at
        for at, syllable in enumerate(syllables)
        if syllable == "là" and not asking.isdisjoint((at - 1, at + 1))
    }
    if kind is AnswerType.YES_NO:
        framing = {at for at, syllable in enumerate(syllables) if syllable in _ASKING_YES_OR_NO}
        asking |= framing if len(asking | framing) < len(syllables) else set()
    if kind is AnswerType.AMOUNT:
        asking |= {at - 1 for at in asking if at and syllables[at - 1] in _SPENDING}
    for at in range(len(syllables) - 2):
        if syllables[at : at + 2] == _COMPOSITION and syllables[at + 2] in _OF_THOSE_PRESENT:
            asking |= {at, at + 1}
    return _places_of_pairs(syllables, QUESTION_PHRASES) | asking


def _places_of_events(syllables: Sequence[str]) -> frozenset[int]:
    """Return the places of the words that only say that something took place."""
    alone = {at for at, syllable in enumerate(syllables) if at and syllable in _EVENT_VERBS}
    return _places_of_pairs(syllables, _EVENT_VERBS) | alone


def _places_of_pairs(syllables: Sequence[str], phrases: Container[str]) -> frozenset[int]:
    """Return the places of neighbouring syllables that are one of some phrases."""
    pairs = enumerate(pairwise(syllables))
    return frozenset(
        place for at, pair in pairs if " ".join(pair) in phrases for place in (at, at + 1)
    )


def _other_ways(
    syllables: Sequence[str], terms: Terms, abbreviations: Phrases
) -> tuple[dict[int, tuple[Variant, ...]], list[QueryTerm]]:
    """Find the other ways in which the words of a question are written.

    Returns:
        The other ways of syllables, by their place, and those of numbers of several words, each a
        concept beside their syllables. `UBND` says each syllable of its long form, and a synonym
        each of the word that it stands for.
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
    for stretch in expand_numbers(syllables):
        others = tuple(way for other in stretch.others for way in _ways(other, _SAME))
        if stretch.end - stretch.start > 1:
            more.append(QueryTerm(others, 0.0, _BESIDE))
        elif stretch.start in alone:
            same[stretch.start] = same.get(stretch.start, ()) + others
    for stretch in known_synonyms().stretches(syllables):
        others = tuple(way for other in stretch.others for way in _ways(other, _SYNONYM))
        if stretch.end - stretch.start > 1 or stretch.start in alone:
            for at in range(stretch.start, stretch.end):
                same[at] = same.get(at, ()) + others
    return same, more


def _words_alone(terms: Terms) -> frozenset[int]:
    """Return the places of syllables that are words by themselves."""
    places, at = set(), 0
    for word in terms.words:
        length = word.count("_") + 1
        if length == 1:
            places.add(at)
        at += length
    return frozenset(places)


def _ways(syllables: Phrase, weight: float) -> Iterator[Variant]:
    """Yield the variants of a phrase; one syllable within a longer word is hardly the same."""
    if len(syllables) == 1:
        yield Variant(Field.WORDS, syllables, weight * (1 - _WITHIN_A_WORD))
        weight *= _WITHIN_A_WORD
    yield Variant(Field.SYLLABLES, syllables, weight)


def _likely(ways: dict[str, float]) -> Iterator[Variant]:
    """Yield the likely forms of a syllable; if there are several, with a little for any form."""
    most = max(ways.values())
    for form, probability in ways.items():
        yield Variant(Field.SYLLABLES, (form,), probability / most)
    if len(ways) > 1:
        yield Variant(Field.FOLDED, (fold(next(iter(ways))),), _ANY_FORM)


def _expected(kind: AnswerType | None, question: str) -> tuple[QueryTerm, ...]:
    """Return what any answer to a question of a type says, whatever the words of the question.

    A yes-no question must ask what may be done, one of an amount what something costs.
    """
    if kind is AnswerType.YES_NO and not _MAY.search(question):
        return ()
    if kind is AnswerType.AMOUNT and quantity(question) is not Quantity.COST:
        return ()
    alternatives = tuple(
        Variant(Field.SYLLABLES, tuple(way.split())) for way in _EXPECTED.get(kind, ())
    )
    return (QueryTerm(alternatives, _EXPECTED_CERTAINTY.get(kind, 0.0)),) if alternatives else ()


def _english(
    question: str, words: Sequence[EnglishWord], analyser: Analyser, restorer: DiacriticRestorer
) -> Query:
    kind = answer_type(question)
    concepts: list[QueryTerm] = []
    runs = [list(run) for _, run in groupby(words, lambda word: bool(word.equivalents))]
    names = _names([run for run in runs if not run[0].equivalents], analyser, restorer)
    for run in runs:
        concepts += _known_words(run, analyser) if run[0].equivalents else next(names)
    if kind in (AnswerType.WHY, AnswerType.AMOUNT):
        concepts += _expected(kind, question)
    return Query(question, kind, tuple(concepts), counted=tuple(_counted_in_english(question)))


def _counted_in_english(question: str) -> Iterator[str]:
    """Yield what is to be counted or named, in Vietnamese: `hộ` for `how many households`."""
    if asked := _ENGLISH_COUNTING.search(question):
        for word in content_words(asked[1])[:1]:
            yield from word.equivalents


def _names(
    runs: Sequence[Sequence[EnglishWord]], analyser: Analyser, restorer: DiacriticRestorer
) -> Iterator[list[QueryTerm]]:
    """Yield terms for runs of unknown words: mostly names, often typed without their diacritics."""
    typed = [
        [
            (syllable, 1.0 if word.is_name else _UNKNOWN_WORD)
            for word in run
            for syllable in analyser.analyse(word.text).syllables
        ]
        for run in runs
    ]
    restored = restorer.restore(*([syllable for syllable, _ in run] for run in typed))
    for forms, run in zip(restored, typed, strict=True):
        yield [
            QueryTerm(tuple(_likely(ways)), certainty)
            for ways, (_, certainty) in zip(forms, run, strict=True)
        ]


def _known_words(words: Iterable[EnglishWord], analyser: Analyser) -> Iterator[QueryTerm]:
    """Yield a term for each word, by its Vietnamese equivalents."""
    for word in words:
        variants: list[Variant] = []
        for rank, equivalent in enumerate(word.equivalents):
            syllables = tuple(analyser.analyse(equivalent).syllables)
            variants += _ways(syllables, 1.0 if rank == 0 else _LESS_USUAL)
        yield QueryTerm(tuple(variants))


_ANY_FORM = 0.3
"""The weight of a syllable with any diacritics, where those meant are not certain."""

_SAME = 1.0
_SYNONYM = 0.5
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
    AnswerType.YES_NO: ("cho phép", "được phép", "chỉ được", "không được", "cấm"),
    AnswerType.AMOUNT: ("kinh phí", "chi phí", "tổng vốn", "vốn đầu tư", "mức đầu tư", "trị giá"),
}
_EXPECTED_CERTAINTY: dict[AnswerType | None, float] = {
    AnswerType.ATTENDANCE: 0.5,
    AnswerType.WHY: 0.5,
}
_MAY = re.compile(r"\b(?:được|cho phép|cấm)\b", re.IGNORECASE)
"""A yes-no question of what may be done."""

_ASKING_YES_OR_NO = frozenset("có không chưa".split())
_SPENDING = frozenset("hết tốn mất".split())
"""Words that ask what something costs before those that ask how much: `hết bao nhiêu tiền`."""

_OF_EVENTS = frozenset((AnswerType.WHEN, AnswerType.WHERE))
_EVENT_VERBS = frozenset(("diễn ra", "xảy ra", "tổ chức", "họp", "bắt đầu"))
_EVENT_WEIGHT = 0.3
"""The weight of these words where the time or place of an event is asked for: any will do."""

_ASKING = QUESTION_SYLLABLES | {"nhiêu"}
_COMPOSITION, _OF_THOSE_PRESENT = ["thành", "phần"], ("tham", "dự", "gồm", "đại")
"""`thành phần tham dự` asks who is there; of a medicine it would ask something else."""

_BEHIND_BAO = frozenset(
    (
        "nhiêu giờ lâu xa cao rộng nặng sâu dài lớn to tuổi tiền người mét km kg tấn đồng triệu tỷ "
        "phút ngày tháng năm"
    ).split()
)
"""Syllables before which `bao` asks."""

_ASKING_WORDS = _ASKING | {"bao_nhiêu", "bao_giờ", "khi_nào", "ở_đâu"}
_COUNTING = frozenset("bao_nhiêu mấy nhiêu".split())
_NAMING = frozenset("nào mấy".split())
_ENGLISH_COUNTING = re.compile(r"\b(?:how many|which|what)\b(.*)", re.IGNORECASE)
