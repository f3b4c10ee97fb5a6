"""Semantic search and reranking by embeddings, optional beside search by words.

Articles near a question by the vector of their title and lead join the
candidates, so that an English question reaches a Vietnamese article without a
word in common. Then the first candidates are read by the model, each with its
title, and ordered anew by their words and their nearness together.
"""

import threading
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from index.engine.protocol import SentenceAddress
from index.language.english import is_english
from index.language.spelling import has_diacritics
from index.models.article import ArticleFilter, ArticleWithSpans, sentence_at
from index.search.ranking.bm25 import Ranked
from index.search.ranking.reranking import best_sentences_per_article
from index.search.semantic.embedder import MODEL, Embedder
from index.search.semantic.nearest import NearestArticles, quantise
from index.store import Articles, Database, Vectors

ARTICLES = 3
"""Articles that are proposed for their meaning."""

CANDIDATES = 40
"""Candidates by words that are at hand for the model."""

READ = 20
"""Candidates that the model reads: it takes about 60 ms each on one core."""

SHARPNESS = 8.0
"""A score by words is multiplied by e to the power of the cosine times this.

Chosen under an earlier ranking, on 60 news questions in two languages and 46 of XQuAD; under
the present one nothing is to choose between 5 and 12 on 30 questions of each.
"""

WORDLESS = 0.6
"""The least score by words of a sentence that is read, as a share of the best."""

FILTERED_FROM = 500
"""The number of nearest articles to which a filter is applied."""

PATIENCE_SECONDS = 2.0
"""The time that a question waits for the model before it is answered by words alone."""

ARTICLES_A_BATCH = 8
"""Articles embedded at a time, in about a second: so soon it stops when asked to."""

BATCHES_A_LIST = 50
"""The number of batches between two looks for newer articles."""


class Semantics:
    """Semantic search over a library. May be used from any thread.

    Args:
        database: Where articles and their vectors are.
        articles: The same articles.
        embedder: The embedding model.
    """

    def __init__(self, database: Database, articles: Articles, embedder: Embedder) -> None:
        self._articles = articles
        self._vectors = Vectors(database, MODEL)
        self._neighbours = NearestArticles(self._vectors)
        self._embedder = embedder
        self.depth = CANDIDATES
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

        Those that are not read count as no nearer than any that is, and are left out where no
        word speaks for them. Under load, when the model is not to be had, none is read.

        Args:
            question: As it was asked.
            ranked: The candidates, best first.
            near: The articles proposed for their meaning.
            articles: Where the candidates stand.
        """
        if not ranked or not is_understood(question):
            return list(ranked)
        speaking = [candidate for candidate in ranked if candidate.surroundings.any()]
        first = (*best_sentences_per_article(ranked, near), *ranked)
        chosen = list(dict.fromkeys(candidate.address for candidate in first))[:READ]
        if not self.reading.acquire(timeout=PATIENCE_SECONDS):
            return speaking
        try:
            passages = self._embedder.passages([_passage(address, articles) for address in chosen])
        finally:
            self.reading.release()
        cosines = passages @ self._embedder.question(question)
        factors = np.exp(SHARPNESS * (cosines - cosines.min()))
        # A score by words may be below nothing.
        least = WORDLESS * (ranked[0].score if ranked[0].score > 0 else 1.0)
        of_read = dict(zip(chosen, factors.tolist(), strict=True))
        read = [
            replace(candidate, score=max(candidate.score, least) * of_read[candidate.address])
            for candidate in ranked
            if candidate.address in of_read
        ]
        unread = [candidate for candidate in speaking if candidate.address not in of_read]
        return sorted([*read, *unread], key=lambda candidate: -candidate.score)

    def embed_missing(self, stop: threading.Event) -> int:
        """Embed the articles that have no vector yet, those stored last first.

        What is done is stored every second: broken off, it goes on from there.

        Args:
            stop: Set, it ends soon.

        Returns:
            How many were embedded.
        """
        done = 0
        while missing := self._vectors.missing(ARTICLES_A_BATCH * BATCHES_A_LIST):
            for start in range(0, len(missing), ARTICLES_A_BATCH):
                if stop.is_set():
                    return done
                openings = self._vectors.openings(missing[start : start + ARTICLES_A_BATCH])
                texts = [f"{opening.title}. {opening.lead}" for opening in openings]
                made = map(quantise, self._embedder.in_this_thread(texts))
                self._vectors.put(dict(zip(openings, made, strict=True)))
                done += len(openings)
        return done

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


def _passage(address: SentenceAddress, articles: Mapping[int, ArticleWithSpans]) -> str:
    article, spans = articles[address.article]
    text = sentence_at(address.position, article, spans)[0]
    return f"{article.title}. {text}" if address.position else text
