"""Rerank candidates by their texts: whether they hold the type of answer that is wanted."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from index.articles.analysis import ArticleWithSpans, sentence_at
from index.language.spelling import nfc
from index.search.answer_spans import answer_features
from index.search.query.model import Query
from index.search.ranking.bm25 import Ranked
from index.search.ranking.weights import ASKS, weights

SENTENCES_PER_ARTICLE = 3
"""Sentences of each article near in meaning that are read though others match more words."""


def rerank(
    query: Query, candidates: Sequence[Ranked], articles: Mapping[int, ArticleWithSpans]
) -> list[Ranked]:
    """Add the weights of the answer features in the candidates' texts to their scores.

    Args:
        query: The analysed question.
        candidates: The candidates to read.
        articles: Their articles.

    Returns:
        The candidates, best first.
    """
    weight = weights()
    read = [
        replace(
            candidate,
            score=candidate.score
            + sum(weight[name] for name in candidate_features(query, candidate, articles)),
        )
        for candidate in candidates
    ]
    return sorted(read, key=lambda candidate: -candidate.score)


def candidate_features(
    query: Query, candidate: Ranked, articles: Mapping[int, ArticleWithSpans]
) -> Iterator[str]:
    """Yield the answer features in the text of a candidate, by their names in `weights`."""
    text = nfc(sentence_at(candidate.address.position, *articles[candidate.address.article])[0])
    if text.rstrip().endswith("?"):
        yield ASKS
    for feature in answer_features(query.kind, text, query.said):
        yield f"{query.kind}.{feature}"


def best_sentences_per_article(ranked: Sequence[Ranked], articles: Set[int]) -> list[Ranked]:
    """Return the first few candidates of each of some articles.

    Args:
        ranked: Candidates, best first.
        articles: Numbers of articles.
    """
    counts: Counter[int] = Counter()
    best: list[Ranked] = []
    for candidate in ranked:
        article = candidate.address.article
        if article in articles and counts[article] < SENTENCES_PER_ARTICLE:
            counts[article] += 1
            best.append(candidate)
    return best
