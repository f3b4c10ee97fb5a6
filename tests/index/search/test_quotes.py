"""What matches is bold in whatever form the question has it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Article, Library
from index.search.query.analysis import analyse_question
from index.search.query.diacritics import DiacriticRestorer
from index.search.quotes import highlights

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
