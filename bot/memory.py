"""A small memory of what was done last: bounded, and gone with the process."""

from collections import OrderedDict
from typing import Generic, TypeVar

RECENT_LIMIT = 10_000  # entries; the oldest are forgotten first

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that keeps the entries set last."""

    def __init__(self, limit: int = RECENT_LIMIT) -> None:
        """Keep at most `limit` entries."""
        self._limit = limit
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, key: Key) -> Value | None:
        """Return what was set for a key, if it is still known."""
        return self._entries.get(key)

    def set(self, key: Key, value: Value) -> None:
        """Remember a value, and forget the oldest if there are too many."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)
