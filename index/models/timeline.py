"""Timelines: what articles say happened on a subject, each fact a quote with its days."""

from dataclasses import dataclass

from index.models.answer import Quote
from index.models.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """A sentence on a subject, and the days that it is of.

    `is_named` tells whether the sentence itself names these days; else they are the day on which
    its article was published.
    """

    quote: Quote
    days: Period
    is_named: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of the events on a subject, oldest first.

    `subject` is as it was typed. `more` tells whether later events follow. `period` holds the
    days that the events are of; None where the request names none, or where there are no events
    of those: they are then in `missed`.
    """

    subject: str
    events: tuple[TimelineEvent, ...]
    more: bool = False
    period: Period | None = None
    missed: Period | None = None
