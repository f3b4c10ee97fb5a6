"""Split Vietnamese text into sentences.

The rules, in order:

1. A line end always ends a sentence.
2. Stops (`.`, `!`, `?`, `…`, any run of them, with closing quotes and brackets)
   may end one before white space and a possible beginning of a sentence: not a
   small letter, not a comma.
3. A stop without a space after it ends one only between a small letter and a
   capitalised word ("xong.Sau đó"), never inside an address, a number or "TP.HCM".
4. A single full stop ends none after an abbreviation ("TP.", "PGS.TS."), after an
   initial or a title before a name ("J. K. Rowling", "VĐV. Lê Na"), or after a number or
   letter that begins a list item or a heading ("1. Mục", "gồm: 1. Lúa; 2. Ngô", "Điều 1. Giá").
5. A sentence longer than `LENGTH_MAX` is cut at a semicolon, a comma or a space.
"""

import re
from collections.abc import Iterator

from index.language.patterns import FAMILY_NAMES, LOWER, UPPER, Pattern

LENGTH_MAX = 1_200
"""Characters of a sentence: a quote with its context and title fits Telegram's 4,096."""

_LOOK_BACK = 24
"""Characters read before a stop: longer than any abbreviation with the word before it."""

_OPENING = r"\"'“‘„«(\[{‹<"
_CLOSING = r"\"'”’»)\]}›>"
_BULLET = r"\-–—•●▪*+#→"

_ITEM_INDENT = 8
_LONGEST_HEADING = 16
_FIRST_ITEMS = frozenset("1 a A I".split())

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

_END = Pattern(
    rf"""
    [.!?…]
    (?:
        [.!?…{_CLOSING}]*+
        (?=\s++ (?:[{_OPENING}{_BULLET}]\s?){{0,4}} (?P<next>[^\W_{LOWER}][^\W_]*))
        |
        (?<=[{LOWER}][.!?…]) (?P<tight>[.!?…]*+ [”’»)]*+)
        (?=[“‘«(\"]?[{UPPER}](?:[{LOWER}]|\s))
        |
        [.!?…{_CLOSING}]*+
    )
    """,
    re.VERBOSE,
)
"""The last alternative ends no sentence: it skips a run of stops, to read none twice."""

_ABBREVIATION = Pattern(
    r"""
    TP|[Tt]p|TX|Tx|TT|Tt                            # places
    | P?GS|P?Gs|TS|Ts|TSKH|Th[Ss]|THS               # degrees
    | BS|Bs|BSCK|(?:BS)?CKI{1,2}|CK|DS|K?TS|K[Tt]?[Ss]|L[Ss]
    | NS[ƯN][TD]|N[GS][ƯN][TD]|TT[ƯN][TD]
    | KT|TM|TL|TUQ                                  # signed for another
    | Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|vs
    """,
    re.VERBOSE,
)
_BEFORE_NAME = Pattern("NS|NSNA|CN|KS|SV|HS|GV|HLV|VĐV|UV|PV|BTV|HDV|NCS|LM|ĐĐ|ĐB|[Tt]h[tT]|Đ[tT]")
"""Titles that are words too: no end before a name of two capitalised words."""

_NAME = re.compile(rf"\s{{1,4}}[{UPPER}][^\W\d_]{{0,20}}\s{{1,4}}[{UPPER}]")
_HEADING = Pattern(
    r"Điều|Khoản|Mục|Chương|Phần|Bài|Câu|Tiết|Điểm|Bước|Tập|Kỳ|Hình|Bảng|Phụ lục|Article|Chapter",
    re.IGNORECASE,
)
_BEFORE_NUMBER = Pattern("[Tt]r|[Nn]o|Đ[Tt]|SĐT|[Tt]el|Fax|Art|Vol")
_PLACE_LETTERS = frozenset("PQ")
"""Abbreviations of phường and quận, before a name with diacritics."""

_FAMILY_NAME = Pattern(FAMILY_NAMES)
_UNMARKED_OPENER = Pattern(
    "Anh|Ba|Ban|Cho|Chi|Con|Do|Em|Hai|Hay|Khi|Khu|Nay|Ngay|Qua|Sau|Tham|Thay|Theo|Trong|Tuy|Xe|Xin"
)
"""Words without diacritics that begin a sentence more often than they follow an initial."""

_SOFT_BOUNDARIES = (";", ",", " ")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Find the `[start, end)` spans of the sentences of a text, in order.

    Spans are not empty, do not overlap, begin and end without white space, have
    at most `LENGTH_MAX` characters, and leave out nothing but white space.
    Takes time linear in the length of any text.
    """
    return [
        piece
        for line in _LINE.finditer(text)
        for start, end in _sentences(text, *line.span())
        for piece in _pieces(text, start, end)
    ]


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _END.finditer(text, start, end):
        if stop["tight"] is not None:
            is_end = _ends_tightly(text, start, stop)
        elif stop["next"] is not None:
            is_end = stop[0] != "." or _ends_after_word(text, start, stop)
        else:
            is_end = False
        if is_end:
            yield start, stop.end()
            start = stop.end()
    yield start, end


def _ends_tightly(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether the word before is in lower case: "xong.Sau đó" but not "VnExpress.Net"."""
    word = _word_before(text, start, stop.start())
    return word.islower() and word.isalpha()


def _ends_after_word(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether a full stop ends a sentence, by the words around it."""
    at = stop.start()
    word = _word_before(text, start, at)
    following = stop["next"]
    if not word:
        return True
    if _is_item(word) and _begins_item(text, start, at - len(word), word):
        return False
    last = word.rpartition(".")[2]
    if _ABBREVIATION.fullmatch(last):
        return False
    if _BEFORE_NAME.fullmatch(last):
        return _NAME.match(text, stop.end()) is None
    if _BEFORE_NUMBER.fullmatch(last):
        return not following[0].isdigit()
    if len(last) == 1 and last.isupper():
        if text[stop.end() : stop.end() + 2].strip() == "(":
            return False
        return _ends_after_initial(text, start, at - len(word), word, following)
    return True


def _ends_after_initial(text: str, start: int, at: int, word: str, following: str) -> bool:
    """Tell whether a sentence ends after a single capital: "vitamin C. Ngoài ra"."""
    if _UNMARKED_OPENER.fullmatch(following):
        return True
    if len(following) == 1 or word in _PLACE_LETTERS or following[0].isdigit():
        return False
    if _FAMILY_NAME.fullmatch(_word_before(text, start, at)):
        return False
    return not following.isascii()


def _word_before(text: str, start: int, at: int) -> str:
    words = text[max(start, at - _LOOK_BACK) : at].rsplit(None, 1)
    return words[-1].lstrip("\"'“‘„«([{‹<-–—/,;:") if words else ""


def _begins_item(text: str, start: int, at: int, word: str) -> bool:
    """Tell whether a number or letter begins an item of a list, or ends a heading.

    "1. Mục", "gồm: 1. Lúa; 2. Ngô", "Điều 1. Giá nước".
    """
    if _begins(text, start, at):
        return True
    before = text[max(start, at - _LOOK_BACK) : at].rstrip()
    if before.endswith(";") or (before.endswith(":") and word in _FIRST_ITEMS):
        return True
    heading = text[start:at].strip() if at - start <= _LONGEST_HEADING else ""
    return _HEADING.fullmatch(heading) is not None


def _begins(text: str, start: int, at: int) -> bool:
    """Tell whether only a bullet or white space is between the start of a sentence and `at`."""
    return at - start <= _ITEM_INDENT and not text[start:at].strip(' \t\xa0"“(-–•*')


def _is_item(word: str) -> bool:
    """Tell whether a word can number a list item: `1`, `12`, `2.1`, `a`, `B`, `IV`."""
    return len(word) <= 4 and (
        word.replace(".", "").isdigit() or len(word) == 1 or not word.strip("IVX")
    )


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Strip white space from a sentence, and split it into pieces that are not too long."""
    sentence = text[start:end].rstrip()
    end = start + len(sentence)
    start = end - len(sentence.lstrip())
    while end - start > LENGTH_MAX:
        cut = _cut(text, start)
        yield start, start + len(text[start:cut].rstrip())
        start = cut
        while text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _cut(text: str, start: int) -> int:
    """Find the cut of a long sentence: after the last soft boundary of its second half."""
    middle, limit = start + LENGTH_MAX // 2, start + LENGTH_MAX
    for boundary in _SOFT_BOUNDARIES:
        position = text.rfind(boundary, middle, limit)
        if position >= 0:
            return position + 1
    return limit
