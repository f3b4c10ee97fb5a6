from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update

from bot.conversation.context import sender_id
from bot.conversation.flood_control import (
    ALLOWED,
    PEOPLE_LIMIT,
    FloodControl,
    LocalBuckets,
    Verdict,
)
from tests.support.playground import Clock

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}  # Telegram's own


def said_in(group: int, sender: dict[str, Any], sender_chat: int | None) -> Update:
    chat = {"id": group, "type": "supergroup", "title": "Nhóm"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": "/ask x"}
    if sender_chat:
        message["sender_chat"] = {"id": sender_chat, "type": "supergroup", "title": "Nhóm"}
    return Update.de_json({"update_id": 1, "message": message}, Bot("1:a"))


def test_anonymous_administrators_of_two_groups_are_told_apart() -> None:
    assert sender_id(said_in(-1001, ANONYMOUS, -1001)) != sender_id(
        said_in(-1002, ANONYMOUS, -1002)
    )


def test_one_person_is_the_same_in_all_groups() -> None:
    anna = {"id": 1003, "is_bot": False, "first_name": "Anna"}
    assert sender_id(said_in(-1001, anna, None)) == sender_id(said_in(-1002, anna, None)) == 1003


def flood_control(per_minute: int, clock: Clock | None = None) -> FloodControl:
    return FloodControl(per_minute, LocalBuckets(clock or Clock()))


async def test_a_burst_passes_then_one_word_of_warning_then_silence() -> None:
    floods = flood_control(4)

    verdicts = [await floods.check(1) for _ in range(7)]

    told, ignored = Verdict(False, 15, is_told=True), Verdict(False, 15)
    assert verdicts == [*[ALLOWED] * 4, told, ignored, ignored]


async def test_after_the_named_time_somebody_may_ask_again() -> None:
    clock = Clock()
    floods = flood_control(4, clock)
    warning = [await floods.check(1) for _ in range(5)][-1]
    assert warning.is_told

    clock.now += warning.wait - 0.5
    assert await floods.check(1) == Verdict(False, 1)

    clock.now += 0.5
    assert await floods.check(1) == ALLOWED


async def test_one_persons_flood_is_not_anothers() -> None:
    floods = flood_control(1)
    await floods.check(1)

    assert not (await floods.check(1)).allowed
    assert await floods.check(2) == ALLOWED


async def test_steady_questions_within_the_limit_are_never_slowed() -> None:
    clock = Clock()
    floods = flood_control(20, clock)

    for _ in range(200):
        clock.now += 3
        assert await floods.check(1) == ALLOWED


async def test_the_memory_is_bounded() -> None:
    buckets = LocalBuckets(Clock())
    floods = FloodControl(1, buckets)

    for somebody in range(PEOPLE_LIMIT + 10):
        await floods.check(somebody)

    assert len(buckets) == PEOPLE_LIMIT


@pytest.mark.parametrize("per_minute", [1, 7, 20, 600])
@given(pauses=st.lists(st.floats(min_value=0, max_value=100), max_size=60))
async def test_no_pattern_gets_more_than_the_bucket_and_its_refill(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    floods = flood_control(per_minute, clock)
    allowed = 0

    for pause in pauses:
        clock.now += pause
        allowed += (await floods.check(1)).allowed

    assert allowed <= per_minute + sum(pauses) * per_minute / 60 + 1
