"""Counts of articles on subjects, from a real store and engine."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from index import Article, Library
from index.errors import QuestionError
from index.models.counts import ArticleCounts
from index.models.period import Period
from index.search.overviews import counts as counting
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library

TODAY = date(2023, 9, 20)
FLOOD = "Bão lũ làm sập cầu tạm ở bản {number}."


def article(
    number: int, published: datetime | None, source: str, text: str = FLOOD, title: str = "Tin"
) -> Article:
    url = f"https://bao.example/{number}"
    written = text.format(number=number) + f" Tổ công tác {number} đã đến bản {number * 7}."
    return Article(
        title=f"{title} {number}", text=written, url=url, published=published, source=source
    )


def at(day: int, hour: int = 9, month: int = 9) -> datetime:
    return datetime(2023, month, day, hour, tzinfo=VIETNAM)


ARTICLES = (
    article(1, at(20), "Báo A"),
    article(2, at(19, 23), "Báo A"),
    article(3, at(19, 0), "Báo B"),
    article(4, at(22, month=8), "Báo B"),
    article(5, at(21, month=8), "Báo B"),
    article(6, None, "Báo A"),
    article(7, at(18), "Báo C", "Cầu mới thông xe.", title="Bão lũ qua, cầu mới"),
    article(8, at(18), "Báo C", "Bão đi qua. Lũ chưa về."),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path / "data", ARTICLES) as opened:
        yield opened


def counted(library: Library, question: str = "bão lũ") -> ArticleCounts:
    counts = library.count(question, today=TODAY)
    assert counts is not None
    return counts


def test_articles_of_the_last_thirty_days_are_counted_by_day(library: Library) -> None:
    counts = counted(library)

    assert counts.period == Period(date(2023, 8, 22), TODAY)
    assert len(counts.days) == 30
    assert [counts.days[0], *counts.days[-3:]] == [1, 1, 2, 1]
    assert counts.total == 5


def test_sources_are_counted_most_first(library: Library) -> None:
    assert counted(library).sources == [("Báo A", 2), ("Báo B", 2), ("Báo C", 1)]


def test_days_and_sources_that_are_named_are_kept_to(library: Library) -> None:
    assert counted(library, "bao nhiêu bài về bão lũ tháng 8/2023").total == 2
    assert counted(library, "bão lũ từ:20/9/2023").days == [1]
    assert counted(library, "bão lũ đến:21/8/2023").period.last == date(2023, 8, 21)
    assert counted(library, 'bão lũ nguồn:"Báo B"').total == 2
    assert counted(library, "bão lũ đến:1/1/0001").period == Period.of_day(date.min)
    with pytest.raises(QuestionError, match="source"):
        counted(library, 'bão lũ nguồn:"Báo Z"')


def test_marks_and_order_need_not_be_typed(library: Library) -> None:
    assert counted(library, "bao lu").total == 5
    assert counted(library, "cầu tạm sập").total == 4


def test_nothing_is_counted_as_nothing(library: Library) -> None:
    counts = counted(library, "động đất")

    assert (counts.total, counts.sources) == (0, [])
    assert library.count("vì sao bão lũ lại đến", today=TODAY) is None


def test_too_many_are_said_to_be_incomplete(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counted(library).is_complete
    monkeypatch.setattr(counting, "MOST_SENTENCES", 3)
    counts = counted(library)

    assert (counts.total, counts.is_complete) == (3, False)
