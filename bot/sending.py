"""Sending what the outbox owes: by one sender a bot, paced, each alert once.

The rules, in order. One process is the sender of a bot; when it is silent for some seconds
another takes over. It claims what is due, puts it into words, waits for a turn (answers come
first), asks whether it is still owed, sends it, and marks it sent: killed in between, it is
sent again, and nothing is ever lost. What Telegram refuses is for `bot.refusals` to judge.
Whatever goes wrong costs its own chat some time, and no other anything.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import ParamSpec, TypeVar
from uuid import uuid4

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import Messages
from bot.pace import MINUTE, Pace
from bot.pacing import Kind
from bot.parcels import Letter, letters
from bot.refusals import Refusals
from index import Library
from index.errors import HoiBaoError
from index.store.deliveries import Parcel

LOOK_SECONDS = 1.0  # between looks for what is due
LEASE_SECONDS = 5.0  # after which another process takes over from a sender that is silent
CLAIM_SECONDS = 600.0  # for which what was claimed stays claimed
MOST_BUSY = 60  # chats that are claimed at a time: two seconds' worth of messages
FEWEST_BUSY = 25  # chats that are left when more are claimed
AT_ONCE = 1000  # deliveries of one chat that are claimed together: a digest is one message
LONGEST_WAIT_SECONDS = 3.0  # for a turn; who waits longer makes room for others
TROUBLE_SECONDS = 30.0  # for which a chat is left alone after an error in this program
MARKING_PAUSE_SECONDS = 1.0  # between attempts to mark what was sent
TIDY_SECONDS = 60.0
STOP_SECONDS = 10.0
THREADS = 1  # of its own: more of them keep the event loop from running, and send no faster

_LOGGER = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


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
        self._clock = clock
        self._messages = Messages.load()
        self._owner = uuid4().hex
        self._refusals = Refusals(library, pace, self._owner, paid=paid, clock=clock)
        self._owned_until = self._look_at = self._tidy_at = 0.0
        self._busy: dict[asyncio.Task[None], int] = {}
        self._leaving: set[asyncio.Task[bool]] = set()
        self._threads = ThreadPoolExecutor(THREADS, "alerts")

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; what is under way then is finished."""
        ended = asyncio.create_task(stop.wait())
        owning = asyncio.create_task(self._stay_sender())
        try:
            while not stop.is_set():
                await self._work()
                await asyncio.wait(
                    {ended, *self._busy},
                    timeout=LOOK_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._busy = {task: chat for task, chat in self._busy.items() if not task.done()}
        finally:
            for task in (ended, owning, *self._busy):
                task.cancel()
            await asyncio.gather(ended, owning, *self._busy, return_exceptions=True)
            if self._leaving:
                await asyncio.wait(self._leaving, timeout=STOP_SECONDS)
            await self._resign()

    async def _stay_sender(self) -> None:
        """Become the sender when there is none, and say in time that this one is alive."""
        with ThreadPoolExecutor(1, "sender") as thread:
            loop = asyncio.get_running_loop()
            while True:
                now, until = time.monotonic(), self._clock()
                wanted = self._bot.id, self._owner, until, LEASE_SECONDS
                try:
                    taken = await loop.run_in_executor(thread, self._outbox.take_over, *wanted)
                    if taken and not self._owned_until:
                        await self._remember()
                    self._owned_until = now + LEASE_SECONDS if taken else 0.0
                except Exception:  # the outermost loop: to go on is all that helps
                    _LOGGER.exception("who sends the alerts cannot be settled, trying again")
                await asyncio.sleep(LEASE_SECONDS / 3 if self._owned_until else LOOK_SECONDS)

    async def _remember(self) -> None:
        """Learn what another process sent to groups, whose limit is for a whole minute."""
        now = int(self._clock())
        for chat, moment in await self._done(self._outbox.lately, self._bot.id, int(now - MINUTE)):
            self._pace.remember(chat, now - moment)

    def _is_sender(self) -> bool:
        return time.monotonic() < self._owned_until

    async def _work(self) -> None:
        """Claim what is due, if this is the sender and has its hands free."""
        now = time.monotonic()
        if not self._is_sender() or self._pace.is_held():
            return
        try:
            if now >= self._tidy_at:
                self._tidy_at = now + TIDY_SECONDS
                await self._done(self._tidy)
            if now >= self._look_at and len(self._busy) <= FEWEST_BUSY:
                await self._claim(now)
        except HoiBaoError as error:
            _LOGGER.warning("alerts cannot be looked up, trying again: %s", error)
        except Exception:  # the outermost loop: alerts must not end with one of them
            _LOGGER.exception("alerts cannot be looked up, trying again")

    async def _claim(self, now: float) -> None:
        busy = set(self._busy.values())
        parcels = await self._done(
            lambda: self._outbox.claim(
                self._bot.id,
                self._owner,
                int(self._clock()),
                seconds=CLAIM_SECONDS,
                most=MOST_BUSY - len(busy),
                at_once=AT_ONCE,
                besides=busy,
            )
        )
        if not parcels:
            self._look_at = now + LOOK_SECONDS * 0.9
        for parcel in parcels:
            self._busy[asyncio.create_task(self._deliver(parcel))] = parcel.chat

    async def _deliver(self, parcel: Parcel) -> None:
        """Send what one chat is owed, message after message, until one fails."""
        left = {each.id for each in parcel.deliveries}
        pause = 0.0
        try:
            for letter in await self._done(self._written, parcel):
                pause = self._pace.wait(parcel.chat)
                if pause > LONGEST_WAIT_SECONDS:
                    break
                pause = 0.0
                left.difference_update(letter.deliveries)
                try:
                    is_done = await self._hand_over(parcel, letter)
                except Exception:
                    left.update(letter.deliveries)
                    raise
                if not is_done:
                    break
        except Exception:  # the outermost loop of a chat: the others go on
            _LOGGER.exception("alerts to a chat are put off: an error in this program")
            pause = TROUBLE_SECONDS
        finally:
            with suppress(HoiBaoError):
                await asyncio.shield(self._free(left, pause))

    def _written(self, parcel: Parcel) -> list[Letter]:
        now = int(self._clock())
        halves = self._refusals.halves
        return letters(self._library, self._messages, self._bot.username, parcel, now, halves)

    async def _free(self, left: set[int], pause: float) -> None:
        """Let what was not tried be claimed again; what was settled meanwhile stays so."""
        if left:
            at = int(self._clock() + pause)
            await self._done(self._outbox.retry, sorted(left), at, self._owner)

    async def _hand_over(self, parcel: Parcel, letter: Letter) -> bool:
        """Wait for a turn and send a message; tells whether another one may follow."""
        turn = AsyncExitStack()
        await turn.enter_async_context(self._pace.turn(parcel.chat, alert=True))
        # From here on nothing is broken off: what Telegram has is to be marked as sent.
        task = asyncio.create_task(self._send(turn, parcel, letter))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return await asyncio.shield(task)

    async def _send(self, turn: AsyncExitStack, parcel: Parcel, letter: Letter) -> bool:
        started = time.monotonic()
        failure: TelegramError | None = None
        async with turn:
            if not self._is_sender() or not await self._done(
                self._outbox.are_owed, letter.deliveries, self._owner
            ):
                await self._free(set(letter.deliveries), 0.0)
                return False
            try:
                await self._bot.send_message(
                    parcel.chat,
                    letter.rendered.html,
                    reply_markup=letter.rendered.keyboard,
                    message_thread_id=parcel.thread,
                    disable_notification=letter.is_silent,
                    allow_paid_broadcast=self._refusals.paid or None,
                    rate_limit_args=Kind.ALERT,
                )
            except TelegramError as error:
                failure = error
        if failure is not None:
            await self._done(self._refusals.judge, parcel, letter, failure, started)
            return False
        self._refusals.went_well()
        await self._mark(letter)
        return True

    async def _mark(self, letter: Letter) -> None:
        """Mark a message as sent, however long the database keeps others waiting."""
        while True:
            try:
                await self._done(self._outbox.sent, letter.deliveries, int(self._clock()))
            except HoiBaoError as error:
                _LOGGER.warning("a sent alert cannot be marked, trying again: %s", error)
                await asyncio.sleep(MARKING_PAUSE_SECONDS)
            else:
                return

    async def _done(
        self, work: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Result:
        """Do blocking work in a thread of the sender's own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))

    def _tidy(self) -> None:
        now = int(self._clock())
        if count := self._outbox.drop_old(int(now - self._longest_late), now):
            _LOGGER.warning("%d alerts were too old to matter and are dropped", count)
        self._outbox.purge(now)

    async def _resign(self) -> None:
        try:
            await self._done(self._outbox.resign, self._bot.id, self._owner)
        except HoiBaoError as error:
            _LOGGER.warning("alerts that were claimed will be sent later: %s", error)
        self._threads.shutdown(wait=False)


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
