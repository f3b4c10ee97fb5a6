"""Focus: the article that a person's questions are about, until it expires."""

import time
from collections.abc import Callable

from cachetools import TTLCache

FOCUS_SECONDS = 30 * 60.0  # after the last question
FOCUS_LIMIT = 10_000  # of people in chats, least recently used forgotten first


class Focus:
    """Focused article of each person in each chat, in memory only.

    Args:
        clock: A monotonic clock in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._articles: TTLCache[tuple[int, int], int] = TTLCache(FOCUS_LIMIT, FOCUS_SECONDS, clock)

    def set(self, chat: int, person: int, article: int) -> None:
        """Limit questions to an article from now on."""
        self._articles[chat, person] = article

    def clear(self, chat: int, person: int) -> None:
        """Ask all articles again."""
        self._articles.pop((chat, person), None)

    def of(self, chat: int, person: int) -> tuple[int, ...]:
        """Return the focused article's number as a scope, and extend its time; empty if none."""
        article = self._articles.get((chat, person))
        if article is None:
            return ()
        self.set(chat, person, article)
        return (article,)
