"""What the features of a candidate count for: learned, and kept as data.

`python -m tests.benchmarks.learn` learns them by listwise logistic regression (Cao et al.,
ICML 2007): the weights under which, of all candidates of a question, the right ones are the
likeliest.
"""

from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.answer_kinds import AnswerKind
from index.data import rows


class Feature(StrEnum):
    """What a candidate is weighed by before its text is read; see `index.ranking`."""

    SYLLABLES = "syllables"
    WORDS = "words"
    BIGRAMS = "bigrams"
    NEAR = "near"
    BLOCK = "block"
    LEAD = "lead"
    ARTICLE = "article"
    TITLE = "title"
    LATE = "late"
    SHORT = "short"


FEATURES = tuple(Feature)
ASKS = "asks"


@cache
def feature_weights() -> NDArray[np.float64]:
    """The weight of each of `FEATURES`."""
    return np.array([_weights()[feature] for feature in FEATURES])


@cache
def sign_weights(kind: AnswerKind) -> dict[str, float]:
    """What a sign counts for in a sentence that is to hold an answer of the kind."""
    found = (name.split(".", 1) for name in _weights() if name.startswith(f"{kind}."))
    return {sign: _weights()[f"{kind}.{sign}"] for _, sign in found}


@cache
def asks_weight() -> float:
    """What it counts for that a sentence is a question itself."""
    return _weights()[ASKS]


@cache
def _weights() -> dict[str, float]:
    return {name: float(weight) for name, weight in rows("weights.tsv")}
