"""Timelines of subjects, from a real store and engine."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import QuestionError
from index.models.period import Period
from index.models.timeline import Timeline
from index.search.overviews import timeline as timelines
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library

TODAY = date(2023, 9, 20)
FIRE, RESCUE = (
    "Rạng sáng 2/9, chợ Mai bốc cháy từ dãy hàng vải.",
    "Trưa 2/9, đội cứu hộ đưa 14 tiểu thương ra khỏi tầng hai chợ Mai an toàn.",
)
REPORTS = (
    f"{FIRE} {RESCUE}",
    f"Lửa đã tắt. {FIRE}",
    "Theo ban quản lý, rạng sáng 2/9, chợ Mai bốc cháy, lửa lan từ dãy hàng vải phía đông.",
)
LATER = "Ngày 4/9, chợ Mai mở lại một phần. Ngày 30/9, chợ Mai sẽ mở lại hoàn toàn."
YEARS = "Chợ Mai xây từ tháng 5/1998. Năm 2010, chợ Mai có 300 sạp hàng."
CHARGES = (
    "Chiều 6/9, công an khởi tố vụ án cháy chợ Mai để điều tra nguyên nhân.",
    "Công an tỉnh chiều 6/9 khởi tố vụ án cháy chợ Mai.",
)
UNDATED = "Chợ Mai là chợ vải lớn nhất vùng với hơn ba trăm sạp hàng san sát."
SAID = "Tiểu thương chợ Mai mong sớm được buôn bán trở lại như trước khi cháy."


def article(number: int, text: str, day: int | None, source: str = "Báo A") -> Article:
    published = datetime(2023, 9, day, 7, tzinfo=VIETNAM) if day else None
    url = f"https://bao.example/{number}"
    return Article(title=f"Tin {number}", text=text, url=url, published=published, source=source)


ARTICLES = (
    *(article(number, text, 2 + number, f"Báo {number}") for number, text in enumerate(REPORTS)),
    article(3, LATER, 5),
    article(4, YEARS, None),
    article(5, SAID, 9, "Báo B"),
    article(6, UNDATED, 4),
    article(7, CHARGES[0], 7, "Báo 1"),
    article(8, f"Khói đã tan. {CHARGES[1]}", 7, "Báo 2"),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "data", ARTICLES) as opened:
        yield opened


def told(library: Library, question: str = "chợ Mai", limit: int = 20, offset: int = 0) -> Timeline:
    timeline = library.timeline(question, limit=limit, offset=offset, today=TODAY)
    assert timeline is not None
    return timeline


def sentences(timeline: Timeline) -> list[str]:
    return [event.quote.text for event in timeline.events]


def test_events_are_in_the_order_of_the_days_that_they_name(library: Library) -> None:
    found = told(library).events

    assert [event.days for event in found if event.is_named] == [
        Period.of_months(1998, 5, 5),
        Period.of_day(date(2023, 9, 2)),
        Period.of_day(date(2023, 9, 2)),
        Period.of_day(date(2023, 9, 4)),
        Period.of_day(date(2023, 9, 6)),
    ]


def test_a_day_has_its_different_facts_once(library: Library) -> None:
    of_day = [
        event for event in told(library).events if event.days == Period.of_day(date(2023, 9, 2))
    ]

    assert {event.quote.text for event in of_day} == {FIRE, RESCUE}
    (fire,) = (event.quote for event in of_day if event.quote.text == FIRE)
    assert len(fire.also_in) == 1


def test_two_wordings_of_a_fact_are_one_event(library: Library) -> None:
    (text,) = (text for text in sentences(told(library)) if "6/9" in text)

    assert text in CHARGES


def test_the_days_that_most_articles_name_take_the_room(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "MOST_EVENTS", 2)

    assert set(sentences(told(library))) == {FIRE, RESCUE}


def test_the_date_is_highlighted_with_the_subject(library: Library) -> None:
    event = next(event for event in told(library).events if event.quote.text == FIRE)

    marked = [event.quote.text[start:end] for start, end in event.quote.highlights]
    assert marked == ["Rạng sáng 2/9", "chợ Mai"]


def test_neither_plans_nor_years_are_events(library: Library) -> None:
    assert not [text for text in sentences(told(library)) if "30/9" in text or "2010" in text]


def test_a_sentence_without_a_day_is_of_the_day_of_publication(library: Library) -> None:
    *_, last = told(library).events

    assert (last.quote.text, last.days.first, last.is_named) == (SAID, date(2023, 9, 9), False)


def test_it_is_none_where_a_sentence_names_that_day(library: Library) -> None:
    assert UNDATED not in sentences(told(library))


def test_days_in_words_limit_events_and_filters_articles(library: Library) -> None:
    of_day = told(library, "chợ Mai ngày 4/9/2023")
    assert of_day.period == Period.of_day(date(2023, 9, 4))
    assert sentences(of_day) == ["Ngày 4/9, chợ Mai mở lại một phần."]

    missed = told(library, "chợ Mai ngày 1/9/2023")
    assert (missed.period, missed.missed) == (None, Period.of_day(date(2023, 9, 1)))
    assert sentences(missed) == sentences(told(library))

    assert sentences(told(library, 'chợ Mai nguồn:"Báo B"')) == [SAID]
    assert sentences(told(library, "chợ Mai từ:8/9/2023")) == [SAID]
    assert sentences(told(library, "chợ Mai tháng 9/2023 từ:8/9/2023")) == [SAID]
    with pytest.raises(QuestionError, match="source"):
        told(library, 'chợ Mai nguồn:"Báo Z"')


def test_pages_follow_each_other(library: Library) -> None:
    whole = sentences(told(library))
    pages = [told(library, limit=2, offset=offset) for offset in range(0, len(whole), 2)]

    assert [text for page in pages for text in sentences(page)] == whole
    assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]


@pytest.mark.parametrize("question", ["", "?!", "vì sao chợ Mai lại cháy", "ai dập lửa"])
def test_what_is_no_subject_has_no_timeline(library: Library, question: str) -> None:
    assert library.timeline(question, today=TODAY) is None
