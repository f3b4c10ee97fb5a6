"""Cache of a few recent values of each chat: bounded, expiring, and copied from worker to worker.

A chat's values are read and changed by the one worker that processes an update of the chat. Where
there are several workers it saves them when it is done, and the next one restores them; see
`bot.transport.inbox`.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from cachetools import LRUCache
from pydantic import TypeAdapter

CHATS_LIMIT = 10_000  # the ones used longest ago are forgotten first
VALUES_LIMIT = 100  # of one chat: many people ask in a large group
EDITABLE_SECONDS = 48 * 3_600.0  # Telegram: for which a person can edit a message

Key = int | str
Saved = list[tuple[Key, Any, float]]
"""Keys and values as JSON has them, with the seconds for which they still hold."""

V = TypeVar("V")


class ChatCache(Generic[V]):
    """Cache of values by chat and key, such as a person or a message.

    Args:
        adapter: Turns values to JSON and back.
        seconds: How long a value holds after it was put; by default as long as a message that it
            is about can be edited.
        chats: The most chats that are remembered.
        clock: A monotonic clock in seconds.
    """

    def __init__(
        self,
        adapter: TypeAdapter[V],
        seconds: float = EDITABLE_SECONDS,
        *,
        chats: int = CHATS_LIMIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._adapter = adapter
        self._seconds = seconds
        self._clock = clock
        self._chats: LRUCache[int, dict[Key, tuple[V, float]]] = LRUCache(chats)

    def get(self, chat: int, key: Key = 0) -> V | None:
        """Return a value that still holds, or None."""
        value, until = self._chats.get(chat, {}).get(key, (None, 0.0))
        return value if self._clock() < until else None

    def put(self, chat: int, value: V, key: Key = 0) -> None:
        """Remember a value; of too many in a chat the oldest is forgotten."""
        values = self._chats.setdefault(chat, {})
        values.pop(key, None)
        values[key] = value, self._clock() + self._seconds
        if len(values) > VALUES_LIMIT:
            del values[next(iter(values))]

    def remove(self, chat: int, key: Key = 0) -> None:
        """Forget a value."""
        self._chats.get(chat, {}).pop(key, None)

    def saved(self, chat: int) -> Saved:
        """Return the values of a chat, as JSON has them."""
        now = self._clock()
        return [
            (key, self._adapter.dump_python(value, mode="json"), end - now)
            for key, (value, end) in self._chats.get(chat, {}).items()
            if end > now
        ]

    def restore(self, chat: int, saved: Iterable[Any], elapsed: float) -> None:
        """Replace the values of a chat.

        Args:
            chat: The number of the chat.
            saved: What `saved` returned, perhaps in another worker; what is none is left out.
            elapsed: The seconds since then.
        """
        self._chats.pop(chat, None)
        values: dict[Key, tuple[V, float]] = {}
        for each in saved:
            try:
                key, value, left = each
                until = self._clock() + left - elapsed
                values[key] = self._adapter.validate_python(value), until
            except (TypeError, ValueError):  # another version of this program saved it
                continue
        if values:
            self._chats[chat] = values


def save_chat(caches: Mapping[str, ChatCache[Any]], chat: int) -> dict[str, Saved]:
    """Return the values of a chat in several caches, by the names of these."""
    return {name: saved for name, cache in caches.items() if (saved := cache.saved(chat))}


def restore_chat(
    caches: Mapping[str, ChatCache[Any]], chat: int, state: Mapping[str, Saved], elapsed: float
) -> None:
    """Replace the values of a chat in several caches by those that `save_chat` returned.

    Args:
        caches: The caches by name.
        chat: The number of the chat.
        state: What was saved.
        elapsed: The seconds since then.
    """
    for name, cache in caches.items():
        cache.restore(chat, state.get(name, ()), elapsed)
