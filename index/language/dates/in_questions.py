"""Parse the dates of a question: `hôm qua`, `tháng 1/2021`, "since May", `mới nhất`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.language.dates.absolute import absolute_dates
from index.language.dates.relative import DateExpression, relative_dates
from index.language.patterns import word_pattern
from index.language.spelling import nfc
from index.models.period import Period

MAX_CHARACTERS = 1_000  # characters of a question

_NEWS = word_pattern(
    "mới nhất|gần đây nhất|lần gần nhất|mới đây|(?:hôm|sáng|trưa|chiều|tối) nay|"
    "có (?:tin |tin tức )?(?:gì|nào) mới|latest|newest|most recent|breaking news|what's new|today"
)


@dataclass(frozen=True, slots=True)
class DateRequest:
    """Dates that a question asks for.

    Args:
        period: The days that it names, if any; the shortest of several periods.
        spans: Where it names them, as `[start, end)` in the question in NFC.
        is_relative: Whether they are relative to today, and so are publication dates; an
            absolute date may be mentioned in articles.
        has_year: Whether the year is given; else it is the latest possible.
        wants_newest: Whether it asks for the newest articles.
    """

    period: Period | None = None
    spans: tuple[tuple[int, int], ...] = ()
    is_relative: bool = False
    has_year: bool = True
    wants_newest: bool = False


def parse_date_request(question: str, today: date) -> DateRequest | None:
    """Parse the dates of a question, Vietnamese with or without diacritics or English.

    Args:
        question: The question as typed.
        today: The day in Viet Nam.

    Returns:
        The request, or None if the question has no dates. Never raises.
    """
    text = nfc(question)[:MAX_CHARACTERS]
    wants_newest = _NEWS.search(text) is not None
    expressions = [*relative_dates(text, today), *absolute_dates(text, today)]
    whole = [one for one in expressions if not any(_is_within(one, other) for other in expressions)]
    if not whole:
        return DateRequest(wants_newest=True) if wants_newest else None
    chosen = min(whole, key=lambda one: (one.period.days, not one.is_relative, one.start))
    spans = sorted((one.start, one.end) for one in whole if one.period == chosen.period)
    return DateRequest(
        chosen.period, tuple(spans), chosen.is_relative, chosen.has_year, wants_newest
    )


def remove_spans(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """Remove spans from a question, given in order, such as those of its dates."""
    text = nfc(question)
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _is_within(one: DateExpression, other: DateExpression) -> bool:
    """Tell whether an expression is part of another, longer one."""
    is_longer = other.end - other.start > one.end - one.start
    return is_longer and other.start <= one.start and one.end <= other.end
