"""Chat language in questions: shorthand and the words that only look like it, and courtesies."""

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Library
from index.engine.protocol import Snapshot
from index.language.analyser import Analyser
from index.language.data import rows
from index.language.english.questions import is_english
from index.language.spelling import fold
from index.language.word_frequency import folded_frequency
from index.search.query.analysis import analyse_question
from index.search.query.chat_language import expand_shorthand, is_courtesy, remove_courtesies
from index.search.query.diacritics import DiacriticRestorer
from tests.support.articles import ARTICLES
from tests.support.libraries import open_library

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
    assert expand_shorthand(question) == expected


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
    assert expand_shorthand(question) == question


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
    with open_library(tmp_path / "data", ARTICLES) as library:
        assert expected in first(library, question)


def first(library: Library, question: str) -> str:
    answer = library.ask(question, limit=1)
    assert answer.confident
    return answer.quotes[0].text


def test_an_english_question_has_no_shorthand(collection: Snapshot) -> None:
    question = "who attended the dc conference"
    assert is_english(question)
    assert (
        analyse_question(question, Analyser(), DiacriticRestorer(collection)).question == question
    )


def test_the_list_is_well_formed() -> None:
    forms = [form for form, *_ in ROWS]
    assert len(set(forms)) == len(forms)
    for form, meaning, *behind in ROWS:
        assert unicodedata.is_normalized("NFC", form + meaning)
        assert form == form.lower()
        assert form != meaning
        assert behind == [fold(words) for words in behind]


def test_nothing_in_the_list_is_a_word_of_the_news() -> None:
    assert [form for form, *_ in ROWS if folded_frequency(form)] == []


@given(st.text(st.sampled_from("kjbn gdcmo5,.-Kđ\u0301\n"), max_size=40))
def test_any_text_can_be_read_and_twice_is_as_once(question: str) -> None:
    once = expand_shorthand(question)
    assert expand_shorthand(once) == once


@pytest.mark.parametrize("piece", ["k ", "bn", "k,", "may "])
def test_a_hostile_question_takes_little_time(piece: str) -> None:
    started = time.process_time()
    expand_shorthand(piece * 4_000)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Chào bạn, bạn có thể cho tôi biết ai khánh thành cầu được không?", "ai khánh thành cầu"),
        ("cho tôi hỏi giá cà phê hôm nay bao nhiêu ạ", "giá cà phê hôm nay bao nhiêu"),
        ("cho toi hoi gia lua bao nhieu", "gia lua bao nhieu"),
        ("tôi muốn hỏi về giá lúa", "giá lúa"),
        ("cho hoi ve gia lua", "gia lua"),
        ("giá lúa thế nào vậy ạ?", "giá lúa thế nào"),
        ("ad oi cho minh hoi ai du hoi nghi v ban", "ai du hoi nghi"),
        ("ad cho mik hỏi cháy ở đâu vậy mn", "cháy ở đâu"),
        ("hoi nghi o dau the", "hoi nghi o dau"),
        ("ai la giam doc vay ad?", "ai la giam doc"),
        ("ai duoc cho vay", "ai duoc cho vay"),
        ("ai cho ban vay", "ai cho ban vay"),
        ("ngan hang cho vay ban nao", "ngan hang cho vay ban nao"),
        ("noi cu the", "noi cu the"),
        ("ai la the anh", "ai la the anh"),
        ("Ai là Thế Anh", "Ai là Thế Anh"),
        ("đại hội V", "đại hội V"),
        ("Can you please tell me who attended?", "who attended?"),
        ("Hi, do you know who won?", "who won?"),
        ("Ông Khải nói gì?", "Ông Khải nói gì?"),
        ("giá lúa bao nhiêu nha", "giá lúa bao nhiêu"),
        ("xin chào bạn", ""),
        ("ạ", ""),
    ],
)
def test_courtesies_are_not_looked_for(question: str, expected: str) -> None:
    assert " ".join(remove_courtesies(question).replace(",", " ").split()) == expected


@pytest.mark.parametrize(
    "message",
    [
        *("alo", "Alô alô!", "hi", "hello there", "Xin chào Hỏi Báo", "good morning", "dạ vâng ạ"),
        *("cảm ơn nha", "cam on ban nhieu", "Thank you very much!", "tks", "thank u", "ok"),
        *("bye bye", "Tạm biệt nhé", "chúc ngủ ngon", "hihi 😄", "Chúc bạn một ngày vui vẻ"),
    ],
)
def test_a_message_may_be_courtesy_alone(message: str) -> None:
    assert is_courtesy(message)


@pytest.mark.parametrize(
    "message",
    [
        *("", "👍", "ai chào", "Nha Trang", "hi vọng gì", "chào mừng ngày 20/11", "cảm ơn ai"),
        *("bạn là ai", "ok bác sĩ", "hoa kỳ", "Alo Vũng Tàu", "dạ chào " * 2_000 + "x"),
    ],
)
def test_a_message_that_says_more_is_none(message: str) -> None:
    assert not is_courtesy(message)
