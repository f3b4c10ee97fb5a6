"""Table of answers with their grades: a row for a system, a set of questions and a form."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from index import Certainty
from index.evaluation import Outcome
from index.evaluation.metrics import compute_figures

SHOWN = 3
"""Quotes that a chat shows at once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions that a system was asked; a `graded` one says how sure its answers are."""

    name: str
    form: str
    system: str
    outcomes: Sequence[Outcome]
    graded: bool


def asked_table(rows: Iterable[Asked]) -> Table:
    """Return the table; behind the share of a grade is in how many of these a quote is right."""
    table = Table(title="MRR@10 ×100, 95 % interval; else % of questions (of these right in three)")
    for column in ("questions", "form", ""):
        table.add_column(column, no_wrap=True)
    columns = ("number", "MRR", "95 %", "right first", "in three", *Certainty, "shown\nand right")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for row in sorted(rows, key=lambda row: row.name):
        table.add_row(row.name, row.form, row.system, *_cells(row))
    return table


def _cells(row: Asked) -> Iterator[str]:
    figures = compute_figures(row.outcomes)
    is_answerable = any(outcome.question.is_answerable for outcome in row.outcomes)
    yield str(len(row.outcomes))
    if figures and is_answerable:
        low, high = figures.mrr_interval or (figures.mrr, figures.mrr)
        yield f"{100 * figures.mrr:.1f}"
        yield f"{100 * low:.1f}–{100 * high:.1f}"
        yield f"{100 * figures.hit_1:.1f}"
        yield f"{100 * figures.hit_3:.1f}"
    else:
        yield from ("–",) * 4
    if row.graded:
        yield from (_grade(row.outcomes, certainty, is_answerable) for certainty in Certainty)
        shown = [each for each in row.outcomes if each.certainty is not Certainty.NONE]
        right = sum(map(_is_right, shown)) / len(row.outcomes)
        yield f"{right:.0%}" if is_answerable else "–"


def _grade(outcomes: Sequence[Outcome], certainty: Certainty, is_answerable: bool) -> str:
    graded = [outcome for outcome in outcomes if outcome.certainty is certainty]
    share = f"{100 * len(graded) / len(outcomes):.1f}"
    if not graded or not is_answerable:
        return share
    return f"{share} ({sum(map(_is_right, graded)) / len(graded):.0%})"


def _is_right(outcome: Outcome) -> bool:
    return outcome.rank is not None and outcome.rank <= SHOWN
