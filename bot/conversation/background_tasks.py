"""Work that takes long: done beside the updates, and broken off when the bot stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram.error import TelegramError

_LOGGER = logging.getLogger(__name__)


class BackgroundTasks:
    """What is being done beside the updates."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(
        self,
        work: Coroutine[Any, Any, None],
        otherwise: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Start something.

        Args:
            work: What to do.
            otherwise: What to do if there is an error in it, which is logged.
        """
        task = asyncio.create_task(_run(work, otherwise))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # it may be broken off before it begins

    @asynccontextmanager
    async def cancelled_at_exit(self) -> AsyncIterator[None]:
        """Break off what is left when the context ends."""
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)


async def _run(
    work: Coroutine[Any, Any, None], otherwise: Callable[[], Awaitable[None]] | None
) -> None:
    try:
        await work
    except TelegramError as error:
        _LOGGER.warning("Telegram did not take what the bot had to say: %s", error)
    except Exception as error:
        _LOGGER.exception("Something was not done: %s", error)
        with suppress(TelegramError):
            if otherwise:
                await otherwise()
