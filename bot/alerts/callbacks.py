"""Callbacks of the buttons under an alert: ask about it, get fewer like it, unsubscribe."""

import asyncio
import time

from telegram import InlineKeyboardMarkup

from bot.alerts.rendering import AlertAction, alert_buttons
from bot.conversation.callback_data import button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message, try_edit
from bot.messages.captions import clip
from bot.messages.rendered import Rendered
from bot.subscriptions.handlers import with_subscription
from bot.subscriptions.views import SubscriptionView, display_name
from index import Library
from index.alerts import SubscriptionError

LABEL_LIMIT = 40  # UTF-16 units of a button


async def focus_on_article(turn: ChatContext, article: int) -> Notice:
    """Answer the user's questions from one article from now on."""
    found = await asyncio.to_thread(turn.desk.library.article, article)
    if found is None:
        return turn.voice.plain("notice_articles_gone")
    if turn.user:
        turn.desk.focus.set(turn.message.chat_id, turn.user.id, article)
    about_all = button(turn.voice.plain("button_about_all"), AlertAction.ABOUT_ALL, article)
    text = turn.voice.text("about", title=clip(found.title, 200))
    await turn.reply(Rendered(text, InlineKeyboardMarkup([[about_all]])))
    return None


async def focus_on_all(turn: ChatContext, _: int) -> Notice:
    """Answer the user's questions from all articles again."""
    if turn.user:
        turn.desk.focus.clear(turn.message.chat_id, turn.user.id)
    text = turn.voice.text("about_all")
    return await edit_message(turn.message, turn.voice, Rendered(text))


@with_subscription
async def offer_less(turn: ChatContext, view: SubscriptionView, article: int) -> Notice:
    """Offer ways to get fewer such alerts: exclude a word of the title, or pause."""
    words = await asyncio.to_thread(_title_words, turn.desk.library, view, article)
    number, voice = view.subscription.id, turn.voice
    rows = []
    for place, word in enumerate(words):
        label = clip(voice.plain("button_without", words=word), LABEL_LIMIT)
        rows.append([button(label, AlertAction.EXCLUDE, number, article, place)])
    rows.append([button(voice.plain("button_pause"), AlertAction.PAUSE, number, article)])
    rows.append([button(voice.plain("button_back"), AlertAction.BACK, number, article)])
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


@with_subscription
async def exclude_word(
    turn: ChatContext, view: SubscriptionView, article: int, place: int
) -> Notice:
    """Exclude a word of the title from now on."""
    library, number = turn.desk.library, view.subscription.id
    words = await asyncio.to_thread(_title_words, library, view, article)
    if place >= len(words):
        return turn.voice.plain("notice_old_list")
    word = words[place]
    try:
        query = library.alert_queries.read(f'{view.query} -"{word}"')
    except SubscriptionError:
        return turn.voice.plain("notice_wish_too_long")
    await asyncio.to_thread(library.subscriptions.set_query, number, str(query))
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_excluded", words=word)


@with_subscription
async def pause(turn: ChatContext, view: SubscriptionView, article: int) -> Notice:
    """Pause the subscription of an alert."""
    number = view.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_paused", name=display_name(turn.voice, view))


@with_subscription
async def ask_stop(turn: ChatContext, view: SubscriptionView, article: int) -> Notice:
    """Ask whether to delete the subscription of an alert."""
    number = view.subscription.id
    surely = turn.voice.plain("button_stop_surely", name=display_name(turn.voice, view))
    rows = [
        [button(clip(surely, LABEL_LIMIT), AlertAction.STOP, number, article)],
        [button(turn.voice.plain("button_keep"), AlertAction.BACK, number, article)],
    ]
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


@with_subscription
async def stop(turn: ChatContext, view: SubscriptionView, article: int) -> Notice:
    """Delete the subscription of an alert."""
    number = view.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.remove, number, int(time.time()))
    about = button(turn.voice.plain("button_about"), AlertAction.ABOUT, article)
    await _show_buttons(turn, InlineKeyboardMarkup([[about]]))
    return turn.voice.plain("notice_stopped", name=display_name(turn.voice, view))


@with_subscription
async def back(turn: ChatContext, view: SubscriptionView, article: int) -> Notice:
    """Show the alert's own buttons again."""
    return await _show_buttons(turn, alert_buttons(turn.voice, view.subscription.id, article))


async def _show_buttons(turn: ChatContext, keyboard: InlineKeyboardMarkup) -> Notice:
    done = await try_edit(turn.message.edit_reply_markup(keyboard))
    return None if done else turn.voice.plain("notice_message_gone")


def _title_words(library: Library, view: SubscriptionView, article: int) -> list[str]:
    """Return the informative words of a title that a query could exclude."""
    found = library.article(article)
    return library.alert_queries.exclusions(found, view.query) if found else []


CALLBACKS: Callbacks = {
    AlertAction.ABOUT: focus_on_article,
    AlertAction.ABOUT_ALL: focus_on_all,
    AlertAction.LESS: offer_less,
    AlertAction.EXCLUDE: exclude_word,
    AlertAction.PAUSE: pause,
    AlertAction.ASK_STOP: ask_stop,
    AlertAction.STOP: stop,
    AlertAction.BACK: back,
}
