from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Article, Library
from index.alerts import SubscriptionError
from index.alerts.announcer import Alert
from index.alerts.frequency import FrequencyUnit
from index.alerts.matcher import Matcher
from index.articles.analysis import analyse
from tests.support.articles import ARTICLES, VIETNAM
from tests.support.libraries import open_library

SYLLABLES = "bão lũ ma mà má hà nội quảng bình nam giá vàng hội nghị covid 19".split()


def published(days: float) -> datetime:
    return datetime.now(VIETNAM) - timedelta(days=days)


def article(text: str, days: float, source: str | None = None) -> Article:
    return Article(
        id=f"{hash((text, days))}",
        title="Bản tin",
        text=text,
        published=published(days),
        source=source,
    )


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path) as opened:
        yield opened


def test_the_articles_of_the_last_thirty_days_are_counted(library: Library) -> None:
    library.ingest(
        [
            article("Bão số 1 vào Quảng Bình.", 1),
            article("Bão số 2 vào Quảng Nam.", 5),
            article("Bão số 3 vào Quảng Bình.", 29),
            article("Bão số 4 vào Quảng Bình.", 31),
            article("Bóng đá ở Hà Nội.", 60),
        ]
    )

    expected = library.alert_queries.expect(library.alert_queries.read("bão quảng bình"))

    assert expected.count == 2
    assert expected.frequency.pace is FrequencyUnit.RARELY
    assert expected.latest is not None
    newest = library.article(expected.latest)
    assert newest is not None
    assert "số 1" in newest.text


def test_a_young_collection_is_not_taken_for_thirty_days(library: Library) -> None:
    library.ingest([article(f"Bão số {n} tới.", n / 4) for n in range(1, 9)])

    expected = library.alert_queries.expect(library.alert_queries.read("bão"))

    assert (expected.count, expected.frequency.pace) == (8, FrequencyUnit.DAILY)
    assert expected.frequency.count == 4


def test_an_empty_collection_promises_nothing(library: Library) -> None:
    expected = library.alert_queries.expect(library.alert_queries.read("bão"))
    assert (expected.count, expected.frequency.pace, expected.latest) == (
        0,
        FrequencyUnit.NEVER,
        None,
    )


def test_sources_and_titles_count(library: Library) -> None:
    library.ingest(
        [
            article("Bão tới.", 1, source="Báo Sông Thương"),
            article("Bão tan.", 2, source="Báo Gió Đông"),
        ]
    )

    def count(text: str) -> int:
        return library.alert_queries.expect(library.alert_queries.read(text)).count

    assert count('source:"sông thương"') == 1
    assert count("bão -source:đông") == 1
    assert count('title:"bản tin"') == 2
    assert count("title:bão") == 0


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, list[tuple[str, ...]]]:
    """A library of all pairs and triples of some syllables, and the terms of its articles."""
    opened = Library.open(tmp_path_factory.mktemp("many"))
    texts = [
        f"{first} {second} {third}. {second.title()} {first}"
        for number, first in enumerate(SYLLABLES)
        for second in SYLLABLES[number % 3 :: 3]
        for third in SYLLABLES[number % 5 :: 5]
    ]
    opened.ingest(
        [
            Article(id=str(n), title=text.split(".")[0], text=text, published=published(2))
            for n, text in enumerate(texts)
        ],
        alert=Alert.NONE,
    )
    stored = (opened.article(number) for number in range(1, len(texts) + 1))
    return opened, [analyse(each, opened._analyser).terms for each in stored if each]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "-", "title:"]),
            st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_expected_is_what_the_matcher_would_have_matched(
    many: tuple[Library, list[tuple[str, ...]]], parts: list[tuple[str, list[str]]]
) -> None:
    library, articles = many
    text = " ".join(f'{sign}"{" ".join(words)}"' for sign, words in parts)
    try:
        wish = library.alert_queries.read(text)
    except SubscriptionError:
        return
    matcher = Matcher()
    matcher.add(1, wish)
    matched = sum(bool(matcher.match(terms)) for terms in articles)

    assert library.alert_queries.expect(wish).count == matched


def test_the_sample_articles_are_found_by_their_own_words(tmp_path: Path) -> None:
    with Library.open(tmp_path) as opened:
        lately = [
            Article(id=each.id, title=each.title, text=each.text, published=published(3))
            for each in ARTICLES
        ]
        opened.ingest(lately)
        for words in ("thủy lợi", "thuy loi", "lũ quét", '"lê lợi"'):
            assert opened.alert_queries.expect(opened.alert_queries.read(words)).count == 1, words
