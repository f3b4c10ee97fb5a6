"""How common a syllable is in Vietnamese news at large.

A young collection cannot tell its common words from its telling ones: in one
article, `những` may be as rare as a name. Where that matters, its counts are
joined with those of a background of sentences.
"""

import math
from collections import defaultdict
from functools import cache

from index.language.data import rows
from index.language.spelling import fold

BACKGROUND_SENTENCES = 1_000
"""Sentences of background that a collection's own counts are joined with."""


def word_frequency(syllable: str) -> float:
    """The share of news sentences that hold the syllable, 0 to 1; 0 for a rare one."""
    return _shares().get(syllable, 0.0)


def folded_frequency(syllable: str) -> float:
    """The same for a syllable without marks: any of its marked forms."""
    return min(1.0, _folded_shares().get(syllable, 0.0))


def smoothed_idf(documents: int, frequency: float, background_share: float) -> float:
    """`ln(1 + (N - n + 0.5) / (n + 0.5))` with the background counted in.

    rank_bm25's own is 0 for a term that half of the documents hold.
    """
    total = documents + BACKGROUND_SENTENCES
    holding = min(total, frequency + BACKGROUND_SENTENCES * background_share)
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


@cache
def _shares() -> dict[str, float]:
    return {syllable: float(share) / 1000 for syllable, share in rows("background.tsv")}


@cache
def _folded_shares() -> dict[str, float]:
    shares: dict[str, float] = defaultdict(float)
    for syllable, of_sentences in _shares().items():
        shares[fold(syllable)] += of_sentences
    return dict(shares)
