"""Counts of use by day: questions by outcome, people who asked, questions that found nothing.

Nothing here tells who asked which question. Rows older than `DAYS_KEPT` days are deleted.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from index.articles.validation import strip_unstorable
from index.models.period import vietnam
from index.store.chats.delivery_rows import DeliveryState
from index.store.database import Database, upsert
from index.store.tables import askers, deliveries, feedback, unanswered, usage_counts

DAYS_KEPT = 30
MOST_UNANSWERED = 2_000
"""Questions without an answer that are kept for a bot; further ones are not stored."""


@dataclass(frozen=True, slots=True)
class UsageBatch:
    """The use of a bot on a day, since the last batch.

    Args:
        day: The day, in Vietnam.
        counts: How often each thing happened, by its name of at most 16 characters.
        people: Ids of those who asked.
        unanswered: How often each question found nothing.
    """

    day: date
    counts: Mapping[str, int]
    people: Set[int] = frozenset()
    unanswered: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UsageSummary:
    """The use of a bot over some days.

    Args:
        counts: How often each thing happened, by its name.
        today: The same on the last day.
        people: How many people asked on the last day, in the last 7 days and in all.
        votes: Votes for and against quotes.
        alerts: Alerts that were sent.
        unanswered: Questions that found nothing and how often, the most frequent first.
    """

    counts: Mapping[str, int]
    today: Mapping[str, int]
    people: tuple[int, int, int]
    votes: tuple[int, int]
    alerts: int
    unanswered: tuple[tuple[str, int], ...]


class Usage:
    """The counts of use in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, bot: int, batch: UsageBatch) -> None:
        """Add a batch to the counts of a bot."""
        day = batch.day.isoformat()
        with self._database.writing() as connection:
            for name, count in batch.counts.items():
                key = {"bot": bot, "day": day, "name": name}
                _increment(connection, usage_counts, key, count)
            for person in batch.people:
                upsert(connection, askers, {"bot": bot, "person": person, "day": day})
            for question, times in _that_fit(connection, bot, batch.unanswered).items():
                key = {"bot": bot, "question": question}
                _increment(connection, unanswered, key, times, day=day)

    def purge(self, bot: int, today: date, *, keep_questions: bool) -> None:
        """Delete what is older than `DAYS_KEPT` days.

        Args:
            bot: The number of the bot.
            today: The last day, in Vietnam.
            keep_questions: Whether questions of the bot that found nothing stay as long.
        """
        first = (today - timedelta(days=DAYS_KEPT - 1)).isoformat()
        with self._database.writing() as connection:
            for table in (usage_counts, askers, unanswered):
                connection.execute(delete(table).where(table.c.day < first))
            if not keep_questions:
                connection.execute(delete(unanswered).where(unanswered.c.bot == bot))

    def add_person(self, bot: int, person: int, today: date) -> None:
        """Record that a person, by their id, asked a bot today."""
        with self._database.coordinating() as connection:
            row = {"bot": bot, "person": person, "day": today.isoformat()}
            upsert(connection, askers, row)

    def summary(self, bot: int, today: date, most_unanswered: int) -> UsageSummary:
        """Sum up the last `DAYS_KEPT` days.

        Args:
            bot: The number of the bot.
            today: The last day, in Vietnam.
            most_unanswered: How many questions that found nothing to return.
        """
        first = today - timedelta(days=DAYS_KEPT - 1)
        since = int(datetime.combine(first, time.min, vietnam()).timestamp())
        with self._database.reading() as connection:
            return UsageSummary(
                counts=_counts(connection, bot, first),
                today=_counts(connection, bot, today),
                people=(
                    _people(connection, bot, today),
                    _people(connection, bot, today - timedelta(days=6)),
                    _people(connection, bot, first),
                ),
                votes=(_votes(connection, bot, since, True), _votes(connection, bot, since, False)),
                alerts=_alerts(connection, bot, since),
                unanswered=_unanswered(connection, bot, first, most_unanswered),
            )


def _increment(
    connection: Connection, table: Table, key: Mapping[str, object], by: int, **values: object
) -> None:
    """Add to the count of a row, which is made if it is missing, and set other columns."""
    same = [table.c[name] == value for name, value in key.items()]
    changed = update(table).where(*same).values(count=table.c.count + by, **values)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(table).values(**key, count=by, **values))


def _that_fit(connection: Connection, bot: int, questions: Mapping[str, int]) -> Mapping[str, int]:
    """Return the questions that are kept already, and new ones for which there is room."""
    if not questions:
        return {}
    questions = {strip_unstorable(question): times for question, times in questions.items()}
    held = select(unanswered.c.question).where(unanswered.c.bot == bot)
    kept = set(connection.scalars(held))
    new = [question for question in questions if question not in kept]
    kept.update(new[: max(0, MOST_UNANSWERED - len(kept))])
    return {question: times for question, times in questions.items() if question in kept}


def _counts(connection: Connection, bot: int, first: date) -> dict[str, int]:
    since = usage_counts.c.bot == bot, usage_counts.c.day >= first.isoformat()
    name, summed = usage_counts.c.name, func.sum(usage_counts.c.count)
    rows = connection.execute(select(name, summed).where(*since).group_by(name))
    return {row[0]: int(row[1]) for row in rows}


def _people(connection: Connection, bot: int, first: date) -> int:
    since = askers.c.bot == bot, askers.c.day >= first.isoformat()
    return int(connection.scalar(select(func.count()).select_from(askers).where(*since)) or 0)


def _votes(connection: Connection, bot: int, since: int, is_good: bool) -> int:
    those = feedback.c.bot == bot, feedback.c.created_at >= since, feedback.c.is_good == is_good
    return int(connection.scalar(select(func.count()).select_from(feedback).where(*those)) or 0)


def _alerts(connection: Connection, bot: int, since: int) -> int:
    sent = (
        deliveries.c.bot == bot,
        deliveries.c.state == DeliveryState.SENT.value,
        deliveries.c.settled_at >= since,
    )
    return int(connection.scalar(select(func.count()).select_from(deliveries).where(*sent)) or 0)


def _unanswered(
    connection: Connection, bot: int, first: date, most: int
) -> tuple[tuple[str, int], ...]:
    since = unanswered.c.bot == bot, unanswered.c.day >= first.isoformat()
    order = unanswered.c.count.desc(), unanswered.c.day.desc(), unanswered.c.question
    query = select(unanswered.c.question, unanswered.c.count).where(*since).order_by(*order)
    rows = connection.execute(query.limit(most))
    return tuple((str(question), int(times)) for question, times in rows)
