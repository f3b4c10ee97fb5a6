"""Callbacks of the buttons of subscriptions: subscribe, list, change, delete."""

import asyncio
import time
from dataclasses import replace
from functools import partial

from bot.chat_settings.views import ChatAction
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message
from bot.conversation.permissions import managers_only, may_manage, may_manage_from_here
from bot.conversation.prompts import Aim, Prompt, ask_for
from bot.conversation.question_text import replied_question
from bot.messages.rendered import Rendered
from bot.questions.keyboards import AnswerAction
from bot.questions.service import topic_query
from bot.subscriptions.handlers import (
    list_subscriptions,
    subscribe_to_query,
    target_of,
    view_subscription,
    with_subscription,
)
from bot.subscriptions.views import (
    RHYTHMS,
    SubscriptionAction,
    SubscriptionView,
    display_name,
    render_card,
    render_deletion,
    render_list,
    render_times,
    render_weekdays,
)
from index.models.schedule import Rhythm, Schedule


# Under answers
async def follow(turn: ChatContext, *, is_topic: bool) -> Notice:
    """Subscribe to the topic of the question above, or to articles that may answer it."""
    if not await may_manage_from_here(turn, turn.message.chat_id):
        return turn.voice.plain("notice_only_administrators")
    asked = replied_question(turn.message, turn.voice.bot)
    if not asked:
        return turn.voice.plain("notice_question_gone")
    if is_topic:
        query = await turn.asking(topic_query, asked)
    else:
        query = await turn.searching(turn.desk.library.alert_queries.topic, asked)
    if query is None:
        return turn.voice.plain("notice_no_topic")
    await subscribe_to_query(turn, query, target_of(turn.message))
    return None


# In the list
@managers_only
async def turn_list(turn: ChatContext, chat: int, page: int) -> Notice:
    """Show a page of the list."""
    return await _show_list(turn, chat, page)


@managers_only
async def open_list(turn: ChatContext, chat: int) -> Notice:
    """Send the list as a new message."""
    await turn.also(await _listed(turn, chat, 0))
    return None


async def _show_list(turn: ChatContext, chat: int, page: int = 0) -> Notice:
    return await edit_message(turn.message, turn.voice, await _listed(turn, chat, page))


async def _listed(turn: ChatContext, chat: int, page: int) -> Rendered:
    bot = turn.message.get_bot().id
    known, found = await asyncio.to_thread(list_subscriptions, turn.desk.library, bot, chat)
    thread = target_of(turn.message).thread
    return render_list(turn.voice, known, found, page, thread=thread)


@managers_only
async def ask_for_words(turn: ChatContext, chat: int) -> Notice:
    """Ask for the words to subscribe to."""
    await ask_for(turn, Prompt(Aim.ADD, chat), "ask_words", "placeholder_words")
    return None


@managers_only
async def send_again(turn: ChatContext, chat: int) -> Notice:
    """Reactivate a chat that could not be written to, if the bot may post there."""
    bot = turn.message.get_bot()
    if chat != turn.message.chat_id and not await may_manage(bot, chat, bot.bot):
        return turn.voice.plain("notice_may_not_post")
    await asyncio.to_thread(turn.desk.library.chats.activate, chat)
    await _show_list(turn, chat)
    return turn.voice.plain("notice_sends_again")


# Of one subscription
@with_subscription
async def show_card(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Show a subscription and its buttons."""
    return await edit_message(turn.message, turn.voice, render_card(turn.voice, view))


@with_subscription
async def set_rhythm(turn: ChatContext, view: SubscriptionView, place: int) -> Notice:
    """Set how often alerts come; of a digest ask for the day or the time first."""
    rhythm = RHYTHMS[place]
    if rhythm is Rhythm.WEEKLY:
        return await edit_message(turn.message, turn.voice, render_weekdays(turn.voice, view))
    if rhythm is Rhythm.DAILY:
        return await edit_message(turn.message, turn.voice, render_times(turn.voice, view, rhythm))
    return await _schedule(turn, view, replace(view.subscription.schedule, rhythm=rhythm))


@with_subscription
async def choose_weekday(turn: ChatContext, view: SubscriptionView, weekday: int) -> Notice:
    """Ask for the time of a weekly digest."""
    rendered = render_times(turn.voice, view, Rhythm.WEEKLY, weekday)
    return await edit_message(turn.message, turn.voice, rendered)


@with_subscription
async def choose_time(
    turn: ChatContext, view: SubscriptionView, rhythm: int, weekday: int, minute: int
) -> Notice:
    """Set the time of a digest."""
    return await _schedule(turn, view, Schedule(RHYTHMS[rhythm], minute, weekday))


@with_subscription
async def ask_for_time(
    turn: ChatContext, view: SubscriptionView, rhythm: int, weekday: int
) -> Notice:
    """Ask for the time of a digest."""
    number, is_weekly = view.subscription.id, RHYTHMS[rhythm] is Rhythm.WEEKLY
    prompt = Prompt(Aim.WEEKLY, number, weekday) if is_weekly else Prompt(Aim.DAILY, number)
    await ask_for(turn, prompt, "ask_time", "placeholder_time")
    return None


async def _schedule(turn: ChatContext, view: SubscriptionView, schedule: Schedule) -> Notice:
    number, now = view.subscription.id, int(time.time())
    await asyncio.to_thread(turn.desk.library.subscriptions.set_schedule, number, schedule, now)
    return await _show(turn, number)


@with_subscription
async def pause(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Pause a subscription."""
    number = view.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    return await _show(turn, number)


@with_subscription
async def resume(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Resume a paused subscription."""
    await asyncio.to_thread(turn.desk.library.subscriptions.resume, view.subscription.id)
    return await _show(turn, view.subscription.id)


@with_subscription
async def silence(turn: ChatContext, view: SubscriptionView, silent: int) -> Notice:
    """Send alerts with or without a sound."""
    number = view.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.set_silent, number, bool(silent))
    return await _show(turn, number)


@with_subscription
async def ask_delete(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Ask whether to delete a subscription."""
    return await edit_message(turn.message, turn.voice, render_deletion(turn.voice, view))


@with_subscription
async def delete(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Delete a subscription, and show the others."""
    subscription, subscriptions = view.subscription, turn.desk.library.subscriptions
    await asyncio.to_thread(subscriptions.remove, subscription.id, int(time.time()))
    await _show_list(turn, subscription.chat)
    return turn.voice.plain("notice_stopped", name=display_name(turn.voice, view))


@with_subscription
async def ask_for_name(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Ask for a name."""
    prompt, name = Prompt(Aim.RENAME, view.subscription.id), display_name(turn.voice, view)
    await ask_for(turn, prompt, "ask_name", "placeholder_name", name=name)
    return None


@with_subscription
async def ask_for_other_words(turn: ChatContext, view: SubscriptionView) -> Notice:
    """Ask for other words."""
    prompt, query = Prompt(Aim.EDIT, view.subscription.id), str(view.query)
    await ask_for(turn, prompt, "ask_other_words", "placeholder_words", wish=query)
    return None


async def _show(turn: ChatContext, number: int) -> Notice:
    """Show a subscription as it is now."""
    library = turn.desk.library
    found = await asyncio.to_thread(library.subscriptions.get, number)
    if found is None:
        return turn.voice.plain("notice_subscription_gone")
    view = await asyncio.to_thread(view_subscription, library, found)
    return await edit_message(turn.message, turn.voice, render_card(turn.voice, view))


CALLBACKS: Callbacks = {
    AnswerAction.FOLLOW_TOPIC: partial(follow, is_topic=True),
    AnswerAction.FOLLOW_QUESTION: partial(follow, is_topic=False),
    ChatAction.LIST: turn_list,
    ChatAction.OPEN_LIST: open_list,
    SubscriptionAction.ADD: ask_for_words,
    SubscriptionAction.SEND_AGAIN: send_again,
    SubscriptionAction.CARD: show_card,
    SubscriptionAction.RHYTHM: set_rhythm,
    SubscriptionAction.WEEKDAY: choose_weekday,
    SubscriptionAction.TIME: choose_time,
    SubscriptionAction.TYPE_TIME: ask_for_time,
    SubscriptionAction.PAUSE: pause,
    SubscriptionAction.RESUME: resume,
    SubscriptionAction.SILENCE: silence,
    SubscriptionAction.ASK_DELETE: ask_delete,
    SubscriptionAction.DELETE: delete,
    SubscriptionAction.RENAME: ask_for_name,
    SubscriptionAction.EDIT: ask_for_other_words,
}
