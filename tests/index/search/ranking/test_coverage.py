"""Coverage tells sentences apart by what their title, neighbours and article say."""

import numpy as np
import pytest

from index.articles.term_codes import encode_terms
from index.engine.protocol import Field
from index.search.query.model import QueryTerm, Variant
from index.search.ranking.term_counts import ArticleCoverage, TermCounts, coverage_features
from index.search.ranking.weights import COVERAGE

CROCODILE = [
    "cá_sấu sổng ở thăng_bình",
    "dân thăng_bình thấy cá_sấu hôm_qua",
    "nó thuộc giống xiêm",
    "cá_sấu được trả về",
    "ông tuấn kể",
]
"""A title, and the sentences of an article of it."""

WORTH = {"sấu": 2.0, "thăng": 3.0, "giống": 4.0, "vắng": 1.0}
OF_FOUR = 0.1 * 3 / 4
"""A tenth of a question of four words, of which coverage around counts all but one."""


def concept(syllable: str) -> QueryTerm:
    return QueryTerm((Variant(Field.SYLLABLES, (syllable,)),))


@pytest.fixture(scope="module")
def coverage() -> dict[str, list[float]]:
    counts = TermCounts(
        list(map(concept, WORTH)),
        {4: encode_terms(["giống giống"]), 7: encode_terms(CROCODILE)},
        [concept("kể")],
    )
    rows = np.flatnonzero(counts.numbers == 7)
    found = coverage_features(
        counts, rows, ArticleCoverage.of(counts, np.array(list(WORTH.values())))
    )
    return {name: column.tolist() for name, column in found.items()}


def test_each_feature_of_coverage_is_weighted(coverage: dict[str, list[float]]) -> None:
    assert set(coverage) == set(COVERAGE)


def test_neighbours_say_what_is_around_but_a_title_is_before_nothing(
    coverage: dict[str, list[float]],
) -> None:
    assert coverage["around"] == pytest.approx([OF_FOUR * each for each in (5, 9, 9, 6, 2)])
    assert coverage["before"] == pytest.approx([0, 0, 0.5, 0.4, 0.2])


def test_a_question_of_one_word_says_nothing_of_neighbours() -> None:
    counts = TermCounts([concept("kể")], {7: encode_terms(CROCODILE)})
    found = coverage_features(counts, np.arange(5), ArticleCoverage.of(counts, np.ones(1)))
    assert found["around"].tolist() == [0.0] * 5


def test_what_the_title_says_does_not_count_for_its_sentences(
    coverage: dict[str, list[float]],
) -> None:
    assert coverage["untitled"] == pytest.approx([0, 0, 0.8, 0, 0])


def test_what_few_sentences_say_counts_most_and_what_none_says_nothing(
    coverage: dict[str, list[float]],
) -> None:
    sentence, two, title = (coverage["scarce"][at] for at in (2, 3, 0))
    once, twice = np.log(6 / 2), np.log(6 / 3)
    most = 4 * once + 3 * once + 2 * twice
    assert (sentence, two) == pytest.approx((4 * once / most, 2 * twice / most))
    assert title == pytest.approx((3 * once + 2 * twice) / most)


def test_a_question_that_says_nothing_is_not_covered() -> None:
    counts = TermCounts([], {7: encode_terms(CROCODILE)})
    found = coverage_features(counts, np.arange(5), ArticleCoverage.of(counts, np.zeros(0)))
    assert {tuple(column.tolist()) for column in found.values()} == {(0.0,) * 5}
