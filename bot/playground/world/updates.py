"""The queue of updates: kept until the bot confirms them by a higher offset."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from bot.playground.errors import Json, conflict

# Telegram sends these only to a bot that lists them in allowed_updates.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL_SECONDS = 50  # Telegram: a longer timeout counts as this
MOST_UPDATES = 100  # Telegram: updates in one answer


class Updates:
    """Pending updates, and the one poll that waits for them.

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
        """Queues an update, unless the bot did not ask for its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ONLY_ON_REQUEST
        if wanted:
            self._pending.append({"update_id": self._next_id, kind: content})
            self._next_id += 1
            self.wake()

    def allow(self, kinds: Sequence[Any] | None) -> None:
        """Sets the kinds that are wanted from now on; None leaves them as they are."""
        if kinds is not None:
            self.allowed = tuple(str(kind) for kind in kinds)

    def first(self) -> Json | None:
        """The oldest update that is not confirmed."""
        return self._pending[0] if self._pending else None

    def confirm(self, offset: int) -> None:
        """Drops the updates before an offset; a negative one keeps that many of the last."""
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()

    def drop(self) -> None:
        """Drops everything that is pending."""
        self._pending.clear()

    def interrupt(self) -> None:
        """Ends a waiting poll with a conflict, as a new webhook or poll does."""
        self.polls += 1
        self.wake()

    def close(self) -> None:
        """Ends a waiting poll with nothing: the server stops."""
        self.closing = True
        self.wake()

    async def poll(self, limit: int, seconds: float) -> list[Json]:
        """Waits for updates.

        Args:
            limit: How many to return at most.
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
        """Waits until an update arrives or the server stops."""
        await self._changed.wait()

    def wake(self) -> None:
        """Makes whoever waits look again."""
        self._changed.set()
        self._changed = asyncio.Event()
