"""What the bot does when a button of an alert, or of the list of subscriptions, is pressed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram.constants import ChatType

from bot import alert_presses, own_data
from bot.alert_presses import Notice, Numbers, name_of, pause, remove
from bot.asking import topic
from bot.markup import Piece, join
from bot.permissions import may_manage
from bot.prompts import PROMPT_SIGN, Aim, Prompt, force_reply
from bot.questions import question_of
from bot.quiet_hours import set_quiet
from bot.rendering import Rendered
from bot.subscribing import follow_wish, listed, place_of, wished_of
from bot.subscription_buttons import Deed, Touch
from bot.subscription_views import (
    QUIET_PRESETS,
    RHYTHMS,
    ZONES,
    Wished,
    render_card,
    render_deletion,
    render_list,
    render_quiet,
    render_times,
    render_weekdays,
    render_zones,
)
from bot.turns import Turn, changed
from bot.votes import vote
from index.subscriptions.timing import DAY_MINUTES, Rhythm, Schedule


async def do(turn: Turn, touched: Touch) -> Notice:
    """Do what a button says; return what is to be said about it, if anything.

    Args:
        turn: The message with the button, and who pressed it.
        touched: What the button says.
    """
    deed, numbers = touched.deed, touched.numbers
    if deed in _BY_QUESTION:
        return await _BY_QUESTION[deed](turn)
    if not numbers:
        return turn.voice.plain("notice_old_list")
    try:
        if deed in _BY_ARTICLE:
            return await _BY_ARTICLE[deed](turn, numbers)
        if deed in _BY_CHAT:
            if not await _may(turn, numbers[0]):
                return turn.voice.plain("notice_only_administrators")
            return await _BY_CHAT[deed](turn, numbers)
        return await _do_to_subscription(turn, deed, numbers)
    except (IndexError, ValueError):  # a button of another version: numbers are missing
        return turn.voice.plain("notice_old_list")


async def _do_to_subscription(turn: Turn, deed: Deed, numbers: Numbers) -> Notice:
    library = turn.desk.library
    found = await asyncio.to_thread(library.subscriptions.get, numbers[0])
    if found is None or found.bot != turn.message.get_bot().id:
        return turn.voice.plain("notice_subscription_gone")
    if not await _may(turn, found.chat):
        return turn.voice.plain("notice_only_administrators")
    wished = await asyncio.to_thread(wished_of, library, found)
    return await _BY_SUBSCRIPTION[deed](turn, wished, numbers[1:])


async def _may(turn: Turn, chat: int) -> bool:
    """Tell whether somebody may change the alerts of a chat from where they pressed."""
    here = turn.message.chat
    if chat != here.id and here.type != ChatType.PRIVATE:
        return False
    return await may_manage(turn.message.get_bot(), chat, turn.user)


# Under answers


async def _follow_topic(turn: Turn) -> Notice:
    """Subscribe to what the question above is about."""
    return await _follow(turn, with_quotes=True)


async def _follow_question(turn: Turn) -> Notice:
    """Tell when something answers the question above."""
    return await _follow(turn, with_quotes=False)


async def _follow(turn: Turn, *, with_quotes: bool) -> Notice:
    if not await _may(turn, turn.message.chat_id):
        return turn.voice.plain("notice_only_administrators")
    replied = turn.message.reply_to_message
    asked = question_of(replied, turn.voice.bot) if replied else ""
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


async def _list(turn: Turn, numbers: Numbers) -> Notice:
    page = numbers[1] if len(numbers) > 1 else 0
    return await changed(turn.message, turn.voice, await _listed(turn, numbers[0], page))


async def _open(turn: Turn, numbers: Numbers) -> Notice:
    await turn.also(await _listed(turn, numbers[0], 0))
    return None


async def _listed(turn: Turn, chat: int, page: int) -> Rendered:
    bot = turn.message.get_bot().id
    known, found = await asyncio.to_thread(listed, turn.desk.library, bot, chat)
    thread = place_of(turn.message).thread
    return render_list(turn.voice, known, found, page, thread=thread)


async def _add(turn: Turn, numbers: Numbers) -> Notice:
    await _ask_for(turn, Prompt(Aim.ADD, numbers[0]), "ask_words", "placeholder_words")
    return None


async def _quiet(turn: Turn, numbers: Numbers) -> Notice:
    chat = await asyncio.to_thread(turn.desk.library.chats.get, numbers[0])
    return await changed(turn.message, turn.voice, render_quiet(turn.voice, chat))


async def _set_quiet(turn: Turn, numbers: Numbers) -> Notice:
    wanted = tuple(numbers[1:])
    hours = next((each for each in QUIET_PRESETS if (each.start, each.end) == wanted), None)
    if wanted and hours is None:
        return turn.voice.plain("notice_old_list")
    await asyncio.to_thread(set_quiet, turn.desk.library, numbers[0], hours)
    return await _quiet(turn, numbers)


async def _send_again(turn: Turn, numbers: Numbers) -> Notice:
    """Write to a chat again that was given up, if Telegram lets the bot."""
    bot, here = turn.message.get_bot(), turn.message.chat_id
    if numbers[0] != here and not await may_manage(bot, numbers[0], bot.bot):
        return turn.voice.plain("notice_may_not_post")
    await asyncio.to_thread(turn.desk.library.chats.activate, numbers[0])
    await _list(turn, numbers[:1])
    return turn.voice.plain("notice_sends_again")


async def _type_quiet(turn: Turn, numbers: Numbers) -> Notice:
    await _ask_for(turn, Prompt(Aim.QUIET, numbers[0]), "ask_quiet", "placeholder_hours")
    return None


async def _zones(turn: Turn, numbers: Numbers) -> Notice:
    chat = await asyncio.to_thread(turn.desk.library.chats.get, numbers[0])
    return await changed(turn.message, turn.voice, render_zones(turn.voice, chat))


async def _set_zone(turn: Turn, numbers: Numbers) -> Notice:
    if len(numbers) < 2 or not 0 <= numbers[1] < len(ZONES):
        return turn.voice.plain("notice_old_list")
    library = turn.desk.library
    await asyncio.to_thread(library.chats.set_time_zone, numbers[0], ZONES[numbers[1]][0])
    await asyncio.to_thread(library.subscriptions.reschedule, numbers[0], int(time.time()))
    return await _quiet(turn, numbers)


async def _card(turn: Turn, wished: Wished, _: Numbers = ()) -> Notice:
    return await changed(turn.message, turn.voice, render_card(turn.voice, wished))


async def _set_rhythm(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    rhythm = RHYTHMS[rest[0]]
    if rhythm is Rhythm.WEEKLY:
        return await changed(turn.message, turn.voice, render_weekdays(turn.voice, wished))
    if rhythm is Rhythm.DAILY:
        return await changed(turn.message, turn.voice, render_times(turn.voice, wished, rhythm))
    return await _scheduled(turn, wished, replace(wished.subscription.schedule, rhythm=rhythm))


async def _set_weekday(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    rendered = render_times(turn.voice, wished, Rhythm.WEEKLY, rest[0] % 7)
    return await changed(turn.message, turn.voice, rendered)


async def _set_time(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    rhythm, weekday, minute = rest
    schedule = Schedule(RHYTHMS[rhythm], minute % DAY_MINUTES, weekday % 7)
    return await _scheduled(turn, wished, schedule)


async def _type_time(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    number, is_weekly = wished.subscription.id, RHYTHMS[rest[0]] is Rhythm.WEEKLY
    prompt = Prompt(Aim.WEEKLY, number, rest[1] % 7) if is_weekly else Prompt(Aim.DAILY, number)
    await _ask_for(turn, prompt, "ask_time", "placeholder_time")
    return None


async def _scheduled(turn: Turn, wished: Wished, schedule: Schedule) -> Notice:
    number, now = wished.subscription.id, int(time.time())
    await asyncio.to_thread(turn.desk.library.subscriptions.set_schedule, number, schedule, now)
    return await _show(turn, number)


async def _do_pause(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    await asyncio.to_thread(pause, turn.desk.library, wished)
    return await _show(turn, wished.subscription.id)


async def _resume(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    await asyncio.to_thread(turn.desk.library.subscriptions.resume, wished.subscription.id)
    return await _show(turn, wished.subscription.id)


async def _silence(turn: Turn, wished: Wished, rest: Numbers) -> Notice:
    number, silent = wished.subscription.id, bool(rest[0])
    await asyncio.to_thread(turn.desk.library.subscriptions.set_silent, number, silent)
    return await _show(turn, number)


async def _ask_delete(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    return await changed(turn.message, turn.voice, render_deletion(turn.voice, wished))


async def _delete(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    await asyncio.to_thread(remove, turn.desk.library, wished)
    await _list(turn, [wished.subscription.chat])
    return turn.voice.plain("notice_stopped", name=name_of(turn, wished))


async def _rename(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    prompt = Prompt(Aim.RENAME, wished.subscription.id)
    await _ask_for(turn, prompt, "ask_name", "placeholder_name", name=name_of(turn, wished))
    return None


async def _edit(turn: Turn, wished: Wished, _: Numbers) -> Notice:
    prompt = Prompt(Aim.EDIT, wished.subscription.id)
    wish = str(wished.wish)
    await _ask_for(turn, prompt, "ask_other_words", "placeholder_words", wish=wish)
    return None


async def _ask_for(turn: Turn, prompt: Prompt, key: str, placeholder: str, **values: str) -> None:
    """Ask for a text that is to come as a reply."""
    parts = [
        Piece.plain(PROMPT_SIGN).linked(prompt.link(turn.voice.bot)),
        turn.voice.piece(key, **values),
    ]
    if turn.user and turn.message.chat.type != ChatType.PRIVATE:
        # Only for whoever is mentioned does the reply open by itself.
        name = turn.user.username
        mention = f"@{name}" if name else turn.user.mention_html()
        parts.insert(1, Piece.parse(mention) + Piece.plain(":"))
    await turn.message.reply_text(
        join(" ", parts).html,
        reply_markup=force_reply(turn.voice, placeholder),
        do_quote=False,
    )


async def _show(turn: Turn, number: int) -> Notice:
    """Show a subscription as it is now."""
    library = turn.desk.library
    found = await asyncio.to_thread(library.subscriptions.get, number)
    if found is None:
        return turn.voice.plain("notice_subscription_gone")
    return await _card(turn, await asyncio.to_thread(wished_of, library, found))


_BY_QUESTION: dict[Deed, Callable[[Turn], Awaitable[Notice]]] = {
    Deed.FOLLOW_TOPIC: _follow_topic,
    Deed.FOLLOW_QUESTION: _follow_question,
}


async def _vote_for(turn: Turn, numbers: Numbers) -> Notice:
    return await vote(turn, numbers, is_good=True)


async def _vote_against(turn: Turn, numbers: Numbers) -> Notice:
    return await vote(turn, numbers, is_good=False)


_BY_ARTICLE: dict[Deed, Callable[[Turn, Numbers], Awaitable[Notice]]] = {
    Deed.GOOD: _vote_for,
    Deed.BAD: _vote_against,
    Deed.ABOUT: alert_presses.about,
    Deed.ABOUT_ALL: alert_presses.about_all,
}
_BY_CHAT: dict[Deed, Callable[[Turn, Numbers], Awaitable[Notice]]] = {
    Deed.LIST: _list,
    Deed.OPEN: _open,
    Deed.SEND_AGAIN: _send_again,
    Deed.ADD: _add,
    Deed.QUIET: _quiet,
    Deed.SET_QUIET: _set_quiet,
    Deed.ZONE: _zones,
    Deed.SET_ZONE: _set_zone,
    Deed.TYPE_QUIET: _type_quiet,
    Deed.EXPORT: own_data.export_of,
    Deed.ASK_FORGET: own_data.ask_forget,
    Deed.FORGET: own_data.forget_at_last,
    Deed.KEEP: own_data.keep,
}
_BY_SUBSCRIPTION: dict[Deed, Callable[[Turn, Wished, Any], Awaitable[Notice]]] = {
    Deed.LESS: alert_presses.less,
    Deed.EXCLUDE: alert_presses.exclude,
    Deed.ASK_STOP: alert_presses.ask_stop,
    Deed.STOP: alert_presses.stop,
    Deed.PAUSE_HERE: alert_presses.pause_here,
    Deed.BACK: alert_presses.back,
    Deed.CARD: _card,
    Deed.PAUSE: _do_pause,
    Deed.RESUME: _resume,
    Deed.RENAME: _rename,
    Deed.EDIT: _edit,
    Deed.SILENCE: _silence,
    Deed.ASK_DELETE: _ask_delete,
    Deed.DELETE: _delete,
    Deed.RHYTHM: _set_rhythm,
    Deed.WEEKDAY: _set_weekday,
    Deed.TIME: _set_time,
    Deed.TYPE_TIME: _type_time,
}
