"""Learned weights of ranking features.

They were learned by listwise logistic regression (Cao et al., ICML 2007): the weights under
which, of all candidates of a question, the right ones are the likeliest. Those of coverage are
learned by `python -m tests.benchmarks.learn`, which keeps the others; some were set by hand.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.language.data import rows

COVERAGE = ("around", "before", "untitled", "scarce")
"""Coverage features; see `index.search.ranking.term_counts`."""

FEATURES = (
    *("syllables", "words", "bigrams", "near", "block", "lead", "article"),
    *("title", "late", "short", "alone", "joint", "phrases"),
    *COVERAGE,
)
"""Ranking features computed before a text is read; see `index.search.ranking.bm25`."""

ASKS, REPORTS, CAPTION, HEADLINE, MOST = "asks", "reports", "caption", "headline", "most"
"""That a sentence is a question itself, reports one, is a caption, is a title where those hardly
answer, and says what is the most where that is asked. Answer features are named by their type:
`who.person`."""

DATES, NEWEST, FULLEST = "dates", "newest", "fullest"
"""Shares of scores that have no learned weight: for being of the dates asked for, where news is
asked for, for the place among about equal ones by their dates, and for standing for others that say
the same."""


@cache
def feature_weights() -> NDArray[np.float64]:
    """Return the weight of each of `FEATURES`."""
    return np.array([weights()[feature] for feature in FEATURES])


@cache
def weights() -> dict[str, float]:
    """Return the weight of every feature by name, those of texts too: `asks`, `who.person`."""
    return {name: float(weight) for name, weight in rows("weights.tsv", "index.search")}
