"""Damaged, full or read-only data folders: a one-line error, and no data lost."""

import json
from pathlib import Path

from tests.support.commands import FULL_DISK, PERMISSIONS, RECORDS, Commands, is_one_line, lines


def test_a_damaged_database_is_one_line_and_left_alone(filled: Commands, tmp_path: Path) -> None:
    database = tmp_path / "data" / "hoibao.db"
    for path in database.parent.glob("hoibao.db-*"):
        path.unlink()
    database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert is_one_line(filled("ask", "x"), "hoibao.db")
    assert database.read_bytes().endswith(b"\xff" * 100)


def test_a_read_only_data_folder_is_one_line(filled: Commands, tmp_path: Path) -> None:
    for path in (tmp_path / "data").rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    (tmp_path / "data").chmod(0o500)
    result = filled("ingest", "-", text=lines(RECORDS), within=PERMISSIONS)
    assert is_one_line(result, "data")


def test_a_file_without_permission_is_rejected(hoibao: Commands, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Thông xe\n05/01/2021 14:23\nSáng nay cầu thông xe.\n", encoding="utf-8")
    path.chmod(0)
    result = hoibao("ingest", path, "--json", within=PERMISSIONS)
    assert json.loads(result.stdout.splitlines()[-1])["rejected"] == [
        {"input": str(path), "reason": "it cannot be read: permission denied"}
    ]


def test_a_full_disk_is_one_line_and_what_was_stored_stays(
    filled: Commands, tmp_path: Path
) -> None:
    article = {"id": "to", "title": "Bài dài", "text": "Nước dâng rất cao. " * 20_000}
    (tmp_path / "long.jsonl").write_text(lines([article]), encoding="utf-8")
    result = filled("ingest", "long.jsonl", within=FULL_DISK)
    assert is_one_line(result, "hoibao.db")
    assert filled("ask", "lũ quét", "--json").returncode == 0
    assert json.loads(filled("status", "--json").stdout)["articles"] == 2
