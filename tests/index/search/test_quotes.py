"""What matches is bold in whatever form the question has it."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from index import Article, Library
from index.articles.term_codes import encode_terms, word_lengths
from index.language.analyser import Analyser
from index.search.query.analysis import analyse_question
from index.search.query.diacritics import DiacriticRestorer
from index.search.quotes import highlights

ANALYSER = Analyser()
TEXT = (
    "Lãnh đạo UBND tỉnh họp. Ủy ban nhân dân tỉnh họp về lũ quét. Hai người chết trong lũ quét. "
    "Hai người tử vong. Hai người thiệt mạng tại chỗ. Cảnh sát giao thông tới nơi."
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder: Path = tmp_path_factory.mktemp("words")
    with Library.open(folder) as opened:
        opened.ingest([Article(id="1", title="Lũ quét ở vùng cao", text=TEXT)])
        yield opened


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("UBND tỉnh họp", "Hôm qua Ủy ban nhân dân gặp bà con.", ["Ủy ban nhân dân"]),
        ("ủy ban nhân dân họp", "Hôm qua, lãnh đạo UBND về xã.", ["UBND"]),
        ("ubnd hop", "Hôm qua Uỷ ban Nhân dân gặp bà con.", ["Uỷ ban Nhân dân"]),
        ("uy ban nhan dan", "Hôm qua, lãnh đạo UBND về xã.", ["UBND"]),
        ("people's committee", "Hôm qua Ủy ban nhân dân gặp bà con.", ["Ủy ban nhân dân"]),
        ("ai chết trong lũ quét", "Hai cụ già tử vong.", ["tử vong"]),
        ("ai chet trong lu quet", "Hai cụ già tử vong.", ["tử vong"]),
        ("ai tử vong", "Hai cụ già thiệt mạng tại chỗ.", ["thiệt mạng"]),
        ("ai tu vong", "Hai cụ già thiệt mạng tại chỗ.", ["thiệt mạng"]),
        ("who died in the flood", "Trận lũ làm hai cụ già chết.", ["lũ", "chết"]),
    ],
)
def test_other_ways_of_writing_a_word_are_bold_as_phrases(
    library: Library, question: str, text: str, expected: list[str]
) -> None:
    query = analyse_question(
        question, library._analyser, DiacriticRestorer(library._engine.snapshot())
    )
    assert [text[start:end] for start, end in highlights(query, text)] == expected


def test_a_phrase_is_bold_though_each_of_its_syllables_is_common(library: Library) -> None:
    query = analyse_question(
        "cảnh sát tới", library._analyser, DiacriticRestorer(library._engine.snapshot())
    )
    text = "Công an làm việc cả đêm, bà con an lòng."
    assert [text[start:end] for start, end in highlights(query, text)] == ["Công an"]


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("ai dự hội nghị", "Dự án do xã đề nghị đã được hội nghị thông qua.", ["hội nghị"]),
        ("did anyone die in Mường Lống", "Lũ làm xã Mường Lống mất điện.", ["Mường Lống"]),
        ("hôm nào họp", "Giá tăng so với hôm trước.", []),
        ("ông Phúc nói gì", "Xã bầu ông Vương Đình Phúc.", ["ông Vương Đình Phúc"]),
        ("Trump nói gì", "Chiều qua, Donald Trump tới nơi.", ["Donald Trump"]),
        ("Hà Tĩnh mưa", "Mưa lớn ở Hà Nam.", ["Mưa"]),
        ("ngày 8/5 lũ", "Lũ về ngày 8/5/2021.", ["Lũ", "ngày 8/5/2021"]),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_only_whole_words_names_and_dates_are_bold(
    library: Library, form: Literal["NFC", "NFD"], question: str, text: str, expected: list[str]
) -> None:
    text = unicodedata.normalize(form, text)
    query = analyse_question(question, ANALYSER, DiacriticRestorer(library._engine.snapshot()))
    spans = highlights(query, text, word_lengths(encode_terms([ANALYSER.analyse(text).text]), 0))
    assert [unicodedata.normalize("NFC", text[start:end]) for start, end in spans] == expected
