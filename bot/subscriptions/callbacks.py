"""Callbacks of the buttons of subscriptions: subscribe, list, change, delete."""

import asyncio
import time
from dataclasses import replace
from functools import partial

from bot.chat_settings.views import ChatAction
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.memory import Aim, Prompt
from bot.conversation.permissions import may_manage, require_manager_by_button
from bot.conversation.prompts import ask_for
from bot.conversation.question_text import replied_question
from bot.questions.follow_button import FollowAction
from bot.questions.keyboards import AnswerAction
from bot.questions.overviews import HeadlineAction, words_to_follow
from bot.questions.service import topic_query
from bot.questions.words import date_asked
from bot.subscriptions.handlers import (
    AlertTarget,
    list_message,
    pressed_subscription,
    read_query,
    show_subscription,
    subscribe_to_query,
    target_of,
)
from bot.subscriptions.offers import OfferAction
from bot.subscriptions.views import (
    RHYTHMS,
    SubscriptionAction,
    display_name,
    droppable,
    phrase_code,
    render_card,
    render_deletion,
    render_times,
    render_weekdays,
)
from index.models.schedule import Rhythm, Schedule


# Under answers
async def follow(turn: ChatContext, *, is_topic: bool) -> None:
    """Subscribe to the topic of the question above, or to articles that may answer it."""
    await require_manager_by_button(turn, turn.message.chat_id)
    asked = replied_question(turn.message, turn.voice.bot)
    if not asked:
        raise RefusedError("question_gone")
    if is_topic:
        query = await turn.asking(topic_query, asked)
    else:
        query = await turn.searching(turn.desk.library.alert_queries.topic, asked)
    if query is None:
        raise RefusedError("no_topic")
    await subscribe_to_query(turn, query, target_of(turn.message))


async def follow_words(turn: ChatContext, words: str) -> None:
    """Subscribe to the words that the button names."""
    await require_manager_by_button(turn, turn.message.chat_id)
    await _follow(turn, words)


async def follow_subject(turn: ChatContext) -> None:
    """Subscribe to the subject of the headlines above."""
    await require_manager_by_button(turn, turn.message.chat_id)
    asked = replied_question(turn.message, turn.voice.bot)
    if not asked:
        raise RefusedError("question_gone")
    today = date_asked(turn.message.reply_to_message or turn.message)
    words = await turn.asking(words_to_follow, asked, today)
    if words is None:
        raise RefusedError("no_topic")
    await _follow(turn, words)


async def accept_offer(turn: ChatContext, chat: int, words: str) -> None:
    """Subscribe a chat to what was offered for it."""
    await require_manager_by_button(turn, chat)
    here = target_of(turn.message)
    await _follow(turn, words, here if here.chat == chat else AlertTarget(chat))


async def _follow(turn: ChatContext, words: str, target: AlertTarget | None = None) -> None:
    """Subscribe a chat, by default this one, to words that a button offers."""
    try:
        query = await read_query(turn, words)
    except RefusedError as error:
        raise RefusedError("no_topic") from error
    await subscribe_to_query(turn, query, target or target_of(turn.message))


# In the list
async def turn_list(turn: ChatContext, chat: int, page: int) -> Notice:
    """Show a page of the list."""
    await require_manager_by_button(turn, chat)
    return await turn.show(await list_message(turn, chat, page))


async def open_list(turn: ChatContext, chat: int) -> None:
    """Send the list as a new message."""
    await require_manager_by_button(turn, chat)
    await turn.also(await list_message(turn, chat))


async def ask_for_words(turn: ChatContext, chat: int) -> None:
    """Ask for the words to subscribe to."""
    await require_manager_by_button(turn, chat)
    await ask_for(turn, Prompt(Aim.ADD, chat), "ask_words", "placeholder_words")


async def send_again(turn: ChatContext, chat: int) -> Notice:
    """Reactivate a chat that could not be written to, if the bot may post there."""
    await require_manager_by_button(turn, chat)
    bot = turn.message.get_bot()
    if chat != turn.message.chat_id and not await may_manage(bot, chat, bot.bot):
        raise RefusedError("may_not_post")
    await asyncio.to_thread(turn.desk.library.chats.activate, chat)
    await turn.show(await list_message(turn, chat))
    return turn.voice.plain("notice_sends_again")


# Of one subscription
async def show_card(turn: ChatContext, number: int) -> Notice:
    """Show a subscription and its buttons."""
    view = await pressed_subscription(turn, number)
    return await turn.show(render_card(turn.voice, view))


async def set_rhythm(turn: ChatContext, number: int, position: int) -> Notice:
    """Set how often alerts come; of a digest ask for the day or the time first."""
    rhythm, view = RHYTHMS[position], await pressed_subscription(turn, number)
    if rhythm is Rhythm.WEEKLY:
        return await turn.show(render_weekdays(turn.voice, number))
    if rhythm is Rhythm.DAILY:
        return await turn.show(render_times(turn.voice, number, rhythm))
    return await _schedule(turn, number, replace(view.subscription.schedule, rhythm=rhythm))


async def choose_weekday(turn: ChatContext, number: int, weekday: int) -> Notice:
    """Ask for the time of a weekly digest."""
    await pressed_subscription(turn, number)
    return await turn.show(render_times(turn.voice, number, Rhythm.WEEKLY, weekday))


async def choose_time(
    turn: ChatContext, number: int, rhythm: int, weekday: int, minute: int
) -> Notice:
    """Set the time of a digest."""
    await pressed_subscription(turn, number)
    return await _schedule(turn, number, Schedule(RHYTHMS[rhythm], minute, weekday))


async def ask_for_time(turn: ChatContext, number: int, rhythm: int, weekday: int) -> None:
    """Ask for the time of a digest."""
    await pressed_subscription(turn, number)
    is_weekly = RHYTHMS[rhythm] is Rhythm.WEEKLY
    prompt = Prompt(Aim.WEEKLY, number, weekday) if is_weekly else Prompt(Aim.DAILY, number)
    await ask_for(turn, prompt, "ask_time", "placeholder_time")


async def _schedule(turn: ChatContext, number: int, schedule: Schedule) -> Notice:
    set_schedule = turn.desk.library.subscriptions.set_schedule
    await asyncio.to_thread(set_schedule, number, schedule, int(time.time()))
    return await show_subscription(turn, number)


async def pause(turn: ChatContext, number: int) -> Notice:
    """Pause a subscription."""
    await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    return await show_subscription(turn, number)


async def resume(turn: ChatContext, number: int) -> Notice:
    """Resume a paused subscription."""
    await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.resume, number)
    return await show_subscription(turn, number)


async def silence(turn: ChatContext, number: int, silent: int) -> Notice:
    """Send alerts with or without a sound."""
    await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.set_silent, number, bool(silent))
    return await show_subscription(turn, number)


async def drop_phrase(turn: ChatContext, number: int, form: int) -> Notice:
    """Leave a phrase out of a subscription; the last one stays."""
    view = await pressed_subscription(turn, number)
    phrase = next((each for each in droppable(view.query) if phrase_code(each) == form), None)
    if phrase is None:
        raise RefusedError("old_list")
    try:
        query = await read_query(turn, view.query.without(phrase).as_typed)
    except RefusedError as error:
        raise RefusedError("would_be_too_broad") from error
    await asyncio.to_thread(turn.desk.library.subscriptions.set_query, number, query.as_typed)
    return await show_subscription(turn, number)


async def ask_delete(turn: ChatContext, number: int) -> Notice:
    """Ask whether to delete a subscription."""
    view = await pressed_subscription(turn, number)
    return await turn.show(render_deletion(turn.voice, view))


async def delete(turn: ChatContext, number: int) -> Notice:
    """Delete a subscription, and show the others."""
    view = await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.remove, number, int(time.time()))
    await turn.show(await list_message(turn, view.subscription.chat))
    return turn.voice.plain("notice_stopped", name=display_name(turn.voice, view))


async def ask_for_name(turn: ChatContext, number: int) -> None:
    """Ask for a name."""
    name = display_name(turn.voice, await pressed_subscription(turn, number))
    await ask_for(turn, Prompt(Aim.RENAME, number), "ask_name", "placeholder_name", name=name)


async def ask_for_other_words(turn: ChatContext, number: int) -> None:
    """Ask for other words."""
    prompt, view = Prompt(Aim.EDIT, number), await pressed_subscription(turn, number)
    await ask_for(turn, prompt, "ask_other_words", "placeholder_words", wish=view.query.as_typed)


CALLBACKS: Callbacks = {
    AnswerAction.FOLLOW_TOPIC: partial(follow, is_topic=True),
    AnswerAction.FOLLOW_QUESTION: partial(follow, is_topic=False),
    FollowAction.WORDS: follow_words,
    OfferAction.WORDS: accept_offer,
    HeadlineAction.FOLLOW: follow_subject,
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
    SubscriptionAction.DROP: drop_phrase,
    SubscriptionAction.ASK_DELETE: ask_delete,
    SubscriptionAction.DELETE: delete,
    SubscriptionAction.RENAME: ask_for_name,
    SubscriptionAction.EDIT: ask_for_other_words,
}
