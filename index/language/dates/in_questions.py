"""Parse the dates of a question: `hôm qua`, `tháng 1/2021`, "since May", `mới nhất`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.language.dates.absolute import absolute_dates
from index.language.dates.relative import relative_dates
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
    # (found, is relative, has year)
    read = [(found, True, True) for found in relative_dates(text, today)]
    read += [(found, False, has_year) for found, has_year in absolute_dates(text, today)]
    whole = [one for one in read if not any(_is_within(one[0], other[0]) for other in read)]
    if not whole:
        return DateRequest(wants_newest=True) if wants_newest else None
    found, is_relative, has_year = min(
        whole, key=lambda one: (one[0][2].days, not one[1], one[0][0])
    )
    spans = tuple(
        (start, end)
        for (start, end, period), *_ in sorted(whole, key=lambda one: one[0][0])
        if period == found[2]
    )
    return DateRequest(found[2], spans, is_relative, has_year, wants_newest)


def remove_spans(question: str, spans: Sequence[tuple[int, int]]) -> str:
    """Remove spans from a question, given in order, such as those of its dates."""
    text = nfc(question)
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _is_within(one: tuple[int, int, Period], other: tuple[int, int, Period]) -> bool:
    """Tell whether an expression is part of another, longer one."""
    longer = other[1] - other[0] > one[1] - one[0]
    return longer and other[0] <= one[0] and one[1] <= other[1]
