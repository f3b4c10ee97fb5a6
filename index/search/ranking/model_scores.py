"""Rerank candidates by the scores of a model that reads them, mixed with those of words.

1. The candidates to read: some of each article that was proposed for its meaning, then the first
   by words (`reading_order`).
2. The text of each that a model gets: the title of its article and the sentence (`passage_of`).
3. The scores of both are mixed linearly (`mix`): the least score of the model adds nothing to a
   score by words.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Protocol

from index.engine.protocol import SentenceAddress
from index.models.article import ArticleWithSpans, sentence_at
from index.search.ranking.candidates import Ranked
from index.search.ranking.reranking import best_sentences_per_article

MODEL = "model"
"""The name of what a model adds to a score."""

WORDLESS = 0.6
"""The least score by words of a sentence that is read, as a share of the best."""


class ModelReranker(Protocol):
    """Model that reads the candidates of one question.

    Attributes:
        depth: How many of the best candidates by words are to be at hand for it.
    """

    depth: int

    def rerank(
        self,
        question: str,
        ranked: Sequence[Ranked],
        near: Set[int],
        articles: Mapping[int, ArticleWithSpans],
    ) -> list[Ranked] | None:
        """Rerank candidates by words and by the model together.

        Args:
            question: The question, its diacritics restored.
            ranked: The candidates, best first by words.
            near: Numbers of articles that were proposed for their meaning.
            articles: Where the candidates stand.

        Returns:
            The candidates, best first; None if the model is not to be had.
        """


def reading_order(ranked: Sequence[Ranked], near: Set[int]) -> list[SentenceAddress]:
    """Return candidates in the order in which a model reads them, the most promising first.

    Args:
        ranked: The candidates, best first by words.
        near: Numbers of articles that were proposed for their meaning.
    """
    first = (*best_sentences_per_article(ranked, near), *ranked)
    return list(dict.fromkeys(candidate.address for candidate in first))


def passage_of(address: SentenceAddress, articles: Mapping[int, ArticleWithSpans]) -> str:
    """Return the title of an article with one of its sentences, or the title alone."""
    article, spans = articles[address.article]
    text = sentence_at(address.position, article, spans)[0]
    return f"{article.title}. {text}" if address.position else text


def mix(
    ranked: Sequence[Ranked], relevance: Mapping[SentenceAddress, float], unit: float
) -> list[Ranked]:
    """Add the scores of a model to those of words, and order candidates by the sum.

    Candidates that were not read count as the least relevant of those that were, and are left out
    where no word speaks for them.

    Args:
        ranked: The candidates, best first by words.
        relevance: The scores of the model for those that it read.
        unit: How much 1 of the model adds, as a multiple of the best score by words.
    """
    least = min(relevance.values(), default=0.0)
    # A score by words may be below nothing.
    best = ranked[0].score if ranked and ranked[0].score > 0 else 1.0
    mixed = [
        each.rescore(MODEL, _lifted(each.score, best) + unit * best * (relevance[address] - least))
        if (address := each.address) in relevance
        else each
        for each in ranked
        if each.address in relevance or each.surroundings.any()
    ]
    return sorted(mixed, key=lambda candidate: -candidate.score)


def _lifted(score: float, best: float) -> float:
    return max(score, WORDLESS * best)
