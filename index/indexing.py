"""Making searchable what is stored, while more is stored."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Indexing:
    """Indexes now and then, until it is closed.

    Args:
        catch_up: Makes all that is stored by now searchable.
        is_beside: Whether to do so in a thread, for a core of its own.
    """

    def __init__(self, catch_up: Callable[[], object], *, is_beside: bool) -> None:
        self._catch_up = catch_up
        self._is_beside = is_beside
        self._thread = ThreadPoolExecutor(1)
        self._running: Future[object] | None = None

    def go_on(self) -> None:
        """Index what is stored by now; in a thread, begin to, unless it is at something still.

        Raises:
            StorageError: It failed, or what was begun before did.
        """
        if not self._is_beside:
            self._catch_up()
            return
        if self._running and not self._running.done():
            return
        if self._running:
            self._running.result()
        self._running = self._thread.submit(self._catch_up)

    def close(self) -> None:
        """Wait for what was begun."""
        self._thread.shutdown()
