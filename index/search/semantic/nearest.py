"""Find the nearest articles to a question by comparing their vectors with all.

A vector is kept as 384 whole numbers of one byte. Of its length nothing is
lost, since that is 1; of a cosine less than 0.001.
"""

import threading
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.search.semantic.embedder import DIMENSIONS, Vector
from index.store.articles import Vectors

_GREATEST = 127
_ROWS_AT_ONCE = 4_096
"""How many are made floating-point numbers at a time: what a core's cache holds."""

_READ_AT_ONCE = 10_000

_Kept = TypeVar("_Kept", bound=np.generic)


class NearestArticles:
    """Vectors of all articles in memory: 384 bytes an article. May be used from any thread.

    Args:
        vectors: Where they are kept; what is new there is read before each search.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._place = 0
        self._rows: dict[int, int] = {}
        self._articles = np.empty(0, dtype=np.int64)
        self._matrix = np.empty((0, DIMENSIONS), dtype=np.int8)
        self._lengths = np.empty(0, dtype=np.float32)
        self._lock = threading.Lock()

    def nearest(self, question: Vector, limit: int) -> list[int]:
        """Find the articles nearest to a question, the nearest first."""
        with self._lock:
            self._read_new()
            articles, matrix, lengths = self._articles, self._matrix, self._lengths
        cosines = _products(matrix, question) / lengths
        first = np.argsort(-cosines, kind="stable")[:limit]
        return [int(article) for article in articles[first]]

    def _read_new(self) -> None:
        """Read the vectors stored since the last time, by whichever process."""
        new: list[int] = []
        parts: list[NDArray[np.int8]] = []
        while stored := self._vectors.since(self._place, _READ_AT_ONCE):
            self._place = stored[-1].place
            new += [row.article for row in stored]
            joined = b"".join(row.vector for row in stored)
            parts.append(np.frombuffer(joined, dtype=np.int8).reshape(-1, DIMENSIONS))
        if not new:
            return
        for article in new:
            self._rows.setdefault(article, len(self._rows))
        # A search may go on in the old arrays, so they are never changed.
        rows = [self._rows[article] for article in new]
        self._matrix = _grown(self._matrix, len(self._rows))
        self._matrix[rows] = np.concatenate(parts)
        self._lengths = _grown(self._lengths, len(self._rows))
        self._lengths[rows] = np.concatenate(
            [np.linalg.norm(part.astype(np.float32), axis=1) for part in parts]
        )
        self._articles = np.fromiter(self._rows, dtype=np.int64, count=len(self._rows))


def quantise(vector: Vector) -> bytes:
    """Quantise a vector as it is stored."""
    scaled: Vector = np.rint(vector * (_GREATEST / np.abs(vector).max()))
    return scaled.astype(np.int8).tobytes()


def _grown(array: NDArray[_Kept], rows: int) -> NDArray[_Kept]:
    larger = np.zeros((rows, *array.shape[1:]), dtype=array.dtype)
    larger[: len(array)] = array
    return larger


def _products(matrix: NDArray[np.int8], question: Vector) -> NDArray[np.float32]:
    products = np.empty(len(matrix), dtype=np.float32)
    for start in range(0, len(matrix), _ROWS_AT_ONCE):
        end = start + _ROWS_AT_ONCE
        products[start:end] = matrix[start:end].astype(np.float32) @ question
    return products
