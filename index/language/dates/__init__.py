"""Dates: of publication, in articles, in questions."""

from index.language.dates.in_articles import mentions_period
from index.language.dates.in_questions import DateRequest, parse_date_request, remove_stretches
from index.language.dates.publication import (
    day_to_words,
    is_clock,
    is_plausible,
    is_stamp,
    month_to_words,
    parse_iso,
    read_datetime,
    to_words,
)
from index.language.dates.words import DAY_PART, WEEKDAY

__all__ = [
    "DAY_PART",
    "WEEKDAY",
    "DateRequest",
    "day_to_words",
    "is_clock",
    "is_plausible",
    "is_stamp",
    "mentions_period",
    "month_to_words",
    "parse_date_request",
    "parse_iso",
    "read_datetime",
    "remove_stretches",
    "to_words",
]
