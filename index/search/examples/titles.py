"""Make questions of a title: ask for its reason, its number, or when it happened.

Vietnamese asks for a part of a sentence where that part stands, so that a title becomes a question
by a question word in place of a number (`Nga bán 4 tàu` → `Nga bán bao nhiêu tàu?`) or behind it
(`… khi nào?`). No word of a title is changed but the case of its first letter.
"""

import re
from collections.abc import Iterator

from index.language.patterns import FAMILY_NAMES, LOWER, UPPER, Pattern
from index.search.examples.model import ProposedQuestion, as_sentence
from index.search.query.model import AnswerType, answer_type

LONGEST_TITLE = 100  # characters of a title that templates take


def questions_of_title(title: str, body: str) -> Iterator[ProposedQuestion]:
    """Yield questions that a title suggests, the most natural first.

    Args:
        title: The title, in NFC.
        body: The text of the article, which tells whether the first word of the title is a name.
    """
    text = " ".join(title.split()).rstrip(".")
    if len(text) > LONGEST_TITLE:
        return
    yield from _title_that_asks(text)
    clause = _as_in_a_sentence(text, body)
    yield from _reasons(clause)
    if not _NO_CLAUSE.search(text):
        yield from _incidents(text, body)
        yield from _people(text)
        yield from _numbers(clause)
        yield from _times(clause)
        yield from _countries(text)


def _as_in_a_sentence(title: str, body: str) -> str:
    """Return a title with its first word in the case of a sentence's middle."""
    first, _, rest = title.partition(" ")
    is_name = re.search(rf"(?<=[{LOWER},] ){re.escape(first)}(?!\w)", body) is not None
    return title if is_name or not first[1:].islower() else f"{first.lower()} {rest}"


_NO_CLAUSE = Pattern(rf"[?!:;\"“”‘’'()\[\]…|,]| [-–—] |^[\d{LOWER}]")


def _title_that_asks(title: str) -> Iterator[ProposedQuestion]:
    """Take a title that is a question itself: `Vì sao giá vàng tăng?`."""
    if title.count("?") == 1 and title.endswith("?") and not _FOR_EFFECT.search(title):
        kind = answer_type(title)
        if kind in _ASKED_BY_TITLES:
            yield ProposedQuestion(title, kind)


_ASKED_BY_TITLES = {AnswerType.WHY, AnswerType.WHEN, AnswerType.HOW_MANY, AnswerType.WHERE}
_FOR_EFFECT = Pattern(r"[:,]|\b(?:có gì|là gì|không|ra sao|thế nào|được gì|làm gì|thì sao)\b", re.I)


def _reasons(clause: str) -> Iterator[ProposedQuestion]:
    """Ask why: `Lý do X`, `X vì Y` → `Vì sao X?`."""
    for pattern in (_REASON_NAMED, _REASON_GIVEN):
        if found := pattern.fullmatch(clause):
            asked = as_sentence(f"vì sao {found['what']}")
            yield ProposedQuestion(asked, AnswerType.WHY, answer=found["why"] or "")


_PART = r"[\w.%/-]+"
_REASON_NAMED = Pattern(
    rf"(?i:lý do|nguyên nhân|vì sao) (?P<what>{_PART}(?: {_PART}){{3,12}})(?P<why>)"
)
_REASON_GIVEN = Pattern(
    rf"(?P<what>{_PART}(?: {_PART}){{2,10}}?) (?<!sẽ )(?<!được )(?<!đã )(?<!cần )(?<!tự )"
    r"(?<!nghi )(?<!lý )(?<!lí )(?:vì|do) (?!ai\b|đâu\b|sao\b)(?!.* (?:tổ chức|quyết định|sản xuất|"
    r"chế tạo|thực hiện|đầu tư|phát hành|bổ nhiệm|đề xuất|xây dựng|chủ trì|cung cấp)$)"
    r"(?P<why>[^?]+)"
)

_INCIDENTS = {
    "cháy": "vụ cháy",
    "nổ": "vụ nổ",
    "tai nạn": "vụ tai nạn",
    "chìm tàu": "vụ chìm tàu",
    "sạt lở": "vụ sạt lở",
    "lũ quét": "trận lũ quét",
    "động đất": "trận động đất",
    "xả súng": "vụ xả súng",
    "đánh bom": "vụ đánh bom",
    "khủng bố": "vụ khủng bố",
    "rơi máy bay": "vụ rơi máy bay",
    "ngộ độc": "vụ ngộ độc",
}
_INCIDENT = Pattern(rf"(?<!\w)(?:{'|'.join(_INCIDENTS)})(?!\w)", re.IGNORECASE)
_PLACE_IN_TITLE = Pattern(
    rf"(?<!\w)(?:ở|tại) (?P<place>(?:(?:tỉnh|huyện|xã|thành phố|TP\.?|quận|hầm|cầu|chợ|đèo) )?"
    rf"[{UPPER}][{LOWER}]+(?: [{UPPER}][{LOWER}]+){{0,3}})(?=$| [{LOWER}])"
)


def _incidents(title: str, body: str) -> Iterator[ProposedQuestion]:
    """Ask about an incident that a title names with its place: `vụ cháy ở Hạ Long`."""
    incident, place = _INCIDENT.search(title), _PLACE_IN_TITLE.search(title)
    if not incident or not place or _INCIDENTS[incident[0].lower()] not in body.lower():
        return
    named = f"{_INCIDENTS[incident[0].lower()]} ở {place['place']}"
    yield ProposedQuestion(
        as_sentence(f"{named} làm bao nhiêu người chết"), AnswerType.HOW_MANY, answer="người"
    )
    yield ProposedQuestion(as_sentence(f"nguyên nhân {named} là gì"), AnswerType.WHY)
    yield ProposedQuestion(as_sentence(f"{named} xảy ra khi nào"), AnswerType.WHEN)


_PERSON = Pattern(
    rf"(?:(?:Ông|Bà|Anh|Chị|Cô|Nghệ sĩ|Ca sĩ|Diễn viên|HLV|Luật sư|Bác sĩ) )?"
    rf"(?P<person>(?:{FAMILY_NAMES}|Donald|Vladimir)(?: [{UPPER}][{LOWER}]+){{1,4}})"
    rf" (?P<did>(?!và |đã |nói |tiết lộ |là )[{LOWER}]{_PART}(?: {_PART}){{2,10}})"
)


def _people(title: str) -> Iterator[ProposedQuestion]:
    """Ask who did what a title tells: `Ông A tiếp quản bộ B` → `Ai tiếp quản bộ B?`."""
    if found := _PERSON.fullmatch(title):
        yield ProposedQuestion(
            as_sentence(f"ai {found['did']}"), AnswerType.WHO, answer=found["person"]
        )


_COUNTRY = "|".join(
    (
        *("Mỹ", "Nga", "Trung Quốc", "Nhật Bản", "Nhật", "Hàn Quốc", "Triều Tiên", "Ấn Độ", "Anh"),
        *("Pháp", "Đức", "Italy", "Israel", "Iran", "Iraq", "Syria", "Ukraine", "Thái Lan", "Lào"),
        *("Campuchia", "Philippines", "Indonesia", "Malaysia", "Singapore", "Australia", "Canada"),
        *("Thổ Nhĩ Kỳ", "Tây Ban Nha", "Thụy Điển", "Na Uy", "Phần Lan", "Hà Lan", "Ba Lan"),
        *("Pakistan", "Myanmar", "Ai Cập", "Ả Rập Saudi", "Brazil", "Argentina", "Cuba"),
        *("Venezuela", "Mexico", "Sri Lanka", "New Zealand", "Đan Mạch", "Bỉ", "Hy Lạp", "Qatar"),
    )
)
_OF_COUNTRY = Pattern(
    rf"(?P<country>{_COUNTRY}) (?P<did>(?!và |đã |nói |hoàng )[{LOWER}]{_PART}(?: {_PART}){{3,10}})"
)


def _countries(title: str) -> Iterator[ProposedQuestion]:
    """Ask which country did what a title tells: `Nga bán 4 tàu` → `Nước nào bán 4 tàu?`."""
    if found := _OF_COUNTRY.fullmatch(title):
        yield ProposedQuestion(
            as_sentence(f"nước nào {found['did']}"),
            AnswerType.ORGANISATION,
            answer=found["country"],
        )


_UNIT = r"%|phần trăm|đồng|USD|đô la|euro|m2|m²|km|ha|tấn|kg|mét"
_BEFORE_NUMBERS = "|".join(
    (
        *(
            "tăng",
            "giảm",
            "bán",
            "mua",
            "bắt",
            "bắt giữ",
            "khởi tố",
            "phạt",
            "xử phạt",
            "thiệt hại",
        ),
        *("chi", "lỗ", "lãi", "thu hồi", "đạt", "chiếm đoạt", "đầu tư", "vay", "nợ", "hỗ trợ"),
        *("tặng", "trao", "trao tặng", "sơ tán", "di dời", "cứu", "cứu sống", "thu giữ", "bị phạt"),
        *(
            "tuyển",
            "tuyển dụng",
            "xây",
            "mất",
            "trả",
            "bồi thường",
            "thưởng",
            "phát hiện",
            "tiêu hủy",
        ),
        *("tiêu huỷ", "xuất khẩu", "nhập khẩu", "sản xuất", "sa thải", "cắt giảm", "vượt", "trồng"),
        *(
            "tiếp nhận",
            "đóng cửa",
            "đền bù",
            "huy động",
            "ủng hộ",
            "quyên góp",
            "phát hành",
            "loại",
        ),
        *("thí điểm", "trục xuất", "đình chỉ", "kỷ luật", "thả", "giải cứu", "triệu tập", "dài"),
    )
)
_NUMBER = Pattern(
    rf"(?P<before>\w[^?\d]{{0,60}} (?:{_BEFORE_NUMBERS})) "
    rf"(?:thêm |tới |gần |hơn |khoảng |đến |ít nhất )?(?P<number>\d+(?:[.,]\d+)*)"
    rf"(?: ?(?:nghìn|ngàn|triệu|tỷ|tỉ)){{0,3}} ?(?P<unit>(?:{_UNIT})(?!\w))?(?P<after>[^?\d]*)"
)
_MONEY = frozenset({"đồng", "USD", "đô la", "euro"})
_BEHIND_SUMS = Pattern(r"(?:cho|vì|do|để|khi|trong|từ|ở|tại|trước|sau|mua|vào)\b")
_UNIT_IN_WORDS = {"%": "phần trăm", "m²": "m2"}


def _numbers(clause: str) -> Iterator[ProposedQuestion]:
    """Ask for the number in a title: `Nga bán 4 tàu cho Ấn Độ` → `Nga bán bao nhiêu tàu …?`."""
    found = _NUMBER.fullmatch(clause)
    if not found:
        return
    unit, after = found["unit"] or "", found["after"].strip()
    if unit in _MONEY and after and not _BEHIND_SUMS.match(after):
        return
    if not unit and not after[:1].islower():
        return
    wanted = "tiền" if unit in _MONEY else _UNIT_IN_WORDS.get(unit, unit)
    asked = " ".join(f"{found['before']} bao nhiêu {wanted} {after}".split())
    yield ProposedQuestion(as_sentence(asked), AnswerType.HOW_MANY, answer=found["number"])


_HAPPENED = "|".join(
    (
        *("bị bắt", "bắt giữ", "khởi tố", "tuyên phạt", "khai mạc", "khánh thành", "khởi công"),
        *("qua đời", "bốc cháy", "cháy rụi", "cháy tan hoang", "đổ bộ", "thăm", "hội đàm"),
        *("bổ nhiệm", "vô địch", "ra mắt", "phóng tên lửa", "phóng vệ tinh", "công bố", "tổ chức"),
        *("cấm", "bị phạt", "từ chức", "yêu cầu", "đình chỉ", "thông qua", "hạ cánh", "đóng cửa"),
        *("mở cửa", "thông xe", "kết hôn", "đính hôn", "hủy bỏ", "huỷ bỏ", "rút khỏi", "tập trận"),
        *("phát hành", "trừng phạt", "trục vớt", "bàn giao", "nhậm chức", "đắc cử", "tiếp quản"),
        *("lên án", "cáo buộc", "sáp nhập", "tạm dừng", "hạ thủy", "gặp gỡ", "ký kết", "họp bàn"),
    )
)
_UNTIMELY = Pattern(
    r"\b(?:sau|trước|trong|ngày|năm|tháng|tuần|giữa|khi|lúc|tết|nếu|sẽ|sắp|muốn|đang|có thể|tính|"
    r"chuẩn bị|luôn|liên tiếp|tiếp tục|thường|cần|phải|nên|để|không|chưa|từng|đề xuất|dự kiến|"
    r"vì|do|\d+)\b",
    re.IGNORECASE,
)
_HAPPENING = Pattern(rf"{_PART}(?: {_PART}){{0,6}}? (?:{_HAPPENED})(?: {_PART}){{0,8}}")


def _times(clause: str) -> Iterator[ProposedQuestion]:
    """Ask when it happened that a title tells."""
    if _HAPPENING.fullmatch(clause) and not _UNTIMELY.search(clause):
        yield ProposedQuestion(as_sentence(f"{clause} khi nào"), AnswerType.WHEN)
