"""Callbacks of the buttons of subscriptions: follow, list, change, end."""

import asyncio
import time
from dataclasses import replace

from bot.chat_settings.views import ChatAction
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message
from bot.conversation.permissions import managers_only, may_manage, may_manage_from_here
from bot.conversation.prompts import Aim, Prompt, ask_for
from bot.conversation.question_text import replied_question
from bot.messages.rendered import Rendered
from bot.questions.keyboards import AnswerAction
from bot.questions.service import topic
from bot.subscriptions.handlers import follow_wish, listed, of_subscription, place_of, wished_of
from bot.subscriptions.views import (
    RHYTHMS,
    SubscriptionAction,
    SubscriptionView,
    name_of,
    render_card,
    render_deletion,
    render_list,
    render_times,
    render_weekdays,
)
from index.models.schedule import Rhythm, Schedule


# Under answers
async def follow_topic(turn: ChatContext) -> Notice:
    """Subscribe to what the question above is about."""
    return await _follow(turn, with_quotes=True)


async def follow_question(turn: ChatContext) -> Notice:
    """Tell when something answers the question above."""
    return await _follow(turn, with_quotes=False)


async def _follow(turn: ChatContext, *, with_quotes: bool) -> Notice:
    if not await may_manage_from_here(turn, turn.message.chat_id):
        return turn.voice.plain("notice_only_administrators")
    asked = replied_question(turn.message, turn.voice.bot)
    if not asked:
        return turn.voice.plain("notice_question_gone")
    if with_quotes:
        wish = await turn.asking(topic, asked)
    else:
        wish = await turn.searching(turn.desk.library.wishes.topic, asked)
    if wish is None:
        return turn.voice.plain("notice_no_topic")
    await follow_wish(turn, wish, place_of(turn.message))
    return None


# In the list
@managers_only
async def turn_list(turn: ChatContext, chat: int, page: int) -> Notice:
    """Show a page of the list."""
    return await _show_list(turn, chat, page)


@managers_only
async def open_list(turn: ChatContext, chat: int) -> Notice:
    """Show the list as a message of its own."""
    await turn.also(await _listed(turn, chat, 0))
    return None


async def _show_list(turn: ChatContext, chat: int, page: int = 0) -> Notice:
    return await edit_message(turn.message, turn.voice, await _listed(turn, chat, page))


async def _listed(turn: ChatContext, chat: int, page: int) -> Rendered:
    bot = turn.message.get_bot().id
    known, found = await asyncio.to_thread(listed, turn.desk.library, bot, chat)
    thread = place_of(turn.message).thread
    return render_list(turn.voice, known, found, page, thread=thread)


@managers_only
async def ask_for_words(turn: ChatContext, chat: int) -> Notice:
    """Ask for what to subscribe to."""
    await ask_for(turn, Prompt(Aim.ADD, chat), "ask_words", "placeholder_words")
    return None


@managers_only
async def send_again(turn: ChatContext, chat: int) -> Notice:
    """Write to a chat again that was given up, if Telegram lets the bot."""
    bot = turn.message.get_bot()
    if chat != turn.message.chat_id and not await may_manage(bot, chat, bot.bot):
        return turn.voice.plain("notice_may_not_post")
    await asyncio.to_thread(turn.desk.library.chats.activate, chat)
    await _show_list(turn, chat)
    return turn.voice.plain("notice_sends_again")


# Of one subscription
@of_subscription
async def show_card(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Show what a subscription is, and what can be done with it."""
    return await edit_message(turn.message, turn.voice, render_card(turn.voice, wished))


@of_subscription
async def set_rhythm(turn: ChatContext, wished: SubscriptionView, place: int) -> Notice:
    """Set how often alerts come; of a digest ask for the day or the time first."""
    rhythm = RHYTHMS[place]
    if rhythm is Rhythm.WEEKLY:
        return await edit_message(turn.message, turn.voice, render_weekdays(turn.voice, wished))
    if rhythm is Rhythm.DAILY:
        return await edit_message(
            turn.message, turn.voice, render_times(turn.voice, wished, rhythm)
        )
    return await _schedule(turn, wished, replace(wished.subscription.schedule, rhythm=rhythm))


@of_subscription
async def choose_weekday(turn: ChatContext, wished: SubscriptionView, weekday: int) -> Notice:
    """Ask for the time of a weekly digest."""
    rendered = render_times(turn.voice, wished, Rhythm.WEEKLY, weekday)
    return await edit_message(turn.message, turn.voice, rendered)


@of_subscription
async def choose_time(
    turn: ChatContext, wished: SubscriptionView, rhythm: int, weekday: int, minute: int
) -> Notice:
    """Set the time of a digest."""
    return await _schedule(turn, wished, Schedule(RHYTHMS[rhythm], minute, weekday))


@of_subscription
async def ask_for_time(
    turn: ChatContext, wished: SubscriptionView, rhythm: int, weekday: int
) -> Notice:
    """Ask for the time of a digest."""
    number, is_weekly = wished.subscription.id, RHYTHMS[rhythm] is Rhythm.WEEKLY
    prompt = Prompt(Aim.WEEKLY, number, weekday) if is_weekly else Prompt(Aim.DAILY, number)
    await ask_for(turn, prompt, "ask_time", "placeholder_time")
    return None


async def _schedule(turn: ChatContext, wished: SubscriptionView, schedule: Schedule) -> Notice:
    number, now = wished.subscription.id, int(time.time())
    await asyncio.to_thread(turn.desk.library.subscriptions.set_schedule, number, schedule, now)
    return await _show(turn, number)


@of_subscription
async def pause(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Pause a subscription."""
    number = wished.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    return await _show(turn, number)


@of_subscription
async def resume(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Let a paused subscription go on."""
    await asyncio.to_thread(turn.desk.library.subscriptions.resume, wished.subscription.id)
    return await _show(turn, wished.subscription.id)


@of_subscription
async def silence(turn: ChatContext, wished: SubscriptionView, silent: int) -> Notice:
    """Have alerts come with or without a sound."""
    number = wished.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.set_silent, number, bool(silent))
    return await _show(turn, number)


@of_subscription
async def ask_delete(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Ask whether to end a subscription."""
    return await edit_message(turn.message, turn.voice, render_deletion(turn.voice, wished))


@of_subscription
async def delete(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """End a subscription, and show the others."""
    subscription = wished.subscription
    await asyncio.to_thread(
        turn.desk.library.subscriptions.remove, subscription.id, int(time.time())
    )
    await _show_list(turn, subscription.chat)
    return turn.voice.plain("notice_stopped", name=name_of(turn.voice, wished))


@of_subscription
async def ask_for_name(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Ask for a name."""
    prompt, name = Prompt(Aim.RENAME, wished.subscription.id), name_of(turn.voice, wished)
    await ask_for(turn, prompt, "ask_name", "placeholder_name", name=name)
    return None


@of_subscription
async def ask_for_other_words(turn: ChatContext, wished: SubscriptionView) -> Notice:
    """Ask for other words."""
    prompt, wish = Prompt(Aim.EDIT, wished.subscription.id), str(wished.wish)
    await ask_for(turn, prompt, "ask_other_words", "placeholder_words", wish=wish)
    return None


async def _show(turn: ChatContext, number: int) -> Notice:
    """Show a subscription as it is now."""
    library = turn.desk.library
    found = await asyncio.to_thread(library.subscriptions.get, number)
    if found is None:
        return turn.voice.plain("notice_subscription_gone")
    wished = await asyncio.to_thread(wished_of, library, found)
    return await edit_message(turn.message, turn.voice, render_card(turn.voice, wished))


CALLBACKS: Callbacks = {
    AnswerAction.FOLLOW_TOPIC: follow_topic,
    AnswerAction.FOLLOW_QUESTION: follow_question,
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
