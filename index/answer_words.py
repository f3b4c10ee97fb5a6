"""Which words of a sentence are the answer: names, dates, places, numbers or a cause.

What is found is to be bold, so it is sure rather than complete: `index.signs` says more widely
whether a sentence may hold an answer at all.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from index.analyser import syllable_spans, visible_with_origins
from index.answer_kinds import AnswerKind
from index.number_words import NUMBER_WORDS
from index.patterns import Pattern
from index.signs import Said

MOST_STRETCHES = 3
"""More bold than this guides no eye."""

Span = tuple[int, int]


def answer_spans(kind: AnswerKind | None, text: str, said: Said) -> tuple[Span, ...]:
    """The `[start, end)` spans of a text that answer a question, in order, at most three.

    Args:
        kind: What the question wants; nothing else is looked for.
        text: A sentence or title, in any Unicode form.
        said: What the question holds itself, which is no answer.
    """
    look = _LOOK.get(kind)
    if look is None:
        return ()
    visible, origins = visible_with_origins(text)
    known = frozenset(said.syllables) | _SAYING_NOTHING
    new = (span for span in look(visible, said) if _is_new(visible[slice(*span)], known))
    return tuple(
        (origins[start][0], origins[end - 1][1]) if origins else (start, end)
        for start, end in sorted(islice(new, MOST_STRETCHES))
    )


def _is_new(words: str, known: frozenset[str]) -> bool:
    return any(syllable not in known for syllable, _, _ in syllable_spans(words))


_CAPITAL = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1F00)) if c.isupper())
_WORD = rf"[{_CAPITAL}]\w*"
_MORE_WORDS = rf"(?:[ -]{_WORD})"
"""Bounded wherever it is repeated: a text may be nothing but capitals."""


_TITLE = (
    r"(?i:đồng chí|đ/c|ông|bà|anh|chị|cô|chú|bác|em|cháu|thầy|bác sĩ|bác sỹ|luật sư|ca sĩ|"
    r"nghệ sĩ|cầu thủ|nhà báo|nhà văn|giám mục|diễn viên|đạo diễn|"
    r"(?:thiếu|trung|thượng|đại) (?:tướng|tá|úy))|(?:(?:GS|PGS|TS|ThS|BS)\.? ?){1,3}(?<! )|"
    r"NSƯT|NSND|HLV"
)
_OFFICE = (
    r"(?i:(?:nguyên |quyền )?(?:phó )?(?:chủ tịch|bí thư|giám đốc|tổng giám đốc|thủ tướng|"
    r"bộ trưởng|thứ trưởng|tổng thống|ngoại trưởng|chủ nhiệm|thống đốc|tổng thư ký|tổng bí thư|"
    r"hiệu trưởng|viện trưởng|(?:tổng )?cục trưởng|vụ trưởng|chánh văn phòng|"
    r"trưởng (?:ban|phòng|khoa|đoàn|công an)))"
)
_LEVEL = (
    rf"(?:nước|tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|TP\.?|UBND|HĐND|Quốc hội|"
    rf"Chính phủ|{_WORD} (?:ủy|uỷ))"
)
_HELD = rf"{_OFFICE}(?: (?i:thường trực))?(?: {_LEVEL}){{0,3}}"
_PLACE_NOUN = (
    r"(?i:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|thôn|xóm|ấp|làng|bản|buôn|"
    r"sân vận động|sân bay|sân|đường|phố|sông|cảng|núi|bán đảo|đảo|khu vực|khu phố|vùng|ngã tư|"
    r"cầu|trường|bệnh viện|chợ|tp\.?)"
)

_NO_NAME = (
    r"(?!(?:Việt Nam|Hà Nội|Trung Quốc|TP|UBND|HĐND|Sở|Bộ|Ban|Cục|Vụ|Viện|Hội|Ủy|Đảng|Thành phố|"
    r"Tại|Ở|Từ|Theo|Với|Khi|Sau|Trước|Trong|Cùng|Còn|Và)\b)"
)
"""What a name of a person does not begin with."""

_PERSON = Pattern(
    rf"\b(?:{_TITLE})\.? ?(?<=[. ]){_NO_NAME}{_WORD}{_MORE_WORDS}{{0,6}}(?:\s*[,(–-]\s*{_HELD})?"
    rf"|\b{_HELD} {_NO_NAME}{_WORD}{_MORE_WORDS}{{1,6}}"
    rf"|\b(?<!\.){_NO_NAME}{_WORD}{_MORE_WORDS}{{1,6}}\s*[,(–-]\s*{_HELD}"
)
"""A name with what its bearer is, before it or behind."""

_NAME = Pattern(rf"\b{_NO_NAME}{_WORD}{_MORE_WORDS}{{1,6}}")
_NO_PERSON_AFTER = Pattern(
    rf"\b(?:{_PLACE_NOUN}|tại|ở|từ|đến|về|thuộc|đội|giải|công ty|hội|đài|báo|quỹ|tập đoàn)\s$", re.I
)
_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY_PART = r"(?:rạng sáng|sáng|trưa|chiều|tối|đêm)(?: sớm| muộn)?"
_WEEKDAY = (
    r"(?:(?<!lần )(?<!hạng )(?<!người )(?<!trí )thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)"
)
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
_WHEN = Pattern(
    rf"(?<![\w/.,-])(?:(?:(?:lúc|khoảng|vào) )?{_CLOCK}(?:,? (?:ngày )?(?=\d|{_DAY_PART}))?)?"
    rf"(?:(?:{_DAY_PART}) )?(?:{_WEEKDAY}(?:,? )?)?(?:\(|ngày |mùng )?"
    rf"(?:{_DATE}|{_RELATIVE}|(?:(?<=ngày )|(?<=sáng )|(?<=trưa )|(?<=chiều )|(?<=tối )|(?<=đêm ))"
    r"\d{1,2}-\d{1,2}(?![/.-]?\d))\)?(?!\w)"
    rf"|(?<![\w/.,-])(?:(?:lúc|khoảng) )?{_CLOCK}(?: {_DAY_PART}\b)?"
    rf"|\b(?:{_DAY_PART} )?{_WEEKDAY}\b",
    re.IGNORECASE,
)

_WHERE = Pattern(
    rf"\b(?:{_PLACE_NOUN} {_WORD}{_MORE_WORDS}{{0,6}}|(?i:quận|phường|thôn|ấp|khu phố) \d+\b)"
    rf"|(?:(?<=\btại )|(?<=\bở )){_WORD}(?:{_MORE_WORDS}{{1,6}}|(?=[,.;)]|$))"
)

_FIGURE = r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?: ?[-–] ?\d+(?:[.,]\d+)*)?"
_TENS = r"(?: ?(?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)){0,3}"
_NUMBER_WORD = "|".join(NUMBER_WORDS)
_SPELLED = rf"\b(?:{_NUMBER_WORD})(?: (?:{_NUMBER_WORD}|mươi|mốt|tư|lăm)){{0,8}}\b"
_DATED = Pattern(r"(?:ngày|tháng|năm|thứ|số|khóa|khoá|quốc lộ|phường|quận|điều|tuổi)\s$", re.I)

_AMOUNT = Pattern(
    rf"{_FIGURE}{_TENS} ?(?:đồng|USD|đô la|euro|VNĐ|VND|nhân dân tệ|tệ|bảng|yen|đ\b|\$|€|£)"
    rf"(?:/\w+)?|{_FIGURE} ?(?:nghìn|ngàn|triệu|tỷ|tỉ)\b|[$€£] ?\d[\d.,]*\d",
    re.IGNORECASE,
)
_MEASURE = Pattern(
    rf"{_FIGURE}{_TENS} ?(?:km/h|km|m2|m²|m3|m³|mm|cm|m|kg|g|ký|cân|tấn|tạ|yến|ha|héc ta|hecta|lít|"
    r"độ C|độ|mét|%|phần trăm|tuổi|giờ|phút|giây|ngày|tuần|tháng|năm)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = Pattern(rf"{_FIGURE}{_TENS}(?!\w|[/-]\d)", re.IGNORECASE)
_YEARS = Pattern(rf"{_YEAR}(?!\d|[.,])")

_CAUSE_LENGTH = 16
"""Words of a cause; what is longer is the sentence rather than a part of it."""

_REASON = r"(?:nguyên nhân|lý do|lí do)(?: \w+){0,3}?"
_CAUSE = Pattern(
    rf"\b(?:{_REASON} (?:là )?(?:do|vì|bởi)|{_REASON} là|bởi vì|tại vì"
    r"|(?<!tự )(?:do|vì|bởi)(?! đó| vậy| thế))"
    rf"(?: [^\s,.;:()]+){{1,{_CAUSE_LENGTH}}}?(?=[\s”\"]*(?:[,.;:()]|$)| (?:nên|khiến)\b)",
    re.IGNORECASE,
)

_LOOK_BACK = 20
"""Characters before a name or number that tell what it is of."""


def _follows(pattern: Pattern, text: str, found: re.Match[str]) -> bool:
    start = found.start()
    return pattern.search(text, max(0, start - _LOOK_BACK), start) is not None


def _spans(pattern: Pattern) -> Callable[[str, Said], Iterator[Span]]:
    return lambda text, _: (found.span() for found in pattern.finditer(text))


def _people(text: str, said: Said) -> Iterable[Span]:
    """Those who are named with what they are; else other names that are no place's."""
    with_office = [found.span() for found in _PERSON.finditer(text)]
    if with_office:
        return with_office
    return (
        found.span()
        for found in _NAME.finditer(text)
        if not _follows(_NO_PERSON_AFTER, text, found)
    )


def _numbers(text: str, said: Said) -> Iterable[Span]:
    """The numbers of what is counted, with it; if that is not known, those that are no date's."""
    if said.counted:
        return sorted(span for each in said.counted for span in _counted(each, text))
    return (
        found.span()
        for found in _NUMBER.finditer(text)
        if not _follows(_DATED, text, found) and not _YEARS.match(found[0])
    )


def _counted(word: str, text: str) -> Iterator[Span]:
    """Where a text counts what a word names."""
    end = 0
    for found in re.finditer(rf"(?<= ){re.escape(word)}\b", text, re.IGNORECASE):
        if number := _COUNT_BEFORE.search(text, end, found.start()):
            end = found.end()
            yield number.start(), end


_COUNT_BEFORE = Pattern(rf"(?:{_FIGURE}{_TENS}|{_SPELLED}) (?:\w+ ){{0,2}}?\Z", re.IGNORECASE)


_LOOK: Mapping[AnswerKind | None, Callable[[str, Said], Iterable[Span]]] = {
    AnswerKind.ATTENDANCE: _people,
    AnswerKind.WHO: _people,
    AnswerKind.WHEN: _spans(_WHEN),
    AnswerKind.WHERE: _spans(_WHERE),
    AnswerKind.HOW_MANY: _numbers,
    AnswerKind.AMOUNT: _spans(_AMOUNT),
    AnswerKind.MEASURE: _spans(_MEASURE),
    AnswerKind.WHY: _spans(_CAUSE),
}
"""Where the answer of each kind stands; of the others it has no form of its own."""

_SAYING_NOTHING = frozenset(
    "ông bà anh chị em cô chú bác cháu đồng chí nguyên phó chủ tịch bí thư giám đốc ubnd tỉnh "
    "huyện tp do vì bởi là ngày tháng năm lúc khoảng vào".split()
)
"""What comes with an answer and is none by itself."""
