"""Callbacks of the buttons under an alert: ask about it, get fewer like it, end it."""

import asyncio
import time

from telegram import InlineKeyboardMarkup

from bot.alerts.rendering import AlertAction, alert_buttons
from bot.conversation.callback_data import button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message, try_edit
from bot.messages.captions import clip
from bot.messages.rendered import Rendered
from bot.subscriptions.handlers import of_subscription
from bot.subscriptions.views import SubscriptionView, name_of
from index import Library
from index.alerts import SubscriptionError

LABEL_LIMIT = 40  # UTF-16 units of a button


async def about(turn: ChatContext, article: int) -> Notice:
    """Ask an article from now on."""
    found = await asyncio.to_thread(turn.desk.library.article, article)
    if found is None:
        return turn.voice.plain("notice_articles_gone")
    if turn.user:
        turn.desk.focus.set(turn.message.chat_id, turn.user.id, article)
    about_all = button(turn.voice.plain("button_about_all"), AlertAction.ABOUT_ALL, article)
    text = turn.voice.text("about", title=clip(found.title, 200))
    await turn.reply(Rendered(text, InlineKeyboardMarkup([[about_all]])))
    return None


async def about_all(turn: ChatContext, _: int) -> Notice:
    """Ask all articles again."""
    if turn.user:
        turn.desk.focus.clear(turn.message.chat_id, turn.user.id)
    text = turn.voice.text("about_all")
    return await edit_message(turn.message, turn.voice, Rendered(text))


@of_subscription
async def less(turn: ChatContext, wished: SubscriptionView, article: int) -> Notice:
    """Offer ways to get less like an article: leave out a word of its title, or pause."""
    words = await asyncio.to_thread(_title_words, turn.desk.library, wished, article)
    number, voice = wished.subscription.id, turn.voice
    rows = []
    for place, word in enumerate(words):
        label = clip(voice.plain("button_without", words=word), LABEL_LIMIT)
        rows.append([button(label, AlertAction.EXCLUDE, number, article, place)])
    rows.append([button(voice.plain("button_pause"), AlertAction.PAUSE, number, article)])
    rows.append([button(voice.plain("button_back"), AlertAction.BACK, number, article)])
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


@of_subscription
async def exclude(turn: ChatContext, wished: SubscriptionView, article: int, place: int) -> Notice:
    """Leave out a word of the title from now on."""
    library, number = turn.desk.library, wished.subscription.id
    words = await asyncio.to_thread(_title_words, library, wished, article)
    if place >= len(words):
        return turn.voice.plain("notice_old_list")
    word = words[place]
    try:
        wish = library.wishes.read(f'{wished.wish} -"{word}"')
    except SubscriptionError:
        return turn.voice.plain("notice_wish_too_long")
    await asyncio.to_thread(library.subscriptions.set_wish, number, str(wish))
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_excluded", words=word)


@of_subscription
async def pause(turn: ChatContext, wished: SubscriptionView, article: int) -> Notice:
    """Pause the subscription that an alert is for."""
    number = wished.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.pause, number, int(time.time()))
    await _show_buttons(turn, alert_buttons(turn.voice, number, article))
    return turn.voice.plain("notice_paused", name=name_of(turn.voice, wished))


@of_subscription
async def ask_stop(turn: ChatContext, wished: SubscriptionView, article: int) -> Notice:
    """Ask whether to end the subscription that an alert is for."""
    number = wished.subscription.id
    surely = turn.voice.plain("button_stop_surely", name=name_of(turn.voice, wished))
    rows = [
        [button(clip(surely, LABEL_LIMIT), AlertAction.STOP, number, article)],
        [button(turn.voice.plain("button_keep"), AlertAction.BACK, number, article)],
    ]
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


@of_subscription
async def stop(turn: ChatContext, wished: SubscriptionView, article: int) -> Notice:
    """End the subscription that an alert is for."""
    number = wished.subscription.id
    await asyncio.to_thread(turn.desk.library.subscriptions.remove, number, int(time.time()))
    about = button(turn.voice.plain("button_about"), AlertAction.ABOUT, article)
    await _show_buttons(turn, InlineKeyboardMarkup([[about]]))
    return turn.voice.plain("notice_stopped", name=name_of(turn.voice, wished))


@of_subscription
async def back(turn: ChatContext, wished: SubscriptionView, article: int) -> Notice:
    """Show the alert's own buttons again."""
    return await _show_buttons(turn, alert_buttons(turn.voice, wished.subscription.id, article))


async def _show_buttons(turn: ChatContext, keyboard: InlineKeyboardMarkup) -> Notice:
    done = await try_edit(turn.message.edit_reply_markup(keyboard))
    return None if done else turn.voice.plain("notice_message_gone")


def _title_words(library: Library, wished: SubscriptionView, article: int) -> list[str]:
    """The telling words of an article's title that a wish could leave out."""
    found = library.article(article)
    return library.wishes.exclusions(found, wished.wish) if found else []


CALLBACKS: Callbacks = {
    AlertAction.ABOUT: about,
    AlertAction.ABOUT_ALL: about_all,
    AlertAction.LESS: less,
    AlertAction.EXCLUDE: exclude,
    AlertAction.PAUSE: pause,
    AlertAction.ASK_STOP: ask_stop,
    AlertAction.STOP: stop,
    AlertAction.BACK: back,
}
