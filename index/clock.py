"""Times of day and how else they are written: `9h05` and `9 giờ 5`."""

import re
from collections.abc import Iterator

from index.phrases import Phrase

_HOURS = range(25)
_MINUTES = range(60)

_JOINED = re.compile(r"0?([0-9]|1[0-9]|2[0-4])h([0-5][0-9])?")
_HOUR, _MINUTE = "giờ", "phút"


def clock(row: Phrase) -> tuple[int, tuple[Phrase, ...]] | None:
    """The time of day in digits that a row begins with: its length, and all its forms.

    Args:
        row: Analysed syllables.
    """
    joined = _JOINED.fullmatch(row[0]) if row else None
    if joined:
        minute = int(joined[2]) if joined[2] else None
        return 1, tuple(_forms(int(joined[1]), minute))
    if len(row) < 2 or row[1] != _HOUR or not _is_in(row[0], _HOURS):
        return None
    length, minute = 2, None
    if len(row) > 2 and _is_in(row[2], _MINUTES):
        if row[3:4] == (_MINUTE,):
            length, minute = 4, int(row[2])
        elif len(row) == 3 and len(row[2]) == 2:
            length, minute = 3, int(row[2])
    return length, tuple(_forms(int(row[0]), minute))


def _forms(hour: int, minute: int | None) -> Iterator[Phrase]:
    shown = "" if minute is None else f"{minute:02}"
    yield (f"{hour}h{shown}",)
    if hour < 10:
        yield (f"0{hour}h{shown}",)
    if minute:
        yield (str(hour), _HOUR, str(minute))
        yield (str(hour), _HOUR, str(minute), _MINUTE)
    else:
        yield (str(hour), _HOUR)


def _is_in(syllable: str, numbers: range) -> bool:
    """Whether a syllable is one of the numbers, in digits."""
    return re.fullmatch("[0-9]{1,2}", syllable) is not None and int(syllable) in numbers
