"""Scores are read from the answers of rerank servers, in the order of the texts."""

import pytest

from index.search.reranker.answer_forms import parse_scores


@pytest.mark.parametrize(
    "body",
    [
        b'[{"index": 1, "score": 0.75}, {"index": 0, "score": -2}]',
        b'[{"index": 1, "score": 0.75, "text": "x"}, {"index": 0, "score": -2, "text": "y"}]',
        b'{"results": [{"index": 0, "relevance_score": -2},'
        b' {"index": 1, "relevance_score": 0.75}]}',
        b'{"id": "1", "model": "m", "usage": {}, "results": [{"index": 1, "relevance_score": 0.75,'
        b' "document": {"text": "x"}}, {"index": 0, "relevance_score": -2}]}',
        b'{"data": [{"index": 1, "relevance_score": 0.75}, {"index": 0, "relevance_score": -2}]}',
        b'{"scores": [-2, 0.75]}',
        b"[-2, 0.75]",
    ],
)
def test_every_form_gives_the_scores_in_the_order_of_the_texts(body: bytes) -> None:
    assert parse_scores(body, 2) == [-2, 0.75]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"oops",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"[0.5]",
        b"[0.5, 0.5, 0.5]",
        b"[true, false]",
        b'["1", "2"]',
        b"[NaN, 1]",
        b"[1e999, 1]",
        b"[" + b"9" * 5_000 + b", 1]",
        b"[" * 100_000,
        b'{"scores": [Infinity, 1]}',
        b'{"scores": {"0": 1, "1": 2}}',
        b'{"error": "overloaded"}',
        b'[{"index": 0, "score": 1}]',
        b'[{"index": 0, "score": 1}, {"index": 0, "score": 1}]',
        b'[{"index": 0, "score": 1}, {"index": 2, "score": 1}]',
        b'[{"index": -1, "score": 1}, {"index": 0, "score": 1}]',
        b'[{"index": 0, "score": null}, {"index": 1, "score": 1}]',
        b'{"results": {"index": 0, "relevance_score": 1}}',
    ],
)
def test_anything_else_is_one_kind_of_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        parse_scores(body, 2)
