"""Rate limiter per host: one request at a time, a crawl delay, a limit over all hosts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Clock = Callable[[], float]
"""Monotonic clock in seconds."""
Sleep = Callable[[float], Awaitable[object]]

_MANY_HOSTS = 1_000  # above this, hosts that nobody waits for are forgotten


class HostQueue:
    """Queue of requests per host.

    Args:
        concurrency: The most requests at one time, over all hosts.
        clock: Returns the time in seconds.
        sleep: Waits a number of seconds.
    """

    def __init__(self, concurrency: int, clock: Clock, sleep: Sleep) -> None:
        self._running = asyncio.Semaphore(concurrency)
        self._hosts: dict[str, _Host] = {}
        self._clock = clock
        self._sleep = sleep

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[None]:
        """Wait for a host and hold it for one request, and for `pause` seconds after."""
        self._forget_idle()
        state = self._hosts.setdefault(host, _Host())
        state.users += 1
        try:
            async with state.lock:
                if (wait := state.free_at - self._clock()) > 0:
                    await self._sleep(wait)
                async with self._running:
                    try:
                        yield
                    finally:
                        state.free_at = self._clock() + pause
        finally:
            state.users -= 1

    def _forget_idle(self) -> None:
        if len(self._hosts) > _MANY_HOSTS:
            now = self._clock()
            self._hosts = {
                host: state
                for host, state in self._hosts.items()
                if state.users or state.free_at > now
            }


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0
