"""The plan of a larger cluster follows from measured costs."""

from dataclasses import replace

import pytest

from tests.benchmarks._cluster_plan import Measured, plan

LARGE = Measured(
    sentences=1_000_000,
    articles=50_000,
    index_bytes=800,
    database_bytes=600,
    question_nodes=0.030,
    question_own=0.040,
    article_own=0.005,
    article_nodes=0.020,
    requests=2.5,
)
SMALL = replace(LARGE, sentences=100_000, articles=5_000, question_nodes=0.012)


def needed(small: Measured | None, large: Measured = LARGE) -> dict[str, str]:
    return {row: amount for row, amount, _ in plan(small, large, replicas=1)}


def test_each_row_is_what_a_hundred_million_sentences_need() -> None:
    assert needed(SMALL) == {
        "index, with copies": "149 GiB",
        "PostgreSQL": "56 GiB",
        "shards": "3",
        "CPU of a question in the nodes": "2010 ms",
        "cores of the nodes": "40",
        "nodes": "6",
        "memory a node": "20 GiB",
        "disk a node": "50 GiB",
        "cores of bots and PostgreSQL": "1",
        "requests to the cluster": "25 a second",
        "requests to sources": "1.5 a second",
        "filled in": "5 months",
        "building the index anew": "0.6 hours",
    }


@pytest.mark.parametrize("small", [None, replace(SMALL, question_nodes=0.031)])
def test_without_two_sizes_that_tell_a_question_costs_in_proportion(small: Measured | None) -> None:
    assert needed(small)["CPU of a question in the nodes"] == "3000 ms"


def test_a_question_that_costs_the_same_in_both_is_no_free_one() -> None:
    assert (
        needed(replace(SMALL, question_nodes=0.029))["CPU of a question in the nodes"] == "140 ms"
    )
