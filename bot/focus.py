"""The article that somebody asks about for a while, without replying to it each time."""

import time
from collections.abc import Callable

from bot.memory import Recent

FOCUS_SECONDS = 30 * 60.0  # after the last question


class Focus:
    """Which article each person asks about in a chat; gone with the process.

    Args:
        clock: The time in seconds, rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._articles: Recent[tuple[int, int], tuple[int, float]] = Recent()

    def set(self, chat: int, person: int, article: int) -> None:
        """Ask an article from now on."""
        self._articles.set((chat, person), (article, self._clock() + FOCUS_SECONDS))

    def clear(self, chat: int, person: int) -> None:
        """Ask all articles again."""
        self._articles.set((chat, person), (0, float("-inf")))

    def of(self, chat: int, person: int) -> tuple[int, ...]:
        """The number of the article that somebody asks about now, or none."""
        article, until = self._articles.get((chat, person)) or (0, float("-inf"))
        if until <= self._clock():
            return ()
        self.set(chat, person, article)
        return (article,)
