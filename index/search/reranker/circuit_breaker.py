"""Circuit breaker: leave a server that fails alone for a while, and try it again later."""

import threading
import time
from collections.abc import Callable

FIRST_PAUSE_SECONDS = 10.0
"""How long a server is left alone after a failure; doubled at each further one."""

LONGEST_PAUSE_SECONDS = 300.0


class CircuitBreaker:
    """Tells whether a server may be asked. May be used from any thread.

    After a failure it may not for a pause, and then by one caller only: if that fails too, the
    next pause is twice as long, else all may ask again.

    Args:
        clock: Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._pause = 0.0
        self._retry_at = 0.0
        self._is_retrying = False

    def allows(self) -> bool:
        """Whether the server may be asked now; then tell `succeeded` or `failed` how it went."""
        with self._lock:
            now = self._clock()
            if self._pause:
                if now < self._retry_at:
                    return False
                self._is_retrying, self._retry_at = True, now + self._pause
            return True

    def succeeded(self) -> None:
        """Take note that the server works."""
        with self._lock:
            self._pause, self._is_retrying = 0.0, False

    def failed(self) -> None:
        """Take note that the server fails."""
        with self._lock:
            if self._pause and not self._is_retrying:
                return  # asked before the pause began
            self._pause = min(2 * self._pause or FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS)
            self._retry_at = self._clock() + self._pause
            self._is_retrying = False
