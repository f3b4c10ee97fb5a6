"""Patterns of the parts of sentences that answer: persons, places, times, numbers, reasons."""

import re

from index.language.dates import DAY_PART, WEEKDAY
from index.language.number_words import MAGNITUDES, NUMBER_WORDS
from index.language.patterns import LOWER, UPPER, Pattern
from index.language.titles import AWARDS, DEGREES, HONORIFICS, OFFICES, PROFESSIONS, RANK
from index.search.query.model import BEING_THERE, MOST_WORD
from index.search.query.quantities import QUANTITIES


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

PERSON = _starting_words(
    rf"(?:{_TITLE})\.? ?(?<=[. ]){_NAME_START}{_WORD}{_MORE_WORDS}{{0,6}}(?:\s*[,(–-]\s*{_HELD})?"
    rf"|{_HELD} {_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}"
    rf"|(?<!\.){_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}\s*[,(–-]\s*{_HELD}"
)
"""A name with what its bearer is, before it or behind."""

_PLACE_NOUN = (
    r"(?i:tỉnh|huyện|xã|phường|quận|thành phố|thị xã|thị trấn|thôn|xóm|ấp|làng|bản|buôn|"
    r"sân vận động|sân bay|sân|đường|phố|sông|cảng|núi|bán đảo|đảo|khu vực|khu phố|vùng|ngã tư|"
    r"cầu|trường|bệnh viện|chợ|đèo|hồ|vịnh|bãi biển|suối|nhà máy|công viên|khách sạn|nhà thờ|"
    r"đền|chùa|tp\.?)"
)
PLACE = _starting_words(
    rf"{_PLACE_NOUN} {_WORD}{_MORE_WORDS}{{0,6}}|(?i:quận|phường|thôn|ấp|khu phố|quốc lộ) \d+\b"
    rf"|(?i:km) ?\d+(?:\+\d+)?\b"
    rf"|(?i:tại|ở)(?: \w+){{0,2}} (?i:trường|bệnh viện|nhà|trụ sở)(?: \w+)?"
    rf"|(?:(?<=\btại )|(?<=\bở )){_WORD}(?:{_MORE_WORDS}{{1,6}}|(?=[,.;)]|$))"
    rf"|(?:(?<=\btừ )|(?<=\bđến )|(?<=\bthuộc )|(?<=\bgần )|(?<=\bsang ))"
    rf"(?!(?:Bộ|Sở|Ban|Cục|Vụ|Viện|Hội|Ủy|Uỷ|Đảng|Công|Tòa|Toà|UBND)\b){_WORD}{_MORE_WORDS}{{1,6}}"
)

WHOLE_NAME = _starting_words(
    rf"(?<![.!?:“\"] )(?<!^)(?<![“\"]){_NAME_START}[{UPPER}][{LOWER}]+"
    rf"(?: [{UPPER}][{LOWER}]+){{1,6}}"
)
"""A name, but for one that begins a sentence, whose first word may be none of it."""

NO_PLACE_AFTER = Pattern(
    r"(?:công an|ủy ban nhân dân|uỷ ban nhân dân|ubnd|hđnd|chủ tịch|bí thư|tòa án|toà án|tòa|viện|"
    r"nhân dân|phòng|sở|đảng bộ|ban quản lý|trung tâm|hạt kiểm lâm)\s$",
    re.IGNORECASE,
)
"""Words before a place that make it a part of the name of a body."""

CAPITAL_BEFORE = Pattern(rf"(?<!\w)[{UPPER}][{LOWER}]+\s$")
"""A word of a name, of which a place behind it is then a part."""

LOCATED_AFTER = Pattern(r"(?:tại|ở|trên|đoạn qua|qua|đến|về|gần|thuộc)\s$", re.IGNORECASE)
SITE_AFTER = Pattern(r"(?<!\w)(?:tại|ở|trên|đoạn qua)\s$", re.IGNORECASE)
"""Words before the place where something happens, not one that it comes from or goes to."""

COUNTRY = Pattern(
    r"(?<!\w)(?:"
    r"Việt Nam|Trung Quốc|Hàn Quốc|Triều Tiên|Nhật Bản|Nhật|Đài Loan|Thái Lan|Lào|"
    r"Campuchia|Myanmar|Malaysia|Singapore|Indonesia|Philippines|Brunei|Ấn Độ|Pakistan|"
    r"Bangladesh|Iran|Iraq|Israel|Palestine|Syria|Thổ Nhĩ Kỳ|Ả Rập Saudi|Ả-rập Xê-út|UAE|"
    r"Qatar|Ai Cập|Nam Phi|Nigeria|Kenya|Ethiopia|Nga|Ukraine|Ba Lan|Đức|Pháp|Anh|Ý|"
    r"Italia|Tây Ban Nha|Bồ Đào Nha|Hà Lan|Bỉ|Thụy Sĩ|Thụy Điển|Na Uy|Phần Lan|Đan Mạch|"
    r"Áo|Séc|Hungary|Hy Lạp|Mỹ|Hoa Kỳ|Canada|Mexico|Cuba|Venezuela|Colombia|Peru|Chile|"
    r"Argentina|Brazil|Úc|Australia|New Zealand"
    r")(?!\w)"
)

NAME = _starting_words(rf"{_NAME_START}{_WORD}{_MORE_WORDS}{{1,6}}")
NO_PERSON_AFTER = _starting_words(
    rf"(?:{_PLACE_NOUN}|tại|ở|từ|đến|về|thuộc|đội|giải|công ty|hội|đài|báo|quỹ|tập đoàn)\s$", re.I
)
INNER_CAPITAL = Pattern(rf"(?<![.\"“:!?] )(?<!^)\b[{UPPER}]\w+")

_YEAR = r"(?:1[0-9]|20)\d\d"
_DAY_PART = rf"(?:{DAY_PART})(?: sớm| muộn)?"
_WEEKDAY = rf"(?<!lần )(?<!hạng )(?<!người )(?<!trí )(?:{WEEKDAY})"
_CLOCK = (
    r"\d{1,2}(?:h(?:\d\d)?(?!\w)|:\d\d(?!\d)| ?giờ(?: \d{1,2}(?: phút)?| rưỡi)?)(?: kém \d{1,2})?"
)
CLOCK = _starting_words(_CLOCK, re.IGNORECASE)
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

TIME = _starting_words(
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
NUMBER = _starting_words(rf"{_FIGURE}{_MAGNITUDE}(?!\w|[/-]\d)|{_SPELLED}", re.IGNORECASE)
NO_NUMBER_AFTER = Pattern(
    r"(?:ngày|tháng|năm|thứ|số|khóa|khoá|quốc lộ|phường|quận|điều|tuổi)\s$", re.I
)
IS_YEAR = Pattern(rf"{_YEAR}(?!\d|[.,])")
COUNT_BEFORE = Pattern(rf"(?:{_FIGURE}{_MAGNITUDE}|{_SPELLED}) (?:\w+ ){{0,2}}?\Z", re.IGNORECASE)
NAME_BEHIND = Pattern(rf"\s+(?:\w+\s+)?(?:[{UPPER}]\w|\d)")
DIGITS = Pattern(r"\d+(?:[.,]\d+)*")

MONEY = Pattern(
    rf"{_FIGURE}{_MAGNITUDE} ?(?:đồng|USD|đô la|euro|VNĐ|VND|nhân dân tệ|tệ|bảng|yen|đ\b|\$|€|£)"
    rf"(?:/\w+)?|{_FIGURE} ?(?:{'|'.join(MAGNITUDES)})\b|[$€£] ?\d[\d.,]*\d",
    re.IGNORECASE,
)
MEASURE = Pattern(
    rf"{_FIGURE}{_MAGNITUDE} ?(?:km/h|km|m2|m²|m3|m³|mm|cm|m|kg|g|ký|cân|tấn|tạ|yến|ha|héc ta|"
    r"hecta|lít|độ C|độ|mét|%|phần trăm|tuổi|giờ|phút|giây|ngày|tuần|tháng|năm)(?!\w)",
    re.IGNORECASE,
)

_REASON_LENGTH = 16
"""Words of a reason; what is longer is the sentence rather than a part of it."""

_REASON_NOUN = r"(?:nguyên nhân|lý do|lí do)"
REASON = Pattern(
    rf"\b(?:{_REASON_NOUN}(?: \w+){{0,3}}? (?:(?:là )?(?:do|vì|bởi)|là)|bởi vì|tại vì"
    r"|(?<!tự )(?:do|vì|bởi|nhờ)(?! đó| vậy| thế| vả))"
    rf"(?: [^\s,.;:()]+){{1,{_REASON_LENGTH}}}?(?=[\s”\"]*(?:[,.;:()]|$)| (?:nên|khiến)\b)",
    re.IGNORECASE,
)

_OF_AGENT = r"(?!(?:không|chưa|thiếu|chậm|bị|ban)\b)[^\s,.;:]+ "
BY_AGENT = Pattern(
    rf"[Dd]o (?:{_OF_AGENT}){{0,4}}?(?=[{UPPER}])(?:{_OF_AGENT}){{1,10}}?"
    r"(?:tài trợ|bảo trợ|(?<!Ban )tổ chức|phối hợp|thực hiện|tiến hành|sản xuất|"
    r"chế tạo|đầu tư|thi công|xây dựng|thiết kế|quản lý|điều hành|vận hành|phụ trách|chủ trì|"
    r"chủ biên|biên soạn|soạn thảo|ban hành|công bố|đề xuất|khởi xướng|phát động|thành lập|"
    r"sáng lập|sở hữu|đứng đầu|dẫn đầu|lãnh đạo|làm (?:chủ|trưởng|đạo diễn)|đạo diễn|dàn dựng|"
    r"sáng tác|trình bày|cung cấp|điều khiển|cầm lái|lái)(?!\w)"
    r"(?! (?:xe|ô tô|ôtô|phương tiện|quá|không|chưa|kém|sai)\b)"
)
"""Somebody who does it rather than a reason: `do Hội Luật gia tổ chức`."""

SPEECH = 120
"""Characters before a reason in which the speech that holds it begins."""

OF_ONESELF = Pattern(r"[“\"](?:[^”\"]{0,60}\s)?(?:tôi|mình|em|tớ)(?!\w)[^”\"]*$", re.IGNORECASE)

ATTENDING = Pattern(
    r"\bdự\b(?! (?:kiến|báo|án|toán|phòng|thảo|định|trữ|luật|đoán|bị|tính|thầu)\b)"
    rf"|\b(?:{'|'.join(way for way in BEING_THERE if 'dự' not in way)})\b",
    re.IGNORECASE,
)
"""`dự` is a part of other words too: `dự báo`."""

BODY = Pattern(
    r"\b(?:Bộ|Sở|Ủy ban|Uỷ ban|UBND|HĐND|Ban|Cục|Tổng cục|Vụ|Viện|Công ty|Tổng công ty|"
    r"Tập đoàn|Hiệp hội|Hội|Liên đoàn|Trường|Đại học|ĐH|Bệnh viện|Ngân hàng|Công an|Đoàn|"
    r"Trung tâm|Đài|Báo|Quỹ|Tòa|Toà|Chi cục|Phòng|Câu lạc bộ|CLB)\s+\w"
    rf"|\b[Đđ]ội (?:tuyển )?[{UPPER}]"
)
CAUSE = Pattern(rf"\b(?:{_REASON_NOUN}|bởi vì|tại vì|do đó|vì vậy|vì thế)\b", re.IGNORECASE)
PURPOSE = Pattern(r"\b(?:nhằm|để|khiến|dẫn đến|xuất phát|nhờ|nên|giúp|tránh)\b", re.IGNORECASE)

SUPERLATIVE = Pattern(
    rf"{MOST_WORD}|"
    r"(?<!\w)(?:kỷ lục|quán quân|vua phá lưới|đứng đầu|dẫn đầu|hàng đầu)(?!\w)",
    re.IGNORECASE,
)
CAPTION = Pattern(
    r"\W*(?:video|clip|ảnh|hình|đồ họa|đồ hoạ|infographic|audio|xem thêm|nguồn)(?: \w+){0,3}\s*:",
    re.IGNORECASE,
)
ASKING_VERBS = ("hỏi", "thắc mắc", "băn khoăn")
INDIRECT_QUESTION = Pattern(
    rf"(?<!\w)(?:{'|'.join(ASKING_VERBS)}|đặt câu hỏi)(?: \w+){{0,3}} "
    r"(?:vì sao|tại sao|ai|bao giờ|khi nào|bao nhiêu|thế nào|ra sao|ở đâu)(?!\w)",
    re.IGNORECASE,
)
DENYING = Pattern(
    r"(?<!\w)(?:không|chưa|chẳng|cấm|bác bỏ|phủ nhận|từ chối|hết|thiếu)(?!\w)",
    re.IGNORECASE,
)
DECIDING = {
    "permitting": (
        ("được", "cho phép", "cấm"),
        "cho phép|được phép|chỉ được|không được|cấm|hạn chế|cho vào|được miễn|được hoãn",
    ),
    "obliging": (
        ("phải", "cần", "buộc"),
        "phải|bắt buộc|buộc|cần|yêu cầu|không cần|miễn|tự nguyện|đồng ý",
    ),
    "done": (("đã", "rồi", "chưa"), "đã|chưa|vừa|mới|sẽ|dự kiến|hoàn thành|xong"),
}
"""By what a yes-no question asks: the words that ask it, and those that say or deny it."""


def _quantities(words: str, units: str) -> Pattern:
    before = rf"(?<!\w)(?:{words})(?: [^\s.;!?\d]+){{0,2}}? " if words else ""
    figure = rf"(?:\d+(?:[.,]\d+)*(?: ?[-–] ?\d+(?:[.,]\d+)*)?{_MAGNITUDE}|{_SPELLED})"
    return Pattern(rf"{before}(?P<said>(?<![\w/.,-]){figure} ?(?:{units})(?!\w))", re.IGNORECASE)


FITTING = {each: _quantities("", measured.units) for each, measured in QUANTITIES.items()}
STATED = {
    each: _quantities(measured.before, measured.units) for each, measured in QUANTITIES.items()
}
"""Figures with a unit of each quantity, and those of them behind a word that tells it."""
