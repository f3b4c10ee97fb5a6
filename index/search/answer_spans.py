"""Find answer spans in sentences by answer type, to score sentences and to highlight the answer.

One table holds the patterns. A sentence is scored by the features that it has, and those of
the features that are sure enough are shown: nothing is bold that does not count as an answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import dropwhile, islice

from index.language.analyser import normalize_with_offsets, syllables_of
from index.language.patterns import Pattern
from index.language.spelling import nfc
from index.language.titles import HONORIFICS
from index.search.answer_patterns import (
    ASKING_VERBS,
    ATTENDING,
    BODY,
    BY_AGENT,
    CAPITAL_BEFORE,
    CAPTION,
    CAUSE,
    CLOCK,
    COUNT_BEFORE,
    COUNTRY,
    DECIDING,
    DENYING,
    DIGITS,
    FITTING,
    INDIRECT_QUESTION,
    INNER_CAPITAL,
    IS_YEAR,
    LOCATED_AFTER,
    MEASURE,
    MONEY,
    NAME,
    NAME_BEHIND,
    NO_NUMBER_AFTER,
    NO_PERSON_AFTER,
    NO_PLACE_AFTER,
    NUMBER,
    OF_ONESELF,
    PERSON,
    PLACE,
    PURPOSE,
    REASON,
    SITE_AFTER,
    SPEECH,
    STATED,
    SUPERLATIVE,
    TIME,
    WHOLE_NAME,
)
from index.search.query.model import AnswerType, QuestionTerms
from index.search.query.quantities import Quantity

SHOWN_MAX = 3
"""Spans of a text: more bold than this guides no eye."""

LEAST_TELLING = 6
"""Syllables: a shorter sentence is a heading, a signature or an outcry."""

Span = tuple[int, int]


SCORED: Mapping[AnswerType | None, tuple[str, ...]] = {
    AnswerType.ATTENDANCE: ("attending", "person", "new_names", "new_capital"),
    AnswerType.AMOUNT: ("money", "new_number", "stated"),
    AnswerType.MEASURE: ("measure", "new_number", "fitting", "stated"),
    AnswerType.WHEN: ("time", "new_number"),
    AnswerType.WHERE: ("place", "located", "country", "new_capital"),
    AnswerType.HOW_MANY: ("number", "new_number", "counted"),
    AnswerType.WHY: ("cause", "reason", "purpose"),
    AnswerType.WHO: ("person", "new_name", "new_names", "attending"),
    AnswerType.ORGANISATION: ("body", "new_capital"),
    AnswerType.YES_NO: ("denying", "permitting", "obliging", "done"),
    AnswerType.HOW: ("purpose",),
    AnswerType.WHAT: ("named", "purpose"),
}
"""The features that speak for an answer of a type; a part of the names of weights."""

SHOWN: Mapping[AnswerType | None, tuple[str, ...]] = {
    AnswerType.ATTENDANCE: ("person", "new_name"),
    AnswerType.WHO: ("person", "new_name"),
    AnswerType.WHEN: ("time",),
    AnswerType.WHERE: ("country", "site", "place"),
    AnswerType.HOW_MANY: ("counted", "number"),
    AnswerType.AMOUNT: ("money",),
    AnswerType.MEASURE: ("stated", "fitting", "measure"),
    AnswerType.WHY: ("reason",),
}
"""The features whose spans are the answer itself; the first that is there decides."""


def answer_features(kind: AnswerType | None, sentence: str, asked: QuestionTerms) -> Iterator[str]:
    """Yield the names of the features of a type that a sentence, in NFC, has."""
    for feature in SCORED.get(kind, ()):
        if any(True for _ in _FINDERS[feature](sentence, asked)):
            yield feature


def answer_spans(kind: AnswerType | None, text: str, asked: QuestionTerms) -> tuple[Span, ...]:
    """Find the `[start, end)` spans of a text that answer a question, in order, at most three.

    Args:
        kind: The type of answer that the question wants; no other is looked for.
        text: A sentence or title, in any Unicode form.
        asked: The terms of the question itself, which are no answer.
    """
    features = SHOWN.get(kind)
    if features is None:
        return ()
    visible, origins = normalize_with_offsets(text)
    known = asked.syllables | _SAYING_NOTHING
    if asked.counted and "counted" in features:
        features = ("counted",)
    spans = (list(_FINDERS[feature](visible, asked)) for feature in features)
    first: Iterable[Span] = next(filter(None, spans), ())
    new = (span for span in first if _is_new(visible[slice(*span)], known))
    return tuple(
        (origins[start][0], origins[end - 1][1]) if origins else (start, end)
        for start, end in sorted(islice(new, SHOWN_MAX))
    )


def holds_answer(kind: AnswerType | None, text: str, asked: QuestionTerms) -> bool:
    """Whether a text holds an answer of a kind: of the time of a day only one with an hour."""
    spans = answer_spans(kind, text, asked)
    if not asked.asks_hour:
        return bool(spans)
    return any(CLOCK.search(nfc(text[slice(*span)])) for span in spans)


def date_spans(text: str) -> list[Span]:
    """Find the dates and times in a text, in any Unicode form."""
    return _spans_of(TIME, text)


def name_spans(text: str) -> list[Span]:
    """Find the names of several words in a text, in any Unicode form."""
    return _spans_of(WHOLE_NAME, text)


def _spans_of(pattern: Pattern, text: str) -> list[Span]:
    visible, origins = normalize_with_offsets(text)
    found = (match.span() for match in pattern.finditer(visible))
    return [
        (origins[start][0], origins[end - 1][1]) if origins else (start, end)
        for start, end in found
    ]


def _is_new(words: str, known: frozenset[str]) -> bool:
    return not known.issuperset(syllables_of(words))


_SAYING_NOTHING = frozenset(
    syllable
    for title in (*HONORIFICS, "nguyên", "phó", "chủ tịch", "bí thư", "giám đốc")
    for syllable in title.split()
) | frozenset("ubnd tỉnh huyện tp do vì bởi là ngày tháng năm lúc khoảng vào".split())
"""Syllables that come with an answer and are none by themselves."""


_LOOK_BACK = 20
"""Characters before a name or number that tell what it is of."""

_COUNT = 120
"""Characters before what is counted in which its number begins."""

_COUNTED_KEPT = 100
"""Patterns of what is counted that are kept."""

_COUNTRIES = frozenset(("nước", "quốc gia", "đất nước"))

_Finder = Callable[[str, QuestionTerms], Iterable[Span]]


def _matches(pattern: Pattern) -> _Finder:
    return lambda text, _: (match.span() for match in pattern.finditer(text))


def _follows(pattern: Pattern, text: str, match: re.Match[str]) -> bool:
    start = match.start()
    return pattern.search(text, max(0, start - _LOOK_BACK), start) is not None


def _new_names(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield names of several words that the question does not hold, except those of places."""
    known = _SAYING_NOTHING.union(asked.syllables)
    return (
        match.span()
        for match in NAME.finditer(text)
        if not _follows(NO_PERSON_AFTER, text, match) and _is_new(match[0], known)
    )


def _reasons(text: str, _: QuestionTerms) -> Iterator[Span]:
    """Yield reasons, but not who does it, nor what somebody says of himself."""
    return (
        match.span()
        for match in REASON.finditer(text)
        if not BY_AGENT.match(text, match.start())
        if not OF_ONESELF.search(text, max(0, match.start() - SPEECH), match.start())
    )


def _places(text: str, _: QuestionTerms) -> Iterator[Span]:
    """Yield places that are no parts of the names of bodies or teams: not `Trẻ Sông Hàn`."""
    return (
        match.span()
        for match in PLACE.finditer(text)
        if not _follows(NO_PLACE_AFTER, text, match)
        if not (match[0][0].isupper() and _follows(CAPITAL_BEFORE, text, match))
    )


def _sites(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield the places from the first on where something is: none that it comes from."""
    return dropwhile(
        lambda span: not SITE_AFTER.search(text, max(0, span[0] - _LOOK_BACK), span[0]),
        _places(text, asked),
    )


def _located(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield places where something is or goes that the question does not hold."""
    return (
        match.span()
        for match in PLACE.finditer(text)
        if (match[0][0].islower() and match[0].startswith(("tại", "ở")))
        or _follows(LOCATED_AFTER, text, match)
        if _is_new(match[0], asked.syllables)
    )


def _countries(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield countries that the question does not hold, if it asks for one."""
    if not _COUNTRIES.isdisjoint(asked.counted):
        for match in COUNTRY.finditer(text):
            if _is_new(match[0], asked.syllables):
                yield match.span()


def _several_new_names(text: str, asked: QuestionTerms) -> Iterable[Span]:
    names = list(islice(_new_names(text, asked), 2))
    return names if len(names) > 1 else ()


def _new_capitals(text: str, asked: QuestionTerms) -> Iterator[Span]:
    return (
        match.span() for match in INNER_CAPITAL.finditer(text) if _is_new(match[0], asked.syllables)
    )


def _new_digits(text: str, asked: QuestionTerms) -> Iterator[Span]:
    return (
        match.span()
        for match in DIGITS.finditer(text)
        if asked.syllables.isdisjoint((match[0], match[0].lstrip("0")))
    )


def _numbers(text: str, _: QuestionTerms) -> Iterator[Span]:
    """Yield numbers that are no parts of dates."""
    return (
        match.span()
        for match in NUMBER.finditer(text)
        if not _follows(NO_NUMBER_AFTER, text, match) and not IS_YEAR.match(match[0])
    )


def _counted(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield numbers with what they count, if the question asks to count it."""
    if not asked.counted:
        return
    end = 0
    for match in _any_of(asked.counted).finditer(text):
        if number := COUNT_BEFORE.search(text, max(end, match.start() - _COUNT), match.start()):
            end = match.end()
            yield number.start(), end


@lru_cache(_COUNTED_KEPT)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of words within a text, the longest that is there first."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<= )(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


def _named(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield names with what the question wants named: `cầu Bến Thủy` for `cầu nào`."""
    for word in asked.counted:
        for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            if name := NAME_BEHIND.match(text, match.end()):
                yield match.start(), name.end()


def _quantified(patterns: Mapping[Quantity, Pattern]) -> _Finder:
    """Return the finder of quantities of the kind asked for, by their patterns."""

    def find(text: str, asked: QuestionTerms) -> Iterator[Span]:
        pattern = patterns.get(asked.quantity) if asked.quantity else None
        if pattern:
            yield from (match.span("said") for match in pattern.finditer(text))

    return find


def _deciding(asking: Iterable[str], words: str) -> _Finder:
    """Return the finder of words that decide a yes-no question that one of some words asks."""
    syllables = frozenset(syllable for word in asking for syllable in word.split())
    pattern = Pattern(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)

    def find(text: str, asked: QuestionTerms) -> Iterator[Span]:
        if not syllables.isdisjoint(asked.syllables):
            yield from (match.span() for match in pattern.finditer(text))

    return find


def is_superlative(sentence: str) -> bool:
    """Whether a sentence says what is the most, best or first of its kind."""
    return SUPERLATIVE.search(sentence) is not None


def is_caption(sentence: str) -> bool:
    """Whether a sentence is the caption of a picture or of a video."""
    return CAPTION.match(sentence) is not None


def is_question(sentence: str) -> bool:
    """Whether a sentence is a question itself."""
    return sentence.rstrip().endswith("?")


def reports_question(sentence: str) -> bool:
    """Whether a sentence says what somebody asked."""
    lower = sentence.lower()
    if not any(word in lower for word in ASKING_VERBS):  # far faster than the pattern
        return False
    return INDIRECT_QUESTION.search(sentence) is not None


def tells_something(sentence: str) -> bool:
    """Whether a sentence is more than a caption, a question or a few words."""
    is_long = len(syllables_of(sentence)) >= LEAST_TELLING
    return is_long and not (is_caption(sentence) or is_question(sentence))


_FINDERS: Mapping[str, _Finder] = {
    "new_name": _new_names,
    "new_names": _several_new_names,
    "new_capital": _new_capitals,
    "new_number": _new_digits,
    "person": _matches(PERSON),
    "attending": _matches(ATTENDING),
    "body": _matches(BODY),
    "place": _places,
    "site": _sites,
    "located": _located,
    "country": _countries,
    "time": _matches(TIME),
    "number": _numbers,
    "money": _matches(MONEY),
    "measure": _matches(MEASURE),
    "counted": _counted,
    "fitting": _quantified(FITTING),
    "stated": _quantified(STATED),
    "denying": _matches(DENYING),
    **{name: _deciding(*words) for name, words in DECIDING.items()},
    "named": _named,
    "cause": _matches(CAUSE),
    "reason": _reasons,
    "purpose": _matches(PURPOSE),
}
