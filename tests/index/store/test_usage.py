"""Counts of use: added up by day, summed over 30 days, forgotten after that."""

from datetime import date, datetime, timedelta

import pytest

from index.models.period import vietnam
from index.store import Chats, Database, Feedback, Usage, UsageBatch
from index.store.chats import Vote
from index.store.usage import MOST_UNANSWERED

BOT = 7
TODAY = date(2026, 3, 10)
LAN, MINH = 1001, 1002


@pytest.fixture
def usage(database: Database) -> Usage:
    return Usage(database)


def test_batches_of_a_day_add_up(usage: Usage) -> None:
    usage.add(BOT, UsageBatch(TODAY, {"answer": 2}, {LAN}))
    usage.add(BOT, UsageBatch(TODAY, {"answer": 1, "none": 1}, {LAN, MINH}, {"giá lúa": 1}))
    usage.add(BOT, UsageBatch(TODAY, {"none": 2}, {LAN}, {"giá lúa": 2}))

    summary = usage.summary(BOT, TODAY, 10)

    assert summary.counts == summary.today == {"answer": 3, "none": 3}
    assert summary.people == (2, 2, 2)
    assert summary.unanswered == (("giá lúa", 3),)


def test_days_and_weeks_are_told_apart(usage: Usage) -> None:
    for ago, person in ((29, 1), (7, 2), (6, 3), (0, 4)):
        usage.add(BOT, UsageBatch(TODAY - timedelta(days=ago), {"answer": 1}, {person}))

    summary = usage.summary(BOT, TODAY, 10)

    assert summary.counts == {"answer": 4}
    assert summary.today == {"answer": 1}
    assert summary.people == (1, 2, 4)


def test_whoever_asks_again_is_one_person_of_the_last_day(usage: Usage, database: Database) -> None:
    usage.add(BOT, UsageBatch(TODAY - timedelta(days=3), {"answer": 1}, {LAN}))
    usage.add(BOT, UsageBatch(TODAY, {"answer": 1}, {LAN}))

    assert usage.summary(BOT, TODAY, 10).people == (1, 1, 1)
    assert Chats(database).export(LAN)["asked"] == [
        {"bot": BOT, "person": LAN, "day": TODAY.isoformat()}
    ]


def test_what_is_older_than_thirty_days_is_deleted(usage: Usage, database: Database) -> None:
    usage.add(BOT, UsageBatch(TODAY - timedelta(days=30), {"none": 5}, {LAN}, {"giá lúa": 5}))
    usage.add(BOT, UsageBatch(TODAY, {"answer": 1}, {MINH}))
    usage.purge(BOT, TODAY, keep_questions=True)

    summary = usage.summary(BOT, TODAY - timedelta(days=5), 10)

    assert summary.counts == {"answer": 1}
    assert summary.unanswered == ()
    assert Chats(database).export(LAN)["asked"] == []


def test_questions_that_are_kept_no_longer_are_deleted(usage: Usage) -> None:
    for bot in (BOT, BOT + 1):
        usage.add(bot, UsageBatch(TODAY, {"none": 1}, {LAN}, {"giá lúa": 1}))
    usage.purge(BOT, TODAY, keep_questions=False)
    assert usage.summary(BOT, TODAY, 10).unanswered == ()
    assert usage.summary(BOT, TODAY, 10).counts == {"none": 1}
    assert usage.summary(BOT + 1, TODAY, 10).unanswered == (("giá lúa", 1),)


def test_a_forgotten_person_is_no_longer_counted(usage: Usage, database: Database) -> None:
    usage.add(BOT, UsageBatch(TODAY, {"answer": 2}, {LAN, MINH}))

    Chats(database).forget(LAN)

    assert usage.summary(BOT, TODAY, 10).people == (1, 1, 1)


def test_bots_are_counted_apart(usage: Usage) -> None:
    usage.add(BOT, UsageBatch(TODAY, {"answer": 1}, {LAN}, {"giá lúa": 1}))

    summary = usage.summary(BOT + 1, TODAY, 10)

    assert (summary.counts, summary.people, summary.unanswered) == ({}, (0, 0, 0), ())


def test_votes_of_the_last_days_count(usage: Usage, database: Database) -> None:
    for message, ago in ((1, 0), (2, 29), (3, 31)):
        moment = datetime(2026, 3, 10, 12, tzinfo=vietnam()) - timedelta(days=ago)
        vote = Vote(
            bot=BOT,
            chat=LAN,
            message=message,
            person=LAN,
            article=1,
            position=1,
            text="Lúa được mùa.",
            is_good=message != 2,
            question=None,
            created_at=int(moment.timestamp()),
        )
        Feedback(database).put(vote)

    assert usage.summary(BOT, TODAY, 10).votes == (1, 1)


@pytest.mark.slow
def test_a_flood_of_different_questions_has_a_limit(usage: Usage) -> None:
    many = {f"câu {number}": 1 for number in range(MOST_UNANSWERED + 5)}

    usage.add(BOT, UsageBatch(TODAY, {"none": len(many)}, {LAN}, many))
    usage.add(BOT, UsageBatch(TODAY, {"none": 1}, {LAN}, {"thêm một câu": 1}))

    assert len(usage.summary(BOT, TODAY, len(many) + 9).unanswered) == MOST_UNANSWERED


@pytest.mark.slow
def test_what_is_kept_already_is_counted_after_a_flood(usage: Usage) -> None:
    many = {f"câu {number}": 1 for number in range(MOST_UNANSWERED)}
    usage.add(BOT, UsageBatch(TODAY, {}, unanswered=many))

    usage.add(BOT, UsageBatch(TODAY, {}, unanswered={"câu mới": 5, "câu 7": 2}))

    assert usage.summary(BOT, TODAY, 1).unanswered == (("câu 7", 3),)


def test_half_a_character_is_stored_as_a_question_mark(usage: Usage) -> None:
    usage.add(BOT, UsageBatch(TODAY, {}, unanswered={"giá lúa \ud83d": 1}))

    assert usage.summary(BOT, TODAY, 1).unanswered == (("giá lúa \ufffd", 1),)
