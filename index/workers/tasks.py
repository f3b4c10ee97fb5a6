"""Tasks of the event loop that run beside others, and go on after failures."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any

from index.errors import DatabaseLostError, HoiBaoError


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run a coroutine while the context is open; cancel it then, and wait for its end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class LoggedFailures:
    """Context of work that is tried again: its failures are logged, each once, and end here.

    Args:
        logger: The logger of the one that tries again.
        what: What failed, such as "updates cannot be fetched".
        unexpected: Whether errors in this program end here too, as in an outermost loop.
    """

    def __init__(self, logger: logging.Logger, what: str, *, unexpected: bool = True) -> None:
        self._logger = logger
        self._what = what
        self._ending = Exception if unexpected else HoiBaoError
        self._last = ""

    def __enter__(self) -> None:
        """Begin to try."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Log a failure, unless it is the last one again."""
        if error is None:
            self._last = ""
            return False
        if not isinstance(error, self._ending):
            return False
        if isinstance(error, DatabaseLostError):  # the log says so already
            return True
        if repr(error) != self._last:
            level, trace = logging.WARNING, None
            if not isinstance(error, HoiBaoError):
                level, trace = logging.ERROR, error
            message = "%s, trying again: %s"
            self._logger.log(level, message, self._what, error, exc_info=trace)
        self._last = repr(error)
        return True
