"""What goes apart after Telegram refused a message of several articles: one of them is bad.

Halves are refused or taken like any message, and parted again until the bad article stands
alone. Nothing of this is stored: after a restart the whole message is tried, and parted, anew.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import TypeVar

from cachetools import FIFOCache

DELIVERIES_LIMIT = 10_000  # remembered; the oldest are forgotten first

Each = TypeVar("Each")


class Halves:
    """Remembers, of the deliveries of refused messages, which still go together."""

    def __init__(self) -> None:
        """Begin with nothing refused."""
        self._group_of: FIFOCache[int, int] = FIFOCache(DELIVERIES_LIMIT)
        self._numbers = count(1)

    def part(self, deliveries: Sequence[int]) -> None:
        """Have the two halves of a message go apart from each other and from all else."""
        middle = len(deliveries) // 2
        for half in (deliveries[:middle], deliveries[middle:]):
            number = next(self._numbers)
            for delivery in half:
                self._group_of[delivery] = number

    def groups(
        self, several: Iterable[Each], number_of: Callable[[Each], int]
    ) -> tuple[list[Each], list[list[Each]]]:
        """Return what was never refused, and what was by what goes together.

        Args:
            several: What is to be sent.
            number_of: Gives the number of its delivery.
        """
        free: list[Each] = []
        parted: dict[int, list[Each]] = {}
        for each in several:
            group = self._group_of.get(number_of(each))
            (free if group is None else parted.setdefault(group, [])).append(each)
        return free, list(parted.values())
