"""Split a refused message of several articles, to find the one that Telegram refuses.

Each half is sent, and split again if it is refused, until the bad article stands alone. Nothing
of this is stored: after a restart the whole message is tried, and split, anew.
"""

from collections.abc import Sequence
from itertools import count

from cachetools import FIFOCache

from bot.alerts.rendering import AlertNews

DELIVERIES_LIMIT = 10_000  # remembered; the oldest are forgotten first


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

    def groups(self, news: Sequence[AlertNews]) -> tuple[list[AlertNews], list[list[AlertNews]]]:
        """Return the news that were never refused, and the groups of those that were."""
        free: list[AlertNews] = []
        split: dict[int, list[AlertNews]] = {}
        for alert in news:
            group = self._group_of.get(alert.delivery)
            (free if group is None else split.setdefault(group, [])).append(alert)
        return free, list(split.values())
