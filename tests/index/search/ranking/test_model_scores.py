"""Scores of a model and of words are mixed linearly, whatever their scales."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.protocol import SentenceAddress
from index.search.ranking.bm25 import FeatureTable, Ranked
from index.search.ranking.model_scores import candidates_to_read, mix, unit_of


def candidates(*scores: float, spoken: bool = True, article: int = 1) -> list[Ranked]:
    """Candidates of one article with these scores by words."""
    addresses = [SentenceAddress(article, position) for position in range(len(scores))]
    held = np.full((len(scores), 1), float(spoken))
    none = np.zeros((len(scores), 1))
    table = FeatureTable(addresses, none, held, held, none, held, np.ones(1))
    return [Ranked(addresses[row], score, table, row) for row, score in enumerate(scores)]


def positions(ranked: list[Ranked]) -> list[int]:
    return [each.address.position for each in ranked]


def relevance(ranked: list[Ranked], *scores: float) -> dict[SentenceAddress, float]:
    return {each.address: score for each, score in zip(ranked, scores, strict=False)}


def test_the_most_relevant_gains_a_share_of_the_distance_by_words() -> None:
    ranked = candidates(10, 8, 6)
    scores = relevance(ranked, 0.1, 0.2, 0.5)
    mixed = mix(ranked, scores, unit_of(ranked, scores, weight=0.5))
    assert {each.address.position: each.score for each in mixed} == pytest.approx(
        {0: 10, 1: 8.5, 2: 8}
    )


def test_who_was_not_read_counts_as_the_least_relevant() -> None:
    ranked = candidates(10, 8, 7)
    mixed = mix(ranked, relevance(ranked, -3.0, 5.0), unit=0.5)
    assert [(each.address.position, each.score) for each in mixed] == [(1, 12), (0, 10), (2, 7)]


def test_who_was_not_read_is_left_out_where_no_word_speaks_for_it() -> None:
    ranked = candidates(3, 2, spoken=False)
    assert positions(mix(ranked, relevance(ranked, 1.0), unit=1)) == [0]
    assert mix(ranked, {}, unit=1) == []


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=12),
    st.lists(st.integers(-9, 9), min_size=12, max_size=12),
    st.sampled_from([2.0**-20, 1.0, 2.0**20]),
    st.integers(-100, 100),
)
def test_neither_the_scale_nor_the_origin_of_the_scores_of_a_model_counts(
    scores: list[float], given_scores: list[int], scale: float, origin: int
) -> None:
    ranked = candidates(*sorted(scores, reverse=True))
    plain = relevance(ranked, *map(float, given_scores))
    moved = relevance(ranked, *((score + origin) * scale for score in given_scores))
    orders = [
        positions(mix(ranked, scores, unit_of(ranked, scores, weight=0.5)))
        for scores in (plain, moved)
    ]
    assert orders[0] == orders[1]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9), st.floats(0, 3))
def test_scores_fall_and_no_candidate_is_lost(scores: list[float], unit: float) -> None:
    ranked = candidates(*sorted(scores, reverse=True))
    mixed = mix(ranked, relevance(ranked, *scores), unit)
    assert sorted(positions(mixed)) == list(range(len(scores)))
    assert [each.score for each in mixed] == sorted((e.score for e in mixed), reverse=True)


def test_scores_of_none_that_is_there_add_nothing() -> None:
    ranked = candidates(2, 1)
    elsewhere = {SentenceAddress(7, 0): 5.0}
    assert mix(ranked, elsewhere, unit_of(ranked, elsewhere, weight=1)) == ranked


def test_sentences_of_near_articles_are_read_first() -> None:
    ranked = [*candidates(9, 8, 7), *candidates(3, 2, 1, 0, article=2)]
    assert [tuple(address) for address in candidates_to_read(ranked, {2}, 5)] == [
        *((2, 0), (2, 1), (2, 2)),
        *((1, 0), (1, 1)),
    ]
