"""Articles and chats in a real database."""

import sqlite3
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from index import Article, StorageError, StoredArticle
from index.articles.analysis import analyse
from index.articles.identity import digest, url_key
from index.language.analyser import VERSION, Analyser
from index.store import Articles, Chats, Database, SourceNames, Subscriptions, UpsertResult
from index.store.articles import ChangedArticle
from index.store.database import sqlite_address
from index.store.tables import chats as chats_table
from tests.support.articles import ARTICLES, CONFERENCE, FLOOD, FOOTBALL
from tests.support.libraries import empty_database

ANALYSER = Analyser()
NOTE = Article(title="Ghi chép", text="Một dòng ghi chép.", origin="notes/a.txt")


def put(articles: Articles, *batch: Article) -> UpsertResult:
    unseen = articles.new_or_changed(batch)
    analysed = {digest(article): analyse(article, ANALYSER) for article in unseen}
    return articles.upsert(batch, analysed)


def counts(result: UpsertResult) -> tuple[int, int, int]:
    return result.added, result.updated, result.unchanged


def found(articles: Articles, reference: str) -> StoredArticle:
    article = articles.find(reference)
    assert article is not None
    return article


def test_an_article_comes_back_as_it_was_stored(articles: Articles) -> None:
    put(articles, CONFERENCE)
    stored = found(articles, "hoi-nghi")
    assert (stored.title, stored.text) == (CONFERENCE.title, CONFERENCE.text)
    assert stored.published is not None
    assert CONFERENCE.published is not None
    assert stored.published.isoformat() == CONFERENCE.published.isoformat()


def test_the_same_articles_again_change_nothing(articles: Articles) -> None:
    assert counts(put(articles, *ARTICLES)) == (3, 0, 0)
    revision = articles.revision()
    assert counts(put(articles, *ARTICLES)) == (0, 0, 3)
    assert articles.revision() == revision


def test_a_changed_text_updates_the_article_with_its_url(articles: Articles) -> None:
    put(articles, FLOOD)
    corrected = replace(FLOOD, id=None, text=FLOOD.text + "\nĐính chính: 118 hộ dân.")
    assert counts(put(articles, corrected)) == (0, 1, 0)
    stored = articles.find("lu-quet")
    assert stored is not None
    assert "118" in stored.text


def test_a_record_without_url_is_known_by_its_id(articles: Articles) -> None:
    put(articles, FOOTBALL)
    assert counts(put(articles, replace(FOOTBALL, text="Trận đấu hoãn."))) == (0, 1, 0)


def test_a_bare_text_is_known_by_its_content_and_then_by_its_file(articles: Articles) -> None:
    put(articles, NOTE)
    assert counts(put(articles, replace(NOTE, origin="notes/b.txt"))) == (0, 0, 1)
    assert counts(put(articles, replace(NOTE, text="Đã sửa."))) == (0, 1, 0)
    assert articles.count() == 1


def test_bare_texts_of_no_file_are_each_an_article(articles: Articles) -> None:
    first, second = (replace(NOTE, text=text, origin=None) for text in ("Một.", "Hai."))
    assert counts(put(articles, first, second)) == (2, 0, 0)


def test_two_sources_may_use_the_same_id(articles: Articles) -> None:
    twin = replace(FLOOD, url="https://khac.example/7", source="Báo Khác")
    assert counts(put(articles, FLOOD, twin)) == (2, 0, 0)
    other = articles.find("https://khac.example/7")
    assert other is not None
    assert other.id != "lu-quet"


def test_an_article_takes_on_the_url_and_id_that_it_is_found_to_have(articles: Articles) -> None:
    named = Article(id="tin-1", title="Tin", text="Một.", source="A")
    put(articles, named)
    assert counts(put(articles, replace(named, url="https://a.example/1"))) == (0, 1, 0)
    assert counts(put(articles, named)) == (0, 0, 1)
    stored = articles.find("https://a.example/1")
    assert stored is not None
    assert (stored.id, stored.url) == ("tin-1", "https://a.example/1")
    linked = Article(url="https://a.example/2", title="Tin", text="Hai.", source="A")
    put(articles, linked)
    assert counts(put(articles, replace(linked, id="tin-2"))) == (0, 1, 0)
    assert articles.find("tin-2") == replace(found(articles, "https://a.example/2"), id="tin-2")


def test_a_moved_article_leaves_its_address_to_another(articles: Articles) -> None:
    first = Article(id="x", url="https://a.example/1", title="X", text="Một.", source="A")
    put(articles, first)
    moved = replace(first, url="https://a.example/3")
    other = Article(id="z", url="https://a.example/1", title="Z", text="Hai.", source="A")
    assert counts(put(articles, moved, other)) == (1, 1, 0)
    urls = [found(articles, name).url for name in ("x", "z")]
    assert sorted(filter(None, urls)) == ["https://a.example/1", "https://a.example/3"]


def test_files_that_rotate_their_texts_are_all_kept(articles: Articles) -> None:
    put(articles, replace(NOTE, origin="a.txt"))
    batch = (replace(NOTE, text="Mới.", origin="a.txt"), replace(NOTE, origin="b.txt"))
    assert counts(put(articles, *batch)) == (1, 1, 0)
    assert {article.text for article in articles.latest(9)} == {"Mới.", NOTE.text}


def test_the_last_state_of_a_batch_wins_even_if_it_is_the_stored_one(articles: Articles) -> None:
    put(articles, FLOOD)
    assert counts(put(articles, replace(FLOOD, text="Mới."), FLOOD)) == (0, 2, 0)
    stored = articles.find("lu-quet")
    assert stored is not None
    assert stored.text == FLOOD.text


def test_what_was_not_analysed_is_handed_back(articles: Articles) -> None:
    result = articles.upsert([FLOOD], {})
    assert (result.missed, articles.count()) == ([FLOOD], 0)


STATES = st.builds(
    Article,
    id=st.sampled_from([None, "a", "b"]),
    url=st.sampled_from([None, "https://x.example/1", "https://x.example/2"]),
    title=st.just("Tin"),
    text=st.sampled_from(["Một.", "Hai.", "Ba."]),
    source=st.sampled_from(["A", "B"]),
    origin=st.sampled_from([None, "a.txt"]),
)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATES, max_size=6))
def test_a_batch_comes_to_the_same_as_its_articles_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, batch: list[Article]
) -> None:
    databases = [Database(empty_database(tmp_path_factory.mktemp("db"))) for _ in range(2)]
    whole, single = (Articles(database, VERSION) for database in databases)
    total = counts(put(whole, *batch))
    each = [counts(put(single, article)) for article in batch]
    assert total == tuple(map(sum, zip((0, 0, 0), *each, strict=True)))
    assert contents(whole) == contents(single)
    for database in databases:
        database.close()


def contents(articles: Articles) -> list[tuple[str | None, ...]]:
    return sorted((a.url or "", a.text, a.source) for a in articles.latest(99))


def test_one_batch_may_hold_an_article_twice(articles: Articles) -> None:
    newer = replace(FLOOD, text="Bản mới.")
    assert counts(put(articles, FLOOD, newer)) == (1, 1, 0)
    stored = articles.find("lu-quet")
    assert stored is not None
    assert stored.text == "Bản mới."


@pytest.mark.parametrize(
    "same",
    [
        "http://songthuong.example/lu-quet",
        "HTTPS://SongThuong.Example/lu-quet#binh-luan",
        " https://songthuong.example/lu-quet ",
    ],
)
def test_spellings_of_one_address_are_one_address(same: str) -> None:
    assert url_key(same) == url_key("https://songthuong.example/lu-quet")


@pytest.mark.parametrize("other", ["lu-quet", "ftp://songthuong.example/lu-quet", "http://[", ""])
def test_what_is_no_web_address_has_no_key(other: str) -> None:
    assert url_key(other) is None


def test_changes_are_given_in_order_and_only_once(articles: Articles) -> None:
    put(articles, *ARTICLES)
    first = [article for batch in articles.changed_since(0, batch=2) for article in batch]
    assert [article.revision for article in first] == [1, 2, 3]
    put(articles, replace(FLOOD, text="Bản mới."))
    changed = [article.number for batch in articles.changed_since(3) for article in batch]
    assert changed == [first[1].number]


def test_a_view_shows_the_articles_as_they_were_whatever_is_written(articles: Articles) -> None:
    put(articles, FLOOD)
    number = found(articles, "lu-quet").number
    with articles.view() as view:
        codes = view.codes([number])
        put(articles, replace(FLOOD, text="Lũ rút."))
        assert view.codes([number]) == codes
        assert view.get([number])[number][0].text == FLOOD.text
    assert articles.get([number])[number][0].text == "Lũ rút."


def test_the_latest_come_first_and_the_undated_last(articles: Articles) -> None:
    put(articles, *ARTICLES)
    assert [article.id for article in articles.latest(5)] == ["lu-quet", "hoi-nghi", "bong-da"]
    assert [article.id for article in articles.latest(5, ["Cổng tin Thể thao"])] == ["bong-da"]


def test_sources_are_counted(articles: Articles, database: Database) -> None:
    put(articles, *ARTICLES)
    found = SourceNames(database).summaries()
    summaries = [(source.name, source.articles) for source in found]
    assert summaries == [("Báo Sông Thương", 2), ("Cổng tin Thể thao", 1)]


class FailingHook:
    def is_news(self, article: Article, now: int) -> bool:
        return True

    def queue(self, connection: Connection, changed: Sequence[ChangedArticle], now: int) -> None:
        raise RuntimeError("alerts cannot be queued")


def test_a_failed_batch_leaves_nothing_behind(articles: Articles) -> None:
    put(articles, CONFERENCE)
    with pytest.raises(RuntimeError, match="queued"):
        articles.upsert([FLOOD], {digest(FLOOD): analyse(FLOOD, ANALYSER)}, FailingHook())
    assert (articles.count(), articles.revision()) == (1, 1)


def test_an_error_of_a_statement_does_not_name_its_values(database: Database) -> None:
    row = {"id": 1, "title": "chuyện riêng"}
    with pytest.raises(StorageError) as caught, database.writing() as connection:
        connection.execute(insert(chats_table).values([row, row]))
    assert "chuyện riêng" not in "".join(traceback.format_exception(caught.value))


def test_a_chat_keeps_its_language(database: Database) -> None:
    chats = Chats(database)
    assert chats.language(7) is None
    chats.set_language(7, "en")
    chats.set_language(7, "vi")
    assert chats.language(7) == "vi"


def test_a_database_of_a_newer_version_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "hoibao.db"
    Database(sqlite_address(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        Database(sqlite_address(path))


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "hoibao.db"
    path.write_bytes(b"this is a note, not a database" * 50)
    with pytest.raises(StorageError, match="not a database"):
        Database(sqlite_address(path))
    assert path.read_bytes().startswith(b"this is a note")


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_full_disk_is_said_in_words_and_loses_nothing(
    articles: Articles, database: Database
) -> None:
    put(articles, CONFERENCE)
    with database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    # The limit belongs to the connection, which the pool hands out again.
    with pytest.raises(StorageError, match="disk is full"):
        put(articles, replace(FLOOD, text="Nước dâng cao. " * 5000))
    assert articles.count() == 1


def test_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from index.store.tables import metadata

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_nothing_of_a_forgotten_chat_is_left_in_the_files(tmp_path: Path) -> None:
    secret, long = "chuyện riêng", "rất dài " * 2_000
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    chats, subscriptions = Chats(database), Subscriptions(database)
    for number, wish in enumerate((secret, secret + long, "khác")):
        made, _ = subscriptions.add(bot=7, chat=1, thread=None, wish=wish, now=0, most=9)
        subscriptions.set_name(made.id, f"{secret} {number}")
    subscriptions.set_query(made.id, f"{secret} nữa")
    assert secret.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert chats.forget(1) == 4

    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_somebody_who_reads_for_long_does_not_keep_a_chat_from_being_forgotten(
    tmp_path: Path,
) -> None:
    database = Database(sqlite_address(tmp_path / "hoibao.db"))
    chats = Chats(database)
    chats.set_language(1, "vi")
    with patch("index.store.database.SCRUB_TIMEOUT_SECONDS", 0), database.reading() as reader:
        reader.exec_driver_sql("SELECT * FROM chats").all()
        assert chats.forget(1) == 1
        assert chats.language(1) is None


def test_a_text_that_changed_while_it_was_analysed_anew_keeps_its_own_analysis(
    database: Database, articles: Articles
) -> None:
    put(articles, FLOOD, FOOTBALL)
    later = Articles(database, VERSION + 1)
    stale = {each.number: analyse(each, ANALYSER) for each in next(later.outdated())}
    put(later, replace(FLOOD, text="Voi. Về bản."))
    later.renew(stale)
    assert list(later.outdated()) == []
    assert later.analyser_version() == VERSION + 1
    spans = [len(spans) for _, spans in later.get(stale).values()]
    assert spans == [2, 3]
