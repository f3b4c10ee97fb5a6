"""Whether a text speaks of some days, and which days a sentence names first."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.dates.in_articles import first_mentioned_date, mentions_period
from index.models.period import Period

PUBLISHED = datetime(2021, 1, 6, 8, 0, tzinfo=timezone(timedelta(hours=7)))
FIFTH = Period(date(2021, 1, 5), date(2021, 1, 5))
JANUARY = Period.of_months(2021, 1, 1)
YEAR = Period.of_year(2020)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Sáng 5/1, Chính phủ họp.", FIFTH),
        ("Hội nghị (5/1) kết thúc.", FIFTH),
        ("Ngày 05-01-2021 ông Khải dự.", FIFTH),
        ("ngày 5 tháng 1 năm 2021", FIFTH),
        ("ngày 5 tháng 1, mưa lớn", FIFTH),
        ("Sáng 5/1, Chính phủ họp.", JANUARY),
        ("Trong tháng 1/2021 có 5 vụ.", JANUARY),
        ("Trong tháng 1 có 5 vụ.", JANUARY),
        ("Năm 2020, tỉnh nạo vét 315 km.", YEAR),
        ("Quý IV/2020, tỉnh nạo vét 315 km.", YEAR),
        ("Trong quý 4 năm 2020 có 5 vụ.", YEAR),
        ("Trong quý I/2021 có 5 vụ.", Period.of_quarter(2021, 1)),
        ("Lễ hội từ 4 đến 6/1/2021.", FIFTH),
        ("Lễ hội từ ngày 4 đến ngày 6 tháng 1", FIFTH),
        ("Họp ngày 4-6/1.", FIFTH),
        ("Ngày 28/12, bão vào.", YEAR),
    ],
)
def test_a_text_that_names_a_day_of_them_mentions_them(text: str, period: Period) -> None:
    assert mentions_period(text, period, PUBLISHED)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Sáng 6/1, Chính phủ họp.", FIFTH),
        ("Ngày 5/1/2020 họp.", FIFTH),
        ("Thắng 5-1 trên sân nhà.", FIFTH),
        ("Chiếm 5/1 dân số", FIFTH),
        ("Năm 2021 có 5 vụ.", JANUARY),
        ("Có 2020 người.", YEAR),
        ("Quý I/2021 có 5 vụ.", YEAR),
        ("Quý ı/2021 có 5 vụ.", YEAR),
        ("Lễ hội từ 6 đến 8/1/2021.", FIFTH),
        ("Ngày 31/2 không có.", FIFTH),
        ("", FIFTH),
    ],
)
def test_another_day_or_number_does_not(text: str, period: Period) -> None:
    assert not mentions_period(text, period, PUBLISHED)


def test_a_day_without_a_year_is_the_nearest_to_the_publication() -> None:
    in_december = Period(date(2020, 12, 30), date(2020, 12, 30))
    assert mentions_period("Ngày 30/12, bão vào.", in_december, PUBLISHED)
    assert not mentions_period("Ngày 5/1 họp.", FIFTH, PUBLISHED.replace(year=2023))
    assert mentions_period("Ngày 5/1 họp.", FIFTH, PUBLISHED.replace(year=2023), any_year=True)
    assert mentions_period("Ngày 5/1 họp.", FIFTH, None)


@pytest.mark.parametrize(
    ("text", "named", "period"),
    [
        ("Sáng 5/1, Chính phủ họp.", "Sáng 5/1", FIFTH),
        ("Chính phủ họp (5/1).", "5/1", FIFTH),
        ("Hôm qua, Chính phủ họp.", "Hôm qua", FIFTH),
        ("Chính phủ họp tối qua.", "tối qua", FIFTH),
        ("Sáng nay (5/1), Chính phủ họp.", "Sáng nay (5/1)", FIFTH),
        ("Hôm nay, 5-1, Chính phủ họp.", "Hôm nay, 5-1", FIFTH),
        ("Sáng nay 20 người đến.", "Sáng nay", Period.of_day(date(2021, 1, 6))),
        ("Tháng 1, xã bàn; ngày 5/1 xã làm.", "ngày 5/1", FIFTH),
        ("Từ tháng 12/2020 xã bàn.", "tháng 12/2020", Period.of_months(2020, 12, 12)),
        ("Lễ hội từ ngày 4 đến ngày 5 tháng 1", "ngày 4 đến ngày 5 tháng 1", None),
        ("Ngày 30/1 sẽ họp, sau buổi ngày 5/1.", "ngày 5/1", FIFTH),
    ],
)
def test_the_first_day_of_a_sentence_is_found(text: str, named: str, period: Period | None) -> None:
    found = first_mentioned_date(text, PUBLISHED)

    assert found is not None
    assert text[found.start : found.end] == named
    assert found.period == (period or Period(date(2021, 1, 4), date(2021, 1, 5)))


@pytest.mark.parametrize(
    "text",
    [
        *("Ngày 30/1 sẽ họp.", "Năm 2020 có lũ.", "Tháng 12 có lũ.", "Quý I/2021 có 5 vụ."),
        *("Có mặt ở đường 3 tháng 2.", "Hơn một nửa (2/3 số hộ) đã về.", "Ngày 31/2 không có."),
        *("Từ 30 đến 5/12 có mưa.", "Ngày 20-5/12 mở hội."),
        *("Thắng 5-1 trên sân nhà.", "Có 30 người qua đường.", "Họ qua cầu lúc nay.", ""),
    ],
)
def test_a_sentence_may_name_no_day(text: str) -> None:
    assert first_mentioned_date(text, PUBLISHED) is None


def test_without_a_publication_only_dates_with_a_year_are_found() -> None:
    assert first_mentioned_date("Hôm qua, sáng 5/1, họp.", None) is None
    found = first_mentioned_date("Sáng 5/1/2021 họp.", None)
    assert found is not None
    assert found.period == FIFTH


def test_yesterday_of_the_first_day_that_there_is_is_that_day() -> None:
    found = first_mentioned_date("Hôm qua họp.", PUBLISHED.replace(year=1, month=1, day=1))
    assert found is not None
    assert found.period == Period.of_day(date.min)


@given(
    st.lists(
        st.sampled_from(
            "ngày tháng năm quý IV ıv từ đến 29/2 2/29 5/1/2021 0000 99 ( , 2021 -".split()
        )
    ).map(" ".join),
    st.sampled_from(
        [FIFTH, JANUARY, Period(None, date(2021, 1, 5)), Period(date(2021, 1, 5), None)]
    ),
    st.booleans(),
)
def test_any_text_can_be_looked_at(text: str, period: Period, any_year: bool) -> None:
    assert mentions_period(text, period, PUBLISHED, any_year=any_year) in (True, False)
    found = first_mentioned_date(text, PUBLISHED)
    assert found is None or found.period.days > 0
