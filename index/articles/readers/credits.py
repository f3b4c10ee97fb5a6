"""Parse credit lines: the author, the source or the photographer that a line names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from index.language.patterns import FAMILY_NAMES, UPPER, Pattern

LONGEST = 90
"""Characters of a credit line."""

_MOST_WORDS = 9


class Kind(IntEnum):
    """Kinds of credit, the likeliest author first; `OTHER` is never the author."""

    LABELLED = 1
    NAME = 2
    SOURCE = 3
    PHOTO = 4
    OTHER = 5


@dataclass(frozen=True, slots=True)
class Credit:
    """The name that a line gives, and how."""

    name: str
    kind: Kind


_NAME_WORD = rf"[{UPPER}][^\W\d_]*(?:['’][^\W\d_]{{1,20}})?\.?"
_INITIALS = rf"(?:[{UPPER}]\.\s?){{1,3}}[{UPPER}]{{0,5}}\.?"
_AGENCY = r"(?:TTXVN|TTX|PV|P\.V\.?|BBT|CTV|VOV|VTV|TTXVN/Vietnam\+)"
_PERSON = rf"{_NAME_WORD}(?:\s{_NAME_WORD}){{1,4}}"
_NAMES = (
    rf"(?:{_PERSON}|{_AGENCY}|{_INITIALS})"
    rf"(?:(?:\s[-–]\s|,\s|\s&\s|\svà\s|\s?/\s?){_NAME_WORD}[^.!?:;•|\d]*|\s?\([^()]*\))?"
)
_LABELLED = Pattern(
    r"""[*(\s]*(?:
        tác\sgiả(?:\sbài\sviết)?|người\s(?:viết|đăng|gửi|thực\shiện)|thread\sstarter|chủ\sđề\s(?:của|bởi)|(?:được\s)?viết\sbởi
      | đăng\sbởi|(?:nhóm\s)?(?:phóng\sviên|pv)|bút\sdanh|thực\shiện|bài\sviết
      | (?:tin|bài|ảnh|video|clip)(?:\s?(?:,|và|&|-|–|/|\s)\s?(?:bài|ảnh|video|clip|hình)){1,3}
      | tin|bài|nội\sdung|lời|by|bởi|written\sby|posted\sby|author
    )\s?(?::|,(?=\s)|(?<=by)\s|(?<=bởi)\s|(?<=starter)\s)\s?(?P<who>\S.*?)\)?""",
    re.VERBOSE | re.IGNORECASE,
)
_OTHER = Pattern(
    r"(?:thiết kế|đồ họa|kỹ thuật|trình bày|biên tập|dựng(?: phim)?|quay phim|video|clip"
    r"|infographic|design|vai trò|biên tập viên|hiệu đính|minh họa|tranh|nguồn ảnh)"
    r"\s?[:,]\s?(?P<who>\S.*)",
    re.IGNORECASE,
)
_PHOTO = Pattern(
    r"(?:ảnh|hình(?: ảnh)?|photo)(?:,? (?:và |& )?(?:chú thích|lời|thơ))?\s?:\s?(?P<who>\S.*)",
    re.IGNORECASE,
)
_SOURCE = Pattern(
    rf"\(?(?i:theo|nguồn(?:\stin)?)\s?(?::\s?|\s)(?P<who>[{UPPER}\d][^.!?:;,()]{{1,60}}(?:\.vn|\.com)?)\)?"
)
_AGENCY_LINE = Pattern(rf"\((?P<who>[{UPPER}][\w/+.& -]{{0,30}}[/+{UPPER}][\w/+.&-]{{0,20}})\)")
_DONE_BY = Pattern(
    rf"\(?(?P<who>{_NAMES})\s\(?(?:thực\shiện|ghi|lược\sghi|tổng\shợp|lược\sthuật|(?:biên\s|lược\s)?dịch)\)?"
)
_THEN_SOURCE = re.compile(r"\s?[,–-]\s?theo\s.*", re.IGNORECASE)
_FULL_NAME = Pattern(
    rf"(?:{FAMILY_NAMES}|Mai|Đào|Lâm|Trương|Phùng|Hà|Lương|Tô|Tạ|Thái|Cao|Chu|Châu|Đàm|Quách|La|Lưu|Kiều|Nghiêm"
    rf"|Văn|Tống|Doãn|Vương|Triệu|Từ|Mạc|Khổng|Thạch|Sơn|Kim|Lò|Giàng|Vàng|Hầu|Y|H')"
    rf"(?:\s{_NAME_WORD}){{2,3}}"
)
"""Of places few have three words and a family name first: "Hà Trung Sơn" is none."""

_ALONE = Pattern(_NAMES)
_SENTENCE_END = Pattern(r"[!?…:;]$|(?:\d|[^\W_][^\W_])\.$")


def parse_credit(line: str) -> Credit | None:
    """Parse a line that names an author, source or photographer and says nothing else.

    Args:
        line: A line, on one line.

    Returns:
        The name without the label ("Tin, ảnh:", "thực hiện"), or None for another line.
    """
    if len(line) > LONGEST or len(line.split()) > _MOST_WORDS:
        return None
    for pattern, kind in (
        (_LABELLED, Kind.LABELLED),
        (_DONE_BY, Kind.LABELLED),
        (_OTHER, Kind.OTHER),
        (_PHOTO, Kind.PHOTO),
        (_SOURCE, Kind.SOURCE),
        (_AGENCY_LINE, Kind.SOURCE),
    ):
        found = pattern.fullmatch(line)
        if found and not _is_sentence(found["who"]):
            return Credit(_without_deed(found["who"]), kind)
    if not _is_sentence(line) and _ALONE.fullmatch(line):
        return Credit(_THEN_SOURCE.sub("", line), Kind.NAME)
    return None


def is_full_name(line: str) -> bool:
    """Tell whether a line is a person's name in full: a family name and two or three more words."""
    return _FULL_NAME.fullmatch(line) is not None


def _is_sentence(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None


def _without_deed(name: str) -> str:
    name = _THEN_SOURCE.sub("", name)
    found = _DONE_BY.fullmatch(name)
    return found["who"] if found else name
