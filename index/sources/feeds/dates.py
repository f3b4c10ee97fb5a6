"""Read the publication dates of a feed, all with the day and the month in the same order."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from index.language.dates import is_plausible_date, read_datetime

_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}(?!\d)")
_UNIX_SECONDS = re.compile(r"\d{9,10}", re.ASCII)
_FOREIGN_ZONE = re.compile(r"\d\s(?!GMT|UTC|UT|ICT)[A-Z]{3,4}(?:\s\d{4})?$")


def puts_month_first(stamps: Iterable[str]) -> bool:
    """Tell whether a feed writes `M/d/yyyy`: one of its dates has no other reading, and none `d/M`.

    Args:
        stamps: The dates of its items, as text.
    """
    found = [numbers for stamp in stamps if (numbers := _NUMBERS.search(stamp[:100]))]
    first, second = ({int(numbers[place]) for numbers in found} for place in (1, 2))
    return max(second, default=0) > 12 >= max(first, default=0)


def read_date(stamp: str, now: datetime, *, month_first: bool = False) -> datetime | None:
    """Read the date of an item.

    Args:
        stamp: The date in any usual form, or the seconds since 1970.
        now: The current time: a date more than two days later is dropped.
        month_first: How `1/2/2021` is read; see `puts_month_first`.

    Returns:
        The moment, or None if there is no plausible date, or one in a named zone of elsewhere.
    """
    stamp = stamp.strip()
    if _UNIX_SECONDS.fullmatch(stamp):
        moment: datetime | None = datetime.fromtimestamp(int(stamp), UTC)
    elif _FOREIGN_ZONE.search(stamp[-20:]):
        return None
    else:
        moment = read_datetime(stamp, month_first=month_first)
    return moment if moment and is_plausible_date(moment, now) else None
