"""Sending what the outbox owes: by one sender a bot, paced, each alert once.

The rules, in order. One process is the sender of a bot; when it is silent for some seconds
another takes over. It claims what is due, waits for a turn (answers come first), sends, and
marks it sent: killed in between, it is sent again, and nothing is ever lost. What Telegram
refuses for now comes later; a chat that cannot be written to is given up until it returns.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.ext import ExtBot

from bot.connection import TokenRefusedError
from bot.messages import Messages
from bot.pace import MINUTE, Pace
from bot.pacing import Kind, wait_of
from bot.parcels import Letter, letters
from index import Library
from index.errors import HoiBaoError
from index.sources.threads import in_thread
from index.store.deliveries import Parcel, Reason

LOOK_SECONDS = 1.0  # between looks for what is due
LEASE_SECONDS = 5.0  # after which another process takes over from a sender that is silent
CLAIM_SECONDS = 600.0  # for which what was claimed stays claimed
MOST_BUSY = 60  # chats that are claimed at a time: two seconds' worth of messages
FEWEST_BUSY = 25  # chats that are left when more are claimed
AT_ONCE = 200  # deliveries of one chat that are claimed together
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 2.0, 300.0  # after failures of the network
TIDY_SECONDS = 60.0
BOTH_LIMITED_SECONDS = 3.0  # chats limited within this time: it is the bot that is
STOP_SECONDS = 10.0

# Telegram's words
CHAT_GONE = ("chat not found", "not enough rights", "need administrator rights", "have no rights")
THREAD_GONE = ("thread not found", "topic_closed", "topic_deleted")

_LOGGER = logging.getLogger(__name__)


class Sender:
    """Sends the deliveries of one bot.

    Args:
        library: Holds the outbox.
        bot: What sends; initialised.
        pace: Gives turns to send.
        longest_late: The seconds after which an alert that could not be sent matters no more.
        paid: Whether alerts are paid for, to be quicker.
        clock: Gives the seconds since the epoch.
    """

    def __init__(
        self,
        library: Library,
        bot: ExtBot[Kind],
        pace: Pace,
        *,
        longest_late: float,
        paid: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._outbox = library.outbox
        self._bot = bot
        self._pace = pace
        self._longest_late = longest_late
        self._paid = paid
        self._clock = clock
        self._messages = Messages.load()
        self._owner = uuid4().hex
        self._owned_until = self._renew_at = self._look_at = self._tidy_at = 0.0
        self._network_failures = 0
        self._limited: tuple[int, float] = (0, float("-inf"))
        self._busy: dict[asyncio.Task[None], int] = {}
        self._leaving: set[asyncio.Task[bool]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is under way then is finished."""
        ended = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                try:
                    await self._work()
                except HoiBaoError as error:
                    _LOGGER.warning("alerts cannot be looked up, trying again: %s", error)
                await asyncio.wait(
                    {ended, *self._busy},
                    timeout=LOOK_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._busy = {task: chat for task, chat in self._busy.items() if not task.done()}
        finally:
            ended.cancel()
            for task in self._busy:
                task.cancel()
            await asyncio.gather(ended, *self._busy, return_exceptions=True)
            if self._leaving:
                await asyncio.wait(self._leaving, timeout=STOP_SECONDS)
            await self._resign()

    async def _work(self) -> None:
        """Claim what is due, if this is the sender and has its hands free."""
        now = time.monotonic()
        if now >= self._renew_at:
            self._renew_at = now + LEASE_SECONDS / 3
            wanted = self._bot.id, self._owner, self._clock(), LEASE_SECONDS
            if await in_thread(self._outbox.take_over, *wanted):
                if not self._owned_until:
                    await self._remember()
                self._owned_until = now + LEASE_SECONDS
        if not self._is_sender():
            return
        if now >= self._tidy_at:
            self._tidy_at = now + TIDY_SECONDS
            await in_thread(self._tidy)
        if now >= self._look_at and len(self._busy) <= FEWEST_BUSY:
            await self._claim(now)

    async def _remember(self) -> None:
        """Learn what another process sent to groups, whose limit is for a whole minute."""
        now = int(self._clock())
        for chat, moment in await in_thread(self._outbox.lately, self._bot.id, int(now - MINUTE)):
            self._pace.remember(chat, now - moment)

    async def _claim(self, now: float) -> None:
        ready = await in_thread(self._ready, set(self._busy.values()))
        if not ready:
            self._look_at = now + LOOK_SECONDS * 0.9
        for parcel, several in ready:
            task = asyncio.create_task(self._deliver(parcel, several))
            self._busy[task] = parcel.chat

    def _ready(self, busy: set[int]) -> list[tuple[Parcel, list[Letter]]]:
        """Claim what is due and put it into words. Blocking: for a thread."""
        now = int(self._clock())
        parcels = self._outbox.claim(
            self._bot.id,
            self._owner,
            now,
            seconds=CLAIM_SECONDS,
            most=MOST_BUSY - len(busy),
            at_once=AT_ONCE,
            besides=busy,
        )
        return [
            (parcel, written)
            for parcel in parcels
            if (written := letters(self._library, self._messages, self._bot.username, parcel, now))
        ]

    def _is_sender(self) -> bool:
        return time.monotonic() < self._owned_until

    async def _deliver(self, parcel: Parcel, several: Sequence[Letter]) -> None:
        """Send what one chat is owed, message after message, until one fails."""
        for place, letter in enumerate(several):
            async with self._pace.turn(parcel.chat, alert=True):
                if not self._is_sender():
                    return
                arrived = await self._unbroken(self._send(parcel, letter))
            if not arrived:
                left = [number for each in several[place + 1 :] for number in each.deliveries]
                await in_thread(self._outbox.postpone, left, int(self._clock()))
                return

    async def _unbroken(self, work: Coroutine[Any, Any, bool]) -> bool:
        """Do what must not be broken off between Telegram and the outbox."""
        task = asyncio.create_task(work)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return await asyncio.shield(task)

    async def _send(self, parcel: Parcel, letter: Letter) -> bool:
        """Send a message and remember what came of it; tells whether it arrived."""
        try:
            await self._bot.send_message(
                parcel.chat,
                letter.rendered.html,
                reply_markup=letter.rendered.keyboard,
                message_thread_id=parcel.thread,
                disable_notification=letter.is_silent,
                allow_paid_broadcast=self._paid or None,
                rate_limit_args=Kind.ALERT,
            )
        except ChatMigrated as error:
            await in_thread(self._library.chats.migrate, parcel.chat, error.new_chat_id)
            await self._later(letter, 0.0)
        except RetryAfter as error:
            await self._later(letter, self._limited_for(parcel.chat, wait_of(error)))
        except Forbidden as error:
            await self._give_up(parcel.chat, str(error))
        except BadRequest as error:
            await self._refused(parcel, letter, error)
        except TokenRefusedError:
            await self._later(letter, 0.0)
        except NetworkError as error:
            await self._later(letter, self._unreachable_for(error), failed=True)
        else:
            self._network_failures = 0
            now = int(self._clock())
            await in_thread(self._outbox.sent, letter.deliveries, now)
            return True
        return False

    async def _later(self, letter: Letter, seconds: float, *, failed: bool = False) -> None:
        until = int(self._clock() + seconds)
        await in_thread(self._outbox.postpone, letter.deliveries, until, failed=failed)

    def _limited_for(self, chat: int, seconds: float) -> float:
        """Hold a chat that Telegram limits; all of them, if it limits more than one."""
        other, when = self._limited
        now = time.monotonic()
        is_bot = other != chat and now - when < BOTH_LIMITED_SECONDS
        self._limited = chat, now
        self._pace.hold(None if is_bot else chat, seconds)
        whom = "any chat" if is_bot else "a chat"
        _LOGGER.info("Telegram asks to wait %s s before alerts to %s", seconds, whom)
        return seconds

    def _unreachable_for(self, error: NetworkError) -> float:
        """Hold everything for a while, longer at each failure in a row."""
        pause = min(FIRST_PAUSE_SECONDS * 2.0**self._network_failures, LONGEST_PAUSE_SECONDS)
        self._network_failures += 1
        pause *= 0.75 + random.random() / 2  # noqa: S311 - it hides nothing
        self._pace.hold(None, pause)
        _LOGGER.warning("an alert did not reach Telegram, trying again in %.0f s: %s", pause, error)
        return pause

    async def _refused(self, parcel: Parcel, letter: Letter, error: BadRequest) -> None:
        words = error.message.lower()
        now = int(self._clock())
        if parcel.thread is not None and any(each in words for each in THREAD_GONE):
            _LOGGER.info("a topic is gone or closed, its subscriptions are paused: %s", error)
            pause = self._library.subscriptions.pause_thread
            await in_thread(pause, parcel.chat, parcel.thread, now)
        elif any(each in words for each in CHAT_GONE):
            await self._give_up(parcel.chat, str(error))
        else:
            _LOGGER.error("Telegram refuses an alert, it is dropped: %s", error)
        await in_thread(self._outbox.drop, letter.deliveries, Reason.REFUSED, now)

    async def _give_up(self, chat: int, why: str) -> None:
        _LOGGER.info("a chat cannot be written to, it is left alone until it returns: %s", why)
        await in_thread(self._library.chats.deactivate, chat)

    def _tidy(self) -> None:
        now = int(self._clock())
        if count := self._outbox.drop_old(int(now - self._longest_late), now):
            _LOGGER.warning("%d alerts were too old to matter and are dropped", count)
        self._outbox.purge(now)

    async def _resign(self) -> None:
        try:
            await in_thread(self._outbox.resign, self._bot.id, self._owner)
        except HoiBaoError as error:
            _LOGGER.warning("alerts that were claimed will be sent later: %s", error)


@asynccontextmanager
async def sending(sender: Sender) -> AsyncIterator[Sender]:
    """Send for as long as the context is open."""
    stop = asyncio.Event()
    task = asyncio.create_task(sender.run(stop))
    try:
        yield sender
    finally:
        stop.set()
        await task
