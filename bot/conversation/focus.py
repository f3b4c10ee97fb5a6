"""The article that somebody asks about for a while, without replying to it each time."""

import time
from collections.abc import Callable

from cachetools import TTLCache

FOCUS_SECONDS = 30 * 60.0  # after the last question
FOCUS_LIMIT = 10_000  # people and chats; the one heard of longest ago is forgotten first


class Focus:
    """The article that each person asks about in a chat; gone with the process.

    Args:
        clock: The time in seconds, rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._articles: TTLCache[tuple[int, int], int] = TTLCache(FOCUS_LIMIT, FOCUS_SECONDS, clock)

    def set(self, chat: int, person: int, article: int) -> None:
        """Ask an article from now on."""
        self._articles[chat, person] = article

    def clear(self, chat: int, person: int) -> None:
        """Ask all articles again."""
        self._articles.pop((chat, person), None)

    def of(self, chat: int, person: int) -> tuple[int, ...]:
        """The number of the article that somebody asks about now, or none."""
        article = self._articles.get((chat, person))
        if article is None:
            return ()
        self.set(chat, person, article)
        return (article,)
