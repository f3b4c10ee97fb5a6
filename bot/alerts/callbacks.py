"""Callbacks of the buttons under an alert: get fewer like it, unsubscribe."""

import asyncio
import time

from telegram import InlineKeyboardMarkup

from bot.alerts.rendering import AlertAction, alert_buttons
from bot.conversation.callback_data import button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, RefusedError, try_edit
from bot.messages.captions import clip
from bot.questions.keyboards import FocusAction
from bot.subscriptions.handlers import pressed_subscription
from bot.subscriptions.views import SubscriptionView, display_name
from index import Library
from index.alerts import SubscriptionError

LABEL_LIMIT = 40  # UTF-16 units of a button


async def offer_less(turn: ChatContext, number: int, article: int) -> Notice:
    """Offer ways to get fewer such alerts: exclude a word of the title, or pause."""
    view = await pressed_subscription(turn, number)
    words = await asyncio.to_thread(_title_words, turn.desk.library, view, article)
    rows = []
    for place, word in enumerate(words):
        label = clip(turn.voice.plain("button_without", words=word), LABEL_LIMIT)
        rows.append([button(label, AlertAction.EXCLUDE, number, article, place)])
    rows.append([button(turn.voice.plain("button_pause"), AlertAction.PAUSE, number, article)])
    rows.append([button(turn.voice.plain("button_return"), AlertAction.BACK, number, article)])
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


async def exclude_word(turn: ChatContext, number: int, article: int, place: int) -> Notice:
    """Exclude a word of the title from now on."""
    library, view = turn.desk.library, await pressed_subscription(turn, number)
    words = await asyncio.to_thread(_title_words, library, view, article)
    if place >= len(words):
        raise RefusedError("old_list")
    word = words[place]
    try:
        query = library.alert_queries.read(f'{view.query.as_typed} -"{word}"')
    except SubscriptionError as error:
        raise RefusedError("wish_too_long") from error
    await asyncio.to_thread(library.subscriptions.set_query, number, query.as_typed)
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_excluded", words=word)


async def pause(turn: ChatContext, number: int, article: int) -> Notice:
    """Pause the subscription of an alert."""
    view = await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_paused", name=display_name(turn.voice, view))


async def ask_stop(turn: ChatContext, number: int, article: int) -> Notice:
    """Ask whether to delete the subscription of an alert."""
    name = display_name(turn.voice, await pressed_subscription(turn, number))
    surely = clip(turn.voice.plain("button_stop_surely", name=name), LABEL_LIMIT)
    rows = [
        [button(surely, AlertAction.STOP, number, article)],
        [button(turn.voice.plain("button_keep"), AlertAction.BACK, number, article)],
    ]
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


async def stop(turn: ChatContext, number: int, article: int) -> Notice:
    """Delete the subscription of an alert."""
    view = await pressed_subscription(turn, number)
    await asyncio.to_thread(turn.desk.library.subscriptions.remove, number, int(time.time()))
    about = button(turn.voice.plain("button_about"), FocusAction.ABOUT, article)
    await _show_buttons(turn, InlineKeyboardMarkup([[about]]))
    return turn.voice.plain("notice_stopped", name=display_name(turn.voice, view))


async def back(turn: ChatContext, number: int, article: int) -> Notice:
    """Show the alert's own buttons again."""
    await pressed_subscription(turn, number)
    return await _show_buttons(turn, alert_buttons(turn.voice, number, article))


async def _show_buttons(turn: ChatContext, keyboard: InlineKeyboardMarkup) -> Notice:
    done = await try_edit(turn.message.edit_reply_markup(keyboard))
    return None if done else turn.voice.plain("notice_message_gone")


def _title_words(library: Library, view: SubscriptionView, number: int) -> list[str]:
    """Return the informative words of an article's title that a query could exclude."""
    article = library.article(number)
    return library.alert_queries.exclusions(article, view.query) if article else []


CALLBACKS: Callbacks = {
    AlertAction.LESS: offer_less,
    AlertAction.EXCLUDE: exclude_word,
    AlertAction.PAUSE: pause,
    AlertAction.ASK_STOP: ask_stop,
    AlertAction.STOP: stop,
    AlertAction.BACK: back,
}
