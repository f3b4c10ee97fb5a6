"""`hoibao ask` as a program sees it: one question, or many on standard input."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.ask import answer_lines
from index.models.answer import Answer
from tests.support.bot import ARTICLES, WHO
from tests.support.commands import HOIBAO, RECORDS, Commands, answers, is_one_line
from tests.support.libraries import open_library
from tests.support.rerank_server import replying, rerank_site, scoring

TOKEN = "a-token-of-the-operator"


def test_ask_shows_bold_and_colour_on_a_terminal_only(filled: Commands) -> None:
    piped = filled("ask", "bao nhiêu hộ dân bị cô lập?").stdout
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as shown:
        command: list[str | Path] = [HOIBAO, "ask", "bao nhiêu hộ dân bị cô lập?"]
        subprocess.run(command, cwd=filled.folder, stdout=end, check=True, timeout=120)
        os.close(end)
        text = shown.read(65536).decode()

    assert "\x1b" not in piped
    assert "https://songthuong.example/lu" in piped
    assert "\x1b[1m" in text
    assert "\x1b[36mLũ quét ở Mường Lống\x1b[0m" in text


def test_ask_prints_an_answer_for_people(filled: Commands) -> None:
    result = filled("ask", "bao nhiêu hộ dân bị cô lập?")
    assert result.returncode == 0
    assert "“Có 120 hộ dân bị cô lập.”" in result.stdout
    assert "Báo Sông Thương · Monday, 4 September 2023, 08:05" in result.stdout
    assert "No article answers this." in filled("ask", "giá vàng hôm nay").stdout


def test_ask_answers_as_one_json_line(filled: Commands) -> None:
    (answer,) = answers(filled("ask", "bao nhieu ho dan bi co lap", "--json", "--limit", "1"))
    assert answer["question"] == "bao nhieu ho dan bi co lap"
    assert answer["confident"] is True
    assert answer["certainty"] == "answer"
    assert 0.5 <= answer["confidence"] <= 1
    assert answer["milliseconds"] > 0
    (quote,) = answer["quotes"]
    text = RECORDS[0]["text"]
    assert quote["text"] == text[quote["start"] : quote["end"]] == "Có 120 hộ dân bị cô lập."
    assert quote["article"] == {
        key: RECORDS[0][key] for key in ("id", "url", "title", "source", "published")
    }
    assert quote["also_in"] == []


def test_ask_grades_answers_by_their_confidence(filled: Commands) -> None:
    possible, nothing = "hộ dân nào bị cô lập vì động đất?", "giá vàng hôm nay"
    maybe, none, failed = answers(filled("ask", text=f"{possible}\n{nothing}\n{{broken\n"))

    assert (maybe["certainty"], maybe["confident"]) == ("maybe", False)
    assert (none["certainty"], none["confident"]) == ("none", False)
    assert 0 <= none["confidence"] < maybe["confidence"] < 0.5
    assert (failed["certainty"], failed["confidence"]) == ("none", 0.0)
    assert filled("ask", possible).stdout.startswith("Perhaps:\n\n“Có 120 hộ dân bị cô lập.”")
    assert filled("ask", nothing).stdout.startswith("No article answers this.")


def test_ask_prints_the_articles_on_a_subject(filled: Commands) -> None:
    shown = filled("ask", "mường lống").stdout

    assert shown.startswith(
        f"\n{RECORDS[0]['title']}\n  Báo Sông Thương · Monday, 4 September 2023, 08:05"
    )
    assert RECORDS[0]["url"] in shown
    assert "“" in shown
    assert "No article answers this." in filled("ask", "Trump").stdout


def test_ask_gives_the_articles_that_are_asked_for_as_json(filled: Commands) -> None:
    asked = ["tin mới nhất", "mường lống", "bao nhiêu hộ dân bị cô lập?"]
    news, subject, question = answers(filled("ask", text="\n".join(asked)))

    assert len(news["articles"]) == len(RECORDS)
    (article,) = subject["articles"]
    named = {key: RECORDS[0][key] for key in ("id", "url", "title", "source", "published")}
    quote = article["quote"]
    assert article == named | {"sources": [RECORDS[0]["source"]], "quote": quote}
    assert quote["text"] == RECORDS[0]["text"][quote["start"] : quote["end"]]
    assert question["articles"] == []
    (one,) = answers(filled("ask", "mường lống", "--json"))
    assert one["articles"] == subject["articles"]
    (within,) = answers(filled("ask", "mường lống", "--json", "--article", RECORDS[0]["id"]))
    assert within["articles"] == []


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
    assert people.startswith("Published 2023-01-01 to 2023-12-31:")


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


def test_ask_answers_a_question_of_any_length_and_those_beside_it(filled: Commands) -> None:
    words = ("lũ quét hộ dân bị cô lập ", "Mường Lống Trần Văn Khải ", "2021 120 57 ", "ạ")
    longest = [(word * 100_000)[:100_000] for word in words]
    asked = [question for each in longest for question in ("ai thắng?", each)]
    result = filled("ask", text="\n".join(asked))
    found = answers(result)
    assert len(found) == len(asked)
    assert not any("error" in answer for answer in found)
    assert all("3-1" in answer["quotes"][0]["text"] for answer in found[::2])
    assert found[1]["quotes"]
    assert (result.returncode, result.stderr) == (0, "")


def test_an_error_that_nobody_foresaw_costs_only_its_line(tmp_path: Path) -> None:
    def ask(question: str) -> Answer:
        if question == "lỗi":
            raise OverflowError("math range error")
        return library.ask(question)

    with open_library(tmp_path, ARTICLES) as library:
        found = list(answer_lines(library, [WHO, "lỗi", '{"id": 3, "question": "lỗi"}', WHO], ask))

    assert [line["id"] for line in found] == [None, None, 3, None]
    errors = [line.get("error") for line in found]
    assert errors == [None, *["an error in this program (OverflowError)"] * 2, None]
    assert found[0]["quotes"] == found[3]["quotes"] != []


@pytest.mark.parametrize("option", ["question", "--article", "--source"])
def test_bytes_that_are_no_text_are_one_line(filled: Commands, option: str) -> None:
    broken = b"l\xc5".decode("utf-8", "surrogateescape")
    arguments = [broken] if option == "question" else ["lũ", option, broken]
    assert is_one_line(filled("ask", *arguments), option.strip("-"), "UTF-8")


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


def test_ask_has_a_model_on_a_server_read_where_the_settings_name_one(filled: Commands) -> None:
    question = "lũ quét thế nào?"
    (plain,) = answers(filled("ask", question, "--json"))
    *_, last = plain["quotes"]
    with rerank_site(scoring(lambda text: float(text.endswith(last["text"])))) as site:
        filled.environment["HOIBAO_RERANKER__URL"] = site.url
        filled.environment["HOIBAO_RERANKER__TOKEN"] = TOKEN
        (answer,) = answers(filled("ask", question, "--json"))
    scores = {quote["text"]: quote["score"] for quote in answer["quotes"]}
    assert scores[last["text"]] > last["score"]
    assert site.posted[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_ask_answers_by_words_and_says_so_in_one_line_where_that_server_fails(
    filled: Commands,
) -> None:
    lines = "lũ quét thế nào?\nai thắng?\n"
    plain = answers(filled("ask", text=lines))
    with rerank_site(replying(lambda _: TOKEN.encode(), 401)) as site:
        filled.environment["HOIBAO_RERANKER__URL"] = site.url
        filled.environment["HOIBAO_RERANKER__TOKEN"] = TOKEN
        asked = filled("ask", text=lines)
    assert [each["quotes"] for each in answers(asked)] == [each["quotes"] for each in plain]
    assert len(site.posted) == asked.stderr.count("\n") == 1
    assert f"The reranker at {site.host} answers 401" in asked.stderr
    assert TOKEN not in asked.stderr + asked.stdout
