"""Recognise requests for alerts in words: `đăng ký nhận tin bão`, "subscribe to storm news".

A message is one only as a whole. Words that ask for alerts on nothing are small talk, see
`index.search.query.small_talk`.
"""

import re

from index.language.patterns import word_pattern
from index.language.spelling import nfc
from index.search.query import remove_courtesies

LONGEST_REQUEST = 120  # characters


def requested_words(message: str) -> str | None:
    """Return the words that a message asks to be alerted of, as typed; None if it asks for none."""
    if len(message) > LONGEST_REQUEST:
        return None
    text = " ".join(remove_courtesies(nfc(message)).strip(_SIGNS).split())
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _REQUESTS)), None)
    words = found["words"].strip(_SIGNS) if found else ""
    return words if re.search(r"[^\W_]", words) and not _NOTHING.fullmatch(words) else None


_SIGNS = " \t\n?!.,;:…"
_WORDS = r"(?P<words>\S(?:.*?\S)?)"
_ASK = r"(?:(?:hãy|xin|cho|giúp|tôi|mình|em|tớ|muốn|cần|bot|ad) )*"
_NEWS = r"(?:tin tức|tin bài|tin mới|tin(?! (?:học|chỉ|nhắn)\b)|bài mới|bài|thông báo|cảnh báo)"
_ABOUT = r"(?:mới nhất|mới|hằng ngày|hàng ngày|mỗi ngày|về vụ|về|của|có từ|có)"
_TAIL = r"(?: (?:với|nhé|nha|đi|ạ|giúp tôi|giúp mình|cho tôi|cho mình))*"
_EN_ASK = r"(?:(?:please|can you|could you|i want to|i would like to|i'd like to) )*"

_REQUESTS = tuple(
    map(
        word_pattern,
        (
            rf"{_ASK}đăng ký (?:nhận |theo dõi )?{_NEWS}(?: {_ABOUT})* {_WORDS}{_TAIL}",
            rf"{_ASK}(?:nhận|báo|gửi)(?: cho)?(?: tôi| mình| em)? {_NEWS} (?:khi có|mỗi khi có) "
            rf"(?:{_NEWS} )?(?:{_ABOUT} )*{_WORDS}{_TAIL}",
            rf"{_EN_ASK}(?:subscribe|sign up|sign me up|subscribe me)(?: me)? (?:to|for) "
            rf"(?:the )?(?:news|alerts|updates) (?:about|on|of|for) {_WORDS}",
            rf"{_EN_ASK}(?:subscribe|sign up|sign me up|subscribe me)(?: me)? (?:to|for) "
            rf"{_WORDS}(?: (?:news|alerts|updates))",
            rf"{_EN_ASK}(?:alert|notify) me (?:about|of|on) {_WORDS}",
        ),
    )
)
_NOTHING = word_pattern(
    r"(?:(?:mỗi|hằng|hàng) )?ngày|(?:the|all|any|daily|latest)|không|thế nào|như thế nào|ở đâu|"
    r"kiểu gì|bằng cách nào|làm sao|sao"
)
"""Words that name no subject, or ask how to do it."""
