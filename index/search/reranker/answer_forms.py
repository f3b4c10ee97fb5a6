"""Parse the scores of texts from the answer of a rerank server, in any of the usual forms.

- text-embeddings-inference: `[{"index": 1, "score": 0.9}, …]`
- Cohere, Jina, vLLM, Infinity, llama.cpp: `{"results": [{"index": 1, "relevance_score": 0.9}, …]}`;
  Voyage names the list `data`
- others: `{"scores": [0.1, 0.9]}` or `[0.1, 0.9]`, in the order of the texts
"""

from collections.abc import Sequence

from pydantic import AliasChoices, BaseModel, Field, FiniteFloat, TypeAdapter

_Scores = list[FiniteFloat]


class _Row(BaseModel):
    index: int
    score: FiniteFloat = Field(validation_alias=AliasChoices("score", "relevance_score"))


class _WithScores(BaseModel):
    scores: _Scores


class _WithRows(BaseModel):
    rows: list[_Row] = Field(validation_alias=AliasChoices("results", "data"))


_Answer = _Scores | list[_Row] | _WithScores | _WithRows
_ANSWER: TypeAdapter[_Answer] = TypeAdapter(_Answer)


def parse_scores(body: bytes, texts: int) -> list[float]:
    """Return the score of each text, in the order of the texts.

    Args:
        body: JSON.
        texts: How many texts were sent.

    Raises:
        ValueError: It is no such answer, has not exactly one score for each text, or one that is
            no finite number.
    """
    scores = sorted(_by_place(_ANSWER.validate_json(body, strict=True)))
    if [place for place, _ in scores] != list(range(texts)):
        raise ValueError("not one score for each text")
    return [score for _, score in scores]


def _by_place(answer: _Answer) -> list[tuple[int, float]]:
    """Return the scores of an answer, each with the place of its text."""
    if isinstance(answer, _WithScores):
        return list(enumerate(answer.scores))
    if isinstance(answer, _WithRows):
        return [(row.index, row.score) for row in answer.rows]
    rows: Sequence[_Row | float] = answer
    return [
        (row.index, row.score) if isinstance(row, _Row) else (place, row)
        for place, row in enumerate(rows)
    ]
