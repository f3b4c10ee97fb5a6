"""Which messages ask for articles, and which are questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models.headlines import ArticleRequestKind
from index.search.query.article_requests import (
    ArticleRequest,
    bare_subject,
    is_name,
    parse_article_request,
)
from index.search.query.filters import FilterError, FilterReason

TODAY = date(2023, 9, 5)
NEWS, SUBJECT, INTRODUCTION, TIMELINE, COUNT = ArticleRequestKind


def asked(question: str) -> ArticleRequest:
    request = parse_article_request(question, TODAY)
    assert request is not None
    return request


@pytest.mark.parametrize(
    "question",
    [
        "tin mới nhất",
        "tin moi nhat la gi",
        "có gì mới không?",
        "có tin gì hot không",
        "tin nóng",
        "điểm tin",
        "đọc báo giúp tôi",
        "báo hôm nay có gì",
        "tin 24h qua",
        "cho xem mấy bài mới",
        "chào bạn, có gì mới không vậy",
        "latest news",
        "what's new",
        "any news?",
        "show me the headlines please",
    ],
)
def test_news_of_anything_has_no_subject(question: str) -> None:
    request = asked(question)

    assert (request.kind, request.subject) == (NEWS, "")


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("tin hôm nay", 5),
        ("hom nay co tin gi", 5),
        ("hôm nay có gì mới", 5),
        ("what's new today", 5),
        ("today's news", 5),
        ("hôm qua có chuyện gì", 4),
        ("hôm qua", 4),
        ("tin ngày 3/9/2023", 3),
    ],
)
def test_news_of_a_day_names_it(question: str, day: int) -> None:
    request = asked(question)

    assert (request.kind, request.subject) == (NEWS, "")
    assert request.dates
    assert request.dates.period
    assert request.dates.period.first == request.dates.period.last == date(2023, 9, day)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("tin mới nhất về Trump", "Trump"),
        ("tin ve trieu tien", "trieu tien"),
        ("tin mới v trump ik", "trump"),
        ("có tin gì về Triều Tiên không?", "Triều Tiên"),
        ("cho tôi tin về giá vàng", "giá vàng"),
        ("có gì mới về Quảng Bình", "Quảng Bình"),
        ("Syria có gì mới", "Syria"),
        ("tin bóng đá", "bóng đá"),
        ("tin tức Đà Nẵng hôm nay", "Đà Nẵng"),
        ("tình hình Biển Đông", "Biển Đông"),
        ("vụ cháy ở Huế tới đâu rồi", "vụ cháy ở Huế"),
        ("tìm bài về cháy chung cư", "cháy chung cư"),
        ("giá vàng hôm nay", "giá vàng"),
        ("tin về học sinh", "học sinh"),
        ("tin ve hoc sinh", "hoc sinh"),
        ("tin tức học đường", "học đường"),
        ("tin về Ai Cập", "Ai Cập"),
        ("diễn biến mới nhất vụ cháy chợ Mai", "vụ cháy chợ Mai"),
        ("diễn biến mới bão số 3", "bão số 3"),
        ("latest on Syria", "Syria"),
        ("news about Da Nang", "Da Nang"),
        ("what's new with Samsung", "Samsung"),
        ("Syria news", "Syria"),
    ],
)
def test_news_of_a_subject_has_it(question: str, subject: str) -> None:
    request = asked(question)

    assert (request.kind, request.subject) == (NEWS, subject)


@pytest.mark.parametrize("question", ["tin mới của Báo Phù Sa", "news from Phù Sa"])
def test_news_of_a_source_may_name_it_without_a_filter(question: str) -> None:
    request = asked(question)

    assert request.may_be_source
    assert request.subject == "Phù Sa"


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Trump là ai", "Trump"),
        ("trump la ai z", "trump"),
        ("Phan Văn Vĩnh là ai?", "Phan Văn Vĩnh"),
        ("THAAD là gì", "THAAD"),
        ("NATO viết tắt của gì", "NATO"),
        ("ông Trump là ai", "ông Trump"),
        ("who is Putin", "Putin"),
        ("what does NATO stand for", "NATO"),
    ],
)
def test_who_or_what_a_name_is_asks_for_an_introduction(question: str, subject: str) -> None:
    request = asked(question)

    assert (request.kind, request.subject) == (INTRODUCTION, subject)


@pytest.mark.parametrize(
    "question",
    [
        "chủ tịch Hà Nội là ai",
        "Thủ môn Việt Nam là ai",
        "mục tiêu của hội nghị là gì",
        "Mục tiêu là gì",
        "muc tieu la gi",
        "nguyên nhân là gì",
        "who is the president of Iran",
    ],
)
def test_who_has_a_role_is_a_question(question: str) -> None:
    request = parse_article_request(question, TODAY)

    assert request is None or request.kind is SUBJECT  # and that has a word that asks


@pytest.mark.parametrize("question", ["tin nhắn lừa đảo", "tin don that thiet", "tin học"])
def test_words_that_begin_like_news_are_none(question: str) -> None:
    assert asked(question).kind is SUBJECT


def test_titles_before_a_name_may_be_left_out() -> None:
    assert bare_subject("ông Trump") == "Trump"
    assert bare_subject("vụ Đoàn Thị Hương") == "Đoàn Thị Hương"
    assert bare_subject("bà") == "bà"


def test_names_have_capitals_or_are_foreign() -> None:
    assert all(map(is_name, ["Trump", "Phan Văn Vĩnh", "MH370", "trump"]))
    assert not any(map(is_name, ["mục tiêu", "muc tieu", "Mục tiêu", "món ăn ở Huế"]))


@given(
    st.text(st.sampled_from("tin mớivềhôm nyacógìlkTrupQuảngBình?!.'\"\u200b\n0123"), max_size=200)
)
def test_no_text_breaks_parsing(question: str) -> None:
    request = parse_article_request(question, TODAY)

    assert request is None or request.kind is NEWS or request.subject


def test_shorthand_that_is_long_when_written_out_is_no_request() -> None:
    assert parse_article_request("tin về " + "mn " * 3, TODAY) is not None
    assert parse_article_request("tin về " + "mn " * 37, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "ai nhậm chức tổng thống Mỹ",
        "ai bi bat",
        "ai cấp phép",
        "Lan mua gì",
        "Lan mua gi",
        "xe nào cháy",
        "Who won",
        "What did Biden sign?",
        "Linh đi đâu",
        "một câu dài hơn mọi chủ đề có thể có",
    ],
)
def test_what_asks_or_is_long_is_no_subject(question: str) -> None:
    assert parse_article_request(question, TODAY) is None


@pytest.mark.parametrize("subject", ["AI", "WHO", "Gia Lai", "WHO ở Việt Nam", "Ai Cập", "Ai Len"])
def test_names_like_words_that_ask_are_subjects(subject: str) -> None:
    assert asked(subject).subject == subject


def test_filters_are_kept_beside_the_subject() -> None:
    request = asked('Quảng Bình source:"Báo A" since:2023-09-01')

    assert request.subject == "Quảng Bình"
    assert (request.filters.sources, request.filters.since) == (("Báo A",), date(2023, 9, 1))


@pytest.mark.parametrize(
    ("question", "reason", "value"),
    [
        ("31/2/2023 có gì?", FilterReason.NO_SUCH_DAY, "31/2/2023"),
        ("29/2/2023", FilterReason.NO_SUCH_DAY, "29/2/2023"),
        ("tin ngày 30/2", FilterReason.NO_SUCH_DAY, "30/2"),
        ("tin bão ngày 31 tháng 4", FilterReason.NO_SUCH_DAY, "31 tháng 4"),
        ("news on 31/11/2022", FilterReason.NO_SUCH_DAY, "31/11/2022"),
        ("ngày 25/12/2023 có gì", FilterReason.TO_COME, "25/12/2023"),
        ("tin tháng 12/2023", FilterReason.TO_COME, "tháng 12/2023"),
    ],
)
def test_news_of_a_day_that_no_article_can_be_of_is_refused(
    question: str, reason: FilterReason, value: str
) -> None:
    with pytest.raises(FilterError) as raised:
        parse_article_request(question, TODAY)
    assert (raised.value.reason, raised.value.values) == (reason, {"value": value})


@pytest.mark.parametrize(
    "question",
    ["29/2/2020 có gì", "ngày 31/2 ai dự hội nghị", "World Cup 2030", "tin 24/7", "tin hôm nay"],
)
def test_other_dates_are_not_refused(question: str) -> None:
    parse_article_request(question, TODAY)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("có bão nào không?", "bão"),
        ("từ 1/1/2023 đến 31/3/2023 có hội nghị nào", "hội nghị"),
        ("co le hoi nao khong", "le hoi"),
        ("is there any storm?", "storm"),
    ],
)
def test_whether_there_is_any_asks_for_articles_on_it(question: str, subject: str) -> None:
    request = asked(question)
    assert (request.kind, request.subject) == (SUBJECT, subject)


@pytest.mark.parametrize("question", ["có trường nào bị sập không", "có ai nào không"])
def test_whether_any_did_something_is_a_question(question: str) -> None:
    assert parse_article_request(question, TODAY) is None
