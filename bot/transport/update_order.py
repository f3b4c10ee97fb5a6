"""Process updates of many chats concurrently, and those of one chat in order."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import SimpleUpdateProcessor

CONCURRENT_UPDATES = 1_000  # more than questions may wait: see `bot.conversation.answer_pool`
WAITING_UPDATES = 10_000  # those being worked on among them


class PerChatUpdateProcessor(SimpleUpdateProcessor):
    """Update processor that is concurrent over chats, and sequential within each.

    An update waits for its chat first and for a slot then, so that a chat with
    many messages never holds more than one slot.
    """

    def __init__(self) -> None:
        """Process up to `CONCURRENT_UPDATES` at once, and let others wait."""
        super().__init__(WAITING_UPDATES)
        self._slots = asyncio.Semaphore(CONCURRENT_UPDATES)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for the earlier updates of the chat, then process this one.

        Args:
            update: The update.
            coroutine: Processes it.
        """
        lock = self._locks.setdefault(_chat_key(update), asyncio.Lock())
        async with lock, self._slots:
            await coroutine


def _chat_key(update: object) -> str:
    """Return the key that an update shares with those that it must not overtake."""
    if not isinstance(update, Update):
        return ""
    if update.effective_chat is not None:
        return f"chat {update.effective_chat.id}"
    return f"user {update.effective_user.id}" if update.effective_user else ""
