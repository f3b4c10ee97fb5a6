"""`hoibao evaluate` as a program sees it."""

import json
from pathlib import Path
from typing import Any

import pytest

from index import Library
from index.store.chats.feedback import Vote
from tests.support.articles import ARTICLES, CONFERENCE, FLOOD
from tests.support.commands import Commands, is_one_line, lines

QUESTIONS = (
    {
        "question": "Ai dự hội nghị thủy lợi?",
        "article": CONFERENCE.id,
        "gold": "Dự hội nghị có ông Trần Văn Khải, Phó Chủ tịch UBND tỉnh",
    },
    {
        "question": "Bao nhiêu hộ dân bị cô lập?",
        "article": FLOOD.url,
        "gold": ["120 hộ dân bị cô lập."],
    },
    {"question": "Giá vàng SJC hôm nay tăng mấy phần trăm?", "gold": []},
)
CONTEXT = "Đập Sông Thương xây năm 1998. Đập dài 315 m, do kỹ sư Lê Văn Tám thiết kế."
ANSWER = {"text": "315 m", "answer_start": CONTEXT.index("315")}
SQUAD = {
    "data": [
        {
            "title": f"Đập_{topic}",
            "paragraphs": [
                {
                    "context": f"{CONTEXT} Đập số {topic}.",
                    "qas": [
                        {
                            "id": str(topic),
                            "question": f"Đập số {topic} dài bao nhiêu?",
                            "answers": [ANSWER],
                        }
                    ],
                }
            ],
        }
        for topic in range(3)
    ]
}


@pytest.fixture
def hoibao(tmp_path: Path) -> Commands:
    """Commands in a folder with questions, and articles that are not yet taken in."""
    (tmp_path / "questions.jsonl").write_text(lines(QUESTIONS), encoding="utf-8")
    (tmp_path / "squad.json").write_text(json.dumps(SQUAD), encoding="utf-8")
    records = [
        {"id": article.id, "url": article.url, "title": article.title, "text": article.text}
        for article in ARTICLES
    ]
    (tmp_path / "articles.jsonl").write_text(lines(records), encoding="utf-8")
    return Commands(tmp_path)


def report(hoibao: Commands, *arguments: str) -> dict[str, Any]:
    result = hoibao("evaluate", *arguments, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    (line,) = result.stdout.splitlines()
    figures: dict[str, Any] = json.loads(line)
    return figures


@pytest.mark.slow
def test_questions_are_asked_of_the_data_folder(hoibao: Commands) -> None:
    assert hoibao("ingest", "articles.jsonl").returncode == 0
    figures = report(hoibao, "questions.jsonl")
    assert figures["articles"] == 3
    assert figures["overall"]["questions"] == 2
    assert figures["overall"]["mrr"] == figures["overall"]["article_1"] == 1.0
    assert set(figures["by_type"]) == {"attendance", "how_many"}
    assert figures["unanswerable"] == {"questions": 1, "answered": 0.0}
    assert report(hoibao, "questions.jsonl", "--unmarked")["by_marks"]["unmarked"]["questions"] == 2
    assert report(hoibao, "questions.jsonl", "--limit-questions", "1")["overall"]["questions"] == 1


def test_the_table_for_people_says_the_same(hoibao: Commands) -> None:
    assert hoibao("ingest", "articles.jsonl").returncode == 0
    printed = hoibao("evaluate", "questions.jsonl").stdout.splitlines()
    assert printed[0].startswith("3 questions, 12 sentences of 3 articles; ")
    assert printed[2].split()[:3] == ["questions", "MRR@10", "95%"]
    assert printed[3].split()[:3] == ["all", "2", "100.0"]
    assert [row.split()[0] for row in printed[4:6]] == ["attendance", "how_many"]
    assert printed[-1] == "1 question that nothing answers: 0.0% answered"


@pytest.mark.slow
def test_squad_is_asked_over_its_own_paragraphs_and_leaves_nothing(hoibao: Commands) -> None:
    figures = report(hoibao, "squad.json")
    assert (figures["articles"], figures["sentences"]) == (3, 9)
    assert figures["overall"]["questions"] == 3
    assert figures["overall"]["hit_3"] == 1.0
    assert not (hoibao.folder / "data").exists()
    assert report(hoibao, "squad.json", "--only", "odd")["overall"]["questions"] == 1
    assert report(hoibao, "squad.json", "--only", "even")["overall"]["questions"] == 2


def test_other_articles_are_asked_in_a_library_that_is_thrown_away(hoibao: Commands) -> None:
    assert report(hoibao, "squad.json", "--over", "articles.jsonl")["articles"] == 6
    figures = report(hoibao, "questions.jsonl", "--over", "articles.jsonl", "--sentences", "4")
    assert (figures["articles"], figures["sentences"]) == (1, 5)
    assert figures["overall"]["questions"] == 1
    assert figures["absent"] == {"questions": 1, "answered": 0.0}
    assert not (hoibao.folder / "data").exists()


def test_articles_that_cannot_be_taken_in_are_named_and_the_others_asked(hoibao: Commands) -> None:
    (hoibao.folder / "bad.txt").write_bytes(b"")
    result = hoibao("evaluate", "squad.json", "--over", "bad.txt", "--json")
    assert result.returncode == 1
    assert result.stderr == "rejected bad.txt: it is empty\n"
    assert json.loads(result.stdout)["articles"] == 3


def test_votes_from_the_chat_are_judged(hoibao: Commands) -> None:
    with Library.open(hoibao.folder / "data") as library:
        library.ingest(ARTICLES)
        (quote,) = library.ask("bao nhiêu hộ dân bị cô lập?", limit=1).quotes
        for message, is_good, question in (
            (1, True, "hộ dân?"),
            (2, False, "hộ dân?"),
            (3, True, None),
        ):
            library.feedback.put(
                Vote(
                    bot=1,
                    chat=1,
                    message=message,
                    person=1,
                    article=quote.article.number,
                    position=quote.position,
                    text=quote.text,
                    is_good=is_good,
                    question=question,
                    created_at=message,
                )
            )
    assert report(hoibao, "--feedback") == {
        "good": 1,
        "good_first": 1,
        "good_in_three": 1,
        "bad": 1,
        "bad_no_longer_first": 0,
        "without_question": 1,
    }
    assert hoibao("evaluate", "--feedback").stdout.splitlines() == [
        "👍 1: 1 still first, 1 among the first three",
        "👎 1: 0 no longer first",
        "1 vote without a question; questions are kept with keep_questions = true",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ("FILE",)),
        (("none.json",), ("none.json", "No such file")),
        (("questions.jsonl",), ("no articles in data",)),
        (("articles.jsonl",), ("articles.jsonl, line 1", "question")),
        (("questions.jsonl", "--only", "odd"), ("questions.jsonl", "SQuAD")),
        (("squad.json", "--sentences", "5"), ("--over",)),
        (("squad.json", "--over", "none.jsonl"), ("none.jsonl",)),
        (("squad.json", "--feedback"), ("--feedback",)),
        ((".",), ("Is a directory",)),
    ],
)
def test_what_cannot_be_measured_is_one_line(
    hoibao: Commands, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert is_one_line(hoibao("evaluate", *arguments), *words)
