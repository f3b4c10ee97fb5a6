"""The same text from a page and from a file is two articles, and one alert."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from index import Article, Library
from index.alerts.announcer import Alert
from index.store.tables import news_keys
from tests.support.alerts import LAN, MINH, claim_deliveries, subscribe
from tests.support.duplicates import AGENCY, ELSEWHERE, PARAGRAPH, PUBLISHED

PAGE = replace(ELSEWHERE, url="https://cuabien.example/cuu-ho", is_fetched=True)
FILE = Article(title=AGENCY.title, text=AGENCY.text, source="Tòa soạn", origin="tin/cuu-ho.txt")
LONGER = replace(FILE, text=AGENCY.text + PARAGRAPH, source="Đài xã", origin="dai/cuu-ho.txt")
OTHER = replace(FILE, text=AGENCY.text.replace("14 ngư dân", "13 ngư dân"), origin="tin/khac.txt")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data") as opened:
        subscribe(opened, '"ngư dân"')
        yield opened


@pytest.mark.parametrize("order", list(permutations([PAGE, FILE, LONGER])))
@pytest.mark.parametrize("together", [True, False])
def test_what_says_the_same_is_told_once_in_whatever_order_it_comes(
    library: Library, order: tuple[Article, ...], together: bool
) -> None:
    for batch in [list(order)] if together else [[each] for each in order]:
        library.ingest(batch, alert=Alert.ALL)

    assert len(claim_deliveries(library)) == 1
    assert library.status().articles == 3


@pytest.mark.parametrize("other", [OTHER, replace(FILE, id="tin-14")], ids=["number", "named"])
def test_what_says_something_else_or_names_itself_is_told_too(
    library: Library, other: Article
) -> None:
    library.ingest([PAGE, other], alert=Alert.ALL)

    assert len(claim_deliveries(library)) == 2


def test_who_was_not_told_of_the_one_is_told_of_the_other(library: Library) -> None:
    subscribe(library, 'source:"Cửa Biển"', MINH)
    library.ingest([FILE], alert=Alert.ALL)
    library.ingest([PAGE], alert=Alert.ALL)

    assert sorted(each.chat for each in claim_deliveries(library)) == [LAN, MINH]


def test_a_text_that_comes_to_say_the_same_while_it_is_news_is_not_told_again(
    library: Library,
) -> None:
    early = replace(FILE, title="Tin mới", text="Tin đang được cập nhật về một tàu cá.")
    library.ingest([PAGE], alert=Alert.ALL)
    library.ingest([early], alert=Alert.ALL)
    library.ingest([FILE], alert=Alert.ALL)

    assert len(claim_deliveries(library)) == 1


def test_the_same_words_some_days_later_are_other_news_and_nothing_is_kept_of_the_first(
    library: Library,
) -> None:
    with time_machine.travel(PUBLISHED, tick=False) as traveller:
        library.ingest([FILE], alert=Alert.ALL)
        traveller.shift(timedelta(days=3, hours=1))
        library.ingest([replace(FILE, published=PUBLISHED, origin="tin/lai.txt")], alert=Alert.ALL)

    assert len(claim_deliveries(library)) == 2
    with library._database.reading() as connection:
        count = select(news_keys.c.article, func.count()).group_by(news_keys.c.article)
        assert [tuple(row) for row in connection.execute(count)] == [(2, 16)]


def test_an_archive_is_not_compared(library: Library) -> None:
    library.ingest([FILE, PAGE], alert=Alert.NONE)

    with library._database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(news_keys)) == 0
