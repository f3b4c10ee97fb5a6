"""Handle replies to the prompts of subscriptions: words, name, time."""

import time

from bot.chat_settings.quiet_hours import parse_clock
from bot.conversation.context import ChatContext
from bot.conversation.permissions import require_manager_of
from bot.conversation.prompts import Aim, Prompt, with_prompt
from bot.subscriptions.handlers import (
    AlertTarget,
    check_breadth,
    explain_error,
    subscribe_to_words,
    target_of,
    view_subscription,
)
from bot.subscriptions.views import render_card
from index.alerts import SubscriptionError
from index.models.schedule import DAY_MINUTES, Rhythm, Schedule
from index.store.chats import Subscription

NAME_LIMIT = 60  # characters of a subscription's name


@with_prompt
async def add(turn: ChatContext, prompt: Prompt, text: str) -> None:
    """Subscribe a chat to the words of the reply."""
    if await require_manager_of(turn, prompt.number):
        here = target_of(turn.message)
        await subscribe_to_words(
            turn, text, here if here.chat == prompt.number else AlertTarget(prompt.number)
        )


@with_prompt
async def change(turn: ChatContext, prompt: Prompt, text: str) -> None:
    """Change a subscription as the reply says: its name, words or time."""
    known = await turn.searching(turn.desk.library.subscriptions.get, prompt.number)
    if known is None or known.bot != turn.message.get_bot().id:
        await turn.say("subscription_gone")
    elif await require_manager_of(turn, known.chat):
        if prompt.aim is Aim.RENAME:
            await _rename(turn, known, text)
        elif prompt.aim is Aim.EDIT:
            await _edit(turn, known, text)
        else:
            await _set_time(turn, known, prompt, text)


async def _rename(turn: ChatContext, subscription: Subscription, text: str) -> None:
    name = text[:NAME_LIMIT]
    library = turn.desk.library
    await turn.searching(library.subscriptions.set_name, subscription.id, name)
    await _show(turn, subscription.id)


async def _edit(turn: ChatContext, subscription: Subscription, text: str) -> None:
    library = turn.desk.library
    try:
        query = await turn.searching(library.alert_queries.read, text)
        check_breadth(query)
    except SubscriptionError as error:
        await explain_error(turn, error)
        return
    await turn.searching(library.subscriptions.set_query, subscription.id, str(query))
    await _show(turn, subscription.id)


async def _set_time(
    turn: ChatContext, subscription: Subscription, prompt: Prompt, text: str
) -> None:
    minute = parse_clock(text)
    if minute is None:
        await turn.say("time_not_understood")
        return
    rhythm = Rhythm.DAILY if prompt.aim is Aim.DAILY else Rhythm.WEEKLY
    schedule = Schedule(rhythm, minute % DAY_MINUTES, prompt.weekday or 0)
    set_schedule = turn.desk.library.subscriptions.set_schedule
    await turn.searching(set_schedule, subscription.id, schedule, int(time.time()))
    await _show(turn, subscription.id)


async def _show(turn: ChatContext, number: int) -> None:
    subscription = await turn.searching(turn.desk.library.subscriptions.get, number)
    if subscription is None:
        await turn.say("subscription_gone")
    else:
        view = await turn.searching(view_subscription, turn.desk.library, subscription)
        await turn.reply(render_card(turn.voice, view))
