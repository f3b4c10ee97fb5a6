"""Wait for a condition, with deadlines that only guard against hanging."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import pytest

PATIENCE_SECONDS = 30.0  # also on a busy machine; less than a long poll of 50 s
START_SECONDS = 240.0  # in which a process starts also among twenty that keep the machine busy
LOOK_AGAIN_SECONDS = 0.01
LONGEST_SLEEP_SECONDS = 0.25  # of who is to be woken
Found = TypeVar("Found")


async def until(
    condition: Callable[[], Awaitable[Found]],
    patience: float = PATIENCE_SECONDS,
    woken_by: Callable[[], Awaitable[object]] | None = None,
) -> Found:
    """Wait until a condition returns a true value, and return it.

    Args:
        condition: What is waited for.
        patience: The most seconds to wait.
        woken_by: What returns when the condition may have changed; without it, one looks often.
    """
    async with asyncio.timeout(patience):
        while not (found := await condition()):
            if woken_by is None:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_SLEEP_SECONDS):
                    await woken_by()
        return found


async def until_logged(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until words are logged, in any case."""

    async def is_logged() -> bool:
        return words.lower() in caplog.text.lower()

    await until(is_logged)


def wait_until(condition: Callable[[], Found], patience: float = PATIENCE_SECONDS) -> Found:
    """Wait without an event loop until a condition returns a true value, and return it."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(LOOK_AGAIN_SECONDS)
    return found
