"""Semantic search and reranking by embeddings, optional beside search by words.

Articles near a question by the vector of their title and lead join the
candidates, so that an English question reaches a Vietnamese article without a
word in common. Then the first candidates are read by the model, each with its
title, as long as there is time, and ordered anew by their words and their
nearness together.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Protocol

from index.language.english import is_english
from index.language.spelling import has_diacritics
from index.models.article import ArticleFilter, ArticleWithSpans
from index.search.ranking.candidates import Ranked
from index.search.ranking.model_scores import mix, passage_of, reading_order
from index.search.semantic.embedder import MODEL, Embedder
from index.search.semantic.nearest import NearestArticles, quantise
from index.store import Articles, Database, Vectors

ARTICLES = 3
"""Articles that are proposed for their meaning."""

CANDIDATES = 40
"""Candidates by words that are at hand for the model."""

READ = 20
"""Candidates that the model reads at most: it takes 60 to 80 ms each on one core."""

READING_SECONDS = 1.5
"""After which it begins with no further candidate; the most promising are read first."""

ENGLISH_WEIGHT, VIETNAMESE_WEIGHT = 3.5, 0.5
"""How much a cosine of 1 adds to a score by words, as a multiple of the best of these.

Words in Vietnamese tell more than the model, those of English questions less, as they are
translated. MRR ×100 over 59,374 articles, none of them embedded, with 0, 0.5, 2, 3.5, 6 and 14.
English: 120 news questions 43.4, 46.9, 47.8, 47.9, 45.3, 41.7; 120 of XQuAD 69.8, 71.3, 70.4, 70.1,
69.3, 67.0. Vietnamese: 120 news questions 55.0, 55.1, 51.4, 50.3, 47.7, 43.0; 80 of XQuAD 77.2,
78.2, 80.1, 80.3, 81.0, 80.1. Over a few thousand articles more is better: in English 60 news
questions get 64.1, 63.9, 65.9 with 2, 3.5 and 6, and 60 of XQuAD 77.2, 78.4, 80.1. To read 40
candidates in place of 20 changed these by 0.2 at most up to 3.5.
"""

FILTERED_FROM = 500
"""The number of nearest articles to which a filter is applied."""

PATIENCE_SECONDS = 2.0
"""The time that a question waits for the model before it is answered by words alone."""

ARTICLES_A_BATCH = 8
"""Articles embedded at a time, in about a second: so soon it stops when asked to."""

BATCHES_A_LIST = 50
"""The number of batches between two looks for newer articles."""


class Stop(Protocol):
    """Sign to stop, such as an event of a thread."""

    def is_set(self) -> bool:
        """Whether to stop."""


class Semantics:
    """Semantic search over a library. May be used from any thread.

    Args:
        database: Where articles and their vectors are.
        articles: The same articles.
        embedder: The embedding model.

    Attributes:
        depth: How many candidates by words are to be at hand for it.
        reading_seconds: Seconds after which no further candidate of a question is read.
    """

    def __init__(self, database: Database, articles: Articles, embedder: Embedder) -> None:
        self._articles = articles
        self._vectors = Vectors(database, MODEL)
        self._neighbours = NearestArticles(self._vectors)
        self._embedder = embedder
        self.depth = CANDIDATES
        self.reading_seconds = READING_SECONDS
        self.reading = threading.Lock()

    def nearest(
        self, question: str, wanted: ArticleFilter, scope: Sequence[int] = ()
    ) -> frozenset[int]:
        """Return the articles whose sentences may answer a question by their meaning alone.

        Args:
            question: The question.
            wanted: The filter of the articles; fewer may pass it than are wanted.
            scope: Articles that were asked for: then it is these.
        """
        if not is_understood(question):
            return frozenset()
        if scope:
            return frozenset(scope)
        return frozenset(self.propose(question, wanted))

    def propose(self, question: str, wanted: ArticleFilter) -> list[int]:
        """Find the articles nearest to a question, the nearest first.

        Args:
            question: One that the model understands.
            wanted: The filter of the articles; fewer may pass it than are wanted.
        """
        vector = self._embedder.question(question)
        if wanted == ArticleFilter():
            return self._neighbours.nearest(vector, ARTICLES)
        nearest = self._neighbours.nearest(vector, FILTERED_FROM)
        with self._articles.view() as view:
            allowed = set(view.within(nearest, wanted))
        return [article for article in nearest if article in allowed][:ARTICLES]

    def rerank(
        self,
        question: str,
        ranked: Sequence[Ranked],
        near: Set[int],
        articles: Mapping[int, ArticleWithSpans],
    ) -> list[Ranked]:
        """Rerank candidates by their words and their nearness to the question.

        Those that are not read, see `READING_SECONDS`, count as no nearer than any that is, and
        are left out where no word speaks for them. Under load, when the model is not to be had,
        none is read.

        Args:
            question: As it was asked.
            ranked: The candidates, best first.
            near: The articles proposed for their meaning.
            articles: Where the candidates stand.
        """
        if not ranked or not is_understood(question):
            return list(ranked)
        if not self.reading.acquire(timeout=PATIENCE_SECONDS):
            return mix(ranked, {}, 0.0)
        try:
            chosen = reading_order(ranked, near)[:READ]
            passages = self._embedder.passages(
                [passage_of(address, articles) for address in chosen], self.reading_seconds
            )
        finally:
            self.reading.release()
        cosines = (passages @ self._embedder.question(question)).tolist()
        nearness = dict(zip(chosen, cosines, strict=False))
        return mix(ranked, nearness, ENGLISH_WEIGHT if is_english(question) else VIETNAMESE_WEIGHT)

    def embed_missing(
        self, stop: Stop, progress: Callable[[int, float], object] | None = None
    ) -> int:
        """Embed the articles that have no vector yet, those stored last first.

        What is done is stored every second: broken off, it goes on from there.

        Args:
            stop: Set, it ends soon.
            progress: Called after each list of articles with their number, and the seconds that
                it took.

        Returns:
            How many were embedded.
        """
        done = 0
        while missing := self._vectors.missing(ARTICLES_A_BATCH * BATCHES_A_LIST):
            started, before = time.monotonic(), done
            for start in range(0, len(missing), ARTICLES_A_BATCH):
                if stop.is_set():
                    return done
                openings = self._vectors.openings(missing[start : start + ARTICLES_A_BATCH])
                texts = [f"{opening.title}. {opening.lead}" for opening in openings]
                made = map(quantise, self._embedder.in_this_thread(texts))
                self._vectors.put(dict(zip(openings, made, strict=True)))
                done += len(openings)
            if progress:
                progress(done - before, time.monotonic() - started)
        return done

    def is_complete(self) -> bool:
        """Whether all articles have a vector."""
        return not self._vectors.missing(1)

    def embedded(self) -> int:
        """Return the number of articles that have a vector."""
        return self._vectors.count()

    def close(self) -> None:
        """Release the model."""
        self._embedder.close()


def is_understood(question: str) -> bool:
    """Whether the model understands a question: not Vietnamese without diacritics.

    By such questions it finds the right one of 900 articles among the first five in a third of
    the cases, by the same ones with diacritics in nine of ten.
    """
    return has_diacritics(question) or is_english(question)
