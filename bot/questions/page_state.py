"""The state of an answer's page, which is carried by its buttons."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class DateOutcome(StrEnum):
    """What became of the days that a question asks for."""

    NONE = ""  # none are asked for
    WITHIN = "w"  # all quotes were published then
    BOOSTED = "f"  # quotes of those days came first
    UNMATCHED = "m"  # nothing was found of them


class Heading(StrEnum):
    """What is said above the quotes."""

    PLAIN = "x"
    SCOPED = "s"
    WIDENED = "w"
    NEAREST = "n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """What an answer shows: enough to show it again, or another page of it.

    `quotes` are article numbers with sentence positions, `scope` the numbers of
    the articles that were asked (none for all), `more` whether another page
    follows, `days` what became of the days asked for, which the question tells.
    """

    heading: Heading = Heading.PLAIN
    page: int = 0
    more: bool = False
    quotes: tuple[tuple[int, int], ...] = ()
    scope: tuple[int, ...] = ()
    days: DateOutcome = DateOutcome.NONE

    @property
    def values(self) -> tuple[Any, ...]:
        """The values of its fields in callback data, see `bot.questions.keyboards.AnswerAction`."""
        days = f":{self.days}" if self.days else ""
        return self.heading, self.page, int(self.more), self.quotes, self.scope, days

    @classmethod
    def of(cls, *values: Any) -> Self:
        """Return the view that has these values in callback data."""
        heading, page, more, quotes, scope, days = values
        return cls(
            heading=Heading(heading),
            page=page,
            more=bool(more),
            quotes=quotes,
            scope=scope,
            days=DateOutcome(days.removeprefix(":")),
        )
