"""Rate limiter of Bot API requests: wait for a send slot, retry after 429 and network errors.

A request may have been taken though no answer, or one of a failing server (5xx), came back. What
then happens is chosen by method: `sendMessage` is not repeated, since the message could arrive
twice; an edit and the answer to a callback query are, since twice is the same as once. Where it
ends with such a failure, nobody is told that something went wrong: the answer may be there.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import Enum
from typing import Any

from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.transport.connection import NoBotApiError, may_have_been_taken
from bot.transport.send_queue import SendQueue

ATTEMPTS = 3
PATIENCE_SECONDS = 60.0  # longer waits are not worth an answer
NETWORK_PAUSE_SECONDS = 0.5  # doubled at each attempt
REPEATABLE = frozenset({"editMessageText", "editMessageReplyMarkup", "answerCallbackQuery"})
MUST_ARRIVE = REPEATABLE | {"sendMessage"}
READING = "get"  # how methods that change nothing begin
PACED = frozenset(
    {"sendMessage", "sendPhoto", "sendDocument", "editMessageText", "editMessageReplyMarkup"}
)

_LOGGER = logging.getLogger(__name__)
Result = bool | dict[str, Any] | list[dict[str, Any]]


class Kind(Enum):
    """Purpose of a request: an answer, which is the default, or an alert."""

    ALERT = "alert"


class UncertainError(NetworkError):
    """A request that changes something failed, and may have been carried out nevertheless."""


class RateLimiter(BaseRateLimiter[Kind]):
    """Rate limiter that keeps Telegram's limits, waits when Telegram asks for it, and retries.

    Alerts pass at once: their sender has waited for a slot and handles failures itself.
    """

    def __init__(
        self,
        send_queue: SendQueue | None = None,
        succeeded: Callable[[Result], None] = lambda _: None,
    ) -> None:
        """Wait as long as Telegram asks, until `stop_waiting`.

        Args:
            send_queue: The queue of messages to send.
            succeeded: Called with the result of each request, a message where it sent one.
        """
        self.send_queue = send_queue or SendQueue()
        self._succeeded = succeeded
        self._is_stopping = asyncio.Event()
        self._abortable: set[asyncio.Timeout] = set()

    def stop_waiting(self) -> None:
        """End every wait and every request now, and allow no more: the bot is to stop."""
        if self._is_stopping.is_set():
            return
        self._is_stopping.set()
        for timeout in self._abortable:
            timeout.reschedule(0.0)

    @asynccontextmanager
    async def abortable(self) -> AsyncIterator[None]:
        """Let `stop_waiting` abort what is done in the context.

        Raises:
            NetworkError: It was aborted.
        """
        try:
            async with asyncio.timeout(0.0 if self._is_stopping.is_set() else None) as timeout:
                self._abortable.add(timeout)
                try:
                    yield
                finally:
                    self._abortable.discard(timeout)
        except TimeoutError as error:
            raise NetworkError("given up, since the bot stops") from error

    async def initialize(self) -> None:
        """Do nothing: there is nothing to set up."""

    async def shutdown(self) -> None:
        """Close the queue of messages to send."""
        self.send_queue.close()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Iterable[object],
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Kind | None,
    ) -> Result:
        """Make a request, retrying it where that is safe.

        Args:
            callback: Makes the request.
            args: The positional arguments of the callback; `data` is among them.
            kwargs: The keyword arguments of the callback.
            endpoint: The method of the Bot API.
            data: The parameters of the method.
            rate_limit_args: The purpose of the request.

        Raises:
            UncertainError: If it failed, and may have been carried out.
            TelegramError: If the last attempt fails, or retrying is unsafe or too late.
        """

        async def request() -> Result:
            async with self.abortable():
                result = await callback(*args, **kwargs)
            self._succeeded(result)
            return result

        if rate_limit_args is Kind.ALERT:
            return await request()

        async def attempt() -> Result:
            chat = data.get("chat_id")
            if endpoint not in PACED or not isinstance(chat, int):
                return await request()
            try:
                async with self.send_queue.turn(chat):
                    return await request()
            except RetryAfter as error:
                # Alerts must not provoke more of it.
                self.send_queue.limit(chat, retry_seconds(error))
                raise

        try:
            return await self._repeat(attempt, endpoint, data)
        except TelegramError as error:
            if endpoint.startswith(READING) or not may_have_been_taken(error):
                raise
            raise UncertainError(error.message) from error

    async def _repeat(
        self,
        attempt: Callable[[], Coroutine[Any, Any, Result]],
        endpoint: str,
        data: dict[str, Any],
    ) -> Result:
        """Make a request, several times where it must arrive and may be repeated."""
        if endpoint not in MUST_ARRIVE:
            return await attempt()
        for number in range(1, ATTEMPTS):
            try:
                return await attempt()
            except ChatMigrated as error:
                data["chat_id"] = error.new_chat_id
            except RetryAfter as error:
                pause = retry_seconds(error)
                if pause > PATIENCE_SECONDS:
                    raise
                _LOGGER.info("Telegram asks to wait %s s before %s", pause, endpoint)
                if not await self._wait(pause):
                    raise
            except (BadRequest, NoBotApiError):
                raise
            except NetworkError as error:
                pause = NETWORK_PAUSE_SECONDS * 2**number
                may_repeat = endpoint in REPEATABLE or not may_have_been_taken(error)
                if not may_repeat or not await self._wait(pause):
                    raise
        return await attempt()

    async def _wait(self, seconds: float) -> bool:
        """Wait some seconds; return False if the bot is to stop meanwhile."""
        try:
            # Unlike a timeout it returns also when it is cancelled by the stop that it waits for.
            await asyncio.wait_for(self._is_stopping.wait(), seconds)
        except TimeoutError:
            return True
        return False


def retry_seconds(error: RetryAfter) -> float:
    """Return the seconds that Telegram asks to wait; the library gives a number or timedelta."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else wait
