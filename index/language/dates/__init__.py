"""Date expressions: publication dates, dates in articles, dates in questions."""

from index.language.dates.absolute import UnknownDay, unknown_days
from index.language.dates.in_articles import MentionedDate, first_mentioned_date, mentions_period
from index.language.dates.in_questions import DateRequest, parse_date_request, remove_spans
from index.language.dates.publication import (
    beside_date,
    format_date,
    format_datetime,
    format_day,
    format_month,
    has_time_of_day,
    is_date_line,
    is_plausible_date,
    is_to_come,
    parse_iso,
    read_datetime,
    read_stamps,
    shows_today,
)
from index.language.dates.relative import DAY_PART, WEEKDAY

__all__ = [
    "DAY_PART",
    "WEEKDAY",
    "DateRequest",
    "MentionedDate",
    "UnknownDay",
    "beside_date",
    "first_mentioned_date",
    "format_date",
    "format_datetime",
    "format_day",
    "format_month",
    "has_time_of_day",
    "is_date_line",
    "is_plausible_date",
    "is_to_come",
    "mentions_period",
    "parse_date_request",
    "parse_iso",
    "read_datetime",
    "read_stamps",
    "remove_spans",
    "shows_today",
    "unknown_days",
]
