"""Queue of messages to send: keep Telegram's limits, and send answers before alerts.

Telegram allows a bot some 30 messages a second over all, about one a second in a chat,
though short bursts pass, and 20 a minute in a group
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
A request arrives there at some time between its start and its answer. It is counted from
its start until the limit's window after its answer, so that no window of Telegram's ever
holds more than is allowed.

Where several processes send with one token, a message waits for a slot of all of them, too. Of the
alerts few at a time do, since each holds a turn meanwhile that an answer may want. What takes time
before an alert is sent comes before its slot: those that leave after theirs would bunch.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

PER_SECOND = 30  # messages over all
PAID_PER_SECOND = 1000  # messages over all, with paid broadcasts
CHAT_BURST = 3  # messages in one chat that may come at once
GROUP_PER_MINUTE = 20  # messages in one group or channel
GROUP_RESERVE = 5  # of these, kept for answers
SECOND, MINUTE = 1.0, 60.0
LATENESS_SECONDS = 0.1  # by which late alerts may catch up
TOGETHER_SECONDS = 3.0  # chats limited within this time: the limit is the bot's
CHATS_KEPT = 5_000  # above this, idle chats are forgotten


class SimultaneousLimits:
    """Detection of chats that are limited at the same time: then the limit is the bot's."""

    def __init__(self) -> None:
        self._last = 0, float("-inf")

    def with_another(self, chat: int, now: float) -> bool:
        """Record a limited chat; tell whether another one was limited a moment before."""
        other, when = self._last
        self._last = chat, now
        return other != chat and now - when < TOGETHER_SECONDS


@dataclass(slots=True)
class _Chat:
    """Messages sent to a chat: the burst that is left, requests in flight, recent times."""

    allowance: float = CHAT_BURST
    since: float = 0.0
    in_flight: int = 0
    done: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_PER_MINUTE))
    held_until: float = 0.0


@dataclass(slots=True, eq=False)
class _Waiting:
    chat: int
    turn: asyncio.Future[None]


class Pace(Protocol):
    """What several processes share that send with one token."""

    async def wait(self, *, alert: bool) -> None:
        """Wait until a message may leave."""

    def close(self) -> None:
        """Release what it holds."""


class SendQueue:
    """Queue that gives turns to send, to answers first.

    Args:
        per_second: How many messages may leave in a second.
        clock: A monotonic clock in seconds.
        pace: What is waited for last before a message is sent, where other processes send, too.
    """

    def __init__(
        self,
        per_second: int = PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
    ) -> None:
        self._per_second = per_second
        self._pace = pace
        self._most_pacing = max(1, per_second // PER_SECOND)
        self._pacing = 0
        self._clock = clock
        self._in_flight = 0
        self._done: deque[float] = deque()
        self._chats: dict[int, _Chat] = {}
        self._answers: list[_Waiting] = []
        self._alerts: list[_Waiting] = []
        self._next_alert = 0.0
        self._held_until = 0.0
        self._limited = SimultaneousLimits()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def turn(
        self, chat: int, *, alert: bool = False
    ) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Wait for a turn to send one message, and have it for as long as the context is open.

        Args:
            chat: The number of the chat.
            alert: Whether it is an alert; answers come first.

        Yields:
            What waits for the slot of all processes; an answer has it already. An alert waits once
            it is sure to be sent, directly before that.
        """
        waiting = _Waiting(chat, asyncio.get_running_loop().create_future())
        queue = self._alerts if alert else self._answers
        queue.append(waiting)
        self._give_turns()
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if waiting in queue:
                queue.remove(waiting)
            if not waiting.turn.cancelled():  # it was given in the same moment
                self._pacing -= int(alert)
                self._finish(chat)
            raise
        with ExitStack() as turn:
            turn.callback(self._finish, chat)
            pacing = turn.enter_context(ExitStack())
            if alert:
                pacing.callback(self._end_pacing)

            async def keep_pace() -> None:
                with pacing:
                    if self._pace:
                        await self._pace.wait(alert=alert)

            if not alert:
                await keep_pace()
            yield keep_pace

    def _end_pacing(self) -> None:
        self._pacing -= 1
        if self._pace:
            self._give_turns()

    def close(self) -> None:
        """Release what the pace holds."""
        if self._pace:
            self._pace.close()

    def wait(self, chat: int) -> float:
        """Return the seconds that an alert has to wait for the limits of its chat."""
        return self._wait_in_chat(chat, self._clock())

    def is_held(self) -> bool:
        """Tell whether all alerts are held now."""
        return self._held_until > self._clock()

    def remember(self, chat: int, ago: float) -> None:
        """Count a message that another process sent to a chat some seconds ago."""
        self._chat(chat).done.append(self._clock() - ago)

    def hold(self, chat: int | None, seconds: float) -> None:
        """Hold the alerts of a chat, or with None all alerts, for some seconds."""
        until = self._clock() + seconds
        if chat is None:
            self._held_until = max(self._held_until, until)
        else:
            known = self._chat(chat)
            known.held_until = max(known.held_until, until)

    def limit(self, chat: int, seconds: float) -> bool:
        """Hold the alerts of a chat that Telegram limits; all alerts, if it limits several at once.

        Returns:
            Whether all are held.
        """
        together = self._limited.with_another(chat, self._clock())
        self.hold(None if together else chat, seconds)
        return together

    def _finish(self, chat: int) -> None:
        now = self._clock()
        self._in_flight -= 1
        self._done.append(now)
        known = self._chat(chat)
        known.in_flight -= 1
        known.since = now
        known.done.append(now)
        self._give_turns()

    def _give_turns(self) -> None:
        """Give every turn that is due, and schedule the next look."""
        now = self._clock()
        waits = self._give(self._answers, now, alert=False)
        if not (self._answers and self._wait_over_all(now)):
            waits += self._give(self._alerts, now, alert=True)
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if waits:
            self._timer = asyncio.get_running_loop().call_later(min(waits), self._give_turns)

    def _give(self, queue: list[_Waiting], now: float, *, alert: bool) -> list[float]:
        """Give the due turns of a queue; return the seconds until others may be due."""
        waits: list[float] = []
        for waiting in list(queue):
            if alert and self._pace and self._pacing >= self._most_pacing:
                return waits  # turns are given again when one of these has its slot
            if over_all := self._wait_for_alerts(now) if alert else self._wait_over_all(now):
                return [*waits, over_all]
            if alert and (wait := self._wait_in_chat(waiting.chat, now)):
                waits.append(wait)
                continue
            queue.remove(waiting)
            if not waiting.turn.done():
                self._start(waiting.chat, now, alert=alert)
                waiting.turn.set_result(None)
        return waits

    def _start(self, chat: int, now: float, *, alert: bool) -> None:
        self._in_flight += 1
        known = self._chat(chat)
        known.allowance = max(0.0, self._allowance(known, now) - 1)
        known.since = now
        known.in_flight += 1
        if alert:
            self._pacing += 1
            earliest = max(now - LATENESS_SECONDS, self._next_alert)
            self._next_alert = earliest + SECOND / self._per_second

    def _wait_over_all(self, now: float) -> float:
        return _wait(self._done, self._in_flight, self._per_second, SECOND, now)

    def _wait_for_alerts(self, now: float) -> float:
        """Return the wait that spaces alerts evenly, so that answers never wait for a burst."""
        even = max(self._next_alert, self._held_until) - now
        return max(0.0, even, self._wait_over_all(now))

    def _wait_in_chat(self, chat: int, now: float) -> float:
        """Return the wait of an alert in its chat; it leaves the whole burst to answers."""
        known = self._chat(chat)
        waits = [(CHAT_BURST - self._allowance(known, now)) * SECOND, known.held_until - now]
        if chat < 0:
            limit = GROUP_PER_MINUTE - GROUP_RESERVE
            waits.append(_wait(known.done, known.in_flight, limit, MINUTE, now))
        return max(0.0, *waits)

    def _allowance(self, known: _Chat, now: float) -> float:
        """Return how many messages a chat may get at once; an idle chat regains one a second."""
        regained = 0.0 if known.in_flight else (now - known.since) / SECOND
        return min(float(CHAT_BURST), known.allowance + regained)

    def _chat(self, chat: int) -> _Chat:
        known = self._chats.get(chat)
        if known is None:
            if len(self._chats) >= CHATS_KEPT:
                self._forget_resting(self._clock())
            known = self._chats[chat] = _Chat(since=self._clock())
        return known

    def _forget_resting(self, now: float) -> None:
        self._chats = {
            chat: known
            for chat, known in self._chats.items()
            if known.in_flight or max(known.since + MINUTE, known.held_until) > now
        }


def _wait(done: deque[float], in_flight: int, limit: int, window: float, now: float) -> float:
    """Return the seconds until one more request fits into a sliding window."""
    while done and done[0] <= now - window:
        done.popleft()
    excess = in_flight + len(done) + 1 - limit
    if excess <= 0:
        return 0.0
    if excess > len(done):
        return window
    return done[excess - 1] + window - now
