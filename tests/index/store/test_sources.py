"""Sources and their items in a real database."""

from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from index import Library
from index.models.source_kind import SourceKind
from index.store import Database, Sources
from index.store.database import sqlite_address
from index.store.sources.errors import SourceError
from index.store.sources.items import MAX_FETCHES, ItemState
from index.store.sources.pages import ReadPage
from index.store.sources.readings import ARTICLES_SHOWN
from index.store.sources.sources import Source
from index.store.tables import articles
from tests.support.articles import FLOOD
from tests.support.old_versions import downgrade

NOW = 1_700_000_000
ADDRESS = "https://a.example/rss"


@pytest.fixture
def sources(database: Database) -> Sources:
    return Sources(database)


def add(sources: Sources, name: str = "A", address: str = ADDRESS) -> Source:
    return sources.add(name=name, given=address, kind=SourceKind.FEED, address=address, now=NOW)


def notice(sources: Sources, source: Source, now: int = NOW, **stamps: str) -> list[str]:
    return [item.key for item in sources.items.record_items(source.id, stamps, now)]


def settle(
    sources: Sources,
    source: Source,
    key: str,
    state: ItemState,
    *,
    stamp: str = "1",
    attempts: int = 1,
    retry_at: int | None = None,
) -> None:
    sources.items.finish_item(
        source.id, key, state=state, stamp=stamp, attempts=attempts, retry_at=retry_at
    )


def test_a_source_is_due_at_once_and_found_by_name_and_address(sources: Sources) -> None:
    added = add(sources)
    assert sources.claim(None, NOW, 9) == [added]
    assert sources.claim(None, NOW - 1, 9) == []
    assert sources.claim(None, NOW, 9, [added.id]) == []
    assert sources.by_name("A") == sources.by_name(ADDRESS) == added
    with pytest.raises(SourceError, match="no source is named 'B'"):
        sources.by_name("B")


def test_a_name_and_an_address_are_followed_once(sources: Sources) -> None:
    add(sources)
    with pytest.raises(SourceError, match="followed already, as 'A'"):
        add(sources, "B")
    with pytest.raises(SourceError, match="of this name"):
        add(sources, "A", "https://b.example/rss")
    assert len(sources.all()) == 1


def test_those_that_wait_longest_come_first(sources: Sources) -> None:
    first = add(sources)
    add(sources, "B", "https://b.example/rss")
    later = NOW + 60
    sources.record_success(
        first, now=NOW, next_check_at=later, interval=60, etag=None, last_modified=None
    )
    assert [source.name for source in sources.claim(None, NOW + 60, 9)] == ["B", "A"]
    assert [source.name for source in sources.claim(None, NOW, 9)] == ["B"]


def test_a_paused_source_is_not_due_until_it_is_resumed(sources: Sources) -> None:
    source = add(sources)
    sources.record_failure(source, "x", now=NOW, next_check_at=NOW, failures=7)
    sources.pause(source.id, "by hand")
    assert sources.claim(None, NOW, 9) == []
    assert sources.by_name("A").paused == "by hand"
    resumed = sources.resume(source.id, NOW)
    assert (resumed.paused, resumed.failures) == (None, 0)
    assert sources.claim(None, NOW, 9) == [resumed]


def test_a_source_that_is_removed_leaves_nothing_but_its_articles(sources: Sources) -> None:
    source = add(sources)
    notice(sources, source, a="1")
    sources.remove(source.id)
    assert sources.all() == []
    assert sources.items.all(source.id) == []


def test_what_is_noticed_first_is_back_catalogue(sources: Sources) -> None:
    source = add(sources)
    assert notice(sources, source, a="1", b="1") == ["a", "b"]
    assert notice(sources, source, NOW + 60, c="1", a="1", b="1") == ["c", "a", "b"]
    found = {item.key: item for item in sources.items.all(source.id)}
    assert {key for key, item in found.items() if item.is_back_catalogue} == {"a", "b"}
    assert found["c"].first_seen_at == NOW + 60
    assert sources.by_name("A").first_read_at == NOW


def test_an_item_that_is_stored_is_wanted_again_only_when_it_changes(sources: Sources) -> None:
    source = add(sources)
    notice(sources, source, a="1")
    settle(sources, source, "a", ItemState.STORED)
    assert notice(sources, source, a="1") == []
    assert notice(sources, source, a="2") == ["a"]
    settle(sources, source, "a", ItemState.STORED, attempts=MAX_FETCHES)
    assert notice(sources, source, a="3") == []


def test_an_item_that_failed_is_wanted_when_its_time_has_come(sources: Sources) -> None:
    source = add(sources)
    notice(sources, source, a="1")
    settle(sources, source, "a", ItemState.FAILED, retry_at=NOW + 300)
    assert not sources.items.has_pending(source.id, NOW + 299)
    assert notice(sources, source, NOW + 299, a="1") == []
    assert sources.items.has_pending(source.id, NOW + 300)
    assert notice(sources, source, NOW + 300, a="1") == ["a"]
    settle(sources, source, "a", ItemState.FAILED)
    assert notice(sources, source, NOW + 10**9, a="1") == []


def test_what_is_announced_no_more_is_waited_for_no_more(sources: Sources) -> None:
    source = add(sources)
    notice(sources, source, a="1")
    assert sources.items.has_pending(source.id, NOW)
    notice(sources, source, b="1")
    settle(sources, source, "b", ItemState.STORED)
    assert not sources.items.has_pending(source.id, NOW)
    assert notice(sources, source, b="1", a="1") == ["a"]


@pytest.mark.slow
def test_more_items_than_a_statement_takes_are_noticed_at_once(sources: Sources) -> None:
    source = add(sources)
    stamps = {f"https://a.example/{number}": "1" for number in range(30_000)}
    assert len(sources.items.record_items(source.id, dict(stamps), NOW)) == 30_000


def test_an_article_keeps_the_time_at_which_it_was_first_seen(tmp_path: Path) -> None:
    with Library.open(tmp_path / "data") as library:
        with time_machine.travel(NOW, tick=False):
            library.ingest([FLOOD])
        with time_machine.travel(NOW + 60, tick=False):
            library.ingest([{"id": "lu-quet", "url": FLOOD.url, "title": "Lũ", "text": "Khác."}])
    database = Database(sqlite_address(tmp_path / "data" / "hoibao.db"))
    with database.reading() as connection:
        assert connection.execute(select(articles.c.text, articles.c.first_seen_at)).all() == [
            ("Khác.", NOW)
        ]
    database.close()


def test_a_database_of_the_version_before_gets_the_new_tables(tmp_path: Path) -> None:
    with Library.open(tmp_path / "data") as library:
        library.ingest([FLOOD])
    downgrade(tmp_path / "data" / "hoibao.db", "0001")
    with Library.open(tmp_path / "data") as library:
        assert library.followed.all() == []
        assert library.status().articles == 1


@pytest.mark.slow
def test_how_the_last_articles_read_is_that_of_the_latest(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        source = add(library.followed)
        for number in range(ARTICLES_SHOWN + 5):
            text = "Chợ họp sớm hơn mọi ngày. " * (1 + number % 3)
            record = {"title": f"Tin {number}", "text": text, "id": f"tin-{number}"}
            library.ingest(record if number < 5 else record | {"published": "2021-01-05"})
            stored = library.find(f"tin-{number}")
            assert stored is not None
            notice(library.followed, source, NOW + number, **{str(number): "1"})
            library.followed.items.finish_item(
                source.id,
                str(number),
                state=ItemState.FAILED if number % 10 == 0 else ItemState.STORED,
                stamp="1",
                attempts=1,
                article=stored.number,
            )
        library.followed.pages.record(source.id, NOW, [ReadPage("a", (), {"tool": 2, "date": 3})])
        library.followed.pages.record(source.id, NOW, [ReadPage("b", (), {"tool": 2})])
        readings = library.followed.readings(source.id)
    assert (len(readings.sentences), readings.usual) == (ARTICLES_SHOWN, 2)
    assert (readings.sentences[0], readings.sentences[-1]) == (1, 3)
    assert (readings.undated, readings.from_feed) == (0, 3)
    assert list(readings.cuts.items()) == [("tool", 4), ("date", 3)]
