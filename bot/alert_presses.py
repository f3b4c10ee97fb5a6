"""What the bot does when a button under an alert is pressed."""

import asyncio
import time
from collections.abc import Sequence

from telegram import InlineKeyboardMarkup

from bot.alerts import alert_buttons, touch_button
from bot.captions import clipped
from bot.rendering import Rendered
from bot.subscription_buttons import Deed
from bot.subscription_views import Wished
from bot.turns import Turn, changed, edited
from bot.wishes import subscription_name
from index import Library
from index.subscriptions import SubscriptionError

LABEL_LIMIT = 40  # UTF-16 units of a button

Numbers = Sequence[int]
Notice = str | None


async def about(turn: Turn, numbers: Numbers) -> Notice:
    """Ask an article from now on."""
    article = await asyncio.to_thread(turn.desk.library.article, numbers[0])
    if article is None:
        return turn.voice.plain("notice_articles_gone")
    if turn.user:
        turn.desk.focus.set(turn.message.chat_id, turn.user.id, article.number)
    button = touch_button(turn.voice.plain("button_about_all"), Deed.ABOUT_ALL, article.number)
    text = turn.voice.text("about", title=clipped(article.title, 200))
    await turn.reply(Rendered(text, InlineKeyboardMarkup([[button]])))
    return None


async def about_all(turn: Turn, _: Numbers) -> Notice:
    """Ask all articles again."""
    if turn.user:
        turn.desk.focus.clear(turn.message.chat_id, turn.user.id)
    text = turn.voice.text("about_all")
    return await changed(turn.message, turn.voice, Rendered(text))


async def less(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """Offer ways to get less like an article: leave out a word of its title, or pause."""
    words = await asyncio.to_thread(_title_words, turn.desk.library, wished, rest[0])
    number = wished.subscription.id
    rows = [
        [
            touch_button(
                clipped(turn.voice.plain("button_without", words=word), LABEL_LIMIT),
                Deed.EXCLUDE,
                number,
                rest[0],
                place,
            )
        ]
        for place, word in enumerate(words)
    ]
    rows.append([touch_button(turn.voice.plain("button_pause"), Deed.PAUSE_HERE, number, rest[0])])
    rows.append([touch_button(turn.voice.plain("button_back"), Deed.BACK, number, rest[0])])
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


async def exclude(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """Leave out a word of the title from now on."""
    library, article, place = turn.desk.library, rest[0], rest[1]
    word = (await asyncio.to_thread(_title_words, library, wished, article))[place]
    try:
        wish = library.wishes.read(f'{wished.wish} -"{word}"')
    except SubscriptionError:
        return turn.voice.plain("notice_wish_too_long")
    await asyncio.to_thread(library.subscriptions.set_wish, wished.subscription.id, str(wish))
    await back(turn, wished, rest)
    return turn.voice.plain("notice_excluded", words=word)


async def pause_here(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """Pause the subscription that an alert is for."""
    await asyncio.to_thread(pause, turn.desk.library, wished)
    await back(turn, wished, rest)
    return turn.voice.plain("notice_paused", name=name_of(turn, wished))


async def ask_stop(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """Ask whether to end the subscription that an alert is for."""
    number = wished.subscription.id
    surely = turn.voice.plain("button_stop_surely", name=name_of(turn, wished))
    rows = [
        [touch_button(clipped(surely, LABEL_LIMIT), Deed.STOP, number, rest[0])],
        [touch_button(turn.voice.plain("button_keep"), Deed.BACK, number, rest[0])],
    ]
    return await _show_buttons(turn, InlineKeyboardMarkup(rows))


async def stop(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """End the subscription that an alert is for."""
    await asyncio.to_thread(remove, turn.desk.library, wished)
    about = touch_button(turn.voice.plain("button_about"), Deed.ABOUT, rest[0])
    await _show_buttons(turn, InlineKeyboardMarkup([[about]]))
    return turn.voice.plain("notice_stopped", name=name_of(turn, wished))


async def back(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    """Show the alert's own buttons again."""
    keyboard = alert_buttons(turn.voice, wished.subscription.id, rest[0])
    return await _show_buttons(turn, keyboard)


async def _show_buttons(turn: Turn, keyboard: InlineKeyboardMarkup) -> Notice:
    done = await edited(turn.message.edit_reply_markup(keyboard))
    return None if done else turn.voice.plain("notice_message_gone")


def _title_words(library: Library, wished: Wished, article: int) -> list[str]:
    """The telling words of an article's title that a wish could leave out."""
    found = library.article(article)
    return library.wishes.exclusions(found, wished.wish) if found else []


def pause(library: Library, wished: Wished) -> None:
    """Pause a subscription. Blocks."""
    library.subscriptions.pause(wished.subscription.id, int(time.time()))


def remove(library: Library, wished: Wished) -> None:
    """End a subscription. Blocks."""
    library.subscriptions.remove(wished.subscription.id, int(time.time()))


def name_of(turn: Turn, wished: Wished) -> str:
    """Return what to call a subscription."""
    return subscription_name(turn.voice, wished.subscription, wished.wish)
