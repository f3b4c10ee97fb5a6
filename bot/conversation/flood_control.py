"""Slowing down those who ask too fast, politely and only once at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import monotonic

from cachetools import LRUCache

PEOPLE_LIMIT = 10_000  # people remembered; those heard of longest ago are forgotten first
PAUSE_SHARE = 0.25  # of a minute's questions come back while somebody pauses


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to go on, and the seconds to name if somebody is to be told to wait."""

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
    """A token bucket for each person: bursts pass, a steady flood does not.

    Whoever empties the bucket is told once how long to wait. Until then
    whatever else they send is ignored.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = monotonic) -> None:
        """Allow everybody so many requests a minute, by a clock of seconds."""
        self._capacity = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._buckets: LRUCache[int, _Bucket] = LRUCache(PEOPLE_LIMIT)

    def __len__(self) -> int:
        return len(self._buckets)

    def check(self, person: int) -> Verdict:
        """Count a request of somebody, and say what becomes of it."""
        now = self._clock()
        bucket = self._refilled(person, now)
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
        """Return the seconds that somebody who is ignored has left to wait."""
        bucket = self._buckets.get(person)
        if bucket is None or bucket.paused_until is None:
            return 0
        return max(0, ceil(bucket.paused_until - self._clock()))

    def _refilled(self, person: int, now: float) -> _Bucket:
        """Return somebody's bucket as it is now, as the latest one heard of."""
        bucket = self._buckets.get(person)
        if bucket is None:
            bucket = self._buckets[person] = _Bucket(self._capacity, now)
        bucket.tokens = min(self._capacity, bucket.tokens + (now - bucket.seen) * self._rate)
        bucket.seen = now
        return bucket
