"""The same text at several addresses is one article with several sources."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from index import Article, Library
from index.alerts.announcer import Alert
from index.articles.analysis import Analysis, analyse
from index.articles.identity import digest
from index.language.analyser import VERSION, Analyser
from index.store import Articles, Database
from index.store.tables import duplicate_keys
from tests.support.alerts import claim_deliveries, subscribe
from tests.support.articles import FLOOD
from tests.support.duplicates import AGENCY, ELSEWHERE, PARAGRAPH
from tests.support.libraries import empty_database

ANALYSER = Analyser()
HERE, THERE, ELSE = (
    f"https://{host}.example/cuu-ho" for host in ("songthuong", "cuabien", "doiche")
)
FIRST = replace(AGENCY, url=HERE, is_fetched=True)
SECOND = replace(ELSEWHERE, url=THERE, is_fetched=True)
THIRD = replace(SECOND, url=ELSE, source="Báo Đồi Chè", text=AGENCY.text + PARAGRAPH)
CORRECTED = AGENCY.text.replace("14 ngư dân", "13 ngư dân")
ADDED, UPDATED, UNCHANGED = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def put(articles: Articles, *batch: Article) -> tuple[int, int, int]:
    unseen = articles.new_or_changed(batch)
    result = articles.upsert(batch, {digest(each): analyse(each, ANALYSER) for each in unseen})
    assert result.missed == []
    return result.added, result.updated, result.unchanged


def test_a_copy_is_a_further_place_of_the_article_that_came_first(articles: Articles) -> None:
    assert put(articles, FIRST) == ADDED
    assert put(articles, SECOND) == put(articles, THIRD) == UNCHANGED
    kept = articles.find(HERE)
    assert kept is not None
    assert articles.find(THERE) == articles.find(ELSE) == kept
    assert (kept.url, kept.source, kept.text) == (HERE, AGENCY.source, AGENCY.text)
    assert kept.also == ("Báo Cửa Biển", "Báo Đồi Chè")
    ((changed,),) = articles.changed_since(0)
    assert changed.sources == (AGENCY.source, *kept.also)


def test_copies_in_one_batch_are_found_too(articles: Articles) -> None:
    assert put(articles, FIRST, SECOND, THIRD) == (1, 0, 2)
    assert articles.count() == 1


def test_the_same_copy_again_is_not_even_analysed(articles: Articles) -> None:
    put(articles, FIRST, SECOND)
    revision = articles.revision()
    assert articles.new_or_changed([SECOND]) == []
    assert put(articles, SECOND) == UNCHANGED
    assert articles.revision() == revision


@pytest.mark.parametrize(
    "other",
    [
        replace(SECOND, is_fetched=False),
        replace(SECOND, id="cua-bien-1"),
        replace(SECOND, url=None, is_fetched=False, origin="cuu-ho.txt"),
        replace(SECOND, text=CORRECTED),
    ],
)
def test_what_says_itself_which_article_it_is_is_one_of_its_own(
    articles: Articles, other: Article
) -> None:
    assert put(articles, FIRST, other) == (2, 0, 0)
    assert put(articles, other, FIRST) == (0, 0, 2)


def test_a_text_is_not_taken_for_a_copy_of_a_record(articles: Articles) -> None:
    assert put(articles, replace(FIRST, is_fetched=False), SECOND) == (2, 0, 0)


def test_a_fetched_article_that_is_given_as_a_record_has_no_copies_from_then_on(
    articles: Articles,
) -> None:
    put(articles, FIRST)
    put(articles, replace(FIRST, is_fetched=False, author="Lê Vân"))
    assert put(articles, SECOND) == ADDED


def test_so_it_is_within_one_batch(articles: Articles) -> None:
    put(articles, FIRST)
    record = replace(FIRST, is_fetched=False, author="Lê Vân")
    assert put(articles, record, SECOND) == (1, 1, 0)


def test_a_change_at_the_first_address_changes_the_article(articles: Articles) -> None:
    put(articles, FIRST, SECOND)
    assert put(articles, replace(FIRST, text=CORRECTED)) == UPDATED
    kept = articles.find(THERE)
    assert kept is not None
    assert kept.text == CORRECTED
    assert put(articles, SECOND) == UNCHANGED
    assert put(articles, THIRD) == ADDED


def test_a_change_at_a_further_address_changes_nothing_while_it_is_a_copy(
    articles: Articles,
) -> None:
    put(articles, FIRST, SECOND)
    longer = replace(SECOND, text=SECOND.text + PARAGRAPH, source="Báo khác")
    assert put(articles, longer) == UNCHANGED
    assert articles.new_or_changed([longer]) == []
    kept = articles.find(THERE)
    assert kept is not None
    assert (kept.text, kept.also) == (AGENCY.text, ("Báo Cửa Biển",))


def test_a_place_whose_text_is_no_copy_any_more_becomes_an_article(articles: Articles) -> None:
    put(articles, FIRST, SECOND)
    assert put(articles, replace(SECOND, text=CORRECTED)) == ADDED
    first, second = articles.find(HERE), articles.find(THERE)
    assert first is not None
    assert second is not None
    assert (first.text, first.also) == (AGENCY.text, ())
    assert (second.text, second.source) == (CORRECTED, "Báo Cửa Biển")
    assert put(articles, replace(SECOND, text=CORRECTED)) == UNCHANGED
    assert put(articles, SECOND) == UPDATED


def test_a_record_at_the_address_of_a_place_takes_it(articles: Articles) -> None:
    put(articles, FIRST, SECOND)
    assert put(articles, replace(SECOND, is_fetched=False, id="cua-bien-1")) == ADDED
    first, second = articles.find(HERE), articles.find(THERE)
    assert first is not None
    assert second is not None
    assert (first.also, second.id) == ((), "cua-bien-1")


def test_articles_can_be_sought_by_each_of_their_sources(empty: Library) -> None:
    empty.ingest([FIRST, FLOOD])
    empty.ingest([SECOND])
    for name in ("Báo Sông Thương", "báo cửa biển"):
        answer = empty.ask("bao nhiêu ngư dân gặp nạn?", source=name)
        assert "14 ngư dân" in answer.quotes[0].text
        (scope,) = {quote.article.number for quote in answer.quotes}
        assert empty.ask("ngư dân", scope=[scope], source=name).quotes
    assert [article.url for article in empty.latest(5, "Báo Cửa Biển")] == [HERE]
    counts = [(source.name, source.articles) for source in empty.sources()]
    assert counts == [("Báo Sông Thương", 2), ("Báo Cửa Biển", 1)]


def test_an_article_that_lost_a_source_is_not_sought_by_it(empty: Library) -> None:
    empty.ingest([FIRST, SECOND])
    empty.ingest([replace(SECOND, text=CORRECTED)])
    (found,) = {q.article.url for q in empty.ask("ngư dân", source="Báo Cửa Biển").quotes}
    assert found == THERE


def test_a_new_analyser_files_articles_anew(database: Database, articles: Articles) -> None:
    put(articles, FIRST, FLOOD)
    renewed = Articles(database, VERSION + 1)
    for batch in renewed.outdated():
        renewed.renew({each.number: Analysis((), ("", f"bài {each.number} mới")) for each in batch})
    with database.reading() as connection:
        counts = select(duplicate_keys.c.article, func.count()).group_by(duplicate_keys.c.article)
        ((number, count),) = connection.execute(counts)
    assert (number, count) == (1, 16)
    assert put(renewed, SECOND) == ADDED


def test_a_record_in_the_same_batch_takes_a_fetched_article_over(articles: Articles) -> None:
    record = replace(FIRST, is_fetched=False, author="Lê Vân")
    assert put(articles, FIRST, record, SECOND) == (2, 1, 0)


STATES = st.builds(
    lambda base, text, is_fetched: replace(base, text=text, is_fetched=is_fetched),
    st.sampled_from([FIRST, SECOND, THIRD]),
    st.sampled_from([AGENCY.text, AGENCY.text + PARAGRAPH, CORRECTED, FLOOD.text]),
    st.sampled_from([True, True, True, False]),
)


@pytest.mark.slow
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATES, max_size=6))
def test_a_batch_comes_to_the_same_as_its_articles_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, batch: list[Article]
) -> None:
    whole, single = (Database(empty_database(tmp_path_factory.mktemp("db"))) for _ in range(2))
    total = put(Articles(whole, VERSION), *batch)
    each = [put(Articles(single, VERSION), article) for article in batch]
    assert total == tuple(map(sum, zip((0, 0, 0), *each, strict=True)))
    for url in (HERE, THERE, ELSE):
        one, other = (Articles(database, VERSION).find(url) for database in (whole, single))
        if one is None or other is None:
            assert one == other
        else:
            assert (one.url, one.text, one.also) == (other.url, other.text, other.also)
    whole.close()
    single.close()


def owed(library: Library) -> list[int]:
    """The chats that are owed something, one for each delivery."""
    return sorted(each.chat for each in claim_deliveries(library))


def test_of_a_copy_nobody_is_alerted_again(empty: Library) -> None:
    subscribe(empty, "ngư dân", 7)
    empty.ingest([FIRST, SECOND], alert=Alert.ALL)
    empty.ingest([THIRD], alert=Alert.ALL)
    assert owed(empty) == [7]


def test_who_asked_for_the_second_source_is_alerted_when_it_has_the_article(
    empty: Library,
) -> None:
    subscribe(empty, "ngư dân", 7)
    subscribe(empty, 'source:"Cửa Biển"', 8)
    empty.ingest([FIRST], alert=Alert.ALL)
    assert owed(empty) == [7]
    empty.ingest([SECOND], alert=Alert.ALL)
    assert owed(empty) == [7, 8]


def test_of_a_copy_that_parts_from_its_article_nobody_is_alerted(empty: Library) -> None:
    subscribe(empty, "ngư dân", 7)
    empty.ingest([FIRST, SECOND], alert=Alert.ALL)
    report = empty.ingest([replace(SECOND, text=CORRECTED)], alert=Alert.ALL)
    assert report.added == 1
    assert owed(empty) == [7]


class TestRemoval:
    """What is removed at its source stays, marked."""

    def test_a_removed_article_can_still_be_asked(self, empty: Library) -> None:
        empty.ingest([FIRST])
        assert empty.mark_removed(1, HERE)
        assert not empty.mark_removed(1, HERE)
        (quote, *_) = empty.ask("bao nhiêu ngư dân gặp nạn?").quotes
        assert quote.article.removed is not None

    @pytest.mark.parametrize("text", [AGENCY.text, CORRECTED])
    def test_it_is_there_again_when_its_text_is_seen_again(self, empty: Library, text: str) -> None:
        empty.ingest([FIRST])
        empty.mark_removed(1, HERE)
        empty.ingest([replace(FIRST, text=text)])
        kept = empty.find(HERE)
        assert kept is not None
        assert kept.removed is None

    def test_what_is_gone_from_a_further_place_is_there_still(self, empty: Library) -> None:
        empty.ingest([FIRST, SECOND])
        assert not empty.mark_removed(1, THERE)
        kept = empty.find(HERE)
        assert kept is not None
        assert (kept.removed, kept.also) == (None, ())
        assert empty.find(THERE) is None

    def test_of_an_address_that_is_not_known_it_is_not_said_which_place_is_gone(
        self, empty: Library
    ) -> None:
        empty.ingest([FIRST])
        empty.ingest([replace(FLOOD, is_fetched=True), SECOND])
        assert not empty.mark_removed(1, "https://songthuong.example/cu")
        assert empty.mark_removed(2, "https://songthuong.example/cu")

    def test_what_is_not_known_cannot_be_removed(self, empty: Library) -> None:
        assert not empty.mark_removed(99, HERE)
