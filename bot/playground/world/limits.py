"""Telegram's sending limits: messages per second, per chat and per group, enforced on request."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.errors import too_many_requests

MINUTE_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sending limits of a bot; the defaults are those that Telegram documents.

    `per_second` counts all chats together, and is `paid_per_second` for messages
    that are paid for (`allow_paid_broadcast`); `per_chat_second` counts one chat
    over time, of which `chat_burst` may come at once; `per_group_minute` one group.
    """

    per_second: int = 30
    paid_per_second: int = 1000
    per_chat_second: float = 1.0
    chat_burst: int = 3
    per_group_minute: int = 20


class Throttle:
    """Rate limiter of the Bot API: count sent messages and refuse those above the limits.

    Args:
        limits: The limits, or None to admit everything.
        clock: The time in seconds.
    """

    def __init__(self, limits: Limits | None, clock: Callable[[], float]) -> None:
        self.refused = 0
        self.sent = 0
        self._limits = limits
        self._clock = clock
        self._sent: deque[float] = deque()
        self._groups: defaultdict[int, deque[float]] = defaultdict(deque)
        self._chats: dict[int, tuple[float, float]] = {}

    def admit(self, chat: int, *, is_paid: bool = False) -> None:
        """Count one message to a chat.

        Args:
            chat: The chat's id; groups and channels have negative ones.
            is_paid: Apply the limit of paid messages to all chats together.

        Raises:
            ApiError: 429 with `retry_after`; the message is then not counted.
        """
        if self._limits is not None:
            self._count(chat, self._limits, is_paid=is_paid)
        self.sent += 1

    def _count(self, chat: int, limits: Limits, *, is_paid: bool) -> None:
        now = self._clock()
        allowance, since = self._chats.get(chat, (float(limits.chat_burst), now))
        regained = (now - since) * limits.per_chat_second
        allowance = min(float(limits.chat_burst), allowance + regained)
        overall = limits.paid_per_second if is_paid else limits.per_second
        waits = [
            (1 - allowance) / limits.per_chat_second,
            _wait(self._sent, overall, 1.0, now),
        ]
        if chat < 0:
            group = self._groups[chat]
            waits.append(_wait(group, limits.per_group_minute, MINUTE_SECONDS, now))
        if max(waits) > 0:
            self.refused += 1
            raise too_many_requests(max(1, math.ceil(max(waits))))
        self._sent.append(now)
        self._chats[chat] = (allowance - 1, now)
        if chat < 0:
            self._groups[chat].append(now)


def _wait(sent: deque[float], limit: int, window: float, now: float) -> float:
    while sent and sent[0] <= now - window:
        sent.popleft()
    return sent[0] + window - now if len(sent) >= limit else 0.0
