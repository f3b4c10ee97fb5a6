"""How many requests a question makes to an engine that is a server."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import pytest

from index import Library
from index.engine.protocol import Engine, Field, Hits, Snapshot, TermSearch, Totals
from index.models.article import ArticleFilter
from index.search.pipeline import AskOptions, answer

TODAY = date(2023, 9, 5)
MOST_REQUESTS = 5


class CountingSnapshot:
    """A snapshot that notes each call for which an engine that is a server needs a request."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known = set[tuple[Field, str]]()
        self.requests = ["snapshot"]

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} is not to be called")

    def totals(self, field: Field) -> Totals:
        return self._snapshot.totals(field)

    def document_frequencies(
        self, terms: Mapping[Field, Iterable[str]]
    ) -> Mapping[Field, Mapping[str, int]]:
        terms = {field: list(texts) for field, texts in terms.items()}
        read = {(field, text) for field, texts in terms.items() for text in texts}
        if read - self._known:
            self.requests.append("frequencies")
        self._known |= read
        return self._snapshot.document_frequencies(terms)

    def best(
        self, sentences: TermSearch, articles: TermSearch, filters: Sequence[ArticleFilter]
    ) -> list[Hits]:
        self.requests.append("best")
        return self._snapshot.best(sentences, articles, filters)


class CountingEngine:
    """The engine of a library, whose snapshots have nothing in mind yet and count."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.snapshots: list[CountingSnapshot] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def snapshot(self) -> CountingSnapshot:
        self.snapshots.append(CountingSnapshot(self._engine.snapshot()))
        return self.snapshots[-1]


@pytest.fixture
def requests(library: Library) -> Callable[[str], list[str]]:
    """Ask a question, and return the requests that it made."""

    def ask(question: str) -> list[str]:
        engine = CountingEngine(library.search_context.engine)
        context = replace(library.search_context, engine=cast(Engine, engine))
        assert answer(question, AskOptions(today=TODAY), context).quotes
        (snapshot,) = engine.snapshots
        return snapshot.requests

    return ask


@pytest.mark.parametrize(
    ("question", "statistics"),
    [
        ("lãnh đạo huyện dự hội nghị?", 2),
        ("ngày 3/9/2023 bộ đội đưa lương thực?", 2),
        ("lũ quét làm sập mấy cây cầu?", 3),  # no article holds `mấy`
        ("ai du hoi nghi tong ket?", 3),
        ("lu quet lam sap may cay cau?", 3),
        ("bo doi da dua gi vao muong long?", 3),
        ("who attended the conference?", 1),
        ("who won the match between Lê Lợi and Nguyễn Du?", 2),
        ("did Le Loi beat Nguyen Du?", 3),
    ],
)
def test_a_question_makes_few_requests(
    question: str, statistics: int, requests: Callable[[str], list[str]]
) -> None:
    made = requests(question)
    assert made == ["snapshot", *["frequencies"] * statistics, "best"]
    assert len(made) <= MOST_REQUESTS


@pytest.mark.parametrize("question", ["hội nghị thủy lợii có ai dự?", "hoi nghi thuy loiii"])
def test_a_mistyped_word_needs_one_more(
    question: str, requests: Callable[[str], list[str]]
) -> None:
    assert requests(question) == ["snapshot", *["frequencies"] * 4, "best"]


def test_the_dates_of_a_question_are_searched_in_the_same_request(
    requests: Callable[[str], list[str]],
) -> None:
    assert requests("tháng 9/2023 lũ quét ở đâu?").count("best") == 1
