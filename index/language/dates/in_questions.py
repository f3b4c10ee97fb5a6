"""The days that a question asks about: `hôm qua`, `tháng 1/2021`, "since May", `mới nhất`."""

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
    """What a question says of time.

    Args:
        period: The days that it names, if it does; the fewest, if it names several.
        stretches: Where it names them, as `[start, end)` in the question in NFC.
        is_relative: Whether they are told from today, so that days of publication are meant;
            a date may be one that articles write of.
        has_year: Whether the year is said; else it is the latest that fits.
        wants_newest: Whether what is newest is wanted.
    """

    period: Period | None = None
    stretches: tuple[tuple[int, int], ...] = ()
    is_relative: bool = False
    has_year: bool = True
    wants_newest: bool = False


def parse_date_request(question: str, today: date) -> DateRequest | None:
    """Read what a question says of time, in Vietnamese with or without marks or in English.

    Args:
        question: As it was typed.
        today: In Viet Nam.

    Returns:
        The days, or None if it says nothing of time. Never raises.
    """
    text = nfc(question)[:MAX_CHARACTERS]
    wants_newest = _NEWS.search(text) is not None
    # (found, is relative, has year)
    read = [(found, True, True) for found in relative_dates(text, today)]
    read += [(found, False, has_year) for found, has_year in absolute_dates(text, today)]
    whole = [each for each in read if not any(_is_within(each[0], other[0]) for other in read)]
    if not whole:
        return DateRequest(wants_newest=True) if wants_newest else None
    found, is_relative, has_year = min(
        whole, key=lambda each: (each[0][2].days, not each[1], each[0][0])
    )
    stretches = tuple(
        (start, end)
        for (start, end, period), *_ in sorted(whole, key=lambda each: each[0][0])
        if period == found[2]
    )
    return DateRequest(found[2], stretches, is_relative, has_year, wants_newest)


def remove_spans(question: str, stretches: Sequence[tuple[int, int]]) -> str:
    """A question without stretches of it, given in order, such as those that name its days."""
    text = nfc(question)
    for start, end in reversed(stretches):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def _is_within(one: tuple[int, int, Period], other: tuple[int, int, Period]) -> bool:
    """Whether an expression is a part of another, longer one."""
    longer = other[1] - other[0] > one[1] - one[0]
    return longer and other[0] <= one[0] and one[1] <= other[1]
