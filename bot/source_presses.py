"""What the bot does when an admin presses a button of sources."""

import asyncio
from functools import partial

from telegram import CallbackQuery, Message, Update

from bot.captions import Voice
from bot.presses import answer_press
from bot.source_buttons import SourcePress, SourceVerb, identity
from bot.source_cards import render_list, render_removal, render_source
from bot.source_desk import SourceDesk
from bot.source_shown import Shown
from bot.turns import Context, Desk, changed
from index.store.sources import Source


async def press_source(tending: SourceDesk, desk: Desk, update: Update, context: Context) -> None:
    """A button of sources was pressed: do what it says, and answer the press."""
    await answer_press(desk, update, context, partial(_act, tending))


async def _act(tending: SourceDesk, query: CallbackQuery, voice: Voice) -> str | None:
    """Do what a button says; return what is to be said about it, if anything."""
    pressed = SourcePress.decode(query.data or "")
    if pressed is None:
        return voice.plain("notice_old_button")
    message = query.message
    if not isinstance(message, Message):
        return voice.plain("notice_message_gone")
    if not tending.admits(query.from_user, message):
        return voice.plain("notice_admins_only")
    followed = await asyncio.to_thread(tending.library.followed.all)
    shown = Shown(tending, voice, partial(changed, message, voice))
    if pressed.verb is SourceVerb.CHECK_PAUSED:
        return _check(shown, *(source for source in followed if source.gave_out))
    if pressed.source is None:
        return await changed(message, voice, render_list(voice, followed, pressed.page))
    source = next((each for each in followed if identity(each) == pressed.source), None)
    if source is None:
        await changed(message, voice, render_list(voice, followed, pressed.page))
        return voice.plain("notice_source_gone")
    return await _tend(shown, source, pressed)


async def _tend(shown: Shown, source: Source, pressed: SourcePress) -> str | None:
    """Do with a source what a button says."""
    tending, voice, page = shown.tending, shown.voice, pressed.page
    store = tending.library.followed
    match pressed.verb:
        case SourceVerb.CHECK:
            return _check(shown, source, page=page)
        case SourceVerb.REMOVE:
            comes_back = tending.comes_back(source)
            rendered = render_removal(voice, source, comes_back=comes_back, page=page)
        case SourceVerb.REMOVE_SURELY:
            await asyncio.to_thread(store.remove, source.id)
            rendered = render_list(voice, await asyncio.to_thread(store.all), page)
        case SourceVerb.PAUSE:
            await asyncio.to_thread(store.pause, source.id)
            source = await asyncio.to_thread(store.by_id, source.id)
            rendered = render_source(voice, source, page=page)
        case _:
            rendered = render_source(voice, source, page=page)
    await shown.show(rendered)
    return voice.plain("notice_removed") if pressed.verb is SourceVerb.REMOVE_SURELY else None


def _check(shown: Shown, *chosen: Source, page: int = 0) -> str | None:
    """Have sources checked beside the updates."""
    if not chosen:
        return shown.voice.plain("notice_none_paused")
    shown.tending.chores.start(shown.check(*chosen, page=page), shown.sorry)
    return None
