from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, Update

from bot.conversation.context import sender_id
from bot.conversation.flood_control import ALLOWED, IGNORED, PEOPLE_LIMIT, FloodControl, Verdict
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


def test_a_burst_passes_then_one_word_of_warning_then_silence() -> None:
    floods = FloodControl(4, Clock())

    verdicts = [floods.check(1) for _ in range(7)]

    assert verdicts == [*[ALLOWED] * 4, Verdict(allowed=False, seconds=15), IGNORED, IGNORED]


def test_after_the_named_time_somebody_may_ask_again() -> None:
    clock = Clock()
    floods = FloodControl(4, clock)
    warning = [floods.check(1) for _ in range(5)][-1]
    assert warning.seconds is not None

    clock.now += warning.seconds - 0.5
    assert floods.check(1) == IGNORED
    assert floods.wait(1) == 1

    clock.now += 0.5
    assert floods.check(1) == ALLOWED


def test_one_persons_flood_is_not_anothers() -> None:
    floods = FloodControl(1, Clock())
    floods.check(1)

    assert not floods.check(1).allowed
    assert floods.check(2) == ALLOWED
    assert floods.wait(2) == 0


def test_steady_questions_within_the_limit_are_never_slowed() -> None:
    clock = Clock()
    floods = FloodControl(20, clock)

    for _ in range(200):
        clock.now += 3
        assert floods.check(1) == ALLOWED


def test_the_memory_is_bounded() -> None:
    floods = FloodControl(1, Clock())

    for somebody in range(PEOPLE_LIMIT + 10):
        floods.check(somebody)

    assert len(floods) == PEOPLE_LIMIT


@pytest.mark.parametrize("per_minute", [1, 7, 20, 600])
@given(pauses=st.lists(st.floats(min_value=0, max_value=100), max_size=60))
def test_no_pattern_gets_more_than_the_bucket_and_its_refill(
    per_minute: int, pauses: list[float]
) -> None:
    clock = Clock()
    floods = FloodControl(per_minute, clock)
    allowed = 0

    for pause in pauses:
        clock.now += pause
        allowed += floods.check(1).allowed

    assert allowed <= per_minute + sum(pauses) * per_minute / 60 + 1
