"""A database that was restored from outside becomes another collection, which is indexed anew."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from index import Library, StorageError
from index.alerts.announcer import Alert
from index.engine.consistency import ConsistencyReport
from index.store import Database
from index.store.meta import HOME, find_value, set_value
from index.store.transfer.backup import back_up
from index.store.transfer.copying import copy
from tests.support.alerts import subscribe
from tests.support.articles import ARTICLES, FLOOD
from tests.support.commands import Commands, is_one_line
from tests.support.libraries import empty_database
from tests.support.opensearch_engine import fresh_address
from tests.support.postgresql_server import find_program, fresh_database

LATER = replace(FLOOD, id="voi", url="https://songthuong.example/voi", text="Đàn voi về bản.")
OTHER = replace(FLOOD, id="trau", url="https://songthuong.example/trau", text="Đàn trâu về bản.")
MANY = 1_000_000
"""More than are lost with a dump that is some weeks old."""
PASSWORD = "matkhaucuachung"


@pytest.fixture
def opened(postgresql_address: URL, tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "data", database=postgresql_address) as library:
        library.ingest(ARTICLES)
        yield library


def as_told(command: str, folder: Path) -> None:
    """Carry out the command that an error names."""
    program, _, arguments = command.partition(" ")
    subprocess.run(f"{find_program(program)} {arguments}", shell=True, check=True, cwd=folder)


def collection_of(library: Library) -> str:
    return library._articles.collection_id()


@pytest.mark.postgresql
def test_a_restored_dump_is_noticed(opened: Library, tmp_path: Path) -> None:
    folder, address, before = opened.folder, opened.address, collection_of(opened)
    with pytest.raises(StorageError) as told:
        opened.index_sync.back_up(tmp_path / "x.dump")
    as_told(str(told.value)[str(told.value).index("pg_dump") :], tmp_path)
    lost = subscribe(opened, "voi")
    opened.ingest(LATER, alert=Alert.ALL)
    number = opened.find("voi")
    assert number is not None
    with pytest.raises(StorageError) as told:
        opened.index_sync.restore(tmp_path / "x.dump")
    opened.close()
    as_told(str(told.value)[str(told.value).index("pg_restore") :], tmp_path)
    with Library.open(folder, database=address) as restored:
        assert collection_of(restored) != before
        assert restored.find("voi") is None
        restored.ingest(OTHER)
        other = restored.find("trau")
        assert other is not None
        # A button in a chat that names the lost article must not show this one.
        assert other.number > number.number + MANY
        assert subscribe(restored, "trâu").id > lost.id + MANY
        assert list(restored.index_sync.check(ConsistencyReport(), sentences=True)) == []
        after = collection_of(restored)
    with Library.open(folder, database=address) as again:
        assert collection_of(again) == after


@pytest.mark.postgresql
@pytest.mark.opensearch
def test_a_dump_restored_elsewhere_leaves_the_index_of_the_original_alone(
    postgresql: URL, opensearch_url: str, tmp_path: Path
) -> None:
    original, cluster = fresh_database(postgresql), fresh_address(opensearch_url)
    with Library.open(tmp_path / "original", database=original, cluster=cluster) as library:
        library.ingest(ARTICLES)
    restored = fresh_database(postgresql, template=original.database or "")
    for _ in range(2):
        with pytest.raises(StorageError, match="another prefix"):
            Library.open(tmp_path / "restored", database=restored, cluster=cluster)
    with Library.open(tmp_path / "original", database=original, cluster=cluster) as library:
        assert library.index_sync.revisions().behind == 0
        with pytest.raises(StorageError, match=r"adopted and not yet indexed: .* another prefix"):
            library.index_sync.adopt()
    apart = fresh_address(opensearch_url)
    with Library.open(tmp_path / "restored", database=restored, cluster=apart) as library:
        assert library.status().behind == 0


@pytest.mark.postgresql
@pytest.mark.opensearch
def test_a_dump_restored_in_place_replaces_its_own_index(
    postgresql_address: URL, opensearch_url: str, tmp_path: Path
) -> None:
    cluster = fresh_address(opensearch_url)
    with Library.open(tmp_path, database=postgresql_address, cluster=cluster) as library:
        library.ingest(ARTICLES)
        before = collection_of(library)
        with library._database.writing() as connection:
            home = str(find_value(connection, HOME)).rpartition("/")[0]
            set_value(connection, HOME, f"{home}/1")
    with Library.open(tmp_path, database=postgresql_address, cluster=cluster) as library:
        assert collection_of(library) != before
        assert library.status().articles == len(ARTICLES)


@pytest.mark.postgresql
def test_a_server_whose_number_is_not_known_may_be_the_same(opened: Library) -> None:
    folder, address, before = opened.folder, opened.address, collection_of(opened)
    with opened._database.writing() as connection:
        home = str(find_value(connection, HOME)).partition("/")[2]
        set_value(connection, HOME, f"0/{home}")
    opened.close()
    with Library.open(folder, database=address) as again:
        assert collection_of(again) == before


@pytest.mark.postgresql
def test_check_finds_what_postgresql_knows(opened: Library) -> None:
    subscribe(opened, "voi")
    with opened._database.writing() as connection:
        connection.execute(text("SELECT setval('subscriptions_id_seq', 1, false)"))
        constraint = "ADD CONSTRAINT odd CHECK (true) NOT VALID"
        connection.execute(text(f"ALTER TABLE articles {constraint}"))
    found = [each.what for each in opened.index_sync.check(ConsistencyReport())]
    assert found == [
        "database: unchecked constraint odd",
        "database: table subscriptions would give numbers that are taken",
    ]


@pytest.mark.postgresql
def test_the_commands_of_postgresql_are_named(postgresql_address: URL, tmp_path: Path) -> None:
    database = Database(postgresql_address.set(password=PASSWORD))
    with pytest.raises(StorageError, match=r"pg_dump --format=custom --file='.*a b.dump'") as told:
        back_up(database, tmp_path / "a b.dump")
    database.close()
    plain = postgresql_address.set(drivername="postgresql")
    assert str(told.value).endswith(f"--dbname={plain.render_as_string()}")


def test_adopting_drops_what_was_owed(library: Library) -> None:
    subscribe(library, "lũ")
    library.ingest(replace(FLOOD, id="lu-2", url=None, text="Lũ lên."), alert=Alert.ALL)
    before = collection_of(library)
    assert library.index_sync.adopt() == 4
    assert collection_of(library) != before
    assert library.outbox.counts() == {"dropped: restored": 1}
    assert list(library.index_sync.check(ConsistencyReport(), sentences=True)) == []


def test_an_adopted_copy_is_a_collection_of_its_own(library: Library, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    address = empty_database(tmp_path / "copy")
    database = Database(address)
    copy(library._database, database, lambda *_: None)
    database.close()
    with Library.open(tmp_path / "copy", database=address, indexing=False) as copied:
        copied.index_sync.adopt()
        assert collection_of(copied) != collection_of(library)


def test_the_command_adopts(filled: Commands) -> None:
    assert filled("adopt").stdout == "2 articles adopted and indexed\n"
    assert filled("check").returncode == 0
    assert is_one_line(filled("--data", "nothing", "adopt"), "nothing is stored there")
