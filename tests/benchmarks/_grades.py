"""Table of grades: how many questions get each, and how often their quotes are right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table

from index import Certainty
from index.search.confidence import certainty_of

_ALL = "all"


@dataclass(frozen=True, slots=True)
class Graded:
    """A question with the confidence in its answer.

    `rights` tells of each quote whether it is right; None for a question that nothing answers.
    """

    collection: str
    kind: str
    form: str
    confidence: float
    rights: tuple[bool, ...] | None

    @property
    def certainty(self) -> Certainty:
        """The grade of the confidence."""
        return certainty_of(self.confidence)


def grade_table(questions: Iterable[Graded]) -> Table:
    """Return a table with a row for each collection, kind and form of question.

    A cell holds the share of the row's questions that get a grade and, behind it, in how many of
    these one of the quotes is right, and the first is.
    """
    asked = list(questions)
    table = Table(title="% of questions; of these one of three quotes right, the first right")
    for name in ("collection", "questions", "form", "number"):
        table.add_column(name, no_wrap=True)
    for certainty in Certainty:
        table.add_column(certainty, justify="right", no_wrap=True)
    for collection, kind in dict.fromkeys((each.collection, each.kind) for each in asked):
        of_kind = [each for each in asked if (each.collection, each.kind) == (collection, kind)]
        for form in (*dict.fromkeys(each.form for each in of_kind), _ALL):
            chosen = [each for each in of_kind if form in (each.form, _ALL)]
            cells = (_cell(chosen, certainty) for certainty in Certainty)
            table.add_row(collection, kind, form, str(len(chosen)), *cells)
    return table


def _cell(questions: Sequence[Graded], certainty: Certainty) -> str:
    graded = [each for each in questions if each.certainty is certainty]
    share = f"{len(graded) / len(questions):4.0%}"
    rights = [each.rights for each in graded if each.rights is not None]
    if not rights:
        return share
    three = sum(map(any, rights)) / len(rights)
    first = sum(any(each[:1]) for each in rights) / len(rights)
    return f"{share} ({three:.0%}, {first:.0%})"
