"""Rerank candidates by the scores of a model that reads them, mixed with those of words.

1. The candidates to read: some of each article that was proposed for its meaning, then the first
   by words (`candidates_to_read`).
2. The text of each that a model gets: the title of its article and the sentence (`passage_of`).
3. The scores of both are mixed linearly (`mix`): the least score of the model adds nothing to a
   score by words. Of a model whose scores are on a scale of its own, the greatest adds a share of
   the distance between the best and the worst by words (`unit_of`).
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Protocol

from index.engine.protocol import SentenceAddress
from index.models.article import ArticleWithSpans, sentence_at
from index.search.ranking.bm25 import Ranked
from index.search.ranking.reranking import best_sentences_per_article


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


def candidates_to_read(
    ranked: Sequence[Ranked], near: Set[int], limit: int
) -> list[SentenceAddress]:
    """Choose the candidates that a model reads, the most promising first.

    Args:
        ranked: The candidates, best first by words.
        near: Numbers of articles that were proposed for their meaning.
        limit: How many at most.
    """
    first = (*best_sentences_per_article(ranked, near), *ranked)
    return list(dict.fromkeys(candidate.address for candidate in first))[:limit]


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
        unit: How much a score by words gains by 1 of the model.
    """
    kept = [each for each in ranked if each.address in relevance or each.surroundings.any()]
    least = min(relevance.values(), default=0.0)
    mixed = [
        replace(each, score=each.score + unit * (relevance.get(each.address, least) - least))
        for each in kept
    ]
    return sorted(mixed, key=lambda candidate: -candidate.score)


def unit_of(
    ranked: Sequence[Ranked], relevance: Mapping[SentenceAddress, float], weight: float
) -> float:
    """Return the unit for `mix` by which the scale of a model does not matter.

    Args:
        ranked: The candidates.
        relevance: The scores of the model for those that it read.
        weight: The most that the model adds, as a multiple of the distance between the best and
            the worst score by words of the candidates that were read.
    """
    by_words = [candidate.score for candidate in ranked if candidate.address in relevance]
    if not by_words:
        return 0.0
    distance = max(relevance.values()) - min(relevance.values())
    return weight * (max(by_words) - min(by_words)) / (distance or 1.0)
