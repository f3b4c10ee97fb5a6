"""Callback query handlers of source buttons: list, open, check, pause, remove. Admins only."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial, wraps

from bot.conversation.callbacks import Callback, Callbacks, Notice
from bot.conversation.context import ChatContext
from bot.messages.rendered import Rendered
from bot.sources.context import SourceAdmin, StatusMessage
from bot.sources.views import SourceAction, identity, render_list, render_removal, render_source
from index.store.sources import Source


def source_callbacks(source_admin: SourceAdmin) -> Callbacks:
    """Return the callbacks of source buttons, restricted to admins."""
    callbacks: dict[SourceAction, Callback] = {
        SourceAction.LIST: show_list,
        SourceAction.CHECK_PAUSED: check_paused,
        SourceAction.OPEN: open_source,
        SourceAction.CHECK: check,
        SourceAction.PAUSE: pause,
        SourceAction.REMOVE: ask_remove,
        SourceAction.REMOVE_SURELY: remove,
    }
    return {action: partial(_by_admins, source_admin, each) for action, each in callbacks.items()}


async def _by_admins(
    source_admin: SourceAdmin, callback: Callback, turn: ChatContext, *values: int
) -> Notice:
    if not source_admin.allows(turn.user, turn.message):
        return turn.voice.plain("notice_admins_only")
    return await callback(source_admin, turn, *values)


def _of_source(
    callback: Callable[[SourceAdmin, ChatContext, Source, int], Awaitable[Notice]],
) -> Callable[[SourceAdmin, ChatContext, int, int, int], Awaitable[Notice]]:
    """Look up the source in the callback data, answering if it is no longer followed."""

    @wraps(callback)
    async def found(
        source_admin: SourceAdmin, turn: ChatContext, number: int, added: int, page: int
    ) -> Notice:
        followed = await asyncio.to_thread(source_admin.library.followed.all)
        for source in followed:
            if identity(source) == (number, added):
                return await callback(source_admin, turn, source, page)
        await _show(turn, render_list(turn.voice, followed, page))
        return turn.voice.plain("notice_source_gone")

    return found


async def show_list(source_admin: SourceAdmin, turn: ChatContext, page: int) -> Notice:
    """Show a page of the list of sources."""
    followed = await asyncio.to_thread(source_admin.library.followed.all)
    return await _show(turn, render_list(turn.voice, followed, page))


async def check_paused(source_admin: SourceAdmin, turn: ChatContext, _: int) -> Notice:
    """Have all sources checked that are paused because they failed."""
    followed = await asyncio.to_thread(source_admin.library.followed.all)
    chosen = [source for source in followed if source.paused_by_failures]
    if not chosen:
        return turn.voice.plain("notice_none_paused")
    _check(source_admin, turn, *chosen)
    return None


@_of_source
async def open_source(_: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Show one source."""
    return await _show(turn, render_source(turn.voice, source, page=page))


@_of_source
async def check(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Check a source now, resuming it if it is paused."""
    _check(source_admin, turn, source, page=page)
    return None


@_of_source
async def pause(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Pause a source."""
    store = source_admin.library.followed
    await asyncio.to_thread(store.pause, source.id)
    paused = await asyncio.to_thread(store.by_id, source.id)
    return await _show(turn, render_source(turn.voice, paused, page=page))


@_of_source
async def ask_remove(
    source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int
) -> Notice:
    """Ask for confirmation to stop following a source."""
    is_in_settings = source_admin.is_in_settings(source)
    rendered = render_removal(turn.voice, source, is_in_settings=is_in_settings, page=page)
    return await _show(turn, rendered)


@_of_source
async def remove(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Stop following a source."""
    store = source_admin.library.followed
    await asyncio.to_thread(store.remove, source.id)
    await _show(turn, render_list(turn.voice, await asyncio.to_thread(store.all), page))
    return turn.voice.plain("notice_removed")


def _check(source_admin: SourceAdmin, turn: ChatContext, *chosen: Source, page: int = 0) -> None:
    """Have sources checked beside the updates."""
    shown = StatusMessage(source_admin, turn.voice, partial(_show, turn))
    source_admin.background_tasks.start(shown.check(*chosen, page=page), shown.report_failure)


async def _show(turn: ChatContext, rendered: Rendered) -> Notice:
    return await turn.show(rendered)
