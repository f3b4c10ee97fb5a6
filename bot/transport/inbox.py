"""Receive and process updates by several workers: store each one, claim conversations, go on.

The rules, in order:

1. An update is stored before Telegram is told that it arrived, whoever receives it.
2. A worker claims a conversation with updates that wait, and processes them in order; it begins
   with what was remembered of the conversation, and saves that with each update.
3. A worker claims no more than it has room for; the others see to the rest.
4. What a killed worker had claimed is claimed by another one: at most the update at hand is
   processed twice. So is what a worker could not answer since it does not reach Telegram; it
   claims no more until it does. An update is given up that three workers began and did not end,
   since it may have killed them.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from telegram import Update
from telegram.error import NetworkError
from telegram.ext import Application, ApplicationHandlerStop, CallbackContext, ExtBot

from bot.transport.connection import was_not_sent
from bot.transport.polling import parsable
from bot.transport.rate_limiter import Kind
from bot.transport.update_order import PerChatUpdateProcessor, conversation_of
from index.errors import StorageError
from index.store.sharing import MOST_ATTEMPTS, Inbox, Received, State, Turn
from index.workers import LoggedFailures, OwnThreads

LOOK_SECONDS = 0.5  # between looks for conversations that others leave
BUSY_SECONDS = 0.05  # before the next look where more wait
AT_ONCE = 100  # conversations in hand
PORTION = 8  # conversations claimed in one look
RETRY_SECONDS = 1.0  # before the database is tried again
PURGE_SECONDS = 600.0
THREADS = 2  # of its own: those of others wait for those who store articles

_LOGGER = logging.getLogger(__name__)
Context = CallbackContext[Any, Any, Any, Any]


class InboxQueue(asyncio.Queue[object]):
    """Queue of a bot that stores the updates put into it, where any worker finds them.

    Args:
        inbox: The inbox of the database.
        bot: The number of the bot.
        arrived: Called with each update that is stored.

    `threads` wait for the inbox; `is_filled` is set when an update was stored; `unanswered` are the
    numbers of those that another worker is to answer.
    """

    def __init__(self, inbox: Inbox, bot: int, arrived: Callable[[Update], None]) -> None:
        super().__init__()
        self._inbox = inbox
        self._bot = bot
        self._arrived = arrived
        self.threads = OwnThreads(THREADS, "inbox")
        self.is_filled = asyncio.Event()
        self.unanswered: set[int] = set()

    async def put(self, item: object) -> None:
        """Store an update, however long the database takes; queue what else the library puts."""
        if not isinstance(item, Update):
            await super().put(item)
            return
        self._arrived(item)
        received = Received(item.update_id, conversation_of(item), item.to_json())
        failures = LoggedFailures(_LOGGER, "an update cannot be stored", unexpected=False)
        while True:
            with failures:
                await self.threads.run(self._inbox.put, self._bot, [received])
                self.is_filled.set()
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def leave_to_others(self, update: object, context: Context) -> None:
        """Handle the error of an update that is not answered since Telegram is not reached.

        Raises:
            ApplicationHandlerStop: Another worker is to answer it; no other handler may.
        """
        error = context.error
        if isinstance(update, Update) and isinstance(error, NetworkError) and was_not_sent(error):
            _LOGGER.warning("update %d is left to other workers: %s", update.update_id, error)
            self.unanswered.add(update.update_id)
            raise ApplicationHandlerStop


class InboxWorker:
    """Processes the updates of the conversations that this worker claims.

    Args:
        inbox: The inbox of the database.
        application: The application that processes updates.
        queue: Where updates are stored that are received here.
        worker: The id of the worker.
        save: Returns what is remembered of a chat.
        restore: Replaces that by what another worker saved so many seconds ago.
        has_room: Whether more questions can be answered now.
        purge: Deletes what is no longer needed; called now and then, in a thread.
    """

    def __init__(
        self,
        inbox: Inbox,
        application: Application[ExtBot[Kind], Any, Any, Any, Any, Any],
        queue: InboxQueue,
        worker: str,
        *,
        save: Callable[[int], State],
        restore: Callable[[int, State, float], None],
        has_room: Callable[[], bool],
        purge: Callable[[], None],
    ) -> None:
        self._inbox = inbox
        self._application = application
        self._queue = queue
        self._in_thread = queue.threads.run
        self._worker = worker
        self._save = save
        self._restore = restore
        self._has_room = has_room
        self._purge = purge
        self._purge_at = 0.0
        self._is_stopping = False
        self._serving: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Claim conversations and process their updates until cancelled, then let them go."""
        failures = LoggedFailures(_LOGGER, "updates cannot be looked up")
        try:
            while True:
                self._queue.is_filled.clear()
                pause = RETRY_SECONDS
                with failures:
                    pause = BUSY_SECONDS if await self._claim() else LOOK_SECONDS
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._queue.is_filled.wait()
        finally:
            await self._let_go()

    async def _claim(self) -> bool:
        """Claim a portion of the conversations that wait; tell whether there may be more."""
        if monotonic() >= self._purge_at:
            self._purge_at = monotonic() + PURGE_SECONDS
            await self._in_thread(self._purge)
        if len(self._serving) >= AT_ONCE or not self._has_room():
            return True
        turns = await self._in_thread(
            self._inbox.claim, self._application.bot.id, self._worker, PORTION, list(self._serving)
        )
        for turn in turns:
            self._serving[turn.conversation] = asyncio.create_task(self._serve(turn))
        return len(turns) == PORTION

    async def _serve(self, first: Turn) -> None:
        """Process the updates of a conversation, one after another."""
        turn: Turn | None = first
        try:
            while turn is not None and not self._is_stopping and await self._process(turn):
                turn = await self._finish(turn)
            if turn is not None and turn.id in self._queue.unanswered:
                await self._hand_back(turn)
        except Exception:  # the outermost loop of a conversation: the others go on
            _LOGGER.exception("a conversation is put off: an error in this program")
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._serving.pop(first.conversation, None)

    async def _process(self, turn: Turn) -> bool:
        """Process an update; return False if the bot stops, or cannot answer it."""
        chat = _chat(turn.conversation)
        if chat is not None:
            self._restore(chat, turn.state, turn.elapsed)
        if turn.attempts > MOST_ATTEMPTS:
            _LOGGER.error("update %d is given up: it was begun %d times", turn.id, turn.attempts)
            return True
        bot, processor = self._application.bot, self._application.update_processor
        assert isinstance(processor, PerChatUpdateProcessor)
        for body in turn.later:
            processor.see(Update.de_json(parsable(json.loads(body)), bot))
        update = Update.de_json(parsable(json.loads(turn.body)), bot)
        is_done = False

        async def process() -> None:
            nonlocal is_done
            await self._application.process_update(update)
            is_done = True

        await processor.process_update(update, process())
        return is_done and turn.id not in self._queue.unanswered

    async def _finish(self, turn: Turn) -> Turn | None:
        """Record that an update is processed, however long the database takes."""
        chat = _chat(turn.conversation)
        state = {} if chat is None else self._save(chat)
        what = "a processed update cannot be recorded"
        failures = LoggedFailures(_LOGGER, what, unexpected=False)
        while True:
            with failures:
                return await self._in_thread(
                    self._inbox.finish, self._application.bot.id, self._worker, turn, state
                )
            if self._is_stopping:
                return None
            await asyncio.sleep(RETRY_SECONDS)

    async def _hand_back(self, turn: Turn) -> None:
        """Leave an update that was not answered to others."""
        self._queue.unanswered.discard(turn.id)
        bot, worker = self._application.bot.id, self._worker
        with LoggedFailures(_LOGGER, "an update cannot be left to others", unexpected=False):
            await self._in_thread(self._inbox.hand_back, bot, worker, turn)

    async def _let_go(self) -> None:
        """Finish the updates at hand, which the bot gives up after a while; release the rest."""
        self._is_stopping = True
        await asyncio.gather(*self._serving.values(), return_exceptions=True)
        with suppress(StorageError):  # the claims end with the worker
            await self._in_thread(self._inbox.release, self._application.bot.id, self._worker)


def _chat(conversation: str) -> int | None:
    """Return the number of the chat of a conversation; None for one without, as inline queries."""
    return int(conversation) if conversation.lstrip("-").isdecimal() else None
