"""Flood control: limit the requests of each person by a token bucket."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic

from cachetools import LRUCache

PEOPLE_LIMIT = 10_000  # people remembered, least recently used forgotten first
PAUSE_SHARE = 0.25  # of a minute's questions come back while somebody pauses


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request is allowed, and the seconds to wait if the sender is to be told."""

    allowed: bool
    seconds: int | None = None


ALLOWED = Verdict(allowed=True)
IGNORED = Verdict(allowed=False)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    seen: float
    paused_until: float | None = None


class FloodControl:
    """Token bucket for each person: bursts pass, a steady flood does not.

    A person who empties the bucket is told once how long to wait; further requests until
    then are ignored.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        """Allow each person so many requests a minute, by a clock in seconds."""
        self._capacity = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: LRUCache[int, _Bucket] = LRUCache(PEOPLE_LIMIT)

    def __len__(self) -> int:
        return len(self._buckets)

    def check(self, person: int) -> Verdict:
        """Count a request of a person, and return whether it is allowed."""
        now = self._clock()
        bucket = self._refill(person, now)
        if bucket.paused_until is not None:
            if now < bucket.paused_until:
                return IGNORED
            bucket.paused_until = None
        if bucket.tokens < 1:
            pause = max(1, ceil(max(1.0, self._capacity * PAUSE_SHARE) / self._rate))
            bucket.paused_until = now + pause
            return Verdict(allowed=False, seconds=pause)
        bucket.tokens -= 1
        return ALLOWED

    def wait(self, person: int) -> int:
        """Return the seconds for which requests of a person are still ignored."""
        bucket = self._buckets.get(person)
        if bucket is None or bucket.paused_until is None:
            return 0
        return max(0, ceil(bucket.paused_until - self._clock()))

    def _refill(self, person: int, now: float) -> _Bucket:
        """Return the refilled bucket of a person, the most recently used one now."""
        bucket = self._buckets.setdefault(person, _Bucket(self._capacity, now))
        bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.seen) * self._rate)
        bucket.seen = now
        return bucket
