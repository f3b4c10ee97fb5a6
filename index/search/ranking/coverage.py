"""Compute coverage features: how much of a question sentences say, and those around them.

A concept counts by its idf. In some columns it counts the more the fewer sentences of its article
hold it, or not at all if its title says it: what an article says again and again tells its
sentences not apart. The sentence before may say what a sentence goes on with; a title is before
none of them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.search.ranking.term_counts import Frequencies, Lengths, TermCounts

LEAST_UNTITLED = 0.15
"""The least share of a question that counts as not said by a title, so that a word by itself does
not count for all of it."""

Columns = Mapping[str, NDArray[np.float64]]
"""The values of features by name, of shape (sentences,)."""


def coverage_features(counts: TermCounts, rows: Sequence[int], idf: NDArray[np.float64]) -> Columns:
    """Compute the coverage features of sentences.

    Args:
        counts: The term counts of their articles.
        rows: The rows of the sentences.
        idf: Of each concept that is to be covered; those are the first of the counts.
    """
    own, before, after, title = (
        np.minimum(each[:, : len(idf)], 1.0) for each in counts.neighbours(rows)
    )
    around = np.maximum(own, np.maximum(before, after))
    most = float(idf.sum()) or 1.0
    untitled = idf * (1 - title)
    least = np.maximum(untitled.sum(axis=1), LEAST_UNTITLED * most)
    holding, sentences = counts.holding(rows)
    scarce = idf * _scarcity(holding[:, : len(idf)], sentences)
    return {
        "around": around @ idf / most,
        "before": np.maximum(before - own, 0.0) @ idf / most,
        "untitled": (own * untitled).sum(axis=1) / least,
        "scarce": _share(own, scarce),
    }


def _scarcity(holding: NDArray[np.int64], sentences: Lengths) -> Frequencies:
    """Tell how scarce each concept is in an article: 0 if all sentences hold it, or none."""
    number = sentences[:, None] + 1.0
    scarcity: Frequencies = np.log(number / (holding + 1)) / np.log(number)
    return scarcity * (holding > 0)


def _share(held: Frequencies, weights: Frequencies) -> NDArray[np.float64]:
    of_all = weights.sum(axis=1)
    of_all[of_all == 0] = 1.0
    share: NDArray[np.float64] = (held * weights).sum(axis=1) / of_all
    return share
