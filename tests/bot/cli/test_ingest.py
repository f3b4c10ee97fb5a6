"""How far a long `ingest` has come is shown to a person, and to no program."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

from tests.support.commands import HOIBAO, RECORDS, Commands, lines


def shown_on_terminal(
    folder: Path, *arguments: str, text: bytes | None = None, status: int = 0
) -> str:
    """What a command writes to standard error where that is a terminal."""
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command: list[str | Path] = [HOIBAO, *arguments]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=end,
    )
    os.close(end)
    assert process.stdin is not None
    process.stdin.write(text or b"")
    process.stdin.close()
    shown = b""
    while piece := _read(terminal):
        shown += piece
    os.close(terminal)
    assert process.wait() == status
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_a_terminal_shows_articles_rate_and_how_much_is_read(tmp_path: Path) -> None:
    (tmp_path / "tin.jsonl").write_text(lines(RECORDS), encoding="utf-8")
    shown = shown_on_terminal(tmp_path, "ingest", "tin.jsonl")
    for word in (f"{len(RECORDS)} articles", "/s", "100%"):
        assert word in shown


def test_the_bar_is_full_at_the_end_also_where_pages_are_rejected(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "tin.jsonl").write_text(lines(RECORDS) + "{}\n", encoding="utf-8")
    (tmp_path / "in" / "b.jsonl").write_text(lines(RECORDS[:1]), encoding="utf-8")

    shown = shown_on_terminal(tmp_path, "ingest", "in", status=1)

    last = [line for line in re.split("[\r\n]", shown) if "%" in line][-1]
    assert "100%" in last
    assert "-" not in last.split("]")[0]


def test_without_a_known_size_articles_are_counted_and_no_bar_stands_still(tmp_path: Path) -> None:
    text = lines(RECORDS[:1]).encode()

    shown = shown_on_terminal(tmp_path, "ingest", "-", text=text)

    assert "1 article, " in shown
    assert "[" not in shown.replace("\x1b[", "")


def test_a_date_that_is_yet_to_come_is_one_line_and_no_rejection(hoibao: Commands) -> None:
    text = lines([{**RECORDS[0], "published": "2099-01-01"}, RECORDS[1]])
    result = hoibao("ingest", "-", "--json", text=text)
    assert result.returncode == 0
    assert result.stderr == (
        "date unknown https://songthuong.example/lu: published: 2099-01-01T00:00:00+07:00 "
        "is yet to come; kept without a date\n"
    )
    counts = json.loads(result.stdout.splitlines()[-1])
    assert list(counts) == ["added", "updated", "unchanged", "sentences", "rejected", "seconds"]
    assert (counts["added"], counts["rejected"]) == (2, [])


def test_a_pipe_shows_nothing(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "tin.jsonl").write_text(lines(RECORDS), encoding="utf-8")
    assert hoibao("ingest", "tin.jsonl").stderr == ""
