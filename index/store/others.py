"""Which subscriptions of its chat an article matched besides the one that it is filed under.

In the table that is one text: `12:0,3;15:` for subscription 12 with the sentences 0 and 3,
and 15, which names no word.
"""

from collections.abc import Iterable

Matched = tuple[int, tuple[int, ...]]
"""The number of a subscription, and the sentences that it matched, the best first."""


def write_others(matched: Iterable[Matched]) -> str | None:
    """Return the text for the table; None for no subscriptions."""
    return ";".join(f"{number}:{write_places(places)}" for number, places in matched) or None


def read_others(text: str | None) -> list[Matched]:
    """Read what `write_others` wrote."""
    found: list[Matched] = []
    for entry in text.split(";") if text else ():
        number, _, places = entry.partition(":")
        found.append((int(number), read_places(places)))
    return found


def write_places(places: Iterable[int]) -> str:
    """Return the positions of some sentences as a text."""
    return ",".join(map(str, places))


def read_places(text: str) -> tuple[int, ...]:
    """Read what `write_places` wrote."""
    return tuple(int(place) for place in text.split(",") if place)
