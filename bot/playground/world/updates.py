"""Queue of updates for getUpdates and the webhook, kept until the bot confirms them."""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice

from bot.playground.errors import Json, conflict

# Telegram sends these only to a bot that lists them in allowed_updates.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL_SECONDS = 50  # Telegram: a longer timeout counts as this
MOST_UPDATES = 100  # Telegram: updates in one answer


class Updates:
    """Queue of pending updates, with at most one long poll that waits for them.

    Args:
        clock: The time in seconds. Ids start from it, so that they keep rising
            when the playground restarts under a bot that does not.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.allowed: tuple[str, ...] = ()
        self.closing = False
        self._pending: deque[Json] = deque()
        self._next_id = int(clock())
        self._changed = asyncio.Event()
        self.polls = 0

    def __len__(self) -> int:
        return len(self._pending)

    def put(self, kind: str, content: Json) -> None:
        """Queue an update, unless its kind is not among the allowed updates."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if wanted:
            self._pending.append({"update_id": self._next_id, kind: content})
            self._next_id += 1
            self.wake()

    def allow(self, kinds: object) -> None:
        """Set the allowed kinds of updates; anything but a list leaves them as they are."""
        if isinstance(kinds, list):
            self.allowed = tuple(str(kind) for kind in kinds)

    def first(self) -> Json | None:
        """Return the oldest pending update, or None."""
        return self._pending[0] if self._pending else None

    def confirm(self, offset: int) -> None:
        """Drop the updates before an offset; a negative offset keeps that many of the newest."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def drop(self) -> None:
        """Drop all pending updates."""
        self._pending.clear()

    def interrupt(self) -> None:
        """End a waiting poll with a conflict, as a new webhook or poll does."""
        self.polls += 1
        self.wake()

    def close(self) -> None:
        """End a waiting poll with an empty result: the server stops."""
        self.closing = True
        self.wake()

    async def poll(self, limit: int, seconds: float) -> list[Json]:
        """Wait for updates (long polling).

        Args:
            limit: The largest number of updates to return.
            seconds: How long to wait for the first.

        Raises:
            ApiError: 409, if another poll or a webhook took over meanwhile.
        """
        self.interrupt()
        mine = self.polls
        try:
            async with asyncio.timeout(min(seconds, LONGEST_POLL_SECONDS)):
                while not self._pending and not self.closing and mine == self.polls:
                    await self.changed()
        except TimeoutError:
            return []
        if mine != self.polls:
            raise conflict(
                "terminated by other getUpdates request; "
                "make sure that only one bot instance is running"
            )
        return list(islice(self._pending, max(1, min(limit, MOST_UPDATES))))

    async def changed(self) -> None:
        """Wait until an update arrives or the server stops."""
        await self._changed.wait()

    def wake(self) -> None:
        """Wake all waiting tasks."""
        self._changed.set()
        self._changed = asyncio.Event()
