"""How far a long `ingest` has come is shown to a person, and to no program."""

import os
import pty
import subprocess
from pathlib import Path

from tests.support.commands import HOIBAO, RECORDS, Commands, lines


def shown_on_terminal(folder: Path, *arguments: str) -> str:
    """What a command writes to standard error where that is a terminal."""
    terminal, end = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    command: list[str | Path] = [HOIBAO, *arguments]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=end
    )
    os.close(end)
    shown = b""
    while piece := _read(terminal):
        shown += piece
    os.close(terminal)
    assert process.wait() == 0
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


def test_a_pipe_shows_nothing(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "tin.jsonl").write_text(lines(RECORDS), encoding="utf-8")
    assert hoibao("ingest", "tin.jsonl").stderr == ""
