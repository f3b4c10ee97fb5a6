"""Find sentences that introduce a name: `Donald Trump, tổng thống …`, `… (viết tắt là X)`.

A sentence introduces it if it says what it is: behind the name (`X là …`, `X, nhà sáng lập …`,
`X (Hệ thống …)`), or before it (`Tổng thống Mỹ X`, `Ngân hàng … (X)`, `gọi tắt là X`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from index.engine.protocol import Field, WeightedTerm
from index.language.patterns import LOWER, UPPER
from index.language.titles import HONORIFICS, OFFICES, PROFESSIONS, RANK

USUAL_FROM = 0.1
"""The share of the occurrences of a name in which a further name is a part of it."""

PREFERRED_WEIGHT = 0.5
"""How much the words of an introduction count beside the name in proposing sentences."""

_KIN = (
    *("con gái", "con trai", "vợ", "chồng", "cha", "mẹ", "bố", "em gái", "em trai", "anh trai"),
    *("chị gái", "cháu", "bạn gái", "bạn trai", "hôn thê", "hôn phu", "con rể", "con dâu"),
)
_ROLES = (
    *OFFICES,
    *PROFESSIONS,
    *("nhà sáng lập", "người sáng lập", "sáng lập", "kiến trúc sư", "giảng viên"),
    *("giáo sư", "tiến sĩ", "nhạc sĩ", "họa sĩ", "nghệ nhân", "người mẫu", "hoa hậu", "cầu thủ"),
    *("huấn luyện viên", "tiền vệ", "tiền đạo", "thủ môn", "hậu vệ", "doanh nhân", "tỷ phú"),
    *("phi công", "hoàng tử", "công chúa", "vua", "nữ hoàng", "quốc vương", "giáo hoàng", "đại sứ"),
    *("phát ngôn viên", "người phát ngôn", "nghị sĩ", "thượng nghị sĩ", "thị trưởng", "tổng cục"),
    *("phóng viên", "biên tập viên", "nhà khoa học", "nhà nghiên cứu", "chuyên gia", "võ sĩ"),
    *("nghệ sĩ", "người đàn ông"),
    *("người phụ nữ", "nam sinh", "nữ sinh", "ngôi sao", "nam diễn viên", "nữ diễn viên"),
)
_THINGS = (
    *("hiệp hội", "tổ chức", "tập đoàn", "công ty", "hãng", "cơ quan", "ngân hàng", "ứng dụng"),
    *("mạng xã hội", "hệ thống", "hiệp định", "liên minh", "dự án", "tổ hợp", "tên lửa"),
)
_THING = rf"(?<!\w)(?i:{'|'.join(sorted(_THINGS, key=len, reverse=True))})"
_ROLE = rf"(?:{'|'.join(sorted((*_ROLES, *_KIN, *_THINGS), key=len, reverse=True))}|{RANK})"
_BEFORE_ROLE = (
    r"(?:nguyên |cựu |phó |quyền |một |vị |là |cố |tân |nữ |nam |những |trong |thứ |"
    r"đương kim ){0,6}"
)
_NAME_PART = rf"[{UPPER}][\w.’'-]*"
_OFFICE_REST = rf"(?: (?!của (?:ông|bà)\b)(?:\d+|TP|[{LOWER}]\w*)){{0,3}}"
_PLACE = rf"{_OFFICE_REST}(?: {_NAME_PART}){{0,5}}"
_OF_A_PLACE = rf"{_OFFICE_REST}(?: {_NAME_PART}){{1,5}}"

_CLEAR, _FULL, _FAIR = 3, 2, 1
"""Of sentences that say what something is; that name an office and whose it is; the office only."""
_MARK = "\ue000"
"""Stands for the name in a sentence: a character for private use, which articles have not."""


def preferred_terms() -> list[WeightedTerm]:
    """Return the terms of sentences that introduce, to propose these first."""
    syllables = [tuple(role.split()) for role in (*OFFICES, *PROFESSIONS, *_KIN)]
    pairs = dict.fromkeys("_".join(two) for two in syllables if len(two) == 2)
    terms = [WeightedTerm(Field.BIGRAMS, pair, PREFERRED_WEIGHT) for pair in pairs]
    singles = (("là", 0.5), ("tắt", 1.0), ("sinh", 0.3), ("tuổi", 0.3))
    return terms + [WeightedTerm(Field.SYLLABLES, text, weight) for text, weight in singles]


def introduction_strengths(sentences: Sequence[str], name: str) -> list[int]:
    """Tell how clearly each sentence introduces a name: 0 if it does not.

    Of longer names that hold it only the one that occurs most often counts: `Donald Trump` for
    `Trump`, not `Ivanka Trump`.

    Args:
        sentences: Sentences that hold the name.
        name: The name, as the sentences write it but for capitals.
    """
    named = r"[\s-]+".join(re.escape(part) for part in name.split())
    occurrence = re.compile(
        rf"(?:(?<!\w)(?P<left>{_NAME_PART}) )?"
        rf"(?i:(?<!\w){named}(?!\w))(?: (?P<right>{_NAME_PART}))?"
    )
    found = [list(occurrence.finditer(text)) for text in sentences]
    usual = {
        side: _usual(one[side] for several in found for one in several)
        for side in ("left", "right")
    }
    patterns = _patterns()
    marked = (_mark(text, several, usual) for text, several in zip(sentences, found, strict=True))
    return [_strength(text, patterns) for text in marked]


def _usual(names: Iterable[str | None]) -> str | None:
    """Return the most common of the names beside a name, if it is there often enough."""
    beside = list(names)
    counted = Counter(name for name in beside if name and name.lower() not in HONORIFICS)
    least = USUAL_FROM * len(beside)
    return next((name for name, times in counted.most_common(1) if times >= least), None)


def _mark(text: str, found: Iterable[re.Match[str]], usual: Mapping[str, str | None]) -> str:
    """Replace the name by `_MARK`, also within its usual form, but not in other names."""
    pieces: list[str] = []
    end = 0
    for one in found:
        left, right = one["left"], one["right"]
        is_titled = left is not None and left.lower() in HONORIFICS
        if (left is None or is_titled or left == usual["left"]) and right in (None, usual["right"]):
            pieces += text[end : one.start() if left is None else one.end("left") + 1], _MARK
            end = one.end()
    return "".join((*pieces, text[end:]))


def _strength(text: str, patterns: Iterable[tuple[int, re.Pattern[str]]]) -> int:
    return next((strength for strength, pattern in patterns if pattern.search(text)), 0)


@cache
def _patterns() -> Sequence[tuple[int, re.Pattern[str]]]:
    """Return the patterns of introductions, and how clear each is, the clearest first."""
    aside = r"(?: \([^()]{1,40}\))?"
    role = rf"(?<!\w)(?i:{_BEFORE_ROLE}{_ROLE})(?!\w)"
    before = rf"{role}{_PLACE} (?:ông |bà |anh |chị )?{_MARK}"
    patterns = (
        (_FAIR, rf"{before}{aside}, {role}"),  # a list of people
        (_CLEAR, rf"{_MARK}{aside},? (?:vốn |từng |hiện |cũng |chính )?là {role}"),
        (_CLEAR, rf"{_MARK}{aside}(?: -|,) {role}"),
        (_CLEAR, rf"(?:viết tắt|gọi tắt|tên tắt)(?: là| của|:)?[ “\"'(]*{_MARK}"),
        (_CLEAR, rf"{_MARK} \((?:viết tắt|tên|tức|hay|là|{_NAME_PART} \w+ \w+)"),
        (_CLEAR, rf"(?<!\w)[{UPPER}]\w+(?: [\w&-]+){{2,9}} \({_MARK}(?:[,;)]| -)"),
        (_CLEAR, rf"{_THING}(?: [\w&-]+){{2,9}} \({_MARK}(?:[,;)]| -)"),
        (_CLEAR, rf"{_MARK}{aside}(?: -|,)? (?:sinh năm|\d{{1,2}} tuổi|sinh ngày)"),
        (_FULL, rf"{role}{_OF_A_PLACE} (?:ông |bà |anh |chị )?{_MARK}"),
        (_FULL, rf"{_THING}(?: [{LOWER}]\w*){{2,8}} {_MARK}"),
        (_FAIR, before),
        (_FAIR, rf"{_MARK}{aside} là (?:một |loại |tên |nơi |hệ |cơ |mạng |hãng |nhà )"),
    )
    return [(strength, re.compile(pattern)) for strength, pattern in patterns]
