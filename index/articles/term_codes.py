"""Terms as numbers: the form in which ranking reads an article.

A syllable is a pair of 32-bit numbers: the hash of the syllable, whose lowest bit
says that it continues a word, and the hash of the syllable without marks. Behind
each sentence stands a pair of zeros. Two terms of one article have the same hash
once in some hundred thousand articles, which costs a wrong count, never a wrong
quote.
"""

import zlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.language.spelling import fold

Codes = NDArray[np.uint32]
"""Of shape (syllables and sentence ends, 2)."""

CODE_BYTES = 8
CONTINUES = 1
_END = bytes(8)
_SYLLABLES_KEPT = 100_000
_WORDS_KEPT = 50_000


def encode_terms(sentences: Iterable[str]) -> bytes:
    """The codes of sentences that are given in the words form."""
    parts: list[bytes] = []
    for sentence in sentences:
        parts += map(_encoded_word, sentence.split())
        parts.append(_END)
    return b"".join(parts)


def decode_terms(encoded: bytes) -> Codes:
    """What `encode_terms` made."""
    return np.frombuffer(encoded, dtype="<u4").reshape(-1, 2)


@lru_cache(_WORDS_KEPT)
def _encoded_word(word: str) -> bytes:
    flat: list[int] = []
    for place, syllable in enumerate(word.split("_")):
        flat += (term_code(syllable) | (CONTINUES if place else 0), folded_code(syllable))
    return np.array(flat, dtype="<u4").tobytes()


@lru_cache(_SYLLABLES_KEPT)
def term_code(syllable: str) -> int:
    """The hash of a syllable: never 0, its lowest bit clear."""
    return (zlib.crc32(syllable.encode("utf-8", "surrogatepass")) & ~CONTINUES) or 2


@lru_cache(_SYLLABLES_KEPT)
def folded_code(syllable: str) -> int:
    """The hash of a syllable without its marks."""
    return term_code(fold(syllable))
