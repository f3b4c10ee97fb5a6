"""Send pending alerts: claim, compose, wait, send, mark.

One process holds the lease of the sender, by the clock of the database; if it does not renew it in
time another takes over. One that does not reach Telegram leaves it to another for a while.
The rules, in order:

1. Claim: queue the bulletins that are due, and take the due deliveries of a chat from the outbox.
2. Compose: make messages of them (`bot.alerts.composer`).
3. Wait for a turn to send; answers go first.
4. Send the message if its deliveries are still pending. The slot that all processes share is the
   last that is waited for. A failure is handled by `bot.alerts.failures`, and delays its own chat
   only.
5. Mark the deliveries as sent. A process killed between sending and marking sends that message
   again; no alert is lost.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar
from uuid import uuid4

from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.alerts.composer import AlertMessage, compose
from bot.alerts.failures import SendFailures
from bot.alerts.topic_notice import tell_administrator
from bot.messages import Messages
from bot.transport.rate_limiter import Kind
from bot.transport.send_queue import MINUTE, SendQueue
from index import Library
from index.errors import DatabaseLostError, HoiBaoError
from index.store.chats import ChatBatch

LOOK_SECONDS = 1.0  # between looks for due deliveries
LEASE_SECONDS = 5.0  # after which another process takes over from a sender that is silent
REST_SECONDS = LEASE_SECONDS + 2 * LOOK_SECONDS  # in which another one surely takes over
CLAIM_SECONDS = 600.0  # for which deliveries stay claimed
MOST_BUSY = 60  # chats that are claimed at a time: two seconds' worth of messages
FEWEST_BUSY = 25  # chats that are left when more are claimed
AT_ONCE = 1000  # deliveries of one chat that are claimed together: a digest is one message
LONGEST_WAIT_SECONDS = 3.0  # for a turn; a chat that waits longer makes room for others
TROUBLE_SECONDS = 30.0  # for which a chat is left alone after an error in this program
SETTLING_PAUSE_SECONDS = 1.0  # between attempts to mark a message as sent, or to free it
TIDY_SECONDS = 60.0
STOP_SECONDS = 8.0  # to mark what was sent; requests are aborted before, see `bot.app.runner`
THREADS = 1  # of its own: more of them keep the event loop from running, and send no faster

_LOGGER = logging.getLogger(__name__)
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Sender:
    """Sender of the pending deliveries of one bot.

    Args:
        library: Holds the outbox.
        bot: The initialised bot to send with.
        send_queue: The queue of messages to send.
        longest_late: Seconds after which an unsent alert is dropped.
        paid: Whether alerts are paid for, to be quicker.
        clock: Gives the seconds since the epoch.

    `sent` and `expired` count the deliveries that were sent, and those that came too late to be.
    """

    def __init__(
        self,
        library: Library,
        bot: ExtBot[Kind],
        send_queue: SendQueue,
        *,
        longest_late: float,
        paid: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library = library
        self._outbox = library.outbox
        self._bot = bot
        self._send_queue = send_queue
        self._longest_late = longest_late
        self._clock = clock
        self._messages = Messages.load()
        self._owner = uuid4().hex
        self._failures = SendFailures(library, send_queue, self._owner, paid=paid, clock=clock)
        self.sent = self.expired = 0
        self._lease_ends = self._look_at = self._tidy_at = 0.0
        self._busy: dict[asyncio.Task[None], int] = {}
        self._leaving: set[asyncio.Task[bool]] = set()
        self._threads = ThreadPoolExecutor(THREADS, "alerts")
        self._checking = ThreadPoolExecutor(1, "alert checks")  # it waits for no composing

    @property
    def refused(self) -> int:
        """The number of deliveries that Telegram did not take."""
        return self._failures.refused

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; messages being sent then are completed."""
        stopped = asyncio.create_task(stop.wait())
        leasing = asyncio.create_task(self._hold_lease())
        try:
            while not stop.is_set():
                await self._claim_due()
                await asyncio.wait(
                    {stopped, *self._busy},
                    timeout=LOOK_SECONDS,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._busy = {task: chat for task, chat in self._busy.items() if not task.done()}
        finally:
            for task in (stopped, leasing, *self._busy):
                task.cancel()
            await asyncio.gather(stopped, leasing, *self._busy, return_exceptions=True)
            if self._leaving:
                await asyncio.wait(self._leaving, timeout=STOP_SECONDS)
            await self._resign()

    async def _claim_due(self) -> None:
        """Claim due deliveries if this process holds the lease and is not at capacity."""
        now = time.monotonic()
        if not self._is_sender() or self._send_queue.is_held():
            return
        try:
            if now >= self._tidy_at:
                self._tidy_at = now + TIDY_SECONDS
                await self._in_thread(self._tidy)
            if now >= self._look_at and len(self._busy) <= FEWEST_BUSY:
                await self._claim(now)
        except DatabaseLostError:
            pass
        except HoiBaoError as error:
            _LOGGER.warning("alerts cannot be looked up, trying again: %s", error)
        except Exception:  # the outermost loop: alerts must not end with one of them
            _LOGGER.exception("alerts cannot be looked up, trying again")

    async def _claim(self, now: float) -> None:
        """Claim due deliveries, and start to deliver those of each chat."""
        busy = set(self._busy.values())
        due = int(self._clock())
        await self._in_thread(self._library.bulletins.queue_due, self._bot.id, due)
        batches = await self._in_thread(
            self._outbox.claim,
            self._bot.id,
            self._owner,
            due,
            seconds=CLAIM_SECONDS,
            most=MOST_BUSY - len(busy),
            at_once=AT_ONCE,
            besides=busy,
        )
        if not batches:
            self._look_at = now + LOOK_SECONDS * 0.9
        for batch in batches:
            self._busy[asyncio.create_task(self._deliver(batch))] = batch.chat

    async def _deliver(self, batch: ChatBatch) -> None:
        """Send the messages of one chat one after another, until one fails."""
        unsent = {delivery.id for delivery in batch.deliveries}
        pause = 0.0
        try:
            for message in await self._in_thread(self._compose, batch):
                wait = self._send_queue.wait(batch.chat)
                if wait > LONGEST_WAIT_SECONDS:
                    pause = wait
                    break
                is_sent = await self._wait_and_send(batch, message)
                unsent.difference_update(message.deliveries)
                if not is_sent:
                    break
        except DatabaseLostError:
            pass  # the log says so; what is unsent is freed when it answers
        except Exception:  # the outermost loop of a chat: the others go on
            _LOGGER.exception("alerts to a chat are put off: an error in this program")
            pause = TROUBLE_SECONDS
        await self._free(unsent, pause)

    def _compose(self, batch: ChatBatch) -> list[AlertMessage]:
        now = int(self._clock())
        split = self._failures.split
        return compose(self._library, self._messages, self._bot.username, batch, now, split)

    async def _wait_and_send(self, batch: ChatBatch, message: AlertMessage) -> bool:
        """Wait for a turn and send a message; return whether it was sent."""
        turn = AsyncExitStack()
        keep_pace = await turn.enter_async_context(self._send_queue.turn(batch.chat, alert=True))
        # From here on nothing is cancelled: a message that Telegram has is to be marked as sent.
        task = asyncio.create_task(self._send(turn, keep_pace, batch, message))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        return await asyncio.shield(task)

    async def _send(
        self,
        turn: AsyncExitStack,
        keep_pace: Callable[[], Awaitable[None]],
        batch: ChatBatch,
        message: AlertMessage,
    ) -> bool:
        """Send a message that is still pending, and mark it; else free it or handle the failure."""
        started = time.monotonic()
        failure: TelegramError | None = None
        async with turn:
            if is_wanted := await self._is_wanted(message):
                await keep_pace()
                try:
                    await self._bot.send_message(
                        batch.chat,
                        message.rendered.html,
                        reply_markup=message.rendered.keyboard,
                        link_preview_options=message.rendered.link_preview,
                        message_thread_id=batch.thread,
                        disable_notification=message.is_silent,
                        allow_paid_broadcast=self._failures.paid or None,
                        rate_limit_args=Kind.ALERT,
                    )
                except TelegramError as error:
                    failure = error
        if not is_wanted:
            await self._free(message.deliveries, 0.0)
            return False
        if failure is not None:
            if await self._in_thread(self._failures.handle, batch, message, failure, started):
                await tell_administrator(self._bot, self._library, self._messages, batch.chat)
            return False
        self._failures.reset()
        self.sent += len(message.deliveries)
        await self._mark(message)
        return True

    async def _is_wanted(self, message: AlertMessage) -> bool:
        """Whether a message is still for this sender to send, and its deliveries are pending."""
        if not self._is_sender():
            return False
        loop, deliveries = asyncio.get_running_loop(), message.deliveries
        return await loop.run_in_executor(
            self._checking, self._outbox.are_pending, deliveries, self._owner
        )

    async def _mark(self, message: AlertMessage) -> None:
        """Mark a message as sent."""
        now = int(self._clock())
        marking = partial(self._outbox.mark_sent, message.deliveries, now)
        await self._settle("a sent alert cannot be marked", marking)

    async def _free(self, unsent: Collection[int], pause: float) -> None:
        """Let deliveries be claimed again after a pause; settled ones stay settled."""
        if unsent:
            at = int(self._clock() + pause)
            freeing = partial(self._outbox.retry, sorted(unsent), at, self._owner)
            await self._settle("alerts cannot be put off", freeing)

    async def _settle(self, trouble: str, settling: Callable[[], None]) -> None:
        """Settle claimed deliveries, however long the database keeps others waiting."""
        while True:
            try:
                await self._in_thread(settling)
            except DatabaseLostError:
                pass
            except HoiBaoError as error:
                _LOGGER.warning("%s, trying again: %s", trouble, error)
            else:
                return
            await asyncio.sleep(SETTLING_PAUSE_SECONDS)

    async def _hold_lease(self) -> None:
        """Become the sender when there is none, and renew the lease in time."""
        with ThreadPoolExecutor(1, "sender") as thread:
            while True:
                try:
                    if self._failures.is_cut_off and not self._leaving:
                        await self._rest()
                    await self._renew_lease(thread)
                except DatabaseLostError:
                    pass  # the lease runs out, or is renewed in time
                except HoiBaoError as error:
                    _LOGGER.warning("the lease cannot be renewed, trying again: %s", error)
                except Exception:  # the outermost loop: to go on is all that helps
                    _LOGGER.exception("the lease of the sender cannot be renewed, trying again")
                await asyncio.sleep(LEASE_SECONDS / 3 if self._lease_ends else LOOK_SECONDS)

    async def _renew_lease(self, thread: ThreadPoolExecutor) -> None:
        """Acquire or renew the lease; take over if this process was not the sender until now."""
        now, loop = time.monotonic(), asyncio.get_running_loop()
        lease = self._bot.id, self._owner, LEASE_SECONDS
        is_mine = await loop.run_in_executor(thread, self._outbox.acquire_lease, *lease)
        if is_mine and not self._is_sender():
            await self._take_over()
        self._lease_ends = now + LEASE_SECONDS if is_mine else 0.0

    async def _rest(self) -> None:
        """Leave the alerts to a process that may reach Telegram, for as long as one needs."""
        _LOGGER.warning("alerts are left to another process, if there is one, for Telegram fails")
        self._failures.is_cut_off = False
        self._lease_ends = 0.0
        await self._release_lease()
        await asyncio.sleep(REST_SECONDS)

    async def _take_over(self) -> None:
        """Take what another process claimed, and count what it sent to groups in a minute."""
        await self._in_thread(self._outbox.release_others, self._bot.id, self._owner)
        now = int(self._clock())
        sent = await self._in_thread(self._outbox.recently_sent, self._bot.id, int(now - MINUTE))
        for chat, moment in sent:
            self._send_queue.remember(chat, now - moment)

    def _is_sender(self) -> bool:
        return time.monotonic() < self._lease_ends

    async def _resign(self) -> None:
        await self._release_lease()
        for threads in (self._threads, self._checking):
            threads.shutdown(wait=False)

    async def _release_lease(self) -> None:
        try:
            await self._in_thread(self._outbox.release_lease, self._bot.id, self._owner)
        except HoiBaoError as error:
            _LOGGER.warning("alerts that were claimed will be sent later: %s", error)

    def _tidy(self) -> None:
        now = int(self._clock())
        if count := self._outbox.drop_old(self._bot.id, int(now - self._longest_late), now):
            self.expired += count
            _LOGGER.warning("%d alerts were too old to matter and are dropped", count)
        self._outbox.purge(self._bot.id, now)

    async def _in_thread(
        self, work: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs
    ) -> _Result:
        """Run blocking work in a thread of the sender's own."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: work(*args, **kwargs))


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
