"""What is proposed, by an engine of its own."""

from pathlib import Path

import pytest

from index import Article, Library, candidates
from index.accents import Marks
from index.analyser import Analyser
from index.candidates import propose
from index.engines import Filter, SentenceAddress
from index.question import analyse_question

ARTICLES = [
    Article(
        id="lu", title="Tin mưa", text="Lũ của sông lớn cuốn trôi cầu.\nNgười dân của xã sơ tán."
    ),
    Article(id="bong", title="Tin sân", text="Đội của tỉnh thắng.\nKhán giả của đội vui."),
]


def proposed(folder: Path, question: str) -> set[SentenceAddress]:
    with Library.open(folder) as library:
        library.ingest(ARTICLES)
        snapshot = library._engine.snapshot()
        query = analyse_question(question, Analyser(), Marks(snapshot))
        return set(propose(query, snapshot, Filter()).sentences)


def test_what_many_sentences_hold_proposes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(proposed(tmp_path, "lũ của sông")) == 4
    monkeypatch.setattr(candidates, "FEW_SENTENCES", 1)
    assert len(proposed(tmp_path, "lũ của sông")) == 1
    assert len(proposed(tmp_path, "của")) == 4
