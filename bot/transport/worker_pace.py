"""Pace of sending of a bot with several workers: wait for the slot that the database gives."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from index.errors import HoiBaoError
from index.store import SharedPace
from index.store.sharing import LATENESS_SECONDS

PATIENCE_SECONDS = 1.0  # for the database: an answer does not wait longer for it
TROUBLE_SECONDS = 5.0  # for which a database that failed is not asked
TRIES = 3  # for a slot that is not missed; after them a message leaves late
THREADS = 2  # of its own: those of others wait for those who store articles

_LOGGER = logging.getLogger(__name__)


class WorkerPace:
    """Pace of one of several workers that send with the same token.

    While the database fails, each worker keeps the whole limit on its own: too many messages are
    refused by Telegram and sent later, which is better than none.

    Args:
        shared: What the workers share.
        bot: The number of the bot.
        per_second: How many messages all of them may send in a second.
        clock: A monotonic clock in seconds.
    """

    def __init__(
        self,
        shared: SharedPace,
        bot: int,
        per_second: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._limits = bot, per_second
        self._clock = clock
        self._alone_until = float("-inf")
        self._is_failing = False
        self._threads = ThreadPoolExecutor(THREADS, "pace")

    async def wait(self, *, alert: bool) -> None:
        """Wait until a message may leave."""
        reserve = self._shared.reserve_alert if alert else self._shared.reserve_answer
        tries = 0
        while self._clock() >= self._alone_until:
            asked = self._clock()
            try:
                # It goes on in its thread when it is given up.
                reserving = asyncio.get_running_loop().run_in_executor(
                    self._threads, reserve, *self._limits
                )
                async with asyncio.timeout(PATIENCE_SECONDS):
                    seconds = await reserving
            except (HoiBaoError, TimeoutError) as error:
                self._fail(error)
                return
            self._is_failing = False
            await asyncio.sleep(seconds)
            if alert and seconds:
                continue  # none was free
            tries += 1
            if self._clock() - asked - seconds <= LATENESS_SECONDS or tries == TRIES:
                return  # a message that leaves later would be one too many of the next second

    def close(self) -> None:
        """Release the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _fail(self, error: Exception) -> None:
        if not self._is_failing:
            cause = str(error) or f"no answer in {PATIENCE_SECONDS:g} s"
            _LOGGER.warning("the pace of sending is not shared with other workers now: %s", cause)
        self._is_failing = True
        self._alone_until = self._clock() + TROUBLE_SECONDS
