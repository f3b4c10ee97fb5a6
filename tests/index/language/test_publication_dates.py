import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.language.dates.publication import (
    beside_date,
    format_datetime,
    is_date_line,
    is_plausible_date,
    parse_iso,
    read_datetime,
    read_stamps,
    shows_today,
)
from index.models.period import vietnam

STAMPS = [
    ("Thứ Ba 05/01/2021 14:23", "2021-01-05T14:23:00+07:00"),
    ("Thứ Ba, 05/01/2021 14:23", "2021-01-05T14:23:00+07:00"),
    ("Cập nhật lúc 14h23 ngày 5/1/2021", "2021-01-05T14:23:00+07:00"),
    ("05-01-2021 | 14:23 GMT+7", "2021-01-05T14:23:00+07:00"),
    ("Chủ nhật, 3/1/2021, 08:05 (GMT+7)", "2021-01-03T08:05:00+07:00"),
    ("14:23 | 05/01/2021", "2021-01-05T14:23:00+07:00"),
    ("14:23 -05/01/2021", "2021-01-05T14:23:00+07:00"),
    ("14 giờ 23 phút, ngày 5 tháng 1 năm 2021", "2021-01-05T14:23:00+07:00"),
    ("5.1.2021 2:23 PM", "2021-01-05T14:23:00+07:00"),
    ("5.1.2021 2:23 chiều", "2021-01-05T14:23:00+07:00"),
    ("05/01/2021 02:23:07 CH", "2021-01-05T14:23:07+07:00"),
    ("05/01/2021 12:05 SA", "2021-01-05T00:05:00+07:00"),
    ("05/01/2021 7 giờ tối", "2021-01-05T19:00:00+07:00"),
    ("14h ngày 05/01/2021", "2021-01-05T14:00:00+07:00"),
    ("14g23 05/01/2021", "2021-01-05T14:23:00+07:00"),
    ("Thứ ba, ngày 5 tháng 1 năm 2021", "2021-01-05T00:00:00+07:00"),
    ("05/01/2021", "2021-01-05T00:00:00+07:00"),
    ("T3, 05/01/2021 14:23", "2021-01-05T14:23:00+07:00"),
    ("CN, 03/01/2021", "2021-01-03T00:00:00+07:00"),
    ("2021-01-05T14:23:00+07:00", "2021-01-05T14:23:00+07:00"),
    ("2021-01-05T07:23:00.000Z", "2021-01-05T07:23:00+00:00"),
    ("2021-01-05T14:23", "2021-01-05T14:23:00+07:00"),
    ("2021-01-05", "2021-01-05T00:00:00+07:00"),
    ("Tue, 05 Jan 2021 07:23:00 +0000", "2021-01-05T07:23:00+00:00"),
    ("Tue, 05 Jan 2021 02:23:00 -0500", "2021-01-05T02:23:00-05:00"),
    ("January 5, 2021 2:23 pm", "2021-01-05T14:23:00+07:00"),
    ("Đăng 05/01/2021 14:23 - Cập nhật 06/01/2021 08:00", "2021-01-05T14:23:00+07:00"),
    ("Minh Anh | 05/01/2021 14:23", "2021-01-05T14:23:00+07:00"),
]


@pytest.mark.parametrize(("text", "expected"), STAMPS)
def test_a_date_line_is_read_with_its_time(text: str, expected: str) -> None:
    moment = read_datetime(text)
    assert moment is not None
    assert moment.isoformat() == expected
    assert read_datetime(unicodedata.normalize("NFD", text.upper())) == moment
    assert is_date_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31/02/2021",
        "05/01/2021 25:61",
        "24:00 05/01/2021",
        "01/13/2021",
        "Nghị định số 03/2019/NĐ-CP",
        "14:23",
        "tỷ số 3-1",
        "x" * 190 + " 05/01/2021 14:23",
    ],
)
def test_what_is_not_a_date_that_exists_is_none(text: str) -> None:
    assert read_datetime(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 05/01/2021, Bộ Công an tổ chức hội nghị",
        "Kết quả xổ số ngày 05/01/2021 lúc 16h30",
        "Hội nghị ngày 5/1",
    ],
)
def test_prose_that_mentions_a_date_is_no_date_line(text: str) -> None:
    assert not is_date_line(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thứ ba, ngày 9/3/2021", True),
        ("Hôm nay: Thứ hai, 5/10/2026 09:12", True),
        ("Thứ Ba 05/01/2021 14:23", False),
        ("05/01/2021", False),
        ("Thứ ba", False),
    ],
)
def test_the_day_a_page_was_opened_is_told_from_a_publication_date(
    text: str, expected: bool
) -> None:
    assert shows_today(text) is expected


@given(st.text(max_size=80) | st.from_regex(r"[0-9 :/.h-]{0,40}( GMT[+-]\d\d)?", fullmatch=True))
def test_reading_a_date_never_raises(text: str) -> None:
    moment = read_datetime(text)
    assert moment is None or moment.utcoffset() is not None


@given(st.datetimes(min_value=datetime.fromisoformat("1980-01-01")))
def test_what_is_put_into_words_is_read_back(naive: datetime) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=vietnam())
    assert read_datetime(format_datetime(moment)) == moment
    assert read_datetime(format_datetime(moment, "en")) == moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-05T14:23:00+07:00", "2021-01-05T14:23:00+07:00"),
        (" 2021-01-05T07:23:00Z ", "2021-01-05T07:23:00+00:00"),
        ("2021-01-05 14:23", "2021-01-05T14:23:00+07:00"),
        ("2021-01-05", "2021-01-05T00:00:00+07:00"),
    ],
)
def test_iso_dates_are_read_as_of_viet_nam_without_an_offset(text: str, expected: str) -> None:
    assert parse_iso(text).isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "hôm qua", "2021-02-31", "05/01/2021", "0001-01-01T00:00+14:00"]
)
def test_what_is_not_an_iso_date_is_rejected_by_its_text(text: str) -> None:
    with pytest.raises(InputError, match="is not a date"):
        parse_iso(text)


def test_dates_are_put_into_words_in_the_time_of_viet_nam() -> None:
    moment = datetime(2021, 1, 5, 7, 23, tzinfo=UTC)
    assert format_datetime(moment) == "Thứ Ba, 05/01/2021 14:23"
    assert format_datetime(moment, "en") == "Tuesday, 5 January 2021, 14:23"


def test_midnight_in_its_own_offset_means_that_only_the_day_is_known() -> None:
    moment = datetime(2021, 1, 3, tzinfo=UTC)
    assert format_datetime(moment) == "Chủ nhật, 03/01/2021"
    assert format_datetime(moment, "en") == "Sunday, 3 January 2021"


def test_an_unknown_date_is_said_to_be_unknown() -> None:
    assert format_datetime(None) == "không rõ ngày"
    assert format_datetime(None, "en") == "date unknown"


def test_publication_dates_lie_between_1945_and_two_days_ahead() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert is_plausible_date(now + timedelta(days=2), now)
    assert not is_plausible_date(now + timedelta(days=3), now)
    assert not is_plausible_date(datetime(1944, 12, 31, tzinfo=UTC), now)


@pytest.mark.parametrize(
    ("line", "stamps"),
    [
        (
            "Cập nhật: 21/06/2023 13:10 | Xuất bản: 20/06/2023 06:45",
            [("2023-06-21T13:10", True), ("2023-06-20T06:45", False)],
        ),
        (
            "Cập nhật lúc 09:00 ngày 10/02/2023 - Đăng lúc 05:30 ngày 01/02/2023",
            [("2023-02-10T09:00", True), ("2023-02-01T05:30", False)],
        ),
        (
            "08/04/2022 17:00 (Cập nhật 09/04/2022 08:22)",
            [("2022-04-08T17:00", False), ("2022-04-09T08:22", True)],
        ),
        ("Ngày tạo: 14/03/2022 09:20 - Lượt xem: 412", [("2022-03-14T09:20", False)]),
        ("14:05 23/11/21", [("2021-11-23T14:05", False)]),
        ("không có ngày", []),
        ("x" * 300 + " 5/1/2021", []),
    ],
)
def test_updates_are_told_from_publications(line: str, stamps: list[tuple[str, bool]]) -> None:
    read = [(f"{stamp.moment:%Y-%m-%dT%H:%M}", stamp.is_update) for stamp in read_stamps(line)]
    assert read == stamps


@pytest.mark.parametrize(
    ("line", "beside"),
    [
        ("Minh Châu 21/11/2023 16:05", "Minh Châu"),
        ("22-4-2021 14:00 | Quế Lâm", "Quế Lâm"),
        ("Trưng Hiền • 21/06/2024 07:00", "Trưng Hiền"),
        ("Hà Trúc Lam 1 giờ trước Thứ tư, 20/3/2024 06:09 (GMT+7)", "Hà Trúc Lam"),
        ("Thứ Năm, 18/04/2024", None),
        ("Minh Châu", None),
    ],
)
def test_what_stands_beside_a_date_is_given(line: str, beside: str | None) -> None:
    assert beside_date(line) == beside


@pytest.mark.parametrize(
    "line",
    [
        "Đăng ngày 05/08/2021 bởi Admin",
        "Ngày ban hành: 10/03/2022",
        "Thời sự - 12/10/2020",
        "16:05 - 21/08/2019 0 bình luận",
    ],
)
def test_labels_and_counters_leave_a_date_line_one(line: str) -> None:
    assert is_date_line(line)


def test_a_year_of_two_digits_counts_only_beside_a_time_of_day() -> None:
    assert read_datetime("tỷ số 2/3/21") is None
    assert read_datetime("14:05 23/11/21") is not None
