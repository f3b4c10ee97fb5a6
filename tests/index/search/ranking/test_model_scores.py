"""Scores of a model and of words are mixed linearly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engine.protocol import SentenceAddress
from index.search.ranking.candidates import FeatureTable, Ranked
from index.search.ranking.model_scores import mix, reading_order


def candidates(*scores: float, spoken: bool = True, article: int = 1) -> list[Ranked]:
    """Candidates of one article with these scores by words."""
    addresses = [SentenceAddress(article, position) for position in range(len(scores))]
    held = np.full((1, len(scores)), float(spoken))
    none = np.zeros((1, len(scores)))
    table = FeatureTable(none, held, held, held, np.ones(1))
    return [Ranked(addresses[at], score, table, at) for at, score in enumerate(scores)]


def positions(ranked: list[Ranked]) -> list[int]:
    return [each.address.position for each in ranked]


def relevance(ranked: list[Ranked], *scores: float) -> dict[SentenceAddress, float]:
    return {each.address: score for each, score in zip(ranked, scores, strict=False)}


def test_a_score_by_words_gains_what_the_model_says() -> None:
    ranked = candidates(10, 8, 7)
    mixed = mix(ranked, relevance(ranked, 0.1, 0.2, 0.5), unit=2)
    assert {each.address.position: each.score for each in mixed} == pytest.approx(
        {0: 10, 1: 8 + 2 * 10 * 0.1, 2: 7 + 2 * 10 * 0.4}
    )


def test_who_was_not_read_counts_as_the_least_relevant() -> None:
    ranked = candidates(10, 8, 7)
    mixed = mix(ranked, relevance(ranked, -3.0, 5.0), unit=0.05)
    assert [(each.address.position, each.score) for each in mixed] == [(1, 12), (0, 10), (2, 7)]


def test_who_is_read_has_a_chance_without_words() -> None:
    ranked = candidates(10, 1, -5)
    mixed = mix(ranked, relevance(ranked, 0.0, 0.0, 1.0), unit=0.5)
    assert [(each.address.position, each.score) for each in mixed] == [(2, 11), (0, 10), (1, 6)]


def test_who_was_not_read_is_left_out_where_no_word_speaks_for_it() -> None:
    ranked = candidates(3, 2, spoken=False)
    assert positions(mix(ranked, relevance(ranked, 1.0), unit=1)) == [0]
    assert mix(ranked, {}, unit=1) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9), st.floats(0, 3))
def test_scores_fall_and_no_candidate_is_lost(scores: list[float], unit: float) -> None:
    ranked = candidates(*sorted(scores, reverse=True))
    mixed = mix(ranked, relevance(ranked, *scores), unit)
    assert sorted(positions(mixed)) == list(range(len(scores)))
    assert [each.score for each in mixed] == sorted((e.score for e in mixed), reverse=True)


def test_scores_of_none_that_is_there_add_nothing() -> None:
    ranked = candidates(2, 1)
    elsewhere = {SentenceAddress(7, 0): 5.0}
    assert mix(ranked, elsewhere, unit=1) == ranked


def test_sentences_of_near_articles_are_read_first() -> None:
    ranked = [*candidates(9, 8, 7), *candidates(3, 2, 1, 0, article=2)]
    assert [tuple(address) for address in reading_order(ranked, {2})] == [
        *((2, 0), (2, 1), (2, 2)),
        *((1, 0), (1, 1), (1, 2)),
        (2, 3),
    ]
