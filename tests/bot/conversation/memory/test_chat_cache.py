"""Values of chats are bounded, expire, and are the same where another worker restores them."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.memory.chat_cache import (
    EDITABLE_SECONDS,
    VALUES_LIMIT,
    ChatCache,
    restore_chat,
    save_chat,
)
from bot.conversation.memory.focus import FOCUS_SECONDS, Focus, ShownAnswer, ShownAnswers
from bot.conversation.memory.open_prompts import Aim, OpenPrompts, Prompt
from index.store.sharing.inbox import REMEMBERED_SECONDS, WORDS_SECONDS
from tests.support.playground import Clock

Caches = dict[str, ChatCache[Any]]
LAN, ANNA = 1001, 1003
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("📖", callback_data="1o~1_2")]])


def moved(focus: Focus, other: Focus, elapsed: float = 0.0) -> Focus:
    """Move the values of a chat to another worker, as JSON."""
    state = json.loads(json.dumps(save_chat({"focus": focus.cache}, LAN)))
    restore_chat({"focus": other.cache}, LAN, state, elapsed)
    return other


def test_what_one_worker_saves_another_restores() -> None:
    shown, prompts = ShownAnswers(), OpenPrompts()
    answer = ShownAnswer(7, "ai dự?", (("📖", "1o~1_2"),), frozenset({(1, 2)}))
    shown.put(LAN, ANNA, answer)
    prompts.open(LAN, 5, Prompt(Aim.WEEKLY, 3, weekday=2))
    caches: Caches = {"shown": shown.cache, "prompts": prompts.open_ones}
    state = json.loads(json.dumps(save_chat(caches, LAN)))

    shown, prompts = ShownAnswers(), OpenPrompts()
    restore_chat({"shown": shown.cache, "prompts": prompts.open_ones}, LAN, state, 0.0)

    assert shown.of(LAN, ANNA) == answer
    assert prompts.answered_by(LAN, 6) == Prompt(Aim.WEEKLY, 3, weekday=2)
    assert ShownAnswer.of(7, "", KEYBOARD).buttons == answer.buttons


def test_values_hold_no_longer_than_they_would_have() -> None:
    here, there = Clock(), Clock()
    there.now += 1_000_000  # monotonic clocks of two machines have nothing in common
    focus = Focus(here)
    focus.set(LAN, LAN, 5)
    here.now += 60

    other = moved(focus, Focus(there), elapsed=30)
    there.now += FOCUS_SECONDS - 91
    assert other.cache.get(LAN, LAN) == 5
    there.now += 1
    assert other.of(LAN, LAN) == ()
    assert other.cache.saved(LAN) == []


def test_what_belongs_to_a_message_holds_while_that_can_be_edited() -> None:
    here, there = Clock(), Clock()
    cache, other = (ChatCache(TypeAdapter(int), clock=clock) for clock in (here, there))
    cache.put(LAN, 5, 7)
    here.now += EDITABLE_SECONDS - 60
    other.restore(LAN, json.loads(json.dumps(cache.saved(LAN))), 30)
    there.now += 29
    assert cache.get(LAN, 7) == other.get(LAN, 7) == 5
    here.now += 60
    there.now += 1
    assert cache.get(LAN, 7) is other.get(LAN, 7) is None


def test_words_are_not_remembered_for_as_long() -> None:
    assert FOCUS_SECONDS < WORDS_SECONDS
    assert WORDS_SECONDS < EDITABLE_SECONDS < REMEMBERED_SECONDS


def test_what_was_forgotten_elsewhere_is_forgotten_here() -> None:
    here, there = Focus(), Focus()
    here.set(LAN, LAN, 5)
    moved(here, there)
    there.clear(LAN, LAN)
    assert moved(there, here).of(LAN, LAN) == ()


def test_values_that_another_version_saved_are_left_out() -> None:
    prompts = OpenPrompts()
    prompt = [5, {"aim": "e", "number": 1}]
    saved = [
        [0, [5, {"aim": "?", "number": 1}], 60.0],
        [0, prompt],
        0,
        [0, prompt, "60"],
        [[], prompt, 60],
    ]
    state: Any = {"prompts": saved, "unknown": [[0, 1, None]]}
    restore_chat({"prompts": prompts.open_ones}, LAN, state, 0.0)
    assert prompts.answered_by(LAN, 6) is None


@pytest.mark.parametrize("key", ["album", 7])
def test_the_oldest_of_many_values_of_a_chat_is_forgotten(key: str | int) -> None:
    cache = ChatCache(TypeAdapter(bool))
    cache.put(LAN, True, key)
    for number in range(100, 100 + VALUES_LIMIT):
        cache.put(LAN, True, number)
    assert cache.get(LAN, key) is None
    assert cache.get(LAN, 100)
    assert len(cache.saved(LAN)) == VALUES_LIMIT
