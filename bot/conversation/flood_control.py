"""Flood control: limit the requests of each person by a token bucket."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Protocol

from cachetools import LRUCache

from index.store.sharing import Bucket, FloodBuckets
from index.workers import in_thread

PEOPLE_LIMIT = 10_000  # people remembered, least recently used forgotten first
PAUSE_SHARE = 0.25  # of a minute's questions come back while somebody pauses


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is allowed; else the seconds to wait, and whether to tell the sender."""

    allowed: bool
    wait: int = 0
    is_told: bool = False


ALLOWED = Verdict(allowed=True)
Step = Callable[[Bucket | None, float], tuple[Bucket, Verdict]]


class Buckets(Protocol):
    """Where the token buckets are."""

    async def change(self, person: int, step: Step) -> Verdict:
        """Replace the bucket of a person by what a function makes of it and the time."""


class LocalBuckets:
    """Buckets in the memory of this process.

    Args:
        clock: A monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._buckets: LRUCache[int, Bucket] = LRUCache(PEOPLE_LIMIT)

    def __len__(self) -> int:
        return len(self._buckets)

    async def change(self, person: int, step: Step) -> Verdict:
        """Replace the bucket of a person by what a function makes of it and the time."""
        self._buckets[person], verdict = step(self._buckets.get(person), self._clock())
        return verdict


class SharedBuckets:
    """Buckets in a database that several workers share.

    Args:
        buckets: The buckets of the database.
        bot: The number of the bot.
        kind: The kind of requests, of 8 characters at most.
    """

    def __init__(self, buckets: FloodBuckets, bot: int, kind: str) -> None:
        self._buckets = buckets
        self._bot = bot
        self._kind = kind

    async def change(self, person: int, step: Step) -> Verdict:
        """Replace the bucket of a person by what a function makes of it and the time.

        Raises:
            StorageError: The database cannot be used.
        """
        return await in_thread(self._buckets.change, self._bot, self._kind, person, step)


class FloodControl:
    """Token bucket for each person: bursts pass, a steady flood does not.

    A person who empties the bucket is told once how long to wait; further requests until
    then are ignored.

    Args:
        per_minute: Requests allowed a person and minute.
        buckets: Where the buckets are; by default in the memory of this process.
    """

    def __init__(self, per_minute: int, buckets: Buckets | None = None) -> None:
        self._capacity = float(per_minute)
        self._rate = per_minute / 60
        self._buckets = LocalBuckets() if buckets is None else buckets

    async def check(self, person: int) -> Verdict:
        """Count a request of a person, and return whether it is allowed."""
        return await self._buckets.change(person, self._take)

    def _take(self, bucket: Bucket | None, now: float) -> tuple[Bucket, Verdict]:
        """Take a token of a bucket if it has one; else begin a pause, or go on with it."""
        bucket = bucket or Bucket(self._capacity, now)
        tokens = min(self._capacity, bucket.tokens + (now - bucket.seen_at) * self._rate)
        if bucket.paused_until is not None and now < bucket.paused_until:
            wait = ceil(bucket.paused_until - now)
            return Bucket(tokens, now, bucket.paused_until), Verdict(False, wait)
        if tokens < 1:
            pause = max(1, ceil(max(1.0, self._capacity * PAUSE_SHARE) / self._rate))
            return Bucket(tokens, now, now + pause), Verdict(False, pause, is_told=True)
        return Bucket(tokens - 1, now), ALLOWED
