"""Split a refused message of several articles, to find the one that Telegram refuses.

Each half is sent, and split again if it is refused, until the bad article stands alone. Nothing
of this is stored: after a restart the whole message is tried, and split, anew.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import TypeVar

from cachetools import FIFOCache

DELIVERIES_LIMIT = 10_000  # remembered; the oldest are forgotten first

Value = TypeVar("Value")


class SplitBatches:
    """Groups of deliveries into which refused messages were split."""

    def __init__(self) -> None:
        """Begin with nothing refused."""
        self._group_of: FIFOCache[int, int] = FIFOCache(DELIVERIES_LIMIT)
        self._numbers = count(1)

    def split(self, deliveries: Sequence[int]) -> None:
        """Send the two halves of a message apart from each other and from all else."""
        middle = len(deliveries) // 2
        for half in (deliveries[:middle], deliveries[middle:]):
            number = next(self._numbers)
            for delivery in half:
                self._group_of[delivery] = number

    def groups(self, pending: Iterable[tuple[int, Value]]) -> tuple[list[Value], list[list[Value]]]:
        """Group the values of pending deliveries into messages.

        Args:
            pending: The number of each delivery, and its value.

        Returns:
            The values that were never refused, and the groups of those that were.
        """
        free: list[Value] = []
        split: dict[int, list[Value]] = {}
        for number, value in pending:
            group = self._group_of.get(number)
            (free if group is None else split.setdefault(group, [])).append(value)
        return free, list(split.values())
