"""Fetch updates by long polling: small batches, and an update that cannot be parsed is skipped.

The library parses all updates of an answer at once, and asks for the same ones again if one of
them fails. Each is tried here before; one that fails is replaced by an update without content, so
that it is confirmed with the others.
"""

import logging
from datetime import timedelta
from time import monotonic
from typing import Any

from telegram import Update
from telegram.error import Conflict, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bot.transport.connection import BotApiRequest
from bot.transport.rate_limiter import Kind, RateLimiter
from bot.transport.update_types import check_types
from index.errors import PROGRAM_ERRORS

POLL_TIME = timedelta(seconds=30)  # how long Telegram may hold a request for updates open
SHARED_POLL_TIME = timedelta(seconds=10)  # where another worker takes over from a silent one
UPDATES_AT_ONCE = 5  # a hundred, Telegram's most, are 100 ms of work
_UPDATE_IDS = 1 << 63  # Telegram's numbers are far below

_LOGGER = logging.getLogger(__name__)


class PollingRequest(BotApiRequest):
    """HTTP requests for updates."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API; updates that cannot be parsed lose their content."""
        answer: dict[str, Any] = BotApiRequest.parse_json_payload(payload)
        if answer.get("ok"):
            answer["result"] = [parsable(update) for update in answer["result"]]
        return answer


class PollingBot(ExtBot[Kind]):
    """Bot that fetches few updates at a time, so that the event loop is never busy for long."""

    _polled_at: float | None = None
    _unanswered_since: float | None = None

    @property
    def polled_at(self) -> float | None:
        """When updates were last fetched, on the monotonic clock; at first, when that began."""
        return self._polled_at

    @property
    def unanswered_since(self) -> float | None:
        """When the first of the requests for updates began that had no answer since."""
        return self._unanswered_since

    def begin_polling(self) -> None:
        """Forget the requests that had no answer when this bot fetched updates before."""
        self._unanswered_since = None

    async def get_updates(self, *args: Any, **kwargs: Any) -> tuple[Update, ...]:
        """Fetch no more than `UPDATES_AT_ONCE`.

        Raises:
            TelegramError: They cannot be fetched, or the answer is none of the Bot API. The
                library then waits longer each time.
        """
        assert isinstance(self.rate_limiter, RateLimiter)
        if self._polled_at is None:
            self._polled_at = monotonic()
        if self._unanswered_since is None:
            self._unanswered_since = monotonic()
        try:
            async with self.rate_limiter.abortable():
                updates = await super().get_updates(*args, **{**kwargs, "limit": UPDATES_AT_ONCE})
        except (Conflict, RetryAfter):
            self._unanswered_since = None
            raise
        except PROGRAM_ERRORS as error:
            raise TelegramError(f"no list of updates: {type(error).__name__}") from None
        self._polled_at, self._unanswered_since = monotonic(), None
        return updates


def parsable(update: object) -> dict[str, Any]:
    """Return an update as it is, or without its content if the library cannot parse it.

    Args:
        update: An update as it came from a Bot API server of any version.

    Raises:
        TypeError: It has no number by which it could be confirmed.
    """
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(update, dict) or type(number) is not int or not 0 <= number < _UPDATE_IDS:
        raise TypeError("an update without a number")
    try:
        check_types(Update.de_json(update, None))
    except PROGRAM_ERRORS as error:
        reason = type(error).__name__
        _LOGGER.warning("Update %d cannot be parsed and is skipped (%s)", number, reason)
        return {"update_id": number}
    return update
