"""Many articles are taken in by several processes: the same comes of it, whatever ends when."""

import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from index import Library
from tests.support.commands import HOIBAO
from tests.support.processes import family
from tests.support.waiting import START_SECONDS, wait_until

ARTICLES = 1_200
TIMES = {"first_seen_at", "news_until"}
LISTENING = ("env", "--default-signal=INT")
"""Within this Ctrl-C is heard, also where the tests run in the background, which is deaf to it."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, real_news: list[str]) -> Path:
    """Articles of several batches; some come again, as they were or changed, some are no good."""
    path = tmp_path_factory.mktemp("records") / "news.jsonl"
    found: list[dict[str, Any]] = []
    for number in range(ARTICLES):
        text = f"Xã số {number} thu hoạch {number} tấn lúa. {real_news[number % 300][:250]}"
        found.append({"id": f"lua-{number}", "title": f"Vụ lúa thứ {number}", "text": text})
    found[700:700] = [found[3], found[690], {"title": "Không có bài"}]
    found.append(found[5] | {"text": "Đính chính: xã số 5 không thu hoạch gì."})
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in found), "utf-8")
    return path


def content(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What is in all tables of a database, but for times and the collection's own id."""
    with closing(sqlite3.connect(folder / "hoibao.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in names:
            information = connection.execute(f"PRAGMA table_info({name})").fetchall()
            columns = [column for _, column, *_ in information if column not in TIMES]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            found[name] = sorted(rows, key=repr)
    found["collection"] = [row for row in found["collection"] if row[0] != "id"]
    return found


def ask_all(library: Library) -> list[list[tuple[str, int | None, float]]]:
    questions = [f"Xã số {number} thu hoạch bao nhiêu tấn?" for number in range(0, ARTICLES, 100)]
    found = [library.ask(question, limit=5).quotes for question in questions]
    return [[(each.text, each.start, each.score) for each in quotes] for quotes in found]


@pytest.mark.slow
def test_two_processes_store_and_answer_what_one_does(records: Path, tmp_path: Path) -> None:
    reports, answers = [], []
    for workers in (1, 2):
        with Library.open(tmp_path / str(workers)) as library:
            reports.append(library.ingest(records, workers=workers))
            answers.append(ask_all(library))
            assert library.status().behind == 0
    one, two = reports
    one.seconds = two.seconds = 0
    assert (one.added, one.updated, one.unchanged, len(one.rejected)) == (ARTICLES, 1, 2, 1)
    assert one == two
    assert content(tmp_path / "1") == content(tmp_path / "2")
    assert answers[0] == answers[1]


def test_few_articles_and_known_ones_start_no_process(records: Path, tmp_path: Path) -> None:
    few = records.read_text(encoding="utf-8").splitlines()[:150]
    (tmp_path / "few.jsonl").write_text("\n".join(few), encoding="utf-8")
    before = family(os.getpid())

    def check(_: object) -> None:
        assert family(os.getpid()) == before

    with Library.open(tmp_path / "data") as library:
        library.ingest(tmp_path / "few.jsonl", workers=2, progress=check)
        library.ingest(records)
        again = library.ingest(records, workers=2, progress=check)
    # Of the one that was changed both states are in the file, and each replaces the other.
    assert (again.added, again.updated, again.unchanged) == (0, 2, ARTICLES + 1)


@pytest.mark.slow
def test_a_killed_worker_is_one_line_and_the_same_command_goes_on(
    records: Path, tmp_path: Path
) -> None:
    with ingesting(tmp_path, records) as process:
        os.kill(workers_of(process)[0], signal.SIGKILL)
        _, error = process.communicate()
    assert process.returncode == 2
    assert error.startswith("hoibao: a process that analysed articles was killed")
    assert error.count("\n") == 1
    is_completed(records, tmp_path)


@pytest.mark.slow
def test_ctrl_c_ends_all_in_silence_and_the_same_command_goes_on(
    records: Path, tmp_path: Path
) -> None:
    with ingesting(tmp_path, records) as process:
        started = family(process.pid)[1:]
        assert len(workers_of(process)) == 2
        os.killpg(process.pid, signal.SIGINT)
        output, error = process.communicate()
    assert (process.returncode, output, error.strip()) == (130, "", "")
    wait_until(lambda: not any(map(is_alive, started)))
    is_completed(records, tmp_path)


@pytest.mark.slow
def test_no_worker_outlives_a_killed_ingest(records: Path, tmp_path: Path) -> None:
    with ingesting(tmp_path, records) as process:
        started = family(process.pid)[1:]
        assert len(workers_of(process)) == 2
        process.kill()
    wait_until(lambda: not any(map(is_alive, started)))
    is_completed(records, tmp_path)


@contextmanager
def ingesting(folder: Path, records: Path) -> Iterator["subprocess.Popen[str]"]:
    """An `ingest` in the midst of it: some is stored, and it waits for more in the end.

    It is run in a folder with a program of the same name as a package of it.
    """
    (folder / "index.py").write_text("raise SystemExit('not meant')\n", encoding="utf-8")
    process = subprocess.Popen(
        [*LISTENING, HOIBAO, "--data", "data", "ingest", "--workers", "2", records, "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
    )
    try:
        wait_until(lambda: process.poll() is not None or is_begun(folder), START_SECONDS)
        yield process
    finally:
        process.kill()
        process.communicate()


def is_begun(folder: Path) -> bool:
    database = folder / "data" / "hoibao.db"
    if not database.exists():
        return False
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT 1 FROM articles").fetchone() is not None
        except sqlite3.OperationalError:
            return False


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    """The forks of the server that the process started."""
    (server,) = [child for child in children(process.pid) if "forkserver" in command_of(child)]
    found = children(server)
    assert len(found) == 2
    return found


def children(process: int) -> list[int]:
    tasks = Path("/proc", str(process), "task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def command_of(process: int) -> str:
    return Path("/proc", str(process), "cmdline").read_text()


def is_alive(process: int) -> bool:
    try:
        return " Z " not in Path("/proc", str(process), "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def is_completed(records: Path, folder: Path) -> None:
    """Check that what was stored is whole, and that taking it in again adds what is missing."""
    with Library.open(folder / "data") as library:
        stored = library.status()
        assert stored.behind == 0
        assert 0 < stored.articles < ARTICLES
        assert library.ingest(records).added == ARTICLES - stored.articles
        assert library.status().behind == 0
        for number in range(0, ARTICLES, 100):
            quote = library.ask(f"Xã số {number} thu hoạch bao nhiêu tấn?").quotes[0]
            assert quote.article.text[quote.start : quote.end] == quote.text
