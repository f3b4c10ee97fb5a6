"""Everything is copied to another database, whatever kind each is of, and compared."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.engine import URL

from index import Library, StorageError
from index.alerts.announcer import Alert
from index.models.source_kind import SourceKind
from index.store import Database
from index.store.tables import articles
from index.store.transfer.copying import Progress, copy
from index.workers.fork_server import FORKING, serving
from tests.support.alerts import BOT, GROUP, LAN, claim_deliveries, subscribe
from tests.support.articles import ARTICLES, FLOOD
from tests.support.commands import Commands, is_one_line
from tests.support.libraries import empty_database

QUESTION = "cầu thủ nào ghi hai bàn?"
LATER = replace(FLOOD, id="voi", url="https://songthuong.example/voi", text="Đàn voi về bản.")


def follow(library: Library) -> int:
    added = library.followed.add(
        name="Báo", given="https://a.example", kind=SourceKind.FEED, address="x", now=1
    )
    return added.id


@pytest.fixture
def source(address: URL, tmp_path: Path) -> Iterator[Library]:
    """A library with a row in most tables."""
    with Library.open(tmp_path / "source", database=address) as library:
        subscribe(library, "lũ")
        library.subscriptions.remove(subscribe(library, "voi").id, 1)
        library.ingest(ARTICLES, alert=Alert.ALL)
        follow(library)
        yield library


@pytest.fixture
def target(address: URL, request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """The address of an empty database of the other kind."""
    if address.get_backend_name() == "postgresql":
        (tmp_path / "copy").mkdir()
        return empty_database(tmp_path / "copy")
    found: URL = request.getfixturevalue("postgresql_address")
    return found


def silent(_name: str, _rows: int, _count: int) -> None:
    pass


def copied(library: Library, target: URL, progress: Progress = silent) -> dict[str, int]:
    """Copy a library; return the numbers of rows, by table, once both are the same."""
    with closing(Database(target)) as database:
        compared = library.index_sync.copy_to(database, progress)
    assert all(table.is_same for table in compared)
    return {table.name: table.source.rows for table in compared if table.source.rows}


@pytest.mark.postgresql
def test_a_copy_is_the_same_collection(source: Library, target: URL, tmp_path: Path) -> None:
    rows = copied(source, target)
    assert rows["articles"] == rows["analyses"] == 3
    assert rows["deliveries"] == rows["subscriptions"] == rows["sources"] == 1
    newest = source.subscriptions.of_chat(BOT, LAN)[0].id
    with Library.open(tmp_path / "engine", database=target) as moved:
        assert moved.ask(QUESTION).quotes == source.ask(QUESTION).quotes
        assert [each.article for each in claim_deliveries(moved)] == [2]
        # No number is given twice, not even that of the subscription that was removed.
        assert subscribe(moved, "bão").id == newest + 2
        moved.ingest(replace(LATER, text="Lũ về."), alert=Alert.ALL)
        follow_again = moved.followed.add(
            name="Tin", given="https://b.example", kind=SourceKind.FEED, address="y", now=1
        )
        assert follow_again.id > 1


def _copy_and_die(source: URL, target: URL) -> None:
    def die(name: str, _rows: int, _count: int) -> None:
        if name == "analyses":
            os.kill(os.getpid(), signal.SIGKILL)

    with closing(Database(source)) as there, closing(Database(target)) as here:
        copy(there, here, die)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_killed_copy_is_resumed(source: Library, target: URL, tmp_path: Path) -> None:
    process = FORKING.Process(target=_copy_and_die, args=(source.address, target))
    with serving():
        process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    with pytest.raises(StorageError, match="unfinished copy"):
        Library.open(tmp_path / "engine", database=target)
    copied(source, target)
    with Library.open(tmp_path / "engine", database=target) as moved:
        assert moved.ask(QUESTION).quotes == source.ask(QUESTION).quotes


@pytest.mark.postgresql
def test_a_further_run_copies_what_has_changed(
    source: Library, target: URL, tmp_path: Path
) -> None:
    """Also while the index of the copy is built, which does not take it into use."""
    subscribe(source, "mưa", GROUP)
    copied(source, target)
    with Library.open(tmp_path / "engine", database=target, indexing=False) as built:
        built.index_sync.rebuild()
    source.chats.migrate(GROUP, GROUP - 1)
    source.followed.remove(follow_id := source.followed.by_name("Báo").id)
    source.chats.forget(LAN)
    with source._database.writing() as connection:  # two pages that changed places
        first, second = articles.c.number == 1, articles.c.number == 2
        for which, key in ((first, None), (second, "one"), (first, "two")):
            connection.execute(update(articles).where(which).values(url_key=key))
    copied(source, target)
    with source._database.writing() as connection:
        for which, key in ((first, None), (second, "two"), (first, "one")):
            connection.execute(update(articles).where(which).values(url_key=key))
    assert follow(source) >= follow_id
    source.ingest(LATER, alert=Alert.ALL)
    copied(source, target)
    with Library.open(tmp_path / "engine", database=target) as moved:
        assert moved.index_sync.revisions().behind == 0
        assert [each.chat for each in moved.subscriptions.of_chat(BOT, GROUP - 1)] == [GROUP - 1]
        assert moved.ask("đàn voi về đâu?").quotes[0].text == LATER.text


@pytest.mark.postgresql
def test_a_copy_in_use_is_not_overwritten(source: Library, target: URL, tmp_path: Path) -> None:
    copied(source, target)
    Library.open(tmp_path / "engine", database=target).close()
    with pytest.raises(StorageError, match="in use since"):
        copied(source, target)
    with pytest.raises(StorageError, match="it is the one to copy"):
        copied(source, source.address)


@pytest.mark.postgresql
def test_another_collection_is_not_overwritten(
    source: Library, target: URL, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "engine", database=target) as other:
        other.ingest(LATER)
        with pytest.raises(StorageError, match="holds a collection already"):
            copied(source, target)
        assert other.status().articles == 1


@pytest.mark.postgresql
def test_a_difference_is_found(source: Library, target: URL, tmp_path: Path) -> None:
    def harm(name: str, _rows: int, _count: int) -> None:
        if name == "collection, compared":
            with closing(Database(target)) as other, other.writing() as connection:
                connection.execute(update(articles).values(title="khác"))

    with closing(Database(target)) as database:
        compared = source.index_sync.copy_to(database, harm)
    assert [table.name for table in compared if not table.is_same] == ["articles"]
    with pytest.raises(StorageError, match="unfinished copy"):
        Library.open(tmp_path / "engine", database=target)
    copied(source, target)


def test_the_command_prints_a_table(filled: Commands) -> None:
    result = filled("copy", "--to", "sqlite:///moved/hoibao.db")
    assert result.returncode == 0
    assert any(line.split()[:2] == ["articles", "2"] for line in result.stdout.splitlines())
    assert "same" in result.stdout
    asked = filled("--data", "moved", "ask", "bao nhiêu hộ dân bị cô lập?")
    assert "120 hộ" in asked.stdout
    again = filled("copy", "--to", "sqlite:///moved/hoibao.db")
    assert is_one_line(again, "in use since")


def test_no_password_is_printed(filled: Commands) -> None:
    result = filled(
        "copy", "--to", "postgresql+psycopg://lan:matkhau@127.0.0.1:1/x?connect_timeout=2"
    )
    assert is_one_line(result, "refused")
    assert "matkhau" not in result.stderr
    result = filled("copy", "--to", "postgresql+psycopg://lan:matkhaucu@songthuong@127.0.0.1:1/x")
    assert result.returncode == 2
    assert "songthuong" not in result.stderr
