"""Times of day as people type them: 6:45, 6h45, 18 giờ 30, 7g."""

import re

from index.subscriptions.timing import DAY_MINUTES

CLOCK = r"\d{1,2}(?:\s*(?:[:hg]|giờ|gio)\s*(?:\d{2})?)?"
"""What a typed time of day looks like, as a regular expression without groups."""

_PARTS = re.compile(r"\d+")
_CLOCK = re.compile(CLOCK, re.IGNORECASE)


def read_clock(text: str) -> int | None:
    """Return a time of day in minutes since midnight, up to 24:00; None if it is none."""
    if not _CLOCK.fullmatch(text.strip()):
        return None
    hours, minutes, *_ = (*map(int, _PARTS.findall(text)), 0)
    minute = hours * 60 + minutes
    return minute if minutes < 60 and minute <= DAY_MINUTES else None
