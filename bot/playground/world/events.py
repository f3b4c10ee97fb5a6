"""What just happened, told to everyone who looks on (the open chat pages)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.playground.errors import Json

LONGEST_BACKLOG = 2_000  # events; who is slower than that loads the page anew


@dataclass(frozen=True, slots=True)
class Event:
    """A kind ("message", "deleted", "typing", "answer", …) and its JSON data."""

    kind: str
    data: Json


class Events:
    """A broadcast: each subscriber has a queue of its own; None ends it."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Event | None]] = set()
        self._closed = False

    @property
    def listeners(self) -> int:
        """How many look on."""
        return len(self._queues)

    def publish(self, kind: str, data: Json) -> None:
        """Tells everyone."""
        for queue in list(self._queues):
            if queue.qsize() >= LONGEST_BACKLOG:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(Event(kind, data))

    @contextmanager
    def subscribed(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue that receives everything published from now on."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        if self._closed:
            queue.put_nowait(None)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """Ends every subscription."""
        self._closed = True
        for queue in self._queues:
            queue.put_nowait(None)
