"""Explain an answer: what each feature adds to the scores of its quotes, and to its confidence.

The names are those of `index/search/weights.tsv` and `index/search/confidence.tsv`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from index.models.answer import Answer, Share

QUOTES_A_TABLE = 8  # so that a line fits 80 characters

_NAME, _CELL = 24, 7  # characters


def explanation_values(answer: Answer) -> dict[str, Any]:
    """Convert the explanation of an answer to the values of a JSON object.

    Returns:
        For each of the `quotes`, what each feature adds to its score; what each feature adds to
        the log-odds of the `confidence`.
    """
    return {
        "quotes": [_by_name(quote.shares) for quote in answer.quotes],
        "confidence": _by_name(answer.evidence),
    }


def explanation_lines(answer: Answer) -> Iterator[str]:
    """Yield the lines of tables that explain the scores of an answer, and its confidence."""
    scores = [_by_name(quote.shares) for quote in answer.quotes]
    for start in range(0, len(scores), QUOTES_A_TABLE):
        yield ""
        yield from _score_lines(scores[start : start + QUOTES_A_TABLE], start + 1)
    if answer.quotes:
        yield ""
        yield f"Confidence {answer.confidence:.2f}: {answer.certainty}"
        yield from _evidence_lines(_by_name(answer.evidence))


def _score_lines(scores: Sequence[Mapping[str, float]], first: int) -> Iterator[str]:
    """Yield a table with a row for each feature, what weighs most first, and a column a quote."""
    yield _row("Score of quote", [str(number) for number in range(first, first + len(scores))])
    names = dict.fromkeys(chain.from_iterable(scores))
    for name in sorted(names, key=lambda name: -max(abs(each.get(name, 0.0)) for each in scores)):
        yield _row(name, [f"{each[name]:.2f}" if name in each else "" for each in scores])
    yield _row("sum", [f"{sum(each.values()):.2f}" for each in scores])


def _evidence_lines(evidence: Mapping[str, float]) -> Iterator[str]:
    """Yield a table of what speaks for an answer, and then of what speaks against it."""
    for name in sorted(evidence, key=lambda name: -evidence[name]):
        if points := evidence[name]:
            yield _row(name, [f"{points:+.2f}"]) + ("  for" if points > 0 else "  against")
    if evidence:
        yield _row("log-odds", [f"{sum(evidence.values()):+.2f}"])


def _row(name: str, cells: Iterable[str]) -> str:
    return f"  {name:<{_NAME}}" + "".join(f"{cell:>{_CELL}}" for cell in cells).rstrip()


def _by_name(shares: Iterable[Share]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for name, points in shares:
        totals[name] = totals.get(name, 0.0) + points
    return totals
