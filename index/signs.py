"""Signs that a sentence holds the kind of answer that a question wants."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from index.analyser import syllable_spans
from index.answer_kinds import BEING_THERE, AnswerKind
from index.number_words import NUMBER_WORDS
from index.patterns import Pattern


class Sign(StrEnum):
    """What a sentence may hold."""

    NEW_NAME = "new_name"
    NEW_NAMES = "new_names"
    NEW_CAPITAL = "new_capital"
    NEW_NUMBER = "new_number"
    PERSON = "person"
    ATTENDING = "attending"
    BODY = "body"
    PLACE = "place"
    DATE = "date"
    CLOCK = "clock"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    MEASURE = "measure"
    COUNTED = "counted"
    CAUSE = "cause"
    REASON = "reason"
    PURPOSE = "purpose"


LOOKED_FOR: Mapping[AnswerKind | None, tuple[Sign, ...]] = {
    AnswerKind.ATTENDANCE: (Sign.ATTENDING, Sign.PERSON, Sign.NEW_NAMES, Sign.NEW_CAPITAL),
    AnswerKind.AMOUNT: (Sign.MONEY, Sign.NEW_NUMBER),
    AnswerKind.MEASURE: (Sign.MEASURE, Sign.NEW_NUMBER),
    AnswerKind.WHEN: (Sign.DATE, Sign.CLOCK, Sign.DAY, Sign.NEW_NUMBER),
    AnswerKind.WHERE: (Sign.PLACE, Sign.NEW_CAPITAL),
    AnswerKind.HOW_MANY: (Sign.NUMBER, Sign.NEW_NUMBER, Sign.COUNTED),
    AnswerKind.WHY: (Sign.CAUSE, Sign.REASON, Sign.PURPOSE),
    AnswerKind.WHO: (Sign.PERSON, Sign.NEW_NAME, Sign.NEW_NAMES, Sign.ATTENDING),
    AnswerKind.ORGANISATION: (Sign.BODY, Sign.NEW_CAPITAL),
    AnswerKind.HOW: (Sign.PURPOSE,),
    AnswerKind.WHAT: (Sign.COUNTED, Sign.PURPOSE),
}
"""Which signs speak for an answer of a kind."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a question already says.

    Args:
        syllables: Those that it holds, in all the ways in which they are written.
        counted: What it asks to count or to name: `hộ` in `bao nhiêu hộ`, `cầu` in `cầu nào`.
    """

    syllables: Collection[str]
    counted: tuple[str, ...] = ()


def signs(wanted: Iterable[Sign], sentence: str, said: Said) -> Iterator[Sign]:
    """Those of the signs that a sentence, in NFC, holds.

    What is new is what the question does not hold itself.
    """
    return (sign for sign in wanted if _HOLDS[sign](sentence, said))


_CAPITAL = "A-ZĐÀ-ÖØ-ÝĂĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))
_NAME = re.compile(rf"\b[{_CAPITAL}]\w*(?:[ -][{_CAPITAL}]\w*)+")
_TITLES = frozenset("ông bà anh chị cô chú bác em cháu đồng chí".split())
_INNER_CAPITAL = re.compile(rf"(?<![.\"“:!?] )(?<!^)\b[{_CAPITAL}]\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ATTEND = "|".join(way for way in BEING_THERE if "dự" not in way)
_NOT_ATTENDING = "kiến|báo|án|toán|phòng|thảo|định|trữ|luật|đoán|bị|tính|thầu"
"""What makes `dự` part of another word: `dự báo`."""
_NUMBER_WORD = "|".join(NUMBER_WORDS)

_PATTERNS: Mapping[Sign, str] = {
    Sign.PERSON: r"\b(?:(?i:đồng chí|đ/c|ông|bà|anh|chị|cô|chú|em|cháu|bác sĩ|bác sỹ|luật sư|ca sĩ|"
    r"nghệ sĩ|cầu thủ|nhà báo|giám mục|(?:thiếu|trung|thượng|đại) (?:tướng|tá|úy)|bí thư|chủ tịch|"
    r"giám đốc|bộ trưởng|thứ trưởng|thủ tướng|tổng thống|chủ nhiệm|ngoại trưởng|trưởng \w+)|"
    rf"GS|TS|ThS|BS|PGS|NSƯT|NSND|HLV)\b[^.;]{{0,60}}?\s?[{_CAPITAL}]\w+|"
    rf"\b[{_CAPITAL}]\w*(?: [{_CAPITAL}]\w*)+\s*[,(–-]\s*(?:nguyên )?"
    r"(?:Phó|Chủ|Bí|Giám|Trưởng|Bộ|Thứ|Tổng|Ủy|Uỷ|Đại)",
    Sign.ATTENDING: rf"(?i)\bdự\b(?! (?:{_NOT_ATTENDING})\b)|\b(?:{_ATTEND})\b",
    Sign.BODY: r"\b(?:Bộ|Sở|Ủy ban|Uỷ ban|UBND|HĐND|Ban|Cục|Tổng cục|Vụ|Viện|Công ty|Tổng công ty|"
    r"Tập đoàn|Hiệp hội|Hội|Liên đoàn|Trường|Đại học|ĐH|Bệnh viện|Ngân hàng|Công an|Đoàn|"
    r"Trung tâm|Đài|Báo|Quỹ|Tòa|Toà|Chi cục|Phòng|Câu lạc bộ|CLB)\s+\w",
    Sign.PLACE: rf"\b(?:tại|ở|từ|đến|về|trên|thuộc|gần|quanh|vào|sang|qua|giữa)\s+(?:\w+\s+){{0,3}}"
    rf"[{_CAPITAL}]\w*|\b(?:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|thôn|xóm|ấp|làng|"
    r"bản|buôn|TP\.?|sân|đường|phố|sông|biển|cảng|núi|đảo|vùng|khu|ngã tư|cầu)"
    rf"\s+[{_CAPITAL}\d]",
    Sign.DATE: r"(?i)\b\d{1,2}\s?[/-]\s?\d{1,2}\b|\b(?:ngày|tháng) \d|\bnăm \d{4}|"
    r"\b(?:1[0-9]|20)\d\d\b",
    Sign.CLOCK: r"(?i)\b\d{1,2}\s?(?:h|giờ|g)\s?\d{0,2}\b|\b\d{1,2}:\d\d\b",
    Sign.DAY: r"(?i)\b(?:sáng|trưa|chiều|tối|đêm|rạng sáng|(?:hôm|tuần|tháng|năm|quý|thế kỷ|mùa) "
    r"(?:nay|qua|trước|ngoái|tới|sau)|mới đây|ngày mai|(?:đầu|giữa|cuối) (?:tuần|tháng|năm)|"
    r"thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b",
    Sign.NUMBER: rf"(?i)\d|\b(?:{_NUMBER_WORD})\b",
    Sign.MONEY: r"(?i)\d[\d.,]*\s*(?:(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm)\s*)*"
    r"(?:tỷ|tỉ|triệu|đồng|USD|đô la|euro|VNĐ|VND|tệ|bảng|yen|đ\b|\$|€|£)|[$€£]\s?\d",
    Sign.MEASURE: r"(?i)\d[\d.,]*\s?(?:km|m2|m²|m|cm|mm|kg|g|ký|cân|tấn|tạ|ha|héc ta|"
    r"hecta|lít|độ|mét|%|phần trăm|tuổi|giờ|phút|ngày|tháng|năm)(?!\w)",
    Sign.CAUSE: r"(?i)\b(?:nguyên nhân|lý do|lí do|bởi vì|tại vì|do đó|vì vậy|vì thế)\b",
    Sign.REASON: r"(?i)\b(?:do|vì|bởi|nguyên nhân|lý do|lí do)\b",
    Sign.PURPOSE: r"(?i)\b(?:nhằm|để|khiến|dẫn đến|xuất phát|nhờ|nên|giúp|tránh)\b",
}


def _new_names(sentence: str, said: Said) -> Iterator[str]:
    known = {*said.syllables, *_TITLES}
    return (
        found[0]
        for found in _NAME.finditer(sentence)
        if any(syllable not in known for syllable, _, _ in syllable_spans(found[0]))
    )


def _has_new_names(sentence: str, said: Said) -> bool:
    """Whether it has more than one."""
    return len(list(islice(_new_names(sentence, said), 2))) > 1


def _has_new_capital(sentence: str, said: Said) -> bool:
    return any(
        syllable not in said.syllables
        for found in _INNER_CAPITAL.finditer(sentence)
        for syllable, _, _ in syllable_spans(found[0])
    )


def _has_new_number(sentence: str, said: Said) -> bool:
    return any(
        found[0] not in said.syllables and found[0].lstrip("0") not in said.syllables
        for found in _NUMBER.finditer(sentence)
    )


def _is_counted(sentence: str, said: Said) -> bool:
    """Whether a number stands before what is counted, or a name behind what is to be named."""
    return any(
        _NUMBER_BEFORE.search(sentence, 0, word.start()) or _NAME_BEHIND.match(sentence, word.end())
        for each in said.counted
        for word in re.finditer(rf"\b{re.escape(each)}\b", sentence, re.IGNORECASE)
    )


_NUMBER_BEFORE = re.compile(rf"(?i)\b(?:\d[\d.,/]*|{_NUMBER_WORD})\s+(?:\w+\s+){{0,2}}\Z")
_NAME_BEHIND = re.compile(rf"\s+(?:\w+\s+)?(?:[{_CAPITAL}]\w|\d)")

_Check = Callable[[str, Said], bool]


def _matches(pattern: str) -> _Check:
    search = Pattern(pattern).search
    return lambda sentence, _: search(sentence) is not None


_HOLDS: Mapping[Sign, _Check] = {
    **{sign: _matches(pattern) for sign, pattern in _PATTERNS.items()},
    Sign.NEW_NAME: lambda sentence, said: any(_new_names(sentence, said)),
    Sign.NEW_NAMES: _has_new_names,
    Sign.NEW_CAPITAL: _has_new_capital,
    Sign.NEW_NUMBER: _has_new_number,
    Sign.COUNTED: _is_counted,
}
