"""Frequency of syllables in Vietnamese news at large, and IDF smoothed with it.

In a small collection common words look informative: in one article, `những` may
be as rare as a name. Its counts are therefore added to those of a background of
sentences.
"""

import math
from collections import defaultdict
from functools import cache

from index.language.data import rows
from index.language.spelling import fold

BACKGROUND_SENTENCES = 1_000
"""Sentences of the background, whose counts are added to those of a collection."""


def word_frequency(syllable: str) -> float:
    """Return the share of news sentences with a syllable, 0 to 1; 0 for a rare one."""
    return _shares().get(syllable, 0.0)


def folded_frequency(syllable: str) -> float:
    """Return the share of news sentences with any form of a syllable without diacritics."""
    return min(1.0, _folded_shares().get(syllable, 0.0))


def smoothed_idf(documents: int, frequency: float, background_share: float) -> float:
    """Compute `ln(1 + (N - n + 0.5) / (n + 0.5))` with the background counted in.

    That of rank_bm25 is 0 for a term in half of the documents.
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
