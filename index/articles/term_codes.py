"""Encode an article's terms as numbers, for fast ranking.

A syllable is a pair of 32-bit numbers: the hash of the syllable, whose lowest bit
marks the continuation of a word, and the hash of the syllable without diacritics.
A pair of zeros ends each sentence. Two terms of one article have the same hash
once in some hundred thousand articles, which costs a wrong count, never a wrong
quote.
"""

import zlib
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.language.segmenter import cache_tokens
from index.language.spelling import fold

Codes = NDArray[np.uint32]
"""Term codes, of shape (syllables and sentence ends, 2)."""

CODE_BYTES = 8
CONTINUES = 1
_END = bytes(CODE_BYTES)


def encode_terms(sentences: Iterable[str]) -> bytes:
    """Encode the terms of sentences, given as `Terms.text`."""
    parts: list[bytes] = []
    for sentence in sentences:
        parts += map(_encoded_word, sentence.split())
        parts.append(_END)
    return b"".join(parts)


def decode_terms(encoded: bytes) -> Codes:
    """Decode the bytes of `encode_terms`, without copying."""
    return np.frombuffer(encoded, dtype="<u4").reshape(-1, 2)


def word_lengths(encoded: bytes, position: int) -> list[int]:
    """Return how many syllables each word of a sentence has; position 0 is the title.

    Args:
        encoded: The term codes of its article.
        position: The sentence, 1 for the first one.
    """
    column = decode_terms(encoded)[:, 0]
    ends = np.flatnonzero(column == 0)
    start = ends[position - 1] + 1 if position else 0
    sentence = column[start : ends[position]].tolist()
    begins = [at for at, code in enumerate(sentence) if not code & CONTINUES]
    return [after - begin for begin, after in pairwise([*begins, len(sentence)])]


@cache_tokens
def _encoded_word(word: str) -> bytes:
    flat: list[int] = []
    for place, syllable in enumerate(word.split("_")):
        flat += (term_code(syllable) | (CONTINUES if place else 0), folded_code(syllable))
    return np.array(flat, dtype="<u4").tobytes()


@cache_tokens
def term_code(syllable: str) -> int:
    """Hash a syllable; the hash is never 0 and its lowest bit is clear."""
    return (zlib.crc32(syllable.encode("utf-8", "surrogatepass")) & ~CONTINUES) or 2


@cache_tokens
def folded_code(syllable: str) -> int:
    """Hash a syllable without its diacritics."""
    return term_code(fold(syllable))
