"""What kind of answer a question wants, and whether a sentence holds one."""

import re
from enum import StrEnum

from index.spelling import fold


class AnswerKind(StrEnum):
    """What a question asks for."""

    ATTENDANCE = "attendance"
    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    HOW_MANY = "how_many"
    WHY = "why"


def kind_of(question: str, *, marked: bool) -> AnswerKind | None:
    """The kind of answer that a question wants, or None where it does not say.

    Args:
        question: As typed, Vietnamese or English.
        marked: Whether it carries Vietnamese marks; without them its cues are
            looked for without marks too.
    """
    text = " ".join(re.findall(r"\w+", question.lower()))
    for kind, cues in _CUES.items():
        pattern = cues if marked else fold(cues)
        if re.search(rf"\b(?:{pattern})\b", text):
            return kind
    return None


def holds(kind: AnswerKind, sentence: str) -> bool:
    """Whether a sentence, as it is written, can answer a question of the kind."""
    return all(pattern.search(sentence) for pattern in _SIGNS[kind])


_WHO = (
    r"ai|(?:những |các )?(?:người|ông|bà|vị|lãnh đạo|cán bộ|đồng chí) nào|who|whom|whose|"
    r"thành phần|which (?:person|people|leaders?|officials?)"
)
_ATTEND = (
    r"dự|tham dự|có mặt|chủ trì|tham gia|thành phần|đại biểu|"
    r"attend(?:s|ed|ing|ees?|ance)?|present|participat\w+|took part|take part|joined"
)

# In this order: the first that is found decides.
_CUES = {
    AnswerKind.ATTENDANCE: rf"(?:{_WHO})\b.*\b(?:{_ATTEND})|(?:{_ATTEND})\b.*\b(?:{_WHO})|"
    r"thành phần",
    AnswerKind.WHO: _WHO,
    AnswerKind.WHEN: r"khi nào|bao giờ|lúc nào|(?:ngày|hôm|năm|tháng|tuần|thứ|giờ|hồi|thời gian) "
    r"(?:nào|mấy)|mấy giờ|when|what (?:year|date|day|time|month)|which (?:year|date|day|month)",
    AnswerKind.WHERE: r"ở đâu|nơi nào|chỗ nào|(?:tỉnh|huyện|xã|phường|quận|thành phố|nước) nào|"
    r"địa điểm|đâu|where|(?:what|which) (?:place|city|province|district|country)",
    AnswerKind.HOW_MANY: r"bao nhiêu|mấy|how (?:many|much|old|long|far|high|tall)|số lượng",
    AnswerKind.WHY: r"vì sao|tại sao|nguyên nhân|lý do|do đâu|why|what caused|reason",
}

_CAPITAL = "A-ZĐÀ-ÖØ-ÝĂĨŨƠƯẠ-Ỹ"
_NAME = rf"[{_CAPITAL}]\w*(?:\s+[{_CAPITAL}]\w*)+"
_PERSON = re.compile(
    r"(?:đồng chí|đ/c|ông|bà|anh|chị|em|cháu|bác sĩ|nhà báo|luật sư|GS|TS|ThS|BS|PGS|"
    r"[Tt]ướng|[Tt]á|[Úu]y|[Bb]í thư|[Cc]hủ tịch|[Gg]iám đốc|[Bb]ộ trưởng|[Tt]hủ tướng|"
    rf"[Tt]rưởng \w+|Đồng chí|Ông|Bà|Anh|Chị)\b[^.;]{{0,60}}?\s{_NAME}|"
    rf"{_NAME}\s*[,(–-]\s*(?:nguyên )?(?:Phó|Chủ|Bí|Giám|Trưởng|Bộ|Thứ|Tổng|Ủy|Uỷ|Đại)"
)
_ATTENDING = re.compile(
    r"\bdự\b(?! (?:kiến|báo|án|toán|phòng|thảo|định|trữ|luật|đoán|bị|tính|thầu)\b)|"
    r"\b(?:có mặt|tham gia|chủ trì|đại biểu)\b",
    re.IGNORECASE,
)
_SIGNS = {
    AnswerKind.ATTENDANCE: (_ATTENDING, _PERSON),
    AnswerKind.WHO: (_PERSON,),
    AnswerKind.WHEN: (
        re.compile(
            r"\d{1,2}[/-]\d{1,2}|\bngày \d|\btháng \w+|\bnăm \d{4}|\d+\s?(?:h|giờ)\b|"
            r"\b(?:sáng|trưa|chiều|tối|đêm)\b|\b(?:hôm|tuần|tháng|năm) (?:nay|qua|trước|ngoái)",
            re.IGNORECASE,
        ),
    ),
    AnswerKind.WHERE: (
        re.compile(
            rf"\b(?:tại|ở|từ|đến|về|qua|trên|thuộc)\s+(?:\w+\s+){{0,3}}[{_CAPITAL}]|"
            rf"\b(?:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|TP\.?|sân|đường)\s+[{_CAPITAL}]"
        ),
    ),
    AnswerKind.HOW_MANY: (
        re.compile(
            r"\d|\b(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|trăm|nghìn|ngàn|triệu|tỷ|tỉ)\b",
            re.IGNORECASE,
        ),
    ),
    AnswerKind.WHY: (
        re.compile(
            r"\b(?:do|vì|bởi|nguyên nhân|lý do|nhằm|khiến|dẫn đến|xuất phát)\b", re.IGNORECASE
        ),
    ),
}
