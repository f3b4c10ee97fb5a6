"""Ranked candidates, and the table of features that their scores are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from index.engine.protocol import SentenceAddress
from index.models.answer import Share
from index.search.ranking.term_counts import Frequencies, Rows
from index.search.ranking.weights import FEATURES, feature_weights

Scores = NDArray[np.float64]
"""Of shape (texts,)."""


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """Feature table of sentences for a query: a column each.

    Args:
        features: A row for each of `index.search.ranking.weights.FEATURES`.
        sentences: How often each sentence holds each concept of the question.
        surroundings: The same for its block and the title of its article.
        articles: The same for its whole article, then for the words and the pairs of the question.
        idf: The idf of each concept among sentences.
    """

    features: NDArray[np.float64]
    sentences: Frequencies
    surroundings: Frequencies
    articles: Frequencies
    idf: NDArray[np.float64]

    @property
    def scores(self) -> Scores:
        """The sum of the features by their weights."""
        scores: Scores = (self.features * feature_weights()[:, None]).sum(axis=0)
        return scores

    def joined(self, other: "FeatureTable") -> "FeatureTable":
        """Return a table of the sentences of both."""
        return FeatureTable(
            np.concatenate([self.features, other.features], axis=1),
            np.concatenate([self.sentences, other.sentences], axis=1),
            np.concatenate([self.surroundings, other.surroundings], axis=1),
            np.concatenate([self.articles, other.articles], axis=1),
            self.idf,
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score: a column of the table that it was ranked in.

    `added` are the shares of the score that are not of the table, in order.
    """

    address: SentenceAddress
    score: float
    table: FeatureTable
    column: int
    added: tuple[Share, ...] = ()

    @property
    def shares(self) -> tuple[Share, ...]:
        """What makes up the score: the features of the table that count, then what was added."""
        points: list[float] = (self.features * feature_weights()).tolist()
        counting = (Share(*each) for each in zip(FEATURES, points, strict=True) if each[1])
        return (*counting, *self.added)

    def gain(self, *shares: Share) -> Self:
        """Return the candidate with shares added to its score."""
        score = self.score + sum(share.points for share in shares)
        return replace(self, score=score, added=(*self.added, *shares))

    def rescore(self, name: str, score: float) -> Self:
        """Return the candidate with another score; the difference is a share of that name."""
        return replace(self, score=score, added=(*self.added, Share(name, score - self.score)))

    @property
    def features(self) -> NDArray[np.float64]:
        """The features of its score; see `index.search.ranking.weights`."""
        return self._column_of(self.table.features)

    @property
    def sentence(self) -> NDArray[np.float64]:
        """How often it holds each concept."""
        return self._column_of(self.table.sentences)

    @property
    def surroundings(self) -> NDArray[np.float64]:
        """How often its block and the title of its article hold each concept."""
        return self._column_of(self.table.surroundings)

    @property
    def article(self) -> NDArray[np.float64]:
        """How often its whole article holds each of all concepts."""
        return self._column_of(self.table.articles)

    def _column_of(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        column: NDArray[np.float64] = matrix[:, self.column]
        return column


class RankedSentences(Sequence[Ranked]):
    """Ranked candidates, best first: each is made where it is read, as most never are.

    Args:
        table: The table that they were ranked in.
        columns: The column of each in it.
        numbers: The number of its article.
        positions: Its position in its article.
        scores: Its score.
    """

    def __init__(
        self, table: FeatureTable, columns: Rows, numbers: Rows, positions: Rows, scores: Scores
    ) -> None:
        self._table = table
        self._columns = columns
        self._numbers, self._positions, self._scores = numbers, positions, scores

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, at: int) -> Ranked: ...

    @overload
    def __getitem__(self, at: slice) -> list[Ranked]: ...

    def __getitem__(self, at: int | slice) -> Ranked | list[Ranked]:
        if isinstance(at, int):
            return self._made([at])[0]
        return self._made(at)

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self._made(slice(None)))

    def _made(self, at: slice | list[int]) -> list[Ranked]:
        addresses = map(SentenceAddress, self._numbers[at].tolist(), self._positions[at].tolist())
        rest = zip(self._scores[at].tolist(), self._columns[at].tolist(), strict=True)
        return [
            Ranked(address, score, self._table, column)
            for address, (score, column) in zip(addresses, rest, strict=True)
        ]
