"""Publish/subscribe events of state changes for the open chat pages."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.playground.errors import Json

LONGEST_BACKLOG = 2_000  # events; a slower subscriber is cut off and reloads the page


@dataclass(frozen=True, slots=True)
class Event:
    """State change: its kind ("message", "deleted", "action", "answer"…) and JSON data."""

    kind: str
    data: Json


class Events:
    """Event broadcaster with a queue for each subscriber; None ends a queue."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Event | None]] = set()
        self._closed = False

    @property
    def listeners(self) -> int:
        """Number of subscribers."""
        return len(self._queues)

    def publish(self, kind: str, data: Json) -> None:
        """Send an event to all subscribers."""
        for queue in list(self._queues):
            if queue.qsize() >= LONGEST_BACKLOG:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(Event(kind, data))

    @contextmanager
    def subscribed(self) -> Iterator[asyncio.Queue[Event | None]]:
        """Subscribe: a queue that receives every event from now on."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """End all subscriptions."""
        self._closed = True
        for queue in self._queues:
            queue.put_nowait(None)
