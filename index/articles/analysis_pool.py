"""Analyse batches of articles in worker processes, since pyvi's rules hold the GIL."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache, partial

from index.articles.analysis import Analysis, analyse
from index.articles.identity import digest
from index.errors import WorkerError
from index.language.analyser import Analyser
from index.models.article import Article
from index.workers import start_pool, submit

Analyses = Mapping[bytes, Analysis]
"""Analyses by the `digest` of their article."""

Batch = Sequence[Article]

_ALONE = 200
"""Articles analysed in this process: starting the workers takes as long."""

_BATCHES_A_WORKER = 2
"""Batches queued for each worker: the one in progress and the next."""


def analyse_all(articles: Batch, analyser: Analyser) -> Analyses:
    """Analyse articles, and compute the term codes and duplicate keys that storing needs."""
    analysed: dict[bytes, Analysis] = {}
    for article in articles:
        analysis = analysed[digest(article)] = analyse(article, analyser)
        _ = analysis.codes
        if article.is_fetched:
            _ = analysis.duplicate_keys
    return analysed


class AnalysisPool:
    """Pool of processes that analyse batches of articles.

    The processes end when the pool is closed or this process ends, however that happens.

    Args:
        number: Number of processes; 1 analyses in this process.
        analyser: Analyser of this process.
    """

    def __init__(self, number: int, analyser: Analyser) -> None:
        self._number = number
        self._analyser = analyser
        self._pool: ProcessPoolExecutor | None = None
        self._begun = 0

    def analyse_batches(
        self, batches: Iterable[Batch], unseen: Callable[[Batch], Batch]
    ) -> Iterator[tuple[Batch, Analyses]]:
        """Yield batches in order, each with the analyses of its unseen articles.

        Only as many batches are read ahead as keep the processes busy.

        Raises:
            WorkerError: A process was killed.
        """
        ahead = 0 if self._number == 1 else self._number * _BATCHES_A_WORKER
        begun: deque[tuple[Batch, Callable[[], Analyses]]] = deque()
        for batch in batches:
            begun.append((batch, self._begin(unseen(batch))))
            if len(begun) > ahead:
                yield _wait_for(*begun.popleft())
        while begun:
            yield _wait_for(*begun.popleft())

    def close(self) -> None:
        """End the processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self, articles: Batch) -> Callable[[], Analyses]:
        self._begun += len(articles)
        if self._number == 1 or self._begun <= _ALONE or not articles:
            return partial(analyse_all, articles, self._analyser)
        if self._pool is None:
            self._pool = start_pool(self._number)
        with _explain_broken_pool():
            return submit(self._pool, _analyse_in_worker, articles).result


def _wait_for(batch: Batch, result: Callable[[], Analyses]) -> tuple[Batch, Analyses]:
    with _explain_broken_pool():
        return batch, result()


@contextmanager
def _explain_broken_pool() -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as error:
        raise WorkerError(
            "a process that analysed articles was killed, for want of memory perhaps; what was "
            "stored is kept, and the same command goes on from there (--workers 1 needs least)"
        ) from error


def _analyse_in_worker(articles: Batch) -> Analyses:
    return analyse_all(articles, _analyser())


@cache
def _analyser() -> Analyser:
    return Analyser()
