"""Background tasks of handlers: started beside the updates, cancelled when the bot stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from telegram.error import TelegramError

_LOGGER = logging.getLogger(__name__)


class BackgroundTasks:
    """Running background tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(
        self,
        work: Coroutine[Any, Any, None],
        report_failure: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Start a task.

        Args:
            work: The coroutine to run.
            report_failure: Called after an error in it, which is logged.
        """
        task = asyncio.create_task(_run(work, report_failure))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # it may be cancelled before it begins

    @asynccontextmanager
    async def cancelled_at_exit(self) -> AsyncIterator[None]:
        """Cancel the remaining tasks when the context ends."""
        try:
            yield
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)


async def _run(
    work: Coroutine[Any, Any, None], report_failure: Callable[[], Awaitable[None]] | None
) -> None:
    try:
        await work
    except TelegramError as error:
        _LOGGER.warning("Telegram refused a message of a background task: %s", error)
    except Exception as error:
        _LOGGER.exception("A background task failed: %s", error)
        with suppress(TelegramError):
            if report_failure:
                await report_failure()
