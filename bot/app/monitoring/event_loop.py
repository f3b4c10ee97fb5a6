"""Measure the lag of the event loop: how late it runs what is due."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from index.models.durations import Durations

LOOK_SECONDS = 0.5
BOUNDS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


@asynccontextmanager
async def measuring_lag() -> AsyncIterator[Durations]:
    """Measure the lag of the running event loop twice a second while the context is open."""
    lags = Durations(BOUNDS_SECONDS)
    task = asyncio.create_task(_measure(lags))
    try:
        yield lags
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _measure(lags: Durations) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LOOK_SECONDS
        await asyncio.sleep(LOOK_SECONDS)
        lags.add(max(0.0, loop.time() - due))
