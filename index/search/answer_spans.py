"""Find answer spans in sentences by answer type, to score sentences and to highlight the answer.

One table holds the patterns. A sentence is scored by the features that it has, and those of
the features that are sure enough are shown: nothing is bold that does not count as an answer.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from index.language.analyser import normalize_with_offsets, syllable_spans
from index.language.dates import DAY_PART, WEEKDAY
from index.language.number_words import MAGNITUDES, NUMBER_WORDS
from index.language.patterns import UPPER, Pattern
from index.language.titles import AWARDS, DEGREES, HONORIFICS, OFFICES, PROFESSIONS, RANK
from index.search.query.model import BEING_THERE, AnswerType, QuestionTerms

SHOWN_MAX = 3
"""Spans of a text: more bold than this guides no eye."""

Span = tuple[int, int]


SCORED: Mapping[AnswerType | None, tuple[str, ...]] = {
    AnswerType.ATTENDANCE: ("attending", "person", "new_names", "new_capital"),
    AnswerType.AMOUNT: ("money", "new_number"),
    AnswerType.MEASURE: ("measure", "new_number"),
    AnswerType.WHEN: ("time", "new_number"),
    AnswerType.WHERE: ("place", "new_capital"),
    AnswerType.HOW_MANY: ("number", "new_number", "counted"),
    AnswerType.WHY: ("cause", "reason", "purpose"),
    AnswerType.WHO: ("person", "new_name", "new_names", "attending"),
    AnswerType.ORGANISATION: ("body", "new_capital"),
    AnswerType.HOW: ("purpose",),
    AnswerType.WHAT: ("named", "purpose"),
}
"""The features that speak for an answer of a type; a part of the names of weights."""

SHOWN: Mapping[AnswerType | None, tuple[str, ...]] = {
    AnswerType.ATTENDANCE: ("person", "new_name"),
    AnswerType.WHO: ("person", "new_name"),
    AnswerType.WHEN: ("time",),
    AnswerType.WHERE: ("place",),
    AnswerType.HOW_MANY: ("counted", "number"),
    AnswerType.AMOUNT: ("money",),
    AnswerType.MEASURE: ("measure",),
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


def _is_new(words: str, known: frozenset[str]) -> bool:
    return any(syllable not in known for syllable, _, _ in syllable_spans(words))


_SAYING_NOTHING = frozenset(
    syllable
    for title in (*HONORIFICS, "nguyên", "phó", "chủ tịch", "bí thư", "giám đốc")
    for syllable in title.split()
) | frozenset("ubnd tỉnh huyện tp do vì bởi là ngày tháng năm lúc khoảng vào".split())
"""Syllables that come with an answer and are none by themselves."""


def _starting_words(pattern: str, flags: int = 0) -> Pattern:
    """Make a pattern that matches at the starts of words, and tries no other places of a text."""
    return Pattern(rf"(?<!\w)(?:{pattern})", flags)


_WORD = rf"[{UPPER}]\w*"
_MORE_WORDS = rf"(?:[ -]{_WORD})"
"""Bounded wherever it is repeated: a text may be nothing but capitals."""

_TITLE = (
    rf"(?i:{'|'.join((*HONORIFICS, *PROFESSIONS))}|{RANK})"
    rf"|(?:(?:{'|'.join(DEGREES)})\.? ?){{1,3}}(?<! )|{'|'.join(AWARDS)}"
)
_OFFICE = (
    rf"(?i:(?:nguyên |quyền )?(?:phó )?(?:{'|'.join(OFFICES)}"
    r"|trưởng (?:ban|phòng|khoa|đoàn|công an)))"
)
_LEVEL = (
    rf"(?:nước|tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|TP\.?|UBND|HĐND|Quốc hội|"
    rf"Chính phủ|{_WORD} (?:ủy|uỷ))"
)
_HELD = rf"{_OFFICE}(?: (?i:thường trực))?(?: {_LEVEL}){{0,3}}"
_NAME_START = (
    rf"(?=[{UPPER}])"
    r"(?!(?:Việt Nam|Hà Nội|Trung Quốc|TP|UBND|HĐND|Sở|Bộ|Ban|Cục|Vụ|Viện|Hội|Ủy|Đảng|Thành phố|"
    r"Tại|Ở|Từ|Theo|Với|Khi|Sau|Trước|Trong|Cùng|Còn|Và)\b)"
)
"""A capital, but none of the words that a name of a person does not begin with."""

_PERSON = _starting_words(
    rf"(?:{_TITLE})\.? ?(?<=[. ]){_NAME_START}{_WORD}{_MORE_WORDS}{{0,6}}(?:\s*[,(–-]\s*{_HELD})?"
    rf"|{_HELD} {_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}"
    rf"|(?<!\.){_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}\s*[,(–-]\s*{_HELD}"
)
"""A name with what its bearer is, before it or behind."""

_PLACE_NOUN = (
    r"(?i:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|thôn|xóm|ấp|làng|bản|buôn|"
    r"sân vận động|sân bay|sân|đường|phố|sông|cảng|núi|bán đảo|đảo|khu vực|khu phố|vùng|ngã tư|"
    r"cầu|trường|bệnh viện|chợ|tp\.?)"
)
_PLACE = _starting_words(
    rf"{_PLACE_NOUN} {_WORD}{_MORE_WORDS}{{0,6}}|(?i:quận|phường|thôn|ấp|khu phố) \d+\b"
    rf"|(?:(?<=\btại )|(?<=\bở )){_WORD}(?:{_MORE_WORDS}{{1,6}}|(?=[,.;)]|$))"
    rf"|(?:(?<=\btừ )|(?<=\bđến )|(?<=\bthuộc )|(?<=\bgần )|(?<=\bsang ))"
    rf"(?!(?:Bộ|Sở|Ban|Cục|Vụ|Viện|Hội|Ủy|Uỷ|Đảng|Công|Tòa|Toà|UBND)\b){_WORD}{_MORE_WORDS}{{1,6}}"
)

_NAME = _starting_words(rf"{_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}")
_NO_PERSON_AFTER = _starting_words(
    rf"(?:{_PLACE_NOUN}|tại|ở|từ|đến|về|thuộc|đội|giải|công ty|hội|đài|báo|quỹ|tập đoàn)\s$", re.I
)
_INNER_CAPITAL = Pattern(rf"(?<![.\"“:!?] )(?<!^)\b[{UPPER}]\w+")

_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY_PART = rf"(?:{DAY_PART})(?: sớm| muộn)?"
_WEEKDAY = rf"(?<!lần )(?<!hạng )(?<!người )(?<!trí )(?:{WEEKDAY})"
_CLOCK = (
    r"\d{1,2}(?:h(?:\d\d)?(?!\w)|:\d\d(?!\d)| ?giờ(?: \d{1,2}(?: phút)?| rưỡi)?)(?: kém \d{1,2})?"
)
_RELATIVE = (
    r"(?:hôm|tuần|tháng|năm|mùa \w+) (?:nay|qua|kia|trước|ngoái|tới|sau)\b|(?:đầu|giữa|cuối) "
    rf"(?:tuần|tháng|năm)(?: (?:nay|trước|sau|tới|\d[\d/]*))?|(?:{_DAY_PART}) (?:nay|qua|mai)\b"
)
_DATE = (
    r"\d{1,2} tháng \d{1,2}(?:,? năm \d{4})?|tháng \d{1,2}(?:[/-]\d{4}|,? năm \d{4})?"
    rf"|\d{{1,2}}(?:/\d{{1,2}}|[/.-]\d{{1,2}}[/.-]\d{{4}})(?![/.-]?\d)|năm {_YEAR}\b"
    r"|(?:thế kỷ|thập niên) \w+"
)
_TIME_START = (
    r"(?=[\d(]|lúc|khoảng|vào|ngày|mùng|tháng|năm|thế|thập|hôm|tuần|mùa|đầu|giữa|cuối|"
    rf"{DAY_PART}|{WEEKDAY})"
)
"""The start of every time expression, which is much faster to look for."""

_TIME = _starting_words(
    rf"{_TIME_START}(?:"
    rf"(?<![\w/.,-])(?:(?:(?:lúc|khoảng|vào) )?{_CLOCK}(?:,? (?:ngày )?(?=\d|{_DAY_PART}))?)?"
    rf"(?:(?:{_DAY_PART}) )?(?:{_WEEKDAY}(?:,? )?)?(?:\(|ngày |mùng )?"
    rf"(?:{_DATE}|{_RELATIVE}|(?:(?<=ngày )|(?<=sáng )|(?<=trưa )|(?<=chiều )|(?<=tối )|(?<=đêm ))"
    r"\d{1,2}-\d{1,2}(?![/.-]?\d))\)?(?!\w)"
    rf"|(?<![\w/.,-])(?:(?:lúc|khoảng) )?{_CLOCK}(?: {_DAY_PART}\b)?"
    rf"|\b(?:{_DAY_PART} )?{_WEEKDAY}\b"
    rf"|(?<![\w/.,-]){_YEAR}(?= ?[;)–-]|[,.](?!\d)| đến | tới |$))",
    re.IGNORECASE,
)

_FIGURE = r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?: ?[-–] ?\d+(?:[.,]\d+)*)?"
_MAGNITUDE = rf"(?: ?(?:trăm|{'|'.join(MAGNITUDES)})){{0,3}}"
_NUMBER_WORD = "|".join(NUMBER_WORDS)
_SPELLED = rf"\b(?:{_NUMBER_WORD})(?: (?:{_NUMBER_WORD}|mươi|mốt|tư|lăm)){{0,8}}\b"
_NUMBER = _starting_words(rf"{_FIGURE}{_MAGNITUDE}(?!\w|[/-]\d)|{_SPELLED}", re.IGNORECASE)
_NO_NUMBER_AFTER = Pattern(
    r"(?:ngày|tháng|năm|thứ|số|khóa|khoá|quốc lộ|phường|quận|điều|tuổi)\s$", re.I
)
_IS_YEAR = Pattern(rf"{_YEAR}(?!\d|[.,])")
_COUNT_BEFORE = Pattern(rf"(?:{_FIGURE}{_MAGNITUDE}|{_SPELLED}) (?:\w+ ){{0,2}}?\Z", re.IGNORECASE)
_NAME_BEHIND = Pattern(rf"\s+(?:\w+\s+)?(?:[{UPPER}]\w|\d)")
_DIGITS = Pattern(r"\d+(?:[.,]\d+)*")

_MONEY = Pattern(
    rf"{_FIGURE}{_MAGNITUDE} ?(?:đồng|USD|đô la|euro|VNĐ|VND|nhân dân tệ|tệ|bảng|yen|đ\b|\$|€|£)"
    rf"(?:/\w+)?|{_FIGURE} ?(?:{'|'.join(MAGNITUDES)})\b|[$€£] ?\d[\d.,]*\d",
    re.IGNORECASE,
)
_MEASURE = Pattern(
    rf"{_FIGURE}{_MAGNITUDE} ?(?:km/h|km|m2|m²|m3|m³|mm|cm|m|kg|g|ký|cân|tấn|tạ|yến|ha|héc ta|"
    r"hecta|lít|độ C|độ|mét|%|phần trăm|tuổi|giờ|phút|giây|ngày|tuần|tháng|năm)(?!\w)",
    re.IGNORECASE,
)

_REASON_LENGTH = 16
"""Words of a reason; what is longer is the sentence rather than a part of it."""

_REASON_NOUN = r"(?:nguyên nhân|lý do|lí do)"
_REASON = Pattern(
    rf"\b(?:{_REASON_NOUN}(?: \w+){{0,3}}? (?:(?:là )?(?:do|vì|bởi)|là)|bởi vì|tại vì"
    r"|(?<!tự )(?:do|vì|bởi)(?! đó| vậy| thế))"
    rf"(?: [^\s,.;:()]+){{1,{_REASON_LENGTH}}}?(?=[\s”\"]*(?:[,.;:()]|$)| (?:nên|khiến)\b)",
    re.IGNORECASE,
)

_ATTENDING = Pattern(
    r"\bdự\b(?! (?:kiến|báo|án|toán|phòng|thảo|định|trữ|luật|đoán|bị|tính|thầu)\b)"
    rf"|\b(?:{'|'.join(way for way in BEING_THERE if 'dự' not in way)})\b",
    re.IGNORECASE,
)
"""`dự` is a part of other words too: `dự báo`."""

_BODY = Pattern(
    r"\b(?:Bộ|Sở|Ủy ban|Uỷ ban|UBND|HĐND|Ban|Cục|Tổng cục|Vụ|Viện|Công ty|Tổng công ty|"
    r"Tập đoàn|Hiệp hội|Hội|Liên đoàn|Trường|Đại học|ĐH|Bệnh viện|Ngân hàng|Công an|Đoàn|"
    r"Trung tâm|Đài|Báo|Quỹ|Tòa|Toà|Chi cục|Phòng|Câu lạc bộ|CLB)\s+\w"
)
_CAUSE = Pattern(rf"\b(?:{_REASON_NOUN}|bởi vì|tại vì|do đó|vì vậy|vì thế)\b", re.IGNORECASE)
_PURPOSE = Pattern(r"\b(?:nhằm|để|khiến|dẫn đến|xuất phát|nhờ|nên|giúp|tránh)\b", re.IGNORECASE)

_LOOK_BACK = 20
"""Characters before a name or number that tell what it is of."""

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
        for match in _NAME.finditer(text)
        if not _follows(_NO_PERSON_AFTER, text, match) and _is_new(match[0], known)
    )


def _several_new_names(text: str, asked: QuestionTerms) -> Iterable[Span]:
    names = list(islice(_new_names(text, asked), 2))
    return names if len(names) > 1 else ()


def _new_capitals(text: str, asked: QuestionTerms) -> Iterator[Span]:
    return (
        match.span()
        for match in _INNER_CAPITAL.finditer(text)
        if _is_new(match[0], asked.syllables)
    )


def _new_digits(text: str, asked: QuestionTerms) -> Iterator[Span]:
    return (
        match.span()
        for match in _DIGITS.finditer(text)
        if asked.syllables.isdisjoint((match[0], match[0].lstrip("0")))
    )


def _numbers(text: str, _: QuestionTerms) -> Iterator[Span]:
    """Yield numbers that are no parts of dates."""
    return (
        match.span()
        for match in _NUMBER.finditer(text)
        if not _follows(_NO_NUMBER_AFTER, text, match) and not _IS_YEAR.match(match[0])
    )


def _counted(text: str, asked: QuestionTerms) -> list[Span]:
    """Find numbers with what they count, if the question asks to count it."""
    return sorted(span for word in asked.counted for span in _counts(word, text))


def _counts(word: str, text: str) -> Iterator[Span]:
    end = 0
    for match in re.finditer(rf"(?<= ){re.escape(word)}\b", text, re.IGNORECASE):
        if number := _COUNT_BEFORE.search(text, end, match.start()):
            end = match.end()
            yield number.start(), end


def _named(text: str, asked: QuestionTerms) -> Iterator[Span]:
    """Yield names with what the question wants named: `cầu Bến Thủy` for `cầu nào`."""
    for word in asked.counted:
        for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
            if name := _NAME_BEHIND.match(text, match.end()):
                yield match.start(), name.end()


_FINDERS: Mapping[str, _Finder] = {
    "new_name": _new_names,
    "new_names": _several_new_names,
    "new_capital": _new_capitals,
    "new_number": _new_digits,
    "person": _matches(_PERSON),
    "attending": _matches(_ATTENDING),
    "body": _matches(_BODY),
    "place": _matches(_PLACE),
    "time": _matches(_TIME),
    "number": _numbers,
    "money": _matches(_MONEY),
    "measure": _matches(_MEASURE),
    "counted": _counted,
    "named": _named,
    "cause": _matches(_CAUSE),
    "reason": _matches(_REASON),
    "purpose": _matches(_PURPOSE),
}
