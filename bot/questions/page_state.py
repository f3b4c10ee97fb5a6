"""State of an answer page, carried in the callback data of its buttons."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

IN_MODE = "!"
"""The sign in callback data of an answer that one article was asked for."""


class DateOutcome(StrEnum):
    """How the quotes relate to the dates in the question; the values are those of callback data."""

    NONE = ""  # the question names none
    WITHIN = ":w"  # all quotes were published then
    BOOSTED = ":f"  # quotes of those dates are ranked first
    UNMATCHED = ":m"  # no quote is of those dates


class Heading(StrEnum):
    """Heading above the quotes: whether they answer, and whether they are of the articles asked.

    The values are those of callback data. `NEAREST` quotes are shown only if they are asked for.
    """

    PLAIN = "x"
    SCOPED = "s"
    WIDENED = "w"
    MAYBE = "m"
    MAYBE_WIDENED = "e"
    NEAREST = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """State of an answer page: enough to render it again, or to turn to another page.

    Args:
        heading: The heading above the quotes.
        page: The page number, from 0.
        more: Whether another page follows.
        quotes: Article number and sentence position of each quote.
        scope: Numbers of the articles asked; empty for all.
        days: How the quotes relate to the dates in the question.
        in_mode: Whether one article is asked until that is ended.
    """

    heading: Heading = Heading.PLAIN
    page: int = 0
    more: bool = False
    quotes: tuple[tuple[int, int], ...] = ()
    scope: tuple[int, ...] = ()
    days: DateOutcome = DateOutcome.NONE
    in_mode: bool = False

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of `bot.questions.keyboards.AnswerAction` in callback data."""
        more, mode = int(self.more), IN_MODE if self.in_mode else ""
        return self.heading, self.page, more, self.quotes, self.scope, self.days, mode

    @classmethod
    def of(cls, *values: Any) -> Self:
        """Read a state from the values of its callback data."""
        heading, page, more, quotes, scope, days, mode = values
        return cls(
            heading=Heading(heading),
            page=page,
            more=bool(more),
            quotes=quotes,
            scope=scope,
            days=DateOutcome(days),
            in_mode=mode == IN_MODE,
        )
