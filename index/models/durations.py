"""Durations counted by their length, as a histogram of a monitoring system wants them."""

from bisect import bisect_left
from collections.abc import Sequence


class Durations:
    """Count of durations by length, and their sum; nothing is kept of the single ones.

    Args:
        bounds: Upper bounds of the lengths that are told apart, in seconds, ascending; a duration
            on a bound is within it.
    """

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.sum = 0.0
        self._counts = [0] * (len(self.bounds) + 1)

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self._counts[bisect_left(self.bounds, seconds)] += 1
        self.sum += seconds

    def counts(self) -> tuple[int, ...]:
        """Return how many were within each bound and beyond the one before it; last the longest."""
        return tuple(self._counts)
