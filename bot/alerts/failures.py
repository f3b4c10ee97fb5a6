"""Handle alerts that could not be sent: retry, drop, or deactivate the chat.

The rules, in order:

1. A group that became a supergroup is migrated.
2. A chat that Telegram limits waits as long as it says; if several are limited, all wait.
3. A chat that cannot be written to is deactivated; subscriptions of a topic that is closed or
   gone are paused, also of the General one, its bulletin ends, and an administrator is told.
4. If the network fails all chats wait, longer each time, and this process is cut off if that goes
   on; on a server error for one chat it waits.
5. A refused message of several articles is split until the bad article is alone; that is dropped.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.alerts.composer import AlertMessage
from bot.alerts.split_batches import SplitBatches
from bot.transport.rate_limiter import retry_seconds
from bot.transport.send_queue import SendQueue, SimultaneousLimits
from index import Library
from index.store.chats import ChatBatch, DropReason

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 300.0  # after failures
MOST_DOUBLINGS = 10
CUT_OFF_AFTER = 3  # failures in a row, each after the pause of the last one
MOST_ATTEMPTS = 20  # of one alert, where Telegram itself fails

# Telegram's words
CHAT_GONE = (
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_write_forbidden",
    "peer_id_invalid",
    "chat_restricted",
    "user is deactivated",
)
THREAD_GONE = ("thread not found", "topic_closed", "topic_deleted")
UNPAID = ("stars", "payment", "balance", "paid broadcast")

_LOGGER = logging.getLogger(__name__)


class SendFailures:
    """Handler of failures, which counts earlier ones. `handle` blocks: call it off the event loop.

    Args:
        library: Where chats, subscriptions and deliveries are.
        send_queue: The queue of messages to send, which can hold chats.
        owner: The sender that has claimed the deliveries.
        paid: Whether alerts are paid for; false once that is refused.
        clock: Gives the seconds since the epoch.
        jitter: Gives a number from 0 to 1 at random.

    `refused` counts the deliveries that Telegram does not take. `is_cut_off` is set after each
    failure of all chats from the third in a row on, for the sender, which unsets it.
    """

    def __init__(
        self,
        library: Library,
        send_queue: SendQueue,
        owner: str,
        *,
        paid: bool = False,
        clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.paid = paid
        self.split = SplitBatches()
        self.refused = 0
        self.is_cut_off = False
        self._library = library
        self._outbox = library.outbox
        self._send_queue = send_queue
        self._owner = owner
        self._clock = clock
        self._jitter = jitter
        self._failures = 0
        self._held_until = 0.0
        self._failed = SimultaneousLimits()

    def reset(self) -> None:
        """Reset the count of failures after a message was sent."""
        self._failures, self.is_cut_off = 0, False

    def handle(
        self, batch: ChatBatch, message: AlertMessage, error: TelegramError, started: float
    ) -> bool:
        """Retry or drop the deliveries of a message that failed.

        Args:
            batch: The deliveries of its chat.
            message: The message.
            error: The failure.
            started: When it was tried, on the monotonic clock.

        Returns:
            Whether subscriptions were paused; an administrator is to be told of that.
        """
        if isinstance(error, BadRequest):
            return self._handle_refusal(batch, message, error)
        if isinstance(error, ChatMigrated):
            self._library.chats.migrate(batch.chat, error.new_chat_id)
            self._retry(message, 0.0)
        elif isinstance(error, RetryAfter):
            self._retry(message, self._limit(batch.chat, retry_seconds(error)))
        elif isinstance(error, Forbidden):
            self.refused += len(message.deliveries)
            self._give_up(batch.chat, error)
        elif isinstance(error, NetworkError) and isinstance(
            error.__cause__, httpx.HTTPError | TimeoutError
        ):
            self._retry(message, self._unreachable(error, started), failed=True)
        else:
            self._handle_server_error(batch, message, error, started)
        return False

    def _retry(self, message: AlertMessage, seconds: float, *, failed: bool = False) -> None:
        at = int(self._clock() + seconds)
        self._outbox.retry(message.deliveries, at, self._owner, failed=failed)

    def _limit(self, chat: int, seconds: float) -> float:
        """Hold a chat that Telegram limits; all of them, if it limits more than one."""
        whom = "any chat" if self._send_queue.limit(chat, seconds) else "a chat"
        _LOGGER.info("Telegram asks to wait %s s before alerts to %s", seconds, whom)
        return seconds

    def _unreachable(self, error: TelegramError, started: float) -> float:
        """Hold everything for a while, longer if it fails again after that."""
        if started >= self._held_until:  # else it was on its way when the first one failed
            self._failures = min(self._failures + 1, MOST_DOUBLINGS)
            self.is_cut_off = self._failures >= CUT_OFF_AFTER
        pause = _doubled(self._failures - 1) * (0.75 + self._jitter() / 2)
        self._held_until = time.monotonic() + pause
        self._send_queue.hold(None, pause)
        _LOGGER.warning("an alert did not reach Telegram, trying again in %.0f s: %s", pause, error)
        return pause

    def _handle_server_error(
        self, batch: ChatBatch, message: AlertMessage, error: TelegramError, started: float
    ) -> None:
        """Wait after a server error: this chat, or all of them."""
        if self._failed.with_another(batch.chat, time.monotonic()):
            self._retry(message, self._unreachable(error, started), failed=True)
            return
        sent = [delivery for delivery in batch.deliveries if delivery.id in message.deliveries]
        attempts = max(delivery.attempts for delivery in sent)
        if attempts >= MOST_ATTEMPTS:
            _LOGGER.error("Telegram fails with an alert each time, it is dropped: %s", error)
            self._drop(message, int(self._clock()))
            return
        pause = _doubled(attempts)
        _LOGGER.warning("Telegram fails with a chat, trying again in %.0f s: %s", pause, error)
        self._retry(message, pause, failed=True)

    def _handle_refusal(self, batch: ChatBatch, message: AlertMessage, error: BadRequest) -> bool:
        words = error.message.lower()
        now = int(self._clock())
        is_paused = False
        if _holds(words, THREAD_GONE):
            _LOGGER.info("a topic is gone or closed, its subscriptions are paused: %s", error)
            is_paused = self._library.subscriptions.pause_thread(batch.chat, batch.thread, now)
            is_paused |= self._library.bulletins.end_thread(batch.chat, batch.thread)
        elif _holds(words, CHAT_GONE):
            self._give_up(batch.chat, error)
        elif self.paid and _holds(words, UNPAID):
            _LOGGER.error("alerts are not paid for any more, they go on unpaid: %s", error)
            self.paid = False
            self._retry(message, 0.0)
            return False
        elif len(message.deliveries) > 1:
            _LOGGER.warning(
                "Telegram refuses alerts of several articles, splitting them: %s", error
            )
            self.split.split(message.deliveries)
            self._retry(message, 0.0)
            return False
        else:
            _LOGGER.error("Telegram refuses an alert, it is dropped: %s", error)
        # Deliveries that another subscription of the chat wants too are not claimed any more.
        self._drop(message, now, self._owner)
        return is_paused

    def _drop(self, message: AlertMessage, now: int, owner: str | None = None) -> None:
        self.refused += len(message.deliveries)
        self._outbox.drop(message.deliveries, DropReason.REFUSED, now, owner)

    def _give_up(self, chat: int, error: TelegramError) -> None:
        _LOGGER.info("a chat cannot be written to, it is left alone until it returns: %s", error)
        self._library.chats.deactivate(chat)


def _doubled(times: int) -> float:
    doubled = FIRST_PAUSE_SECONDS * 2.0 ** min(max(times, 0), MOST_DOUBLINGS)
    return min(doubled, LONGEST_PAUSE_SECONDS)


def _holds(words: str, signs: Sequence[str]) -> bool:
    return any(sign in words for sign in signs)
