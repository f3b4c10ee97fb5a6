"""Pages of articles for requests, from a real store and engine."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import QuestionError
from index.models.headlines import ArticleRequestKind, HeadlinePage
from index.models.period import Period
from tests.support.articles import FLOOD, VIETNAM
from tests.support.libraries import open_library

TODAY = date(2023, 9, 5)


def article(number: int, title: str, text: str, day: int | None, source: str = "Báo A") -> Article:
    published = datetime(2023, 9, day, 7, tzinfo=VIETNAM) if day else None
    url = f"https://bao.example/{number}"
    return Article(title=title, text=text, url=url, published=published, source=source)


AGENCY = (
    "Sáng 3/9, đoàn cứu trợ đưa 200 tấn gạo đến các xã bị cô lập ở Quảng Bình. "
    "Theo ban chỉ huy, nước đã rút ở phần lớn các thôn ven sông Gianh. "
    "Bộ đội biên phòng dùng xuồng đưa gạo vào từng nhà, ưu tiên người già và trẻ nhỏ. "
    "Đợt gạo tiếp theo dự kiến đến nơi vào tối cùng ngày, cùng nước sạch và thuốc men."
)
RICE = article(1, "Gạo cứu trợ đến Quảng Bình", AGENCY, 3)
SAME_RICE = article(2, "Gạo cứu trợ đã đến Quảng Bình", AGENCY, 3, "Báo B")
GOLD = article(3, "Giá vàng tăng ba phiên liền", "Giá vàng trong nước tăng sáng 4/9.", 4)
PASSING = article(
    4,
    "Hội chợ nông sản mở cửa",
    "Hội chợ mở cửa sáng nay. Có 120 gian hàng. Khách đến từ nhiều tỉnh. Giá cả vừa phải. "
    "Một gian hàng đến từ Quảng Bình.",
    5,
)
LEADER = article(
    5,
    "Khánh thành cầu Nhật Lệ",
    "Cầu Nhật Lệ thông xe. Dự lễ có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh. "
    "Ông Trần Văn Khải nói cầu về đích sớm.",
    2,
)
UNDATED = article(6, "Chuyện cũ ở làng Mai", "Làng Mai có cây đa hai trăm tuổi.", None)
ARTICLES = (RICE, SAME_RICE, GOLD, PASSING, LEADER, UNDATED, FLOOD)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "data", ARTICLES) as opened:
        yield opened


def page_of(library: Library, question: str, limit: int = 5, offset: int = 0) -> HeadlinePage:
    page = library.headlines(question, limit=limit, offset=offset, today=TODAY)
    assert page is not None
    return page


def titles(page: HeadlinePage) -> list[str]:
    return [row.article.title for row in page.headlines]


def test_news_of_anything_is_the_newest_with_its_first_sentence(library: Library) -> None:
    page = page_of(library, "tin mới nhất")

    assert titles(page)[:3] == [PASSING.title, FLOOD.title, GOLD.title]
    assert [row.quote.text for row in page.headlines][:3] == [
        "Hội chợ mở cửa sáng nay.",
        "Đêm 3/9/2023, lũ quét xảy ra tại xã Mường Lống.",
        "Giá vàng trong nước tăng sáng 4/9.",
    ]
    assert page.kind is ArticleRequestKind.NEWS


def test_pages_follow_each_other_without_a_gap(library: Library) -> None:
    first, second, third = (page_of(library, "tin", limit=2, offset=at) for at in (0, 2, 4))

    together = titles(first) + titles(second) + titles(third)
    assert len(together) == len(set(together)) == len(ARTICLES) - 1
    assert [first.more, second.more, third.more] == [True, True, False]
    assert together[-1] == UNDATED.title


def test_near_duplicates_are_one_row_that_counts_its_sources(library: Library) -> None:
    (row,) = page_of(library, "gạo cứu trợ").headlines

    assert sorted(row.sources) == ["Báo A", "Báo B"]


@pytest.mark.parametrize("question", ["tin ve vang", "Tin về vàng", "vang"])
def test_gold_typed_without_diacritics_is_no_courtesy(library: Library, question: str) -> None:
    assert titles(page_of(library, question)) == [GOLD.title]


@pytest.mark.parametrize("question", ["Quảng Bình", "quang binh", "QUẢNG BÌNH", "quảng bình?"])
def test_a_subject_finds_its_articles_with_or_without_diacritics(
    library: Library, question: str
) -> None:
    page = library.headlines(question, today=TODAY)

    assert page is not None
    assert page.kind is ArticleRequestKind.SUBJECT
    assert "Quảng Bình" in titles(page)[0]
    assert page.subject == "Quảng Bình"
    assert "Quảng Bình" in page.headlines[0].quote.text


def test_news_of_a_subject_leaves_out_what_names_it_in_passing(library: Library) -> None:
    assert PASSING.title not in titles(page_of(library, "tin về Quảng Bình"))
    assert PASSING.title in titles(page_of(library, "Quảng Bình"))


def test_an_english_subject_finds_vietnamese_articles(library: Library) -> None:
    assert titles(page_of(library, "gold price")) == [GOLD.title]


def test_a_subject_may_be_spread_over_an_article(library: Library) -> None:
    assert titles(page_of(library, "hội chợ Quảng Bình")) == [PASSING.title]


@pytest.mark.parametrize("question", ["ChatGPT", "Lionel Messi", "giá vàng Quảng Bình", "BTS"])
def test_a_subject_that_no_article_holds_has_no_rows(library: Library, question: str) -> None:
    page = library.headlines(question, today=TODAY)

    assert page is None or page.headlines == ()


def test_days_in_words_limit_the_articles(library: Library) -> None:
    page = page_of(library, "tin hôm qua")

    assert titles(page) == [FLOOD.title, GOLD.title]
    assert page.period == Period(date(2023, 9, 4), date(2023, 9, 4))


def test_days_in_words_without_articles_are_said_to_be_missed(library: Library) -> None:
    page = page_of(library, "tin về giá vàng hôm nay")

    assert titles(page) == [GOLD.title]
    assert (page.period, page.missed) == (None, Period(TODAY, TODAY))


def test_further_pages_are_of_the_days_of_the_first(library: Library) -> None:
    missed = page_of(library, "tin về Quảng Bình ngày 1/9", limit=1)
    next_missed = page_of(library, "Quảng Bình ngày 1/9", limit=1, offset=1)
    assert missed.missed == next_missed.missed == Period(date(2023, 9, 1), date(2023, 9, 1))
    assert len(next_missed.headlines) == 1

    beyond = page_of(library, "tin hôm qua", limit=2, offset=2)
    assert (titles(beyond), beyond.period) == ([], Period(date(2023, 9, 4), date(2023, 9, 4)))


def test_filters_limit_the_articles_for_good(library: Library) -> None:
    assert titles(page_of(library, "tin since:5/9/2023")) == [PASSING.title]
    assert titles(page_of(library, "giá vàng until:1/9/2023")) == []
    assert titles(page_of(library, 'tin source:"báo b"')) == [SAME_RICE.title]
    with pytest.raises(QuestionError):
        library.headlines("tin source:khác")


def test_a_source_may_be_named_in_words(library: Library) -> None:
    assert titles(page_of(library, "tin mới của báo B")) == [SAME_RICE.title]
    assert titles(page_of(library, "tin ở Quảng Bình")) == titles(
        page_of(library, "tin về Quảng Bình")
    )


def test_who_somebody_is_finds_the_sentence_that_introduces_them(library: Library) -> None:
    page = page_of(library, "Trần Văn Khải là ai?")

    (row,) = page.headlines
    assert row.quote.text == "Dự lễ có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh."
    assert page.kind is ArticleRequestKind.INTRODUCTION
    assert page_of(library, "Nhật Lệ là gì").headlines == ()
    assert titles(page_of(library, "ông Trần Văn Khải là ai")) == [LEADER.title]


@pytest.mark.parametrize(
    "question",
    [
        "ai dự lễ khánh thành cầu Nhật Lệ?",
        "giá vàng tăng mấy phiên",
        "Quảng Bình có bao nhiêu tấn gạo",
        "tên của cầu mới nhất là gì?",
        "What happened in 1992 in the UK?",
        "Kể tên một nhánh của Toyota.",
        "bạn là ai",
        "hay quá",
        "nước đã rút chưa",
        "cách nấu cơm",
        "gạo đến nơi vào tối cùng ngày",
        "😀",
        "",
    ],
)
def test_other_messages_ask_for_no_articles(library: Library, question: str) -> None:
    assert library.headlines(question, today=TODAY) is None


def test_every_quote_is_a_sentence_of_its_article(library: Library) -> None:
    for question in ("tin", "Quảng Bình", "tin về giá vàng", "Trần Văn Khải là ai"):
        for row in page_of(library, question).headlines:
            quote = row.quote
            assert quote.start is not None
            assert quote.text == row.article.text[quote.start : quote.end]


def test_an_empty_library_has_no_articles(tmp_path: Path) -> None:
    with open_library(tmp_path / "none") as library:
        assert page_of(library, "tin mới").headlines == ()
        assert page_of(library, "Trump").headlines == ()


@pytest.mark.parametrize(
    "question",
    ["thiet hai bao nhieu?", "cau dai bao nhieu", "may nguoi chet", "hop o dau", "vi sao chay cho"],
)
def test_unmarked_words_that_ask_make_a_question(library: Library, question: str) -> None:
    assert library.headlines(question) is None
