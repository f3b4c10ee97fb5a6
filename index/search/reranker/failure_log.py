"""Log that a server fails, and that it works again, once each, however often it is asked."""

import logging
import threading
import time
from collections.abc import Callable

QUIET_SECONDS = 60.0
"""Between two lines that say it fails: one that fails now and then fills no log."""

_LOGGER = logging.getLogger(__name__)


class FailureLog:
    """Log of the failures of one server. May be used from any thread.

    Args:
        name: The server, as the log names it.
        clock: Returns the time in seconds.
    """

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._lock = threading.Lock()
        self._is_reported = False
        self._quiet_until = float("-inf")

    def failed(self, reason: Exception) -> None:
        """Log that the server fails, unless that was said lately."""
        with self._lock:
            now = self._clock()
            if self._is_reported or now < self._quiet_until:
                return
            self._is_reported, self._quiet_until = True, now + QUIET_SECONDS
        _LOGGER.warning(
            "The reranker at %s %s: until it works again, words alone rank the answers",
            self._name,
            reason,
        )

    def succeeded(self) -> None:
        """Log that the server works again, if it was said to fail."""
        with self._lock:
            was_reported, self._is_reported = self._is_reported, False
        if was_reported:
            _LOGGER.warning("The reranker at %s works again", self._name)
