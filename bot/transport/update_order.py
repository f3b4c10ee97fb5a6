"""Process updates of many chats concurrently, and those of one chat in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import SimpleUpdateProcessor

CONCURRENT_UPDATES = 1_000  # more than questions may wait: see `bot.conversation.answer_pool`
WAITING_UPDATES = 10_000  # those being worked on among them

_LOGGER = logging.getLogger(__name__)


class PerChatUpdateProcessor(SimpleUpdateProcessor):
    """Update processor that is concurrent over chats, and sequential within each.

    An update waits for its chat first and for a slot then, so that a chat with
    many messages never holds more than one slot.
    """

    def __init__(self, arrived: Callable[[object], None] = lambda _: None) -> None:
        """Process up to `CONCURRENT_UPDATES` at once, and let others wait.

        Args:
            arrived: Called with each update as it comes, before it waits.
        """
        super().__init__(WAITING_UPDATES)
        self._arrived = arrived
        self._is_stopped = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(CONCURRENT_UPDATES)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the chat, then process this one.

        Args:
            update: The update.
            coroutine: Processes it.
        """
        self.see(update)
        task = asyncio.ensure_future(self._in_turn(update, coroutine))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: _close(coroutine))  # it may never have had its turn
        if self._is_stopped:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def see(self, update: object) -> None:
        """Note an update that came, and may wait for others."""
        self._arrived(update)

    def stop(self) -> None:
        """Cancel the updates being processed and those that wait, and process no more."""
        self._is_stopped = True
        if self._tasks:
            _LOGGER.warning("%d updates are given up, since the bot stops", len(self._tasks))
        for task in self._tasks:
            task.cancel()

    async def _in_turn(self, update: object, coroutine: Awaitable[Any]) -> None:
        lock = self._locks.setdefault(conversation_of(update), asyncio.Lock())
        async with lock, self._slots:
            await coroutine


def _close(coroutine: Awaitable[Any]) -> None:
    if asyncio.iscoroutine(coroutine):
        coroutine.close()


def conversation_of(update: object) -> str:
    """Return the key that an update shares with those that it must not overtake.

    It is the number of the chat, or else `user` and that of the user.
    """
    if not isinstance(update, Update):
        return ""
    if update.effective_chat is not None:
        return str(update.effective_chat.id)
    return f"user {update.effective_user.id}" if update.effective_user else ""
