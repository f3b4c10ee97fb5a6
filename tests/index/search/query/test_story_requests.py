"""Which messages ask for top stories, and of which days."""

import unicodedata
from datetime import date

import pytest

from index.models.period import Period
from index.search.query.story_requests import StoryRequest, parse_story_request

TODAY = date(2026, 11, 29)
YESTERDAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    "question",
    [
        "tin nổi bật",
        "tin nổi bật hôm nay",
        "tin noi bat hom nay",
        "Điểm tin hôm nay nhé",
        "điểm tin",
        "diem tin sang nay",
        "điểm báo",
        "bản tin sáng",
        "tin hot",
        "có tin gì hot không",
        "tin nóng trong ngày",
        "hôm nay có gì nổi bật?",
        "cho mình xem tin nổi bật với bot ơi",
        "tóm tắt tin tức hôm nay",
        "sự kiện lớn nhất hôm nay",
        "top stories",
        "What are the top stories today?",
        "today's top stories",
        "headlines of the day",
        "morning briefing",
    ],
)
def test_a_message_asks_for_top_stories_of_today(question: str) -> None:
    assert parse_story_request(question, TODAY) == StoryRequest()
    decomposed = unicodedata.normalize("NFD", question)
    assert parse_story_request(decomposed, TODAY) == StoryRequest()


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("tin nổi bật hôm qua", YESTERDAY, YESTERDAY),
        ("điểm tin ngày 5/1/2021", date(2021, 1, 5), date(2021, 1, 5)),
        ("sự kiện nổi bật tuần này", date(2026, 11, 23), TODAY),
        ("top stories yesterday", YESTERDAY, YESTERDAY),
    ],
)
def test_a_message_names_other_days(question: str, first: date, last: date) -> None:
    assert parse_story_request(question, TODAY) == StoryRequest(Period(first, last))


@pytest.mark.parametrize(
    "question",
    [
        "tin hôm nay",
        "tin mới nhất",
        "có gì mới",
        "tin nổi bật về Trump",
        "điểm tin về bão",
        "tin nổi bật Quảng Bình",
        "tin nổi bật năm 2020",
        "chuyện lớn",
        "latest news",
        "ai nổi bật nhất trận?",
        "tin nổi bật " * 20,
    ],
)
def test_a_message_asks_for_something_else(question: str) -> None:
    assert parse_story_request(question, TODAY) is None
