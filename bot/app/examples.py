"""Renew the example questions in the background as news comes, and show some in the bot's profile.

The rules, in order:

1. The newest articles are looked at every half a minute. If others are there, at most every ten
   minutes, their questions are made and tried, one article after the other, where answers are
   given. So many questions, of as many articles, are enough.
2. The profile on Telegram gets them too, but at most every six hours, and from one of several
   workers: the one that has answered for longest.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.conversation.answer_pool import AnswerPool
from bot.messages.examples import ExampleQuestions
from index import Library
from index.errors import PROGRAM_ERRORS
from index.workers import LoggedFailures, in_background

LOOK_SECONDS = 30.0  # between looks for new articles
RENEW_SECONDS = 600.0  # at least, between trials
PROFILE_SECONDS = 6 * 3600.0  # at least, between changes of the profile
NEWEST = 60  # articles whose questions are tried
ENOUGH = 8  # questions

Newest = tuple[tuple[int, str], ...]
"""Numbers and titles of the newest articles."""

_LOGGER = logging.getLogger(__name__)


class ExampleRenewal:
    """Renewal of the example questions.

    Args:
        library: The library whose newest articles are looked at.
        pool: Where questions are tried.
        examples: The questions that are shown.
        show: Shows the questions in the bot's profile.
        shows: Whether this process is the one that does so; called in a thread.
        clock: A monotonic clock in seconds.
    """

    def __init__(
        self,
        library: Library,
        pool: AnswerPool,
        examples: ExampleQuestions,
        show: Callable[[], Awaitable[None]],
        *,
        shows: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._pool = pool
        self._examples = examples
        self._show = show
        self._shows = shows
        self._clock = clock
        self._known: Newest | None = None
        self._shown: Newest | None = None
        self._renew_at = self._show_at = clock()

    async def look(self) -> None:
        """Renew the questions if there are other articles, and it is time; show them likewise."""
        if self._clock() >= self._renew_at:
            await self._renew()
        if self._shown != self._known and self._clock() >= self._show_at:
            if not await asyncio.to_thread(self._shows):
                return
            self._shown, self._show_at = self._known, self._clock() + PROFILE_SECONDS
            await self._show()

    async def _renew(self) -> None:
        newest = await asyncio.to_thread(self._library.latest, NEWEST)
        known = tuple((article.number, article.title) for article in newest)
        if known != self._known:
            self._examples.renew(await self._try([number for number, _ in known]))
            self._known, self._renew_at = known, self._clock() + RENEW_SECONDS

    async def _try(self, numbers: list[int]) -> list[str]:
        """Return a question of each of the articles that have one, until there are enough."""
        found: list[str] = []
        for number in numbers:
            try:
                question = await self._pool.run(first_example, number)
            except PROGRAM_ERRORS:
                _LOGGER.exception("No example question is made of article %d", number)
                continue
            if question and question not in found:
                found.append(question)
            if len(found) == ENOUGH:
                break
        return found


def first_example(library: Library, number: int) -> str | None:
    """Return the best question that an article answers; None if there is none."""
    found = next(library.examples(number), None)
    return found.text if found else None


@asynccontextmanager
async def renewing_examples(
    renewal: ExampleRenewal, *, pause: float = LOOK_SECONDS
) -> AsyncIterator[None]:
    """Renew example questions while the context is open.

    Args:
        renewal: The renewal.
        pause: Seconds between looks for new articles.
    """
    async with in_background(_look_again_and_again(renewal, pause)):
        yield


async def _look_again_and_again(renewal: ExampleRenewal, pause: float) -> None:
    failures = LoggedFailures(_LOGGER, "the example questions are not renewed")
    while True:
        with failures:
            await renewal.look()
        await asyncio.sleep(pause)
