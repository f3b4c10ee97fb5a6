"""The searches that a question's filters and dates become. Today is 25 November 2026."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from index import Article, Library, QuestionError
from index.models.period import Period
from index.search.pipeline import LONGEST_QUESTION, AskOptions, Search, plan_searches
from index.search.query.filters import find_sources
from tests.support.libraries import open_library

TODAY = date(2026, 11, 25)
YESTERDAY = Period(date(2026, 11, 24), date(2026, 11, 24))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    papers = (
        Article(id=f"{number}", title="Tin", text="Cháy chợ.", source=source)
        for number, source in enumerate(("Báo A", "Báo B"))
    )
    with open_library(tmp_path_factory.mktemp("papers"), tuple(papers)) as opened:
        yield opened


def planned(library: Library, question: str, **options: Any) -> list[Search]:
    asked = AskOptions(today=TODAY, **options)
    return plan_searches(question, asked, library.search_context.sources)


def test_a_question_without_dates_is_one_search_of_everything(library: Library) -> None:
    assert planned(library, "cháy chợ nào?") == [Search("cháy chợ nào?")]


def test_of_a_question_as_long_as_a_book_the_first_characters_count(library: Library) -> None:
    question = "cháy chợ nào? ".ljust(LONGEST_QUESTION, "ạ")
    assert planned(library, question + " hôm qua source:“Báo C”" * 10) == [Search(question)]


def test_days_told_from_today_are_searched_first_and_then_everything(library: Library) -> None:
    first, then = planned(library, "Hôm qua cháy chợ nào?")
    assert (first.text, first.period) == ("cháy chợ nào?", YESTERDAY)
    assert first.wanted.since is not None
    assert (then.text, then.unmatched) == ("Hôm qua cháy chợ nào?", YESTERDAY)
    assert then.wanted.since is None


def test_a_date_is_boosted_in_one_search_of_everything(library: Library) -> None:
    (only,) = planned(library, "Tháng 1/2021 cháy chợ nào?")
    assert only.dates is not None
    assert only.dates.period == Period(date(2021, 1, 1), date(2021, 1, 31))
    assert only.wanted.since is None


def test_within_articles_that_were_asked_for_a_date_is_words(library: Library) -> None:
    question = "Hôm qua cháy chợ nào?"
    assert planned(library, question, scope=(1,)) == [Search(question, scope=(1,))]


def test_filters_go_before_dates_in_words(library: Library) -> None:
    (only,) = planned(library, "Hôm qua cháy chợ nào? since:2021-01-05", until=TODAY)
    assert only.period == Period(date(2021, 1, 5), TODAY)
    assert only.text.startswith("Hôm qua")


def test_a_source_is_found_by_its_name_and_another_one_contradicts_it(library: Library) -> None:
    sources = library.search_context.sources
    assert find_sources("bao a", sources) == ("Báo A",)
    assert find_sources(None, sources) == ()
    with pytest.raises(QuestionError):
        find_sources("Báo C", sources)
    with pytest.raises(QuestionError):
        planned(library, 'cháy chợ nào? source:"Báo A"', source="Báo B")
