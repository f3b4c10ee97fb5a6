"""Chat shorthand in questions, and the words that only look like it."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.accents import Marks
from index.analyser import Analyser
from index.background import folded_share
from index.data import rows
from index.engines import Snapshot
from index.english import is_english
from index.question import analyse_question
from index.shorthand import written_out
from index.spelling import fold
from tests.articles_support import ARTICLES
from tests.shelf import shelf

ROWS = rows("shorthand.tsv")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("co bn ng chet", "co bao nhieu nguoi chet"),
        ("Bn hộ dc hỗ trợ?", "bao nhiêu hộ được hỗ trợ?"),
        ("hoi nghi ntn, ai dc bau", "hoi nghi nhu the nao, ai duoc bau"),
        ("ông Khải nói j?", "ông Khải nói gì?"),
        ("may h hop", "may gio hop"),
        ("sdt cty la j", "so dien thoai cong ty la gi"),
        ("ko co dien k", "khong co dien khong"),
    ],
)
def test_shorthand_is_written_out_with_marks_where_the_question_has_them(
    question: str, expected: str
) -> None:
    assert written_out(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "",
        "bệnh nhân BN 17 ở đâu",
        "bn 17 khoi chua",
        "cong an tinh bn noi gi",
        "benh vien k o dau",
        "an vitamin k",
        "gia 50 k",
        "bao nhieu k",
        "ai dự hội nghị ở Washington DC",
        "Washington dc",
        "K-pop là gì",
        "a.k va k.a va q&k",
        "truong mn o dau",
        "kodak, khong, dcm, ngang",
        "5k",
    ],
)
def test_what_is_a_name_or_another_word_stays(question: str) -> None:
    assert written_out(question) == question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ai du hoi nghi v ban", "ông Trần Văn Khải"),
        ("ad oi bn ho dan bi co lap", "120 hộ dân"),
        ("cho e hoi bn km kenh muong dc nao vet", "315 km"),
        ("Phạm Quốc Huy ghi bn bàn v ad?", "ghi hai bàn"),
    ],
)
def test_a_question_as_it_is_typed_in_a_chat_is_answered(
    question: str, expected: str, tmp_path: Path
) -> None:
    with shelf(tmp_path / "data", ARTICLES) as library:
        assert expected in first(library, question)


def first(library: Library, question: str) -> str:
    answer = library.ask(question, limit=1)
    assert answer.confident
    return answer.quotes[0].text


def test_an_english_question_has_no_shorthand(collection: Snapshot) -> None:
    question = "who attended the dc conference"
    assert is_english(question)
    assert analyse_question(question, Analyser(), Marks(collection)).question == question


def test_the_list_is_well_formed() -> None:
    forms = [form for form, *_ in ROWS]
    assert len(set(forms)) == len(forms)
    for form, meaning, *behind in ROWS:
        assert unicodedata.is_normalized("NFC", form + meaning)
        assert form == form.lower()
        assert form != meaning
        assert behind == [fold(words) for words in behind]


def test_nothing_in_the_list_is_a_word_of_the_news() -> None:
    assert [form for form, *_ in ROWS if folded_share(form)] == []


@given(st.text(st.sampled_from("kjbn gdcmo5,.-Kđ\u0301\n"), max_size=40))
def test_any_text_can_be_read_and_twice_is_as_once(question: str) -> None:
    once = written_out(question)
    assert written_out(once) == once


@pytest.mark.parametrize("piece", ["k ", "bn", "k,", "may "])
def test_a_hostile_question_takes_little_time(piece: str) -> None:
    started = time.process_time()
    written_out(piece * 4_000)
    assert time.process_time() - started < 3
