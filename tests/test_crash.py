"""The process is killed with -9 while it takes articles in: nothing stored is lost."""

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index import Library

HOIBAO = Path(sys.executable).with_name("hoibao")
ARTICLES = 600


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "news.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            text = f"Xã số {number} thu hoạch {number} tấn lúa. " + "Vụ mùa năm nay được giá. " * 6
            record = {"id": f"lua-{number}", "title": f"Vụ lúa thứ {number}", "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return path


def stored(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def kill_at(process: subprocess.Popen[bytes], database: Path, articles: int) -> None:
    while process.poll() is None:
        if database.exists() and stored(database) >= articles:
            process.send_signal(signal.SIGKILL)
            process.wait()


@pytest.mark.parametrize("articles", [0, 200, 400, ARTICLES])
def test_what_was_stored_is_there_and_searchable_after_kill_9(
    records: Path, tmp_path: Path, articles: int
) -> None:
    command: list[str | Path] = [HOIBAO, "--data", tmp_path, "ingest", records]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    kill_at(process, tmp_path / "hoibao.db", articles)
    assert process.returncode == -signal.SIGKILL
    with Library.open(tmp_path) as library:
        status = library.status()
        assert status.articles >= articles
        assert status.behind == 0
        assert status.sentences == 7 * status.articles
        for number in range(0, status.articles, 97):
            quote = library.ask(f"Xã số {number} thu hoạch bao nhiêu tấn?").quotes[0]
            assert quote.article.text[quote.start : quote.end] == quote.text
            assert f"{number} tấn" in quote.text
        report = library.ingest([records])
        assert report.unchanged == status.articles
        assert report.added == ARTICLES - status.articles
        assert library.status().sentences == 7 * ARTICLES
