"""Which messages ask for a timeline or a count of articles, and on what."""

from datetime import date

import pytest

from index.language.spelling import fold
from index.models.headlines import ArticleRequestKind
from index.models.period import Period
from index.search.query import parse_article_request, parse_subject_request

TODAY = date(2023, 9, 5)
TIMELINES = [
    ("dòng thời gian bão số 3", "bão số 3"),
    ("cho tôi xem dòng thời gian của bão số 3 nhé", "bão số 3"),
    ("diễn biến vụ cháy chợ Mai?", "cháy chợ Mai"),
    ("toàn bộ diễn biến của vụ việc ở chợ Mai", "ở chợ Mai"),
    ("cháy chợ Mai diễn biến thế nào", "cháy chợ Mai"),
]


def asks_for_timeline(text: str) -> bool:
    request = parse_article_request(text, TODAY)
    return request is not None and request.kind is ArticleRequestKind.TIMELINE


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        *TIMELINES,
        ("timeline of the storm", "the storm"),
        ("show me the timeline for Trump", "Trump"),
        ("timeline Trump", "Trump"),
        ("Trump timeline", "Trump"),
    ],
)
def test_a_timeline_is_asked_for_with_its_subject(text: str, subject: str) -> None:
    assert asks_for_timeline(text)
    assert parse_subject_request(text, TODAY).subject == subject


@pytest.mark.parametrize(("text", "subject"), TIMELINES)
def test_it_is_asked_for_without_marks_too(text: str, subject: str) -> None:
    assert asks_for_timeline(fold(text))
    assert parse_subject_request(fold(text), TODAY).subject == fold(subject)


@pytest.mark.parametrize(
    "text",
    [
        *("diễn biến mới nhất vụ cháy", "diễn biến mới nhất", "dòng thời gian", "timeline"),
        *("ai dự hội nghị?", "Trump", "", "bão " * 60),
    ],
)
def test_other_messages_ask_for_none(text: str) -> None:
    assert not asks_for_timeline(text)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("bao nhiêu bài về bão lũ?", "bão lũ"),
        ("có bao nhiêu bài báo viết về bão lũ", "bão lũ"),
        ("co may tin ve bao lu vay", "bao lu"),
        ("số lượng bài viết về bão lũ", "bão lũ"),
        ("how many articles are there about the storm?", "the storm"),
        ("how many stories mention Trump", "Trump"),
    ],
)
def test_a_count_is_asked_for_with_its_subject(text: str, subject: str) -> None:
    request = parse_article_request(text, TODAY)

    assert request is not None
    assert (request.kind, request.subject) == (ArticleRequestKind.COUNT, subject)


@pytest.mark.parametrize(
    "text",
    [
        *("bao nhiêu người chết vì bão lũ?", "bao nhiêu bài", "bài về bão lũ có bao nhiêu ảnh"),
        *("mấy giờ họp?", "how many people died", "bao nhiêu bài thi bị nâng điểm?"),
    ],
)
def test_a_question_of_other_numbers_asks_for_no_count(text: str) -> None:
    request = parse_article_request(text, TODAY)

    assert request is None or request.kind is not ArticleRequestKind.COUNT


@pytest.mark.parametrize(
    ("text", "subject"),
    [("Trump", "Trump"), ("tin mới về bão số 3", "bão số 3"), ("Trump là ai?", "Trump")],
)
def test_a_subject_is_read_from_what_asks_for_articles(text: str, subject: str) -> None:
    assert parse_subject_request(text, TODAY).subject == subject


def test_days_and_filters_are_set_aside() -> None:
    request = parse_subject_request("diễn biến vụ cháy chợ Mai tháng 8/2023 nguồn:ABC", TODAY)

    assert request.subject == "cháy chợ Mai"
    assert request.dates
    assert request.dates.period == Period.of_months(2023, 8, 8)
    assert request.filters.sources == ("ABC",)
