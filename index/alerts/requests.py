"""Recognise requests for alerts, or for none any more, in words: `đăng ký nhận tin bão`.

A message is one only as a whole. Words that ask for alerts on nothing are small talk, see
`index.search.query.small_talk`.
"""

import re
from collections.abc import Iterable

from index.language.patterns import Pattern, word_pattern
from index.language.spelling import nfc
from index.search.query import remove_courtesies

LONGEST_REQUEST = 120  # characters


def requested_words(message: str) -> str | None:
    """Return the words that a message asks to be alerted of, as typed; None if it asks for none."""
    return _words(message, _REQUESTS) or None


def unwanted_words(message: str) -> str | None:
    """Return the words that a message asks to be alerted of no more, as typed.

    Returns:
        Empty if it names none; None if it does not ask for that.
    """
    return _words(message, _ENDINGS)


def perhaps_unwanted_words(message: str) -> str | None:
    """Return the words of a message that ends alerts if there are such: `hủy đăng ký bão`.

    Said where there are none, it asks of the news: `hủy đăng ký kết hôn`.
    """
    return _words(message, _PERHAPS_ENDINGS) or None


def _words(message: str, patterns: Iterable[Pattern]) -> str | None:
    """Return the words within the first pattern that a message has; None if it has none of them."""
    if len(message) > LONGEST_REQUEST:
        return None
    typed = nfc(message)
    texts = dict.fromkeys(map(_bare, (typed, remove_courtesies(typed))))
    matches = (pattern.fullmatch(text) for text in texts for pattern in patterns)
    found = next(filter(None, matches), None)
    if found is None:
        return None
    words = (found["words"] or "").strip(_SIGNS)
    return words if re.search(r"[^\W_]", words) and not _NOTHING.fullmatch(words) else ""


def _bare(text: str) -> str:
    return " ".join(text.strip(_SIGNS).split())


_SIGNS = " \t\n?!.,;:…"
_WORDS = r"(?P<words>\S(?:.*?\S)?)"
_ASK = r"(?:(?:hãy|xin|cho|giúp|tôi|mình|em|tớ|muốn|cần|bot|ad) )*"
_ITEMS = (
    r"tin tức|tin bài|tin mới(?: nhất)?|tin(?! (?:học|chỉ|nhắn|báo (?:tố|của|từ|cháy))\b)|bài viết"
    r"|bài mới(?: nhất)?|bài"
)
_NEWS = rf"(?>{_ITEMS}|thông báo|cảnh báo)"
_ABOUT = r"(?:mới nhất|mới|hằng ngày|hàng ngày|mỗi ngày|về vụ|về|của|có từ|có)"
_OFTEN = r"(?:mỗi|hằng|hàng) (?:ngày|tuần)"
_TAIL = rf"(?: (?:với|nhé|nha|đi|ạ|giúp tôi|giúp mình|cho tôi|cho mình|{_OFTEN}))*"
_ME = r"(?:tôi|mình|em|tớ)"
_TELL = (
    rf"(?:(?:báo tin|báo|nhắn tin|nhắn|nhắc|thông báo|gửi)(?: cho| đến)?(?: {_ME})?|cho {_ME})"
    r"(?: biết)?"
)
_WHEN = r"(?:mỗi khi|khi nào|khi|hễ|nếu)"
_THERE_IS = rf"có (?:thêm )?{_NEWS}(?: {_ABOUT})*"
_EN_ASK = r"(?:(?:please|can you|could you|i want to|i would like to|i'd like to) )*"
_EN_NEWS = r"(?:news|alerts|updates|articles|stories)"
_EN_TELL = r"(?:alert|notify|tell|message|text|ping|remind) me"
_EN_WHEN = r"(?:when|whenever|if|as soon as)(?: there(?:'s| is| are))?(?: any| new| more| some)*"

_FEW_WORDS = r"(?P<words>\S+(?: \S+){0,5}?)"
_ASKED = (
    r"(?<!\w)(?:gì|nào|sao|đâu|ai|mấy|bao nhiêu|không|chưa|được|bị|là|what|how|who|where|when|why|"
    r"me|you|up|suit|is|are)(?!\w)"
)

_REQUESTS = tuple(
    map(
        word_pattern,
        (
            rf"{_ASK}đăng ký (?:nhận |theo dõi )?{_NEWS}(?: {_ABOUT})* {_WORDS}{_TAIL}",
            rf"{_ASK}(?:nhận|theo dõi) (?>{_ITEMS}|(?:thông|cảnh) báo (?:về|khi có))(?: {_ABOUT})* "
            rf"{_WORDS}{_TAIL}",
            rf"{_ASK}{_TELL}(?: {_NEWS})? {_WHEN} {_THERE_IS} {_WORDS}{_TAIL}",
            rf"(?:{_WHEN} )?{_THERE_IS} {_WORDS} (?:thì|hãy|là) {_TELL}{_TAIL}",
            rf"{_EN_ASK}(?:subscribe|sign up|sign me up|subscribe me)(?: me)? (?:to|for) "
            rf"(?:the )?(?:news|alerts|updates) (?:about|on|of|for) {_WORDS}",
            rf"{_EN_ASK}(?:subscribe|sign up|sign me up|subscribe me)(?: me)? (?:to|for) "
            rf"{_WORDS}(?: (?:news|alerts|updates))",
            rf"{_EN_ASK}(?:alert|notify) me (?:about|of|on) {_WORDS}",
            rf"{_EN_ASK}(?:{_EN_TELL}|let me know) {_EN_WHEN} {_EN_NEWS} (?:about|on|of) {_WORDS}",
            rf"{_EN_ASK}follow (?:the |all )?{_EN_NEWS} (?:about|on|of) {_WORDS}",
            rf"{_ASK}(?:báo tin|báo|nhắn tin|nhắn|nhắc|thông báo)(?: cho)? {_ME}(?: biết)? {_WHEN} "
            rf"có {_WORDS}{_TAIL}",
            rf"{_EN_ASK}(?:alert|notify) me (?:when|whenever|if) {_WORDS}",
            rf"{_ASK}theo dõi (?!(?:tin|bài) )(?!.*{_ASKED}){_FEW_WORDS}{_TAIL}",
            rf"{_EN_ASK}follow (?!.*{_ASKED}){_FEW_WORDS}",
        ),
    )
)

_NO_MORE = r"(?: (?:nữa|đi|nhé|nha|ạ|với|rồi))*"
_OF = rf"(?: {_NEWS}(?:(?: {_ABOUT})* {_WORDS})??)?"
_END = r"(?:hủy|huỷ|bỏ|ngừng|ngưng|dừng|thôi)"
_NOT = r"(?:đừng|không|không muốn|không cần|khỏi|ngừng|ngưng|dừng|thôi)"

_ENDINGS = tuple(
    map(
        word_pattern,
        (
            rf"(?:thôi )?{_ASK}(?:ngừng|ngưng|dừng|đừng|thôi) (?:gửi|nhắn)(?: {_NEWS})?(?: cho)?"
            rf"(?: {_ME})?(?: {_NEWS})?(?: (?:hết|tất cả))?{_NO_MORE}(?P<words>)",
            rf"{_ASK}(?:ngừng|ngưng|dừng|hủy|huỷ) (?:hết|tất cả){_NO_MORE}(?P<words>)",
            rf"{_ASK}{_END} (?:đăng ký|theo dõi|nhận)(?: nhận| theo dõi)?{_OF}{_NO_MORE}",
            rf"{_ASK}(?:bỏ|hủy|huỷ|thôi) theo dõi {_WORDS}{_NO_MORE}",
            rf"{_ASK}tắt(?: nhận)? {_NEWS}(?:(?: {_ABOUT})* {_WORDS})??{_NO_MORE}",
            rf"(?:thôi )?{_ASK}{_NOT} (?:gửi|nhắn|báo|nhận)(?: cho)?(?: {_ME})?{_OF} nữa{_NO_MORE}",
            rf"{_EN_ASK}(?:unsubscribe|unfollow)(?: me)?(?P<words>)",
            rf"{_EN_ASK}stop (?:sending|messaging|texting)(?: me)?(?P<words>)",
            rf"{_EN_ASK}unsubscribe(?: me)? from (?:the )?(?:{_EN_NEWS} (?:about|on|of) )?"
            rf"{_WORDS}(?: {_EN_NEWS})?",
            rf"{_EN_ASK}(?:stop|cancel|turn off)(?: sending| getting)?(?: me)?"
            rf"(?: the| my| all| these)* (?:{_EN_NEWS}|subscriptions?|notifications|messages)"
            rf"(?: (?:about|on|of|for|to) {_WORDS})?",
        ),
    )
)

_PERHAPS_ENDINGS = (
    word_pattern(rf"{_ASK}(?:{_END}|xóa|xoá) đăng ký {_WORDS}{_NO_MORE}"),
    word_pattern(rf"{_EN_ASK}(?:unfollow|cancel) {_WORDS}"),
)

_NOTHING = word_pattern(
    r"(?:(?:mỗi|hằng|hàng) )?ngày|(?:the |all )*(?:news|updates)|the|all|any|daily|latest|không|"
    r"thế nào|như thế nào|ở đâu|"
    r"kiểu gì|bằng cách nào|làm sao|sao"
)
"""Words that name no subject, or ask how to do it."""
