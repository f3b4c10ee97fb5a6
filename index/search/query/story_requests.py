"""Recognise requests for top stories: `tin nổi bật hôm nay`, `điểm tin`, "top stories".

A message is one only as a whole: `tin nổi bật về Trump` asks for the articles on a subject. What
asks for news alone (`tin hôm nay`, `tin mới nhất`) asks for the newest articles.
"""

import re
from dataclasses import dataclass
from datetime import date

from index.language.dates import parse_date_request, remove_spans
from index.language.patterns import word_pattern
from index.language.spelling import nfc
from index.models.period import Period
from index.search.query.chat_language import expand_shorthand, remove_courtesies

MOST_CHARACTERS = 120
"""A longer message is no request for top stories."""

MOST_DAYS = 7
"""The days of a request for top stories; of more it asks for articles."""


@dataclass(frozen=True, slots=True)
class StoryRequest:
    """A request for top stories; `period` holds the days that it names, other than today."""

    period: Period | None = None


def parse_story_request(question: str, today: date) -> StoryRequest | None:
    """Parse a question as a request for top stories; None if it is none."""
    if len(question) > MOST_CHARACTERS:
        return None
    text = expand_shorthand(remove_courtesies(nfc(question)))
    dates = parse_date_request(text, today)
    if dates and dates.period:
        text = remove_spans(text, dates.spans)
    if len(text) > MOST_CHARACTERS or not _TOP_STORIES.fullmatch(_trim(text)):
        return None
    return _of_days(dates.period, today) if dates and dates.period else StoryRequest()


def parse_story_days(words: str, today: date) -> StoryRequest | None:
    """Parse words that name the days of top stories; None if they name none, or too many."""
    dates = parse_date_request(words[:MOST_CHARACTERS], today)
    return _of_days(dates.period, today) if dates and dates.period else None


def _of_days(period: Period, today: date) -> StoryRequest | None:
    if period == Period(today, today):
        return StoryRequest()
    return StoryRequest(period) if period.days <= MOST_DAYS else None


def _trim(text: str) -> str:
    return " ".join(re.findall(r"[\w'’]+", text))


_ASK = (
    r"(?:(?:hãy|xin|giúp|cho|tôi|mình|em|tớ|muốn|cần|ad|bot|xem|đọc|tìm|biết|nghe|kể|gửi|cập nhật|"
    r"tóm tắt|tổng hợp|coi|có|các|những|mấy|vài|một số|mọi|toàn bộ|tất cả) )*"
)
_NEWS = r"(?:tin tức|tin|bản tin|thời sự)"
_TOP_NEWS = r"(?:nổi bật|đáng chú ý|quan trọng|nóng hổi|nóng|hot|lớn|chính|tiêu điểm)"
_TOP = r"(?:nổi bật|đáng chú ý|quan trọng nhất|lớn nhất|nóng hổi|nóng|hot)"
_TAIL = (
    r"(?: (?:nhất|trong|ngày|của|là gì|là những gì|gì|nào|không|vậy|thế|nhỉ|nhé|nha|ạ|với|đi|"
    r"cho tôi|cho mình|giúp tôi|giúp mình|24h|24 giờ|qua))*"
)
_EN_ASK = (
    r"(?:(?:show|give|tell|get|read|me|us|what|what's|whats|are|is|the|all|any|today's|todays|'s|s)"
    r" )*"
)
_EN_TAIL = r"(?: (?:today|of the day|of today|please|now|right now|so far|for me|in the news))*"
_TOP_STORIES = word_pattern(
    rf"{_ASK}{_NEWS}(?: gì| nào)?(?: là)?(?: {_TOP_NEWS})+{_TAIL}|"
    rf"{_ASK}(?:bài báo|bài|sự kiện|chuyện)(?: gì| nào)?(?: là)?(?: {_TOP})+{_TAIL}|"
    rf"{_ASK}(?:có )?(?:những )?gì (?:là )?{_TOP}{_TAIL}|{_ASK}tiêu điểm{_TAIL}|"
    rf"{_ASK}(?:điểm (?:tin|báo)|bản tin)(?: tức)?(?: buổi)?(?: sáng| trưa| chiều| tối)?{_TAIL}|"
    rf"(?:tóm tắt|tổng hợp) (?:các |những )?(?:tin tức|tin){_TAIL}|"
    rf"{_EN_ASK}(?:top|main|biggest|big|most important|most covered|leading) "
    rf"(?:news stories|news|stories|headlines|story|events){_EN_TAIL}|"
    rf"{_EN_ASK}(?:headlines|news|stories) of the day|"
    rf"{_EN_ASK}(?:news|daily|morning) (?:summary|briefing|digest|roundup|bulletin){_EN_TAIL}"
)
