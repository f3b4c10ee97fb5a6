"""Callback query handlers of source buttons: list, open, check, pause, remove. Admins only."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from bot.conversation.callbacks import Callback, Callbacks, Notice
from bot.conversation.context import ChatContext
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
    return {action: partial(_by_admins, source_admin, call) for action, call in callbacks.items()}


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

    async def call(
        source_admin: SourceAdmin, turn: ChatContext, number: int, added: int, page: int
    ) -> Notice:
        followed = await source_admin.all()
        for source in followed:
            if identity(source) == (number, added):
                return await callback(source_admin, turn, source, page)
        await turn.show(render_list(turn.voice, followed, page))
        return turn.voice.plain("notice_source_gone")

    return call


async def show_list(source_admin: SourceAdmin, turn: ChatContext, page: int) -> Notice:
    """Show a page of the list of sources."""
    return await turn.show(render_list(turn.voice, await source_admin.all(), page))


async def check_paused(source_admin: SourceAdmin, turn: ChatContext, _: int) -> Notice:
    """Have all sources checked that are paused because they failed."""
    chosen = [source for source in await source_admin.all() if source.paused_by_failures]
    if not chosen:
        return turn.voice.plain("notice_none_paused")
    _check(source_admin, turn, *chosen)
    return None


@_of_source
async def open_source(
    source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int
) -> Notice:
    """Show one source, and how its last articles read."""
    readings = await source_admin.readings(source)
    return await turn.show(render_source(turn.voice, source, readings=readings, page=page))


@_of_source
async def check(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Check a source now, resuming it if it is paused."""
    _check(source_admin, turn, source, page=page)
    return None


@_of_source
async def pause(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Pause a source."""
    paused = await source_admin.pause(source)
    return await turn.show(render_source(turn.voice, paused, page=page))


@_of_source
async def ask_remove(
    source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int
) -> Notice:
    """Ask for confirmation to stop following a source."""
    is_in_settings = source_admin.is_in_settings(source)
    rendered = render_removal(turn.voice, source, is_in_settings=is_in_settings, page=page)
    return await turn.show(rendered)


@_of_source
async def remove(source_admin: SourceAdmin, turn: ChatContext, source: Source, page: int) -> Notice:
    """Stop following a source."""
    await asyncio.to_thread(source_admin.library.followed.remove, source.id)
    await show_list(source_admin, turn, page)
    return turn.voice.plain("notice_removed")


def _check(source_admin: SourceAdmin, turn: ChatContext, *chosen: Source, page: int = 0) -> None:
    """Have sources checked beside the updates."""
    status = StatusMessage(source_admin, turn.voice, turn.show)
    status.start(status.check(*chosen, page=page))
