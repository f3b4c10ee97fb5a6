"""What a question says of time. Today is Wednesday, 25 November 2026."""

import time
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language.dates.in_questions import DateRequest, parse_date_request, remove_spans
from index.language.spelling import fold, nfc
from index.models.period import Period, PeriodPart

TODAY = date(2026, 11, 25)

# the question, the first and the last day: as in 2021-01-05, ".." for an open end
DATED = """
Ai dự hội nghị tháng 1/2021? | 2021-01-01 | 2021-01-31
hội nghị tháng 01-2021 | 2021-01-01 | 2021-01-31
hội nghị T1/2021 | 2021-01-01 | 2021-01-31
lũ 10/2020 | 2020-10-01 | 2020-10-31
từ 8/2020 đến 10/2020 | 2020-08-01 | 2020-10-31
lũ tháng 10 năm 2020 ở đâu | 2020-10-01 | 2020-10-31
hội nghị quý ı/2021 | 2021-01-01 | 2021-03-31
hội nghị ſept 2020 | 2020-09-01 | 2020-09-30
lũ tháng 10, 2020 ở đâu | 2020-10-01 | 2020-10-31
tháng Giêng năm 2021 có lễ hội nào | 2021-01-01 | 2021-01-31
tháng mười hai năm 2020 | 2020-12-01 | 2020-12-31
tháng năm năm 2020 | 2020-05-01 | 2020-05-31
Kinh phí năm 2020 là bao nhiêu? | 2020-01-01 | 2020-12-31
Ai nhận giải vào tháng 3? | 2026-03-01 | 2026-03-31
lũ tháng 12 ở đâu | 2025-12-01 | 2025-12-31
trong tháng ba có gì | 2026-03-01 | 2026-03-31
Ngày 5/1 ai dự hội nghị? | 2026-01-05 | 2026-01-05
ngày 5-1 có gì | 2026-01-05 | 2026-01-05
hôm 26/11 | 2025-11-26 | 2025-11-26
ngày 25/11 | 2026-11-25 | 2026-11-25
ngày 29/2 | 2024-02-29 | 2024-02-29
5/1/2021 | 2021-01-05 | 2021-01-05
05-01-2021 | 2021-01-05 | 2021-01-05
5.1.2021 | 2021-01-05 | 2021-01-05
2021-01-05 | 2021-01-05 | 2021-01-05
Ai chủ trì cuộc họp (5/1/2021)? | 2021-01-05 | 2021-01-05
ngày 5 tháng 1 | 2026-01-05 | 2026-01-05
ngày 5 tháng 1 năm 2021 | 2021-01-05 | 2021-01-05
sáng 5/1 họp ở đâu | 2026-01-05 | 2026-01-05
rạng sáng ngày 5/1 | 2026-01-05 | 2026-01-05
thứ tư ngày 5/1/2022 | 2022-01-05 | 2022-01-05
thu tu 5/1/2022 | 2022-01-05 | 2022-01-05
tối 5 tháng Giêng năm 2021 | 2021-01-05 | 2021-01-05
ngày 5-7/1/2021 | 2021-01-05 | 2021-01-07
ngày 5 và 6/1/2021 | 2021-01-05 | 2021-01-06
từ ngày 5 đến 7/1 | 2026-01-05 | 2026-01-07
từ ngày 5 đến ngày 7 tháng 1 | 2026-01-05 | 2026-01-07
từ 1/1 đến 5/1 có mấy vụ | 2026-01-01 | 2026-01-05
từ 20/12 đến 5/1 | 2025-12-20 | 2026-01-05
từ 1/1/2021 đến 5/1 | 2021-01-01 | 2021-01-05
từ 20/12/2020 đến 5/1 | 2020-12-20 | 2021-01-05
từ 20/12 đến 5/1/2021 | 2020-12-20 | 2021-01-05
1/1/2021 - 5/1/2021 | 2021-01-01 | 2021-01-05
ngày 1/1 – 5/1 | 2026-01-01 | 2026-01-05
từ tháng 2 đến tháng 4/2020 | 2020-02-01 | 2020-04-30
tháng 2 đến tháng 4 năm 2020 | 2020-02-01 | 2020-04-30
tháng 2-4/2020 | 2020-02-01 | 2020-04-30
từ tháng 11/2020 đến tháng 2/2021 | 2020-11-01 | 2021-02-28
từ năm 2018 đến năm 2020 | 2018-01-01 | 2020-12-31
từ 2018 đến 2020 | 2018-01-01 | 2020-12-31
giữa tháng 2 và tháng 4/2020 | 2020-02-01 | 2020-04-30
tháng 1 và tháng 2 năm 2020 | 2020-01-01 | 2020-02-29
năm 2019 và 2020 | 2019-01-01 | 2020-12-31
quý 1/2021 | 2021-01-01 | 2021-03-31
quý IV năm 2020 | 2020-10-01 | 2020-12-31
quý ba năm 2020 | 2020-07-01 | 2020-09-30
quý 4 | 2026-10-01 | 2026-12-31
Q2/2021 | 2021-04-01 | 2021-06-30
đầu tháng 3/2021 | 2021-03-01 | 2021-03-10
giữa tháng 2/2021 | 2021-02-10 | 2021-02-18
cuối tháng 3/2021 | 2021-03-21 | 2021-03-31
đầu năm 2021 | 2021-01-01 | 2021-04-30
cuối năm 2020 | 2020-09-01 | 2020-12-31
nửa đầu năm 2020 | 2020-01-01 | 2020-06-30
6 tháng đầu năm 2020 | 2020-01-01 | 2020-06-30
ba tháng cuối năm 2020 | 2020-10-01 | 2020-12-31
mùa hè 2019 | 2019-05-01 | 2019-08-31
hè năm 2019 | 2019-05-01 | 2019-08-31
trước ngày 5/1/2021 | .. | 2021-01-04
sau ngày 5/1/2021 | 2021-01-06 | ..
trước tháng 3/2021 | .. | 2021-02-28
sau năm 2020 | 2021-01-01 | ..
từ ngày 5/1/2021 | 2021-01-05 | ..
kể từ tháng 3 | 2026-03-01 | ..
tháng 3 năm ngoái | 2025-03-01 | 2025-03-31
ngày 5/1 năm nay | 2026-01-05 | 2026-01-05
thang 1 nam 2021 | 2021-01-01 | 2021-01-31
ai dự hoi nghi nam 2020 | 2020-01-01 | 2020-12-31
tu thang 2 den thang 4 nam 2020 | 2020-02-01 | 2020-04-30
quy 1 nam 2021 | 2021-01-01 | 2021-03-31
Ủy ban họp ở đâu hôm kỷ niệm ngày 5 tháng 1 năm 2021 | 2021-01-05 | 2021-01-05
hội nghị tổng kết năm 2020 ngày 5/1/2021 | 2021-01-05 | 2021-01-05
hội nghị đê điều ngày 5/1/2021 | 2021-01-05 | 2021-01-05
công tác đê điều năm 2020 | 2020-01-01 | 2020-12-31
vi phạm pháp luật năm 2020 | 2020-01-01 | 2020-12-31
Luật nào được thông qua năm 2020? | 2020-01-01 | 2020-12-31
What happened in January 2021? | 2021-01-01 | 2021-01-31
in Jan 2021 | 2021-01-01 | 2021-01-31
January of 2021 | 2021-01-01 | 2021-01-31
on 5 January 2021 | 2021-01-05 | 2021-01-05
the 5th of January, 2021 | 2021-01-05 | 2021-01-05
January 5 | 2026-01-05 | 2026-01-05
on January 5th, 2021 | 2021-01-05 | 2021-01-05
January 5-7, 2021 | 2021-01-05 | 2021-01-07
who attended on 5/1/2021 | 2021-01-05 | 2021-01-05
budget in 2020 | 2020-01-01 | 2020-12-31
between January 3 and January 9, 2021 | 2021-01-03 | 2021-01-09
between 1/1 and 5/1/2021 | 2021-01-01 | 2021-01-05
from January to March 2021 | 2021-01-01 | 2021-03-31
from 2018 to 2020 | 2018-01-01 | 2020-12-31
since May | 2026-05-01 | ..
floods since May 2020 | 2020-05-01 | ..
since 2019 | 2019-01-01 | ..
before 5 January 2021 | .. | 2021-01-04
after March 2020 | 2020-04-01 | ..
early March 2021 | 2021-03-01 | 2021-03-10
in late 2020 | 2020-09-01 | 2020-12-31
at the end of 2020 | 2020-09-01 | 2020-12-31
in the first half of 2020 | 2020-01-01 | 2020-06-30
on Jan. 5, 2021 | 2021-01-05 | 2021-01-05
from 5 to 7 May 2020 | 2020-05-05 | 2020-05-07
summer 2019 | 2019-05-01 | 2019-08-31
in March last year | 2025-03-01 | 2025-03-31
Q1 2021 | 2021-01-01 | 2021-03-31
"""

RELATIVE = """
Giá vàng hôm nay bao nhiêu? | 2026-11-25 | 2026-11-25
sáng nay ai họp | 2026-11-25 | 2026-11-25
Hôm qua có bao nhiêu ca? | 2026-11-24 | 2026-11-24
đêm qua cháy ở đâu | 2026-11-24 | 2026-11-24
tối hôm qua | 2026-11-24 | 2026-11-24
hom qua chay o dau | 2026-11-24 | 2026-11-24
hôm kia | 2026-11-23 | 2026-11-23
tuần này | 2026-11-23 | 2026-11-25
tuần trước | 2026-11-16 | 2026-11-22
tuần vừa rồi | 2026-11-16 | 2026-11-22
tuan truoc ai hop | 2026-11-16 | 2026-11-22
tuần qua | 2026-11-18 | 2026-11-25
tháng này | 2026-11-01 | 2026-11-25
tháng trước | 2026-10-01 | 2026-10-31
cuối tháng trước | 2026-10-21 | 2026-10-31
đầu tháng này | 2026-11-01 | 2026-11-10
tháng qua | 2026-10-26 | 2026-11-25
quý này | 2026-10-01 | 2026-11-25
quý trước | 2026-07-01 | 2026-09-30
năm nay | 2026-01-01 | 2026-11-25
năm ngoái | 2025-01-01 | 2025-12-31
nam ngoai | 2025-01-01 | 2025-12-31
đầu năm nay | 2026-01-01 | 2026-04-30
cuối năm ngoái | 2025-09-01 | 2025-12-31
6 tháng đầu năm nay | 2026-01-01 | 2026-06-30
từ đầu năm đến nay | 2026-01-01 | 2026-11-25
từ đầu tháng | 2026-11-01 | 2026-11-25
3 ngày qua | 2026-11-22 | 2026-11-25
ba ngày gần đây | 2026-11-22 | 2026-11-25
trong 24 giờ qua | 2026-11-24 | 2026-11-25
2 tuần qua | 2026-11-11 | 2026-11-25
giá lúa 2 tuần nay | 2026-11-11 | 2026-11-25
3 thang nay | 2026-08-27 | 2026-11-25
hai năm nay | 2024-11-25 | 2026-11-25
tuyển sinh lớp 6 năm nay | 2026-01-01 | 2026-11-25
top 10 nam nay | 2026-01-01 | 2026-11-25
giá lúa hnay | 2026-11-25 | 2026-11-25
hum qua có gì | 2026-11-24 | 2026-11-24
giá lúa tuần trc | 2026-11-16 | 2026-11-22
năm năm qua | 2021-11-26 | 2026-11-25
mấy ngày qua | 2026-11-18 | 2026-11-25
3 ngày trước | 2026-11-22 | 2026-11-22
hai tuần trước | 2026-11-09 | 2026-11-15
5 năm trước | 2021-01-01 | 2021-12-31
ngày 5 tháng trước | 2026-10-05 | 2026-10-05
hôm thứ Hai | 2026-11-23 | 2026-11-23
thứ sáu tuần trước | 2026-11-20 | 2026-11-20
thứ hai tuần này | 2026-11-23 | 2026-11-23
chủ nhật vừa qua | 2026-11-22 | 2026-11-22
cuối tuần qua | 2026-11-21 | 2026-11-22
yesterday | 2026-11-24 | 2026-11-24
the day before yesterday | 2026-11-23 | 2026-11-23
What happened last night? | 2026-11-24 | 2026-11-24
who died last week | 2026-11-16 | 2026-11-22
this week | 2026-11-23 | 2026-11-25
last month | 2026-10-01 | 2026-10-31
early last month | 2026-10-01 | 2026-10-10
this year | 2026-01-01 | 2026-11-25
last year | 2025-01-01 | 2025-12-31
past 3 days | 2026-11-22 | 2026-11-25
in the last two weeks | 2026-11-11 | 2026-11-25
the past week | 2026-11-18 | 2026-11-25
three days ago | 2026-11-22 | 2026-11-22
2 years ago | 2024-01-01 | 2024-12-31
last Monday | 2026-11-23 | 2026-11-23
on Wednesday | 2026-11-25 | 2026-11-25
last Wednesday | 2026-11-18 | 2026-11-18
last weekend | 2026-11-21 | 2026-11-22
so far this year | 2026-01-01 | 2026-11-25
"""

NO_TIME = """
Ai dự hội nghị?

trực 24/7
thắng 2-1
đội nào thắng 3-1
tỷ số 5-1
Covid-19 có bao nhiêu ca
nhiệm kỳ 2016-2021
giai đoạn 2016 - 2020
điều 5/2
nghị định 10/2020
thông tư 08/2022 quy định gì
thong tu so 8/2022
khóa 14
điều 5/2
Nghị định 5/2021/NĐ-CP
Thông tư số 05/2021/TT-BTC
Luật Đất đai năm 2013
Bộ luật Hình sự năm 2015
cháy ở đường 3 tháng 2
đường 30/4 dài bao nhiêu
Cách mạng tháng Tám
bao nhiêu phần trăm, 1/2 hay 1/3
từ 1/2 đến 2/3 dân số
năm người chết
5 năm
3 tháng 2 người
tháng hai lần
lần thứ hai
người thứ 2
thứ năm là ai
ngày thứ hai của hội nghị
sinh năm 1990
sinh ngày 5/1/1990
mùng 5 tháng Giêng
rằm tháng Giêng
mục tiêu đến năm 2030
tầm nhìn 2045
quy hoạch năm 2050
tuần sau
ngày mai
thứ hai tuần tới
tuần trước đó
những năm qua
nhiều năm qua
sáng qua đời
Việt Nam 2020
viet nam 2020
dan so Quang Nam 2020
ngày 31/2
ngày 45/1
tháng 13
tháng 13/2021
quý 5
quý khách
năm 1930 ai thành lập Đảng
phim 2012
World Cup 2022
2020 người
in 2020 cases
mấy tháng nay giá lúa
họp 2 giờ trước
nhiều năm nay
may mắn
may 5 bộ quần áo
how many may attend
march to the sea
second in command
ahead of the 2019 census
the last year of the war
on 3 occasions
at 5.30 in the afternoon
1.2020
20.11.20
ISO 9001:2015
"""


def rows(table: str) -> list[tuple[str, str, str]]:
    parts = (line.split(" | ") for line in table.strip().splitlines())
    return [(question, first, last) for question, first, last in parts]


def days(period: Period | None) -> tuple[str, str]:
    assert period is not None
    first, last = (day.isoformat() if day else ".." for day in (period.first, period.last))
    return first, last


def read(question: str) -> DateRequest:
    asked = parse_date_request(question, TODAY)
    assert asked is not None
    return asked


@pytest.mark.parametrize(("question", "first", "last"), rows(DATED))
def test_a_date_in_a_question_is_read(question: str, first: str, last: str) -> None:
    asked = read(question)
    assert days(asked.period) == (first, last)
    assert not asked.is_relative


@pytest.mark.parametrize(("question", "first", "last"), rows(RELATIVE))
def test_days_told_from_today_are_read(question: str, first: str, last: str) -> None:
    asked = read(question)
    assert days(asked.period) == (first, last)
    assert asked.is_relative


@pytest.mark.parametrize("question", NO_TIME.splitlines())
def test_what_is_not_surely_a_time_is_left(question: str) -> None:
    assert parse_date_request(question, TODAY) is None


@pytest.mark.parametrize(("question", "first", "last"), rows(DATED + RELATIVE.lstrip()))
def test_marks_case_and_form_change_nothing(question: str, first: str, last: str) -> None:
    for form in (fold(question), question.upper(), unicodedata.normalize("NFD", question)):
        assert days(read(form).period) == (first, last)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Ai dự hội nghị hôm qua ở Huế?", "hôm qua"),
        ("Sáng nay, hôm nay, ai họp?", "Sáng nay hôm nay"),
        ("Ai dự thứ hai tuần trước?", "thứ hai tuần trước"),
        ("who attended on 5 January 2021?", "on 5 January 2021"),
    ],
)
def test_the_stretches_read_are_told(question: str, expected: str) -> None:
    stretches = read(question).spans
    assert " ".join(nfc(question)[start:end] for start, end in stretches) == expected


def test_a_question_is_given_without_its_days() -> None:
    question = "Sáng nay ở Huế, hôm nay, ai họp?"
    assert remove_spans(question, read(question).spans) == "ở Huế, , ai họp?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("tin mới nhất về bão", True),
        ("tin moi nhat", True),
        ("latest news", True),
        ("Hôm nay có gì?", True),
        ("bệnh viện gần nhất", False),
        ("hôm qua có gì", False),
        ("năm 2020", False),
    ],
)
def test_a_wish_for_news_is_told(question: str, expected: bool) -> None:
    asked = parse_date_request(question, TODAY)
    assert (asked is not None and asked.wants_newest) is expected


def test_a_year_that_is_not_said_is_told() -> None:
    assert not read("ngày 5/1").has_year
    assert read("ngày 5/1/2021").has_year
    assert read("hôm qua").has_year


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (PeriodPart.EARLY, ("2021-02-01", "2021-02-09")),
        (PeriodPart.MIDDLE, ("2021-02-10", "2021-02-18")),
        (PeriodPart.LATE, ("2021-02-19", "2021-02-28")),
        (PeriodPart.FIRST_HALF, ("2021-02-01", "2021-02-13")),
        (PeriodPart.LAST_HALF, ("2021-02-14", "2021-02-28")),
    ],
)
def test_the_parts_of_a_month_meet(part: PeriodPart, expected: tuple[str, str]) -> None:
    assert days(Period.of_months(2021, 2, 2).part(part)) == expected


PIECES = st.sampled_from(
    "từ đến ngày tháng năm quý tuần 5/1 2021 31/2 12 0 999 qua trước nay đầu cuối giữa hè thứ hai "
    "January in since last 29/2 - – / , . tu thang nam hôm và between and 3 ago days "
    "ı ſept gıữa giờ gıờ".split()
)


@given(
    st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=80),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_any_text_can_be_read_and_what_is_read_stands_in_it(question: str, today: date) -> None:
    asked = parse_date_request(question, today)
    if asked and asked.period:
        first, last = asked.period.first, asked.period.last
        assert first or last
        assert first is None or first <= today
        assert not (first and last) or first <= last
        assert all(0 <= start < end <= len(nfc(question)) for start, end in asked.spans)


@pytest.mark.parametrize(
    "piece", ["từ ", "1/", "tháng 1 ", "5-", "Luật a ", "ngày 5/1 đến ", "năm"]
)
def test_a_long_question_takes_no_longer_than_a_short_one(piece: str) -> None:
    started = time.process_time()
    parse_date_request(piece * 2_000, TODAY)
    assert time.process_time() - started < 3
