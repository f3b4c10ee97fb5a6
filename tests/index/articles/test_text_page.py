from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.readers.text_page import parse_text_page
from index.errors import InputError
from index.models.article import Article

NOW = datetime(2026, 1, 1, tzinfo=UTC)

TITLE = "Thông xe cầu Bến Sỏi sau 22 tháng thi công"
LEAD = "Sáng 12/3, cầu Bến Sỏi bắc qua sông Thương chính thức thông xe."
SECOND = "Cầu dài 486,5 m, do Công ty CP Xây dựng Tân Hưng thi công."


def parse(*lines: str) -> Article:
    return parse_text_page("\n".join(lines), now=NOW)


def published(article: Article) -> str | None:
    return article.published.isoformat() if article.published else None


def test_the_shared_page_gives_its_article_without_the_furniture(shared: Path) -> None:
    page = shared / "articles" / "hai-duong-2021-01-05.txt"
    article = parse_text_page(page.read_text(encoding="utf-8"))
    assert article.title.startswith("Hội nghị giao ban Bộ Công an")
    assert published(article) == "2021-01-05T14:23:00+07:00"
    assert article.author == "Vũ Văn Vân - Bộ CHQS tỉnh"
    assert article.text.startswith("Ngày 05/01/2021, Bộ Công an")
    assert article.text.endswith("của địa phương...")
    assert len(article.text.split("\n")) == 6
    for furniture in ("9/3/2021", "cỡ chữ", "CÁC BÀI VIẾT KHÁC", "Vũ Văn Vân", "  "):
        assert furniture not in article.text


def test_a_page_with_menus_tools_and_comments_gives_title_body_date_and_author() -> None:
    article = parse(
        *("Trang chủ | Tin tức | Văn bản | Liên hệ", "Thứ sáu, 9/1/2026", "Giao thông"),
        *(TITLE, "Cập nhật lúc 14h23 ngày 5/1/2021", "In bài viết Gửi email Chia sẻ"),
        *("Lượt xem: 1.234", "A- A+", LEAD, SECOND, "Từ khóa: cầu, Bến Sỏi", "Tác giả: Lê Minh"),
        *("Ý kiến bạn đọc (2)", "Quê tôi mong cây cầu này đã hơn mười năm nay rồi."),
    )
    assert article == Article(
        title=TITLE,
        text=f"{LEAD}\n{SECOND}",
        published=datetime.fromisoformat("2021-01-05T14:23:00+07:00"),
        author="Lê Minh",
    )


@pytest.mark.parametrize(
    "heading",
    [
        *("CÁC BÀI VIẾT KHÁC:", "Tin liên quan", "Tin cùng chuyên mục", "Bài viết khác"),
        *(
            "Tin mới hơn",
            "Các tin khác",
            "Xem thêm:",
            "Ý kiến bạn đọc",
            "Bình luận",
            "Bình luận (3)",
        ),
        *("Có thể bạn quan tâm", "Tin đã đưa", "Bài liên quan:", "12 bình luận", "Đọc nhiều nhất"),
    ],
)
def test_related_links_and_comments_and_what_follows_are_cut(heading: str) -> None:
    article = parse(TITLE, "05/01/2021", LEAD, SECOND, heading, "Một bài khác dài như một câu văn.")
    assert article.text == f"{LEAD}\n{SECOND}"


@pytest.mark.parametrize(
    "line",
    [
        *("Xem với cỡ chữ", "Xem với cỡ chữ A- A+", "A- A+", "In bài viết", "Gửi email", "Chia sẻ"),
        *(
            "Chia sẻ bài viết",
            "Lượt xem: 1.204",
            "320 lượt xem",
            "Facebook | Zalo | Sao chép liên kết",
        ),
        *("Trang chủ › Thời sự › Giao thông", ">> Giá xăng hôm nay", "Xem thêm: Giá xăng hôm nay"),
        *("* * *", "Tags: cầu đường, Bến Sỏi"),
    ],
)
def test_tools_and_tags_within_the_body_are_left_out(line: str) -> None:
    assert parse(TITLE, "05/01/2021", LEAD, line, SECOND).text == f"{LEAD}\n{SECOND}"


@pytest.mark.parametrize(
    "line",
    [
        "Chia sẻ với phóng viên, bà Nga nói cây cầu là niềm mơ ước của cả xã.",
        "Theo dõi trận đấu trên khán đài có 4.500 người.",
        "Bình luận về kết quả, ông Khải cho rằng đội nhà đá hay hơn.",
        "In bài viết này ra giấy là yêu cầu của ban tổ chức.",
        "Tin tức về vụ việc đã lan nhanh trong xã.",
    ],
)
def test_prose_that_begins_like_a_tool_is_kept(line: str) -> None:
    assert parse(TITLE, "05/01/2021", LEAD, line, SECOND).text == f"{LEAD}\n{line}\n{SECOND}"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Vũ Văn Vân - Bộ CHQS tỉnh", "Vũ Văn Vân - Bộ CHQS tỉnh"),
        ("Đỗ Thị Ánh", "Đỗ Thị Ánh"),
        ("Bài, ảnh: Nguyễn Kiên", "Nguyễn Kiên"),
        ("Tin, ảnh: H.L", "H.L"),
        ("Theo TTXVN", "TTXVN"),
        ("Hồng Vân (Theo Báo Phù Sa)", "Hồng Vân (Theo Báo Phù Sa)"),
        ("Ông Ư Đạt", "Ông Ư Đạt"),
    ],
)
def test_the_author_line_is_parted_from_the_body(line: str, author: str) -> None:
    article = parse(TITLE, "05/01/2021", LEAD, SECOND, line)
    assert article.author == author
    assert article.text == f"{LEAD}\n{SECOND}"


@pytest.mark.parametrize(
    "line", ["Toàn cảnh hội nghị", "Cầu đã thông xe", "Xe chạy qua cầu sáng 12/3."]
)
def test_a_last_line_that_is_no_name_stays_in_the_body(line: str) -> None:
    article = parse(TITLE, "05/01/2021", LEAD, line)
    assert article.author is None
    assert article.text == f"{LEAD}\n{line}"


def test_a_date_above_the_title_is_taken_unless_it_is_the_day_of_opening() -> None:
    assert published(parse("05/01/2021 14:23", TITLE, LEAD)) == "2021-01-05T14:23:00+07:00"
    assert published(parse("Thứ ba, ngày 5/1/2021", TITLE, LEAD)) is None


def test_a_lead_between_title_and_date_belongs_to_the_body() -> None:
    article = parse("Giao thông", TITLE, LEAD, "Thứ Ba 05/01/2021 14:23", SECOND)
    assert (article.title, article.text) == (TITLE, f"{LEAD}\n{SECOND}")


def test_a_date_at_the_foot_is_the_publication_date() -> None:
    article = parse(TITLE, LEAD, SECOND, "Cập nhật: 05/01/2021 14:23")
    assert published(article) == "2021-01-05T14:23:00+07:00"
    assert article.text == f"{LEAD}\n{SECOND}"


def test_a_date_in_the_future_or_before_1945_is_not_a_publication_date() -> None:
    assert published(parse(TITLE, "05/01/2031 14:23", LEAD)) is None
    assert published(parse(TITLE, "05/01/1931 14:23", LEAD)) is None


def test_a_plain_note_becomes_an_article_titled_by_its_first_line() -> None:
    article = parse("Ghi chú họp tổ dân phố", "", "Tổ  dân phố số 5 họp\tbàn việc làm đường.")
    assert article == Article(
        title="Ghi chú họp tổ dân phố", text="Tổ dân phố số 5 họp bàn việc làm đường."
    )


def test_a_leading_address_is_the_article_s() -> None:
    article = parse("URL: https://songthuong.example/cau", TITLE, LEAD)
    assert (article.url, article.title) == ("https://songthuong.example/cau", TITLE)


def test_a_first_line_too_long_for_a_title_is_body() -> None:
    article = parse(f"{LEAD} " * 6, SECOND)
    assert article.title == ""
    assert article.text.endswith(f"\n{SECOND}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Trang chủ | Tin tức\nThứ ba, ngày 9/3/2021",
        "Xin chào",
        "05/01/2021",
        "A- A+\n---",
    ],
)
def test_a_text_without_an_article_is_rejected(text: str) -> None:
    with pytest.raises(InputError, match="no article in it"):
        parse_text_page(text)


@given(
    st.lists(
        st.sampled_from([TITLE, LEAD, "A-", "Tin khác", "05/01/2021", "T3", "x y"]) | st.text()
    )
)
def test_any_text_becomes_an_article_or_an_input_error(lines: list[str]) -> None:
    try:
        article = parse(*lines)
    except InputError:
        return
    assert "\n\n" not in article.text
    assert article.text == article.text.strip()
