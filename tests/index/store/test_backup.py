"""A backup is made and put back while others use the data folder, and nothing is sent twice."""

import gzip
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index import Library, StorageError
from index.alerts.announcer import Alert
from index.engine.consistency import ConsistencyReport
from index.language.analyser import VERSION
from index.store import Database
from index.store.database import sqlite_address
from index.store.sharing.leases import Lease
from index.store.transfer.backup import back_up
from tests.support.alerts import BOT, subscribe
from tests.support.articles import FLOOD, FOOTBALL
from tests.support.commands import FULL_DISK, PERMISSIONS, Commands, is_one_line
from tests.support.old_versions import downgrade

PAGE = 4096  # bytes, of SQLite
LATER = replace(FLOOD, id="voi", url="https://songthuong.example/voi", text="Đàn voi về bản.")


def send(library: Library, now: int) -> int:
    """Send what is owed; returns how many alerts that were."""
    assert library.outbox.acquire_lease(BOT, "sender", 60)
    parcels = library.outbox.claim(BOT, "sender", now, seconds=60, most=9, at_once=9)
    due = [each.id for parcel in parcels for each in parcel.deliveries]
    library.outbox.mark_sent(due, now)
    return len(due)


def is_sound(library: Library) -> bool:
    return list(library.index_sync.check(ConsistencyReport(), sentences=True)) == []


NOW = 2_000_000_000


def test_a_backup_brings_back_what_was_there(library: Library, tmp_path: Path) -> None:
    backup = tmp_path / "backup.gz"
    assert library.index_sync.back_up(backup) == 3
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    library.ingest([LATER, replace(FOOTBALL, text="Mưa to nên hoãn.")])
    assert library.index_sync.restore(backup) == 3
    assert library.find("voi") is None
    assert "Phạm Quốc Huy" in library.ask("cầu thủ nào ghi hai bàn?").quotes[0].text
    assert is_sound(library)
    assert library.status().behind == 0


def test_who_has_the_library_open_sees_it(library: Library, tmp_path: Path) -> None:
    """Neither does a number that a button in a chat may name come to be another article."""
    backup = tmp_path / "backup.gz"
    library.index_sync.back_up(backup)
    with Library.open(library.folder) as reader:
        subscribe(reader, "voi")
        reader.ingest(LATER, alert=Alert.ALL)
        gone = reader.find("voi")
        assert gone is not None
        library.index_sync.restore(backup)
        assert reader.ask("đàn voi về đâu?").confident is False
        assert reader.article(gone.number) is None
        assert reader.subscriptions.count() == 0
        other = replace(LATER, id="trau", url=None, text="Đàn trâu về bản.")
        reader.ingest(other, alert=Alert.ALL)
        assert send(reader, NOW) == 0
        assert reader.ask("đàn trâu").quotes[0].article.number > gone.number
        assert is_sound(reader)


def test_leases_are_those_of_now(library: Library, tmp_path: Path) -> None:
    with closing(Database(library.address)) as database:
        before, now = (Lease(database, name, 60) for name in ("before", "now"))
        assert before.acquire()
        library.index_sync.back_up(tmp_path / "backup.gz")
        before.release()
        assert now.acquire()
        library.index_sync.restore(tmp_path / "backup.gz")
        assert now.renew()
        assert not before.renew()


def test_what_was_sent_since_is_not_sent_again(library: Library, tmp_path: Path) -> None:
    backup = tmp_path / "backup.gz"
    subscribe(library, "lũ")
    subscribe(library, "voi")
    flood = replace(FLOOD, id="lu-2", url=None, text="Lũ quét ở Mường Típ, voi về bản.")
    rain = replace(FLOOD, id="lu-3", url=None, text="Lũ về Mường Ải trong đêm, dân chạy lên đồi.")
    library.ingest([flood, rain], alert=Alert.ALL)
    library.index_sync.back_up(backup)
    assert send(library, NOW) == 2
    library.index_sync.restore(backup)
    assert library.outbox.counts() == {"sent": 2}
    assert send(library, NOW + 100) == 0


def test_what_is_still_owed_is_sent(library: Library, tmp_path: Path) -> None:
    subscribe(library, "lũ")
    library.ingest(replace(FLOOD, id="lu-2", url=None, text="Lũ lên."), alert=Alert.ALL)
    library.index_sync.back_up(tmp_path / "backup.gz")
    library.index_sync.restore(tmp_path / "backup.gz")
    assert send(library, NOW) == 1


def test_in_another_folder_what_was_owed_is_dropped(library: Library, tmp_path: Path) -> None:
    """There is no telling what of it was sent since."""
    subscribe(library, "lũ")
    library.ingest(replace(FLOOD, id="lu-2", url=None, text="Lũ lên."), alert=Alert.ALL)
    library.index_sync.back_up(tmp_path / "backup.gz")
    with Library.open(tmp_path / "other") as other:
        assert other.index_sync.restore(tmp_path / "backup.gz") == 4
        assert other.outbox.counts() == {"dropped: restored": 1}
        assert other.subscriptions.count() == 1
        other.ingest(replace(FLOOD, id="lu-3", url=None, text="Lũ rút."), alert=Alert.ALL)
        assert send(other, NOW) == 1


def test_a_backup_of_an_older_version_is_migrated(empty: Library, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    downgrade(old, "0002")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert empty.index_sync.restore(old) == 0
    assert is_sound(empty)


def newer_schema(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def newer_analyser(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(
            "UPDATE collection SET value = ? WHERE name = 'analyser'", (VERSION + 1,)
        )


def foreign(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("CREATE TABLE notes (text)")


def truncated(copy: Path) -> None:
    copy.write_bytes(gzip.compress(copy.read_bytes())[:-900])


def garbled(copy: Path) -> None:
    data = copy.read_bytes()
    copy.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])


def text(copy: Path) -> None:
    copy.write_text("Lũ quét")


def missing(copy: Path) -> None:
    copy.unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (newer_schema, "newer version"),
        (newer_analyser, "newer version"),
        (foreign, "none that hoibao backup made"),
        (truncated, "damaged or incomplete"),
        (garbled, "damaged"),
        (text, "none that hoibao backup made"),
        (missing, "No such file"),
    ],
)
def test_what_is_no_sound_backup_changes_nothing(
    library: Library, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    copy = tmp_path / "copy.db"
    library.index_sync.back_up(tmp_path / "backup.gz")
    copy.write_bytes(gzip.decompress((tmp_path / "backup.gz").read_bytes()))
    harm(copy)
    with pytest.raises(StorageError, match=said):
        library.index_sync.restore(copy)
    assert library.status().articles == 3
    assert not (library.folder / "restoring").exists()


def test_only_a_backup_is_overwritten(library: Library, tmp_path: Path) -> None:
    backup = tmp_path / "backup.gz"
    library.index_sync.back_up(backup)
    library.ingest(LATER)
    assert library.index_sync.back_up(backup) == 4
    (tmp_path / "news.jsonl").write_text("{}")
    database = library.folder / "hoibao.db"
    for path in (tmp_path, tmp_path / "no" / "backup.gz", tmp_path / "news.jsonl", database):
        with pytest.raises(StorageError, match=path.name):
            library.index_sync.back_up(path)
    assert is_sound(library)


def test_another_kind_of_database_is_left_to_its_own_tools(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Database(sqlite_address(library.folder / "hoibao.db"))
    address = elsewhere.address.set(drivername="postgresql+psycopg")
    monkeypatch.setattr(elsewhere, "address", address)
    with pytest.raises(StorageError, match="pg_dump"):
        back_up(elsewhere, tmp_path / "x.gz")


def test_a_compressed_file_that_is_no_backup_is_not_replaced(
    library: Library, tmp_path: Path
) -> None:
    news = tmp_path / "news.jsonl.gz"
    for content in (gzip.compress(b"{}"), b"\x1f\x8b\x08", b"\x1f\x8b\x08\0\0\0\0\0\0\x03garbage"):
        news.write_bytes(content)
        with pytest.raises(StorageError, match="it is there and no backup"):
            library.index_sync.back_up(news)
        assert news.read_bytes() == content


def test_a_full_disk_leaves_the_backup_that_is_there(filled: Commands, tmp_path: Path) -> None:
    assert filled("backup", "backup.gz").returncode == 0
    before = (tmp_path / "backup.gz").read_bytes()
    with closing(sqlite3.connect(tmp_path / "data" / "hoibao.db")) as connection, connection:
        connection.execute("CREATE TABLE filling (data)")
        connection.execute("INSERT INTO filling VALUES (?)", (os.urandom(600_000),))
    result = filled("backup", "backup.gz", within=FULL_DISK)
    assert is_one_line(result, "backup.gz")
    assert (tmp_path / "backup.gz").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def zero(database: Path, page: int) -> None:
    with database.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(bytes(PAGE))


def is_whole(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False


def test_a_damaged_database_takes_no_backups_place(library: Library, tmp_path: Path) -> None:
    """Whichever of its pages is damaged."""
    library.close()
    backup, database = tmp_path / "backup.gz", tmp_path / "damaged.db"
    whole = (library.folder / "hoibao.db").read_bytes()
    database.write_bytes(whole)
    with closing(Database(sqlite_address(database))) as opened:
        back_up(opened, backup)
    before, damaged = backup.read_bytes(), 0
    for page in range(len(whole) // PAGE):
        database.write_bytes(whole)
        zero(database, page)
        if is_whole(database):
            continue
        damaged += 1
        with (
            pytest.raises(StorageError, match=r"damaged\.db"),
            closing(Database(sqlite_address(database))) as opened,
        ):
            back_up(opened, backup)
        assert backup.read_bytes() == before
    assert damaged > 20


def test_what_a_restore_would_refuse_takes_no_backups_place(
    library: Library, tmp_path: Path
) -> None:
    library.ingest(replace(FLOOD, id="x", url="https://songthuong.example/x", is_fetched=True))
    with closing(sqlite3.connect(library.folder / "hoibao.db")) as connection, connection:
        connection.execute("UPDATE copy_keys SET article = 9")
    with pytest.raises(StorageError, match=r"hoibao\.db: it is damaged .*no backup was written"):
        library.index_sync.back_up(tmp_path / "backup.gz")
    assert not (tmp_path / "backup.gz").exists()


def test_the_command_names_the_damaged_database_and_the_backup_kept(
    filled: Commands, tmp_path: Path
) -> None:
    database = tmp_path / "data" / "hoibao.db"
    assert filled("backup", "backup.gz").returncode == 0
    before = (tmp_path / "backup.gz").read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT rootpage FROM sqlite_schema WHERE name = 'articles_by_source'"
        ((page,),) = connection.execute(query)
    zero(database, page - 1)
    result = filled("backup", "backup.gz")
    assert is_one_line(result, "database data/hoibao.db: it is damaged", "backup", "was kept")
    assert (tmp_path / "backup.gz").read_bytes() == before
    database.rename(tmp_path / "damaged.db")
    assert filled("restore", "backup.gz").returncode == 0


def test_a_restore_that_cannot_be_indexed_says_that_it_took_place(
    filled: Commands, tmp_path: Path
) -> None:
    assert filled("backup", "backup.gz").returncode == 0
    assert filled("ingest", "-", text='{"title": "Mưa", "text": "Mưa to."}').returncode == 0
    engine = tmp_path / "data" / "engine"
    for path in (engine, *engine.glob("*.lock")):
        path.chmod(0o500)
    result = filled("restore", "backup.gz", within=PERMISSIONS)
    assert is_one_line(result, "restored and not yet indexed", "permissions", "hoibao reindex")
    engine.chmod(0o700)
    for path in engine.glob("*.lock"):
        path.chmod(0o600)
    assert "of 2 articles" in filled("reindex").stdout


def test_the_commands_say_what_they_did(filled: Commands, tmp_path: Path) -> None:
    assert "2 articles in backup.gz" in filled("backup", "backup.gz").stdout
    shutil.rmtree(tmp_path / "data")
    assert "2 articles restored from backup.gz" in filled("restore", "backup.gz").stdout
    assert "120 hộ dân" in filled("ask", "bao nhiêu hộ dân bị cô lập?").stdout
    assert is_one_line(filled("restore", "nothing.gz"), "nothing.gz")
