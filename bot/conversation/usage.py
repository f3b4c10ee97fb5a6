"""Count how the bot is used: questions by outcome, people, slow answers; stored every minute.

The counts of the last minute are lost in a crash. Where several workers share a database, who asked
is stored before the question counts as answered: another worker may delete that right afterwards.
Questions that found nothing are counted by
their words only where the settings keep questions, and never beside who asked them.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial

from index.errors import DatabaseLostError, StorageError
from index.models.durations import Durations
from index.models.period import vietnam
from index.store import Usage, UsageBatch
from index.workers import LoggedFailures, in_background, in_thread

FLUSH_SECONDS = 60.0
SLOW_SECONDS = 3.0
"""Time from which an answer counts as slow; people look at the phone again by then."""

BOUNDS_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, SLOW_SECONDS, 5.0, 10.0, 30.0)
"""Lengths of answering that are told apart."""

LONGEST_QUESTION = 200  # characters
MOST_QUESTIONS = 500  # different ones that found nothing, until they are stored
SLOW = "slow"
_LOGGER = logging.getLogger(__name__)


class Outcome(StrEnum):
    """Kind of reply to a question, as stored."""

    ANSWER = "answer"
    MAYBE = "maybe"
    NONE = "none"
    ARTICLES = "articles"


def today_in_vietnam() -> date:
    """Return the date in Vietnam."""
    return datetime.now(vietnam()).date()


@dataclass(slots=True)
class _Day:
    counts: Counter[str] = field(default_factory=Counter)
    people: set[int] = field(default_factory=set)
    unanswered: Counter[str] = field(default_factory=Counter)

    def add(self, other: "_Day") -> None:
        self.counts += other.counts
        self.people |= other.people
        self.unanswered += other.unanswered


class UsageCounter:
    """Counter of the use of a bot since its counts were last stored.

    Args:
        usage: Where the counts are stored.
        keep_questions: Whether questions that found nothing are counted by their words.
        is_shared: Whether several workers share the database.
        today: The date in Vietnam.

    `durations` holds how long the replies took since the start, by their outcome.
    """

    def __init__(
        self,
        usage: Usage,
        *,
        keep_questions: bool,
        is_shared: bool = False,
        today: Callable[[], date] = today_in_vietnam,
    ) -> None:
        self._usage = usage
        self._keep_questions = keep_questions
        self._is_shared = is_shared
        self._today = today
        self._days: defaultdict[date, _Day] = defaultdict(_Day)
        self._storing = asyncio.Lock()
        self._purged_on: date | None = None
        self.durations = {outcome: Durations(BOUNDS_SECONDS) for outcome in Outcome}

    def replied(self, outcome: Outcome, question: str, seconds: float) -> None:
        """Count a reply to a question that was found after so long."""
        self.durations[outcome].add(seconds)
        day = self._days[self._today()]
        day.counts[outcome.value] += 1
        words = " ".join(question.split()).lower()[:LONGEST_QUESTION]
        fits = words in day.unanswered or len(day.unanswered) < MOST_QUESTIONS
        if outcome is Outcome.NONE and self._keep_questions and fits:
            day.unanswered[words] += 1

    async def asked(self, bot: int, person: int) -> None:
        """Count a person, by their id, among those who asked a bot today."""
        today = self._today()
        if not self._is_shared:
            self._days[today].people.add(person)
            return
        with suppress(StorageError):  # one person fewer is counted
            await in_thread(self._usage.add_person, bot, person, today)

    def took(self, seconds: float) -> None:
        """Count an answer as slow if it took long."""
        if seconds >= SLOW_SECONDS:
            self._days[self._today()].counts[SLOW] += 1

    async def store(self, bot: int) -> None:
        """Store the counts of a bot, by its number; they wait for a database that is lost.

        Once a day what is too old is deleted.
        """
        async with self._storing:
            await self._purge(bot)
            days, self._days = self._days, defaultdict(_Day)
            for day, used in days.items():
                batch = UsageBatch(day, used.counts, used.people, used.unanswered)
                try:
                    await asyncio.to_thread(self._usage.add, bot, batch)
                except DatabaseLostError:
                    self._days[day].add(used)
                except StorageError as error:
                    _LOGGER.warning("Counts of use could not be stored: %s", error)

    async def _purge(self, bot: int) -> None:
        today, keep_questions = self._today(), self._keep_questions
        if today == self._purged_on:
            return
        purge = partial(self._usage.purge, bot, today, keep_questions=keep_questions)
        with suppress(StorageError):  # it is tried again with the next counts
            await asyncio.to_thread(purge)
            self._purged_on = today


@asynccontextmanager
async def counting(counter: UsageCounter, bot: int) -> AsyncIterator[None]:
    """Store the counts of a bot every minute while the context is open, and at its end."""

    async def store_every_minute() -> None:
        failures = LoggedFailures(_LOGGER, "counts of use could not be stored")
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            with failures:
                await counter.store(bot)

    try:
        async with in_background(store_every_minute()):
            yield
    finally:
        await counter.store(bot)
