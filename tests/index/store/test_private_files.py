"""What is stored is for its owner only, whatever the umask; a file is replaced as a whole."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Library
from index.store.private_files import is_open_to_others, replace_file
from tests.support.articles import FLOOD
from tests.support.commands import FULL_DISK, RECORDS, Commands, lines


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """A umask that takes no right away, from commands too."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def exposed(folder: Path) -> list[Path]:
    """What others than the owner can use, folder by folder."""
    found = []
    for path in folder.iterdir():
        if not mode(path) & 0o077:
            continue
        found += [path, *exposed(path)] if path.is_dir() else [path]
    return found


def test_what_commands_write_is_private(hoibao: Commands, tmp_path: Path) -> None:
    assert hoibao("ingest", "-", text=lines(RECORDS)).returncode == 0
    assert hoibao("sources", "add", "https://127.0.0.1:9/rss", "--kind", "feed").returncode == 0
    assert hoibao("sources", "export", "list.opml").returncode == 0
    for _ in range(2):
        assert hoibao("backup", "backup.gz").returncode == 0
    assert hoibao("--data", "a/b", "restore", "backup.gz").returncode == 0
    assert exposed(tmp_path) == []
    assert {mode(tmp_path / name) for name in ("backup.gz", "list.opml")} == {0o600}
    assert {mode(tmp_path / name) for name in ("data", "a", "a/b")} == {0o700}


def test_in_a_folder_that_is_open_the_database_is_private(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "engine").mkdir(parents=True)
    with Library.open(data) as library:
        library.ingest(FLOOD)
        files = {path.name: mode(path) for path in data.glob("hoibao.db*")}
        assert files == dict.fromkeys(("hoibao.db", "hoibao.db-wal", "hoibao.db-shm"), 0o600)
        (folder,) = (data / "engine").glob("tantivy-*")
        assert mode(folder) == 0o700
    assert mode(data) == 0o777


def test_what_was_open_before_works_and_stays_as_it_is(filled: Commands, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert "120 hộ dân" in filled("ask", "bao nhiêu hộ dân bị cô lập?").stdout
    assert (mode(data), mode(data / "hoibao.db")) == (0o755, 0o644)


def test_others_are_neither_the_owner_nor_the_group(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("")
    for given, is_open in ((0o600, False), (0o640, False), (0o644, True), (0o602, True)):
        path.chmod(given)
        assert is_open_to_others(path) is is_open
    assert not is_open_to_others(tmp_path / "missing")


def test_a_file_is_replaced_as_a_whole_or_not(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"before")
    link.symlink_to(path)
    code = (
        "from pathlib import Path; from index.store.private_files import replace_file; "
        "replace_file(Path('file'), bytes(400_000))"
    )
    command = [*FULL_DISK, sys.executable, "-c", code]
    failed = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert b"OSError" in failed.stderr
    assert path.read_bytes() == b"before"
    replace_file(link, b"after")
    assert (path.read_bytes(), mode(path)) == (b"after", 0o600)
    assert sorted(tmp_path.iterdir()) == [path, link]
