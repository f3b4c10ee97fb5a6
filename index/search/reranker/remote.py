"""Rerank the best candidates of a question by a model on a server, within a budget.

All searches of a question share its seconds; each may have as many candidates read as the
settings say. Where the server fails or is too slow, the order by words stands, and a circuit
breaker spares the next questions the wait.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from urllib.parse import urlsplit

from index.articles.validation import strip_unstorable
from index.engine.protocol import SentenceAddress
from index.models.article import ArticleWithSpans
from index.search.ranking.candidates import Ranked
from index.search.ranking.model_scores import mix, passage_of, reading_order
from index.search.reranker.circuit_breaker import CircuitBreaker
from index.search.reranker.failure_log import FailureLog
from index.search.reranker.server import RerankError, RerankServer

WEIGHT = 0.5
"""How much the best score of a model adds, as a multiple of the best by words.

Set by hand, as no such model could be run here: it is what suits the embedding model of
`index.search.semantic` where words tell little, in English questions.
"""

LONGEST_QUESTION, LONGEST_PASSAGE = 400, 1_000
"""Characters that are sent: some 100 and 250 tokens, of which many models read 512 in all."""


class RemoteReranker:
    """Reranking by a server. May be used from any thread.

    Args:
        server: The server.
        clock: Returns the time in seconds.
    """

    def __init__(self, server: RerankServer, clock: Callable[[], float] = time.monotonic) -> None:
        # Slow to import, and not needed without a server.
        from index.search.reranker.client import RerankClient

        self.server = server
        self.clock = clock
        self._client = RerankClient(server)
        self._breaker = CircuitBreaker(clock)
        self._log = FailureLog(urlsplit(server.url).netloc, clock)

    def start(self) -> "RemoteReading":
        """Start a question, with a budget of its own."""
        return RemoteReading(self)

    def scores(self, question: str, texts: Sequence[str], seconds: float) -> list[float] | None:
        """Return how well texts answer a question; None if that cannot be had now.

        Args:
            question: The question.
            texts: The texts.
            seconds: How long to wait.
        """
        if not self._breaker.allows():
            return None
        try:
            scores = self._client.scores(
                _readable(question, LONGEST_QUESTION),
                [_readable(text, LONGEST_PASSAGE) for text in texts],
                seconds,
            )
        except RerankError as error:
            self._breaker.failed()
            self._log.failed(error)
            return None
        self._breaker.succeeded()
        self._log.succeeded()
        return scores

    def close(self) -> None:
        """Close the connections to the server."""
        self._client.close()


class RemoteReading:
    """The reading of one question's candidates, with its budget of seconds.

    Args:
        reranker: The reranker.
    """

    def __init__(self, reranker: RemoteReranker) -> None:
        self._reranker = reranker
        self._seconds = reranker.server.timeout
        self.depth = reranker.server.candidates
        self._scores: defaultdict[str, dict[SentenceAddress, float]] = defaultdict(dict)

    def rerank(
        self,
        question: str,
        ranked: Sequence[Ranked],
        near: Set[int],
        articles: Mapping[int, ArticleWithSpans],
    ) -> list[Ranked] | None:
        """Rerank candidates by words and by the model together.

        Args:
            question: The question of a search.
            ranked: The candidates, best first by words.
            near: Numbers of articles that were proposed for their meaning.
            articles: Where the candidates stand.

        Returns:
            The candidates, best first; None if the server does not answer.
        """
        scores = self._scores[question]
        unread = [address for address in reading_order(ranked, near) if address not in scores]
        unread = unread[: self.depth - len(scores)]
        if unread:
            passages = [passage_of(address, articles) for address in unread]
            new = self._read(question, passages)
            if new is None:
                return None
            scores.update(zip(unread, new, strict=True))
        distance = max(scores.values(), default=0.0) - min(scores.values(), default=0.0)
        return mix(ranked, scores, WEIGHT / (distance or 1.0))

    def _read(self, question: str, passages: Sequence[str]) -> list[float] | None:
        if self._seconds < self._reranker.server.timeout / 2:
            return None  # that it does not answer in less would say nothing of the server
        started = self._reranker.clock()
        try:
            return self._reranker.scores(question, passages, self._seconds)
        finally:
            self._seconds -= self._reranker.clock() - started


def _readable(text: str, longest: int) -> str:
    return strip_unstorable(" ".join(text.split()))[:longest]
