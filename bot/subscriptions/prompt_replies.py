"""Handle answers to the prompts of subscriptions: words, name, time."""

import time

from bot.chat_settings.quiet_hours import parse_clock
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.memory import Aim, Prompt
from bot.conversation.permissions import require_manager
from bot.subscriptions.handlers import (
    AlertTarget,
    find_subscription,
    read_query,
    show_subscription,
    subscribe_to_query,
    target_of,
)
from index.models.schedule import DAY_MINUTES, Rhythm, Schedule

NAME_LIMIT = 60  # characters of a subscription's name


async def add(turn: ChatContext, prompt: Prompt, words: str) -> None:
    """Subscribe a chat to the words of the answer."""
    await require_manager(turn, prompt.number)
    here = target_of(turn.message)
    target = here if here.chat == prompt.number else AlertTarget(prompt.number)
    await subscribe_to_query(turn, await read_query(turn, words), target)


async def change(turn: ChatContext, prompt: Prompt, text: str) -> None:
    """Change a subscription as the answer says: its name, words or time."""
    number, stored = prompt.number, turn.desk.library.subscriptions
    view = await find_subscription(turn, number)
    await require_manager(turn, view.subscription.chat)
    if prompt.aim is Aim.RENAME:
        await turn.searching(stored.set_name, number, text[:NAME_LIMIT])
    elif prompt.aim is Aim.EDIT:
        query = await read_query(turn, text)
        await turn.searching(stored.set_query, number, query.as_typed)
    else:
        rhythm = Rhythm.DAILY if prompt.aim is Aim.DAILY else Rhythm.WEEKLY
        schedule = Schedule(rhythm, _read_minute(text), prompt.weekday or 0)
        await turn.searching(stored.set_schedule, number, schedule, int(time.time()))
    await show_subscription(turn, number)


def _read_minute(text: str) -> int:
    minute = parse_clock(text)
    if minute is None:
        raise RefusedError("time_not_understood")
    return minute % DAY_MINUTES
