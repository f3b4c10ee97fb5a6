"""What is proposed, by an engine of its own."""

from pathlib import Path

import pytest

from index import Article, Library
from index.engine.protocol import SentenceAddress
from index.language.analyser import Analyser
from index.models.article import ArticleFilter
from index.search.query.analysis import analyse_question
from index.search.query.diacritics import DiacriticRestorer
from index.search.ranking import candidates
from index.search.ranking.candidates import propose
from index.search.ranking.term_counts import CollectionCounts

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
        query = analyse_question(question, Analyser(), DiacriticRestorer(snapshot))
        counts = CollectionCounts(query, snapshot)
        (found,) = propose(query, counts, snapshot, [ArticleFilter()])
        return set(found.sentences)


def test_what_many_sentences_hold_proposes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(proposed(tmp_path, "lũ của sông")) == 4
    monkeypatch.setattr(candidates, "FEW_SENTENCES", 1)
    assert len(proposed(tmp_path, "lũ của sông")) == 1
    assert len(proposed(tmp_path, "của")) == 4
