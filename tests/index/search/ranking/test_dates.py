"""Questions that name days, put to a library. Today is 25 November 2026, a Wednesday."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest

from index import Answer, Article, Certainty, Library, QuestionError
from index.models.period import Period
from index.search.query.filters import FilterError

TODAY = date(2026, 11, 25)
VIETNAM = timezone(timedelta(hours=7))


def article(name: str, published: str | None, text: str, source: str = "Báo Thử") -> Article:
    moment = datetime.fromisoformat(published).replace(tzinfo=VIETNAM) if published else None
    return Article(id=name, title=f"Tin {name}", text=text, published=moment, source=source)


ARTICLES = (
    article("cu", "2026-03-02T08:00", "Cháy lớn ở chợ Đầm Sen, 30 gian hàng bị thiêu rụi."),
    article("moi", "2026-11-24T19:30", "Cháy ở chợ Bình Tây, 12 gian hàng bị thiêu rụi."),
    article("tuan", "2026-11-18T07:00", "Cháy ở chợ Tân Định, 8 gian hàng bị thiêu rụi.", "Báo B"),
    article("hop-1", "2021-01-06T08:00", "Sáng 5/1, dự hội nghị đê điều có ông Trần Văn Khải."),
    article("hop-2", "2020-06-03T08:00", "Sáng 2/6, dự hội nghị đê điều có bà Lê Thị Mận."),
    article("hop-3", "2022-05-03T08:00", "Chiều 2/5, dự hội nghị đê điều có ông Đỗ Văn Sáu."),
    article("tong-ket", "2021-02-01T08:00", "Năm 2020, tỉnh Hà Trung nạo vét 315 km kênh."),
    article("ke-hoach", "2022-02-01T08:00", "Năm 2022, tỉnh Hà Trung nạo vét 280 km kênh."),
    article("khong-ngay", None, "Bảo tàng Hải Vân trưng bày 40 chiếc trống đồng."),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("data")) as opened:
        opened.ingest(ARTICLES)
        yield opened


def names(answer: Answer) -> list[str]:
    return [quote.article.id for quote in answer.quotes]


@pytest.mark.parametrize(
    ("question", "expected", "days"),
    [
        ("Hôm qua cháy chợ thiêu rụi mấy gian hàng?", "moi", ("2026-11-24", "2026-11-24")),
        ("hom qua chay cho thieu rui may gian hang", "moi", ("2026-11-24", "2026-11-24")),
        ("Tuần trước cháy chợ thiêu rụi mấy gian hàng?", "tuan", ("2026-11-16", "2026-11-22")),
        ("Năm nay cháy chợ Bình Tây mấy gian hàng?", "moi", ("2026-01-01", "2026-11-25")),
    ],
)
def test_days_told_from_today_are_days_of_publication(
    library: Library, question: str, expected: str, days: tuple[str, str]
) -> None:
    answer = library.ask(question, today=TODAY)
    first, last = map(date.fromisoformat, days)
    assert answer.confident
    assert answer.period == Period(first, last)
    assert answer.missed is None
    assert names(answer)[0] == expected
    assert all(answer.period.published(quote.article.published) for quote in answer.quotes)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hôm kia cháy chợ Đầm Sen thiêu rụi mấy gian hàng?", "cu"),
        ("Tháng này bảo tàng Hải Vân trưng bày gì?", "khong-ngay"),
    ],
)
def test_if_nothing_of_the_days_answers_all_articles_are_asked_and_it_is_told(
    library: Library, question: str, expected: str
) -> None:
    answer = library.ask(question, today=TODAY)
    assert answer.confident
    assert names(answer)[0] == expected
    assert answer.period is None
    assert answer.missed is not None


def test_what_may_answer_of_the_days_is_kept_if_no_article_surely_does(library: Library) -> None:
    answer = library.ask("yesterday how many people died in the market fire?", today=TODAY)
    assert answer.certainty is Certainty.MAYBE
    assert answer.period == Period(date(2026, 11, 24), date(2026, 11, 24))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Ai dự hội nghị đê điều ngày 5/1/2021?", "hop-1"),
        ("Ai dự hội nghị đê điều tháng 6/2020?", "hop-2"),
        ("Ai dự hội nghị đê điều năm 2022?", "hop-3"),
        ("Who attended the dike conference in January 2021?", "hop-1"),
        ("ai du hoi nghi de dieu truoc thang 1 nam 2021", "hop-2"),
        ("Năm 2020 tỉnh Hà Trung nạo vét bao nhiêu km kênh?", "tong-ket"),
        ("Năm 2022 tỉnh Hà Trung nạo vét bao nhiêu km kênh?", "ke-hoach"),
    ],
)
def test_a_date_favours_what_was_published_then_or_speaks_of_it(
    library: Library, question: str, expected: str
) -> None:
    answer = library.ask(question, today=TODAY)
    assert answer.confident
    assert names(answer)[0] == expected
    assert answer.period is not None
    assert answer.missed is None


def test_a_day_without_a_year_is_favoured_in_any_year_but_no_year_is_claimed(
    library: Library,
) -> None:
    answer = library.ask("Ai dự hội nghị đê điều ngày 2/5?", today=TODAY)
    assert names(answer)[0] == "hop-3"
    assert (answer.period, answer.missed) == (None, None)
    that_year = library.ask("Ai dự hội nghị đê điều ngày 2/5?", today=date(2022, 9, 1))
    assert that_year.period == Period(date(2022, 5, 2), date(2022, 5, 2))


def test_a_date_leaves_nothing_out(library: Library) -> None:
    question = "Bảo tàng Hải Vân trưng bày bao nhiêu chiếc trống đồng năm 2019?"
    answer = library.ask(question, limit=1, today=TODAY)
    assert names(answer) == ["khong-ngay"]
    assert answer.period is None
    assert answer.missed == Period.of_year(2019)


def test_a_question_without_days_has_none(library: Library) -> None:
    answer = library.ask("Bảo tàng Hải Vân trưng bày gì?", today=TODAY)
    assert (answer.period, answer.missed) == (None, None)


def test_within_articles_that_were_asked_for_days_are_words_as_others(library: Library) -> None:
    old = library.find("cu")
    assert old is not None
    answer = library.ask("Hôm qua cháy chợ nào?", scope=[old.number], today=TODAY)
    assert names(answer)[0] == "cu"
    assert (answer.period, answer.missed) == (None, None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("cháy chợ since:2026-11-20", {"moi"}),
        ("until:31/10/2026 cháy chợ", {"cu"}),
        ("since:1/11/2026 cháy chợ until:20/11/2026", {"tuan"}),
        ('cháy chợ nguồn:"báo b"', {"tuan"}),
        ("cháy chợ source:“bao b” source:“Báo Thử” since:2026", {"cu", "moi", "tuan"}),
    ],
)
def test_typed_filters_hold(library: Library, question: str, expected: set[str]) -> None:
    answer = library.ask(question, limit=20, today=TODAY)
    assert set(names(answer)) == expected
    assert answer.question == question


def test_typed_filters_narrow_given_ones_and_come_before_days_in_words(library: Library) -> None:
    ask = partial(library.ask, since=date(2026, 3, 1), until=date(2026, 11, 20), today=TODAY)
    answer = ask("hôm qua cháy chợ since:2026-11-01", limit=9)
    assert set(names(answer)) == {"tuan"}
    assert answer.period == Period(date(2026, 11, 1), date(2026, 11, 20))
    with pytest.raises(FilterError, match="since 2026-12-01 is after until 2026-11-20"):
        ask("cháy chợ since:2026-12-01")
    with pytest.raises(QuestionError, match="asks for source 'Báo B', the option for 'Báo Thử'"):
        library.ask('cháy chợ source:"Báo B"', source="Báo Thử")
    with pytest.raises(FilterError, match="no source is named 'Báo'"):
        library.ask("cháy chợ source:Báo Thử")


def test_a_quote_again_does_not_mark_the_words_of_filters(library: Library) -> None:
    old = library.find("cu")
    assert old is not None
    plain = library.quote(old.number, 1, "chợ nào")
    assert plain is not None
    assert plain.highlights
    assert library.quote(old.number, 1, "chợ nào source:Cháy") == plain


def test_where_news_is_asked_for_the_newest_of_about_equal_answers_is_first(
    tmp_path: Path,
) -> None:
    days = ("2026-10-02", "2026-10-30", None, "2026-10-15")
    same = [
        article(f"gia-{at}", day, f"Giá cà phê ở Đắk Lắk là {at} nghìn đồng một cân.")
        for at, day in enumerate(days, start=90)
    ]
    with Library.open(tmp_path) as library:
        library.ingest(same)
        newest = library.ask("Giá cà phê Đắk Lắk mới nhất?", limit=4, today=TODAY)
        plain = library.ask("Giá cà phê Đắk Lắk?", limit=4, today=TODAY)
    assert names(newest) == ["gia-91", "gia-93", "gia-90", "gia-92"]
    assert names(plain) != names(newest)
    scores = [quote.score for quote in newest.quotes]
    assert scores == sorted(scores, reverse=True)
