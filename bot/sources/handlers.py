"""Handler of the `/sources` command: summary for everybody, administration for admins.

In their private chat with the bot admins see the state of each source, with buttons, and type
`/sources add URL [NAME]`, `remove NAME`, `pause NAME` and `check [NAME]`; lists of sources go out
by `/sources export` and come in as files.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from telegram.constants import ChatType

from bot.conversation.context import ChatContext
from bot.conversation.memory import Aim, Prompt
from bot.conversation.prompts import ask_for
from bot.messages.captions import clip
from bot.sources.context import SourceAdmin, StatusMessage
from bot.sources.following import add_address
from bot.sources.opml import explain_import, export_list
from bot.sources.views import render_list, render_removal, render_source, render_sources
from bot.sources.words import localize_error
from index.errors import HoiBaoError
from index.models.problem import reason
from index.store.sources import Source, SourceError

ADD_SECONDS = 120.0  # to find what can be followed: 16 requests, to a site that may be slow
GIVEN_LIMIT = 100  # UTF-16 units of what somebody typed, shown again


async def show_sources(turn: ChatContext) -> None:
    """`/sources`, for everybody: list the sources of the articles."""
    summaries = await turn.searching(turn.desk.library.sources)
    if summaries:
        await turn.reply(render_sources(turn.voice, summaries))
    else:
        await turn.say("empty_library")


async def sources(source_admin: SourceAdmin, turn: ChatContext) -> None:
    """`/sources […]`: list the sources; for admins, run its subcommands."""
    first, _, rest = turn.words.partition(" ")
    action = _ACTIONS.get(first.lower())
    if not source_admin.allows(turn.message.from_user, turn.message):
        await (_refuse(turn) if action else show_sources(turn))
    elif action:
        await action(source_admin, turn, rest.strip())
    elif first:
        await turn.say("sources_usage")
    else:
        summaries = await turn.searching(source_admin.library.sources)
        followed = await source_admin.all()
        await turn.reply(render_list(turn.voice, followed, summaries=summaries))


async def _add(source_admin: SourceAdmin, turn: ChatContext, words: str) -> None:
    """`/sources add URL [NAME]`: discover a source, follow it, check it."""
    place, _, name = words.partition(" ")
    if not place:
        prompt = Prompt(Aim.SOURCE, turn.message.chat_id)
        await ask_for(turn, prompt, "ask_source", "placeholder_source")
        return
    await turn.say("adding", place=clip(place, GIVEN_LIMIT))
    status = StatusMessage(source_admin, turn.voice, replace(turn, edited=True).reply)
    status.start(_add_address(status, place, name.strip() or None))


async def answer_with_address(
    source_admin: SourceAdmin, turn: ChatContext, _: Prompt, text: str
) -> None:
    """Follow the source at the address that answers the prompt."""
    if source_admin.allows(turn.message.from_user, turn.message):
        await _add(source_admin, turn, text)
    else:
        await _refuse(turn)


async def _add_address(status: StatusMessage, place: str, name: str | None) -> None:
    source_admin, voice = status.source_admin, status.voice
    try:
        async with asyncio.timeout(ADD_SECONDS):
            source = await add_address(
                source_admin.library.followed, source_admin.follower.fetcher, place, name
            )
    except TimeoutError:
        await status.say("add_too_slow", place=clip(place, GIVEN_LIMIT))
    except HoiBaoError as error:
        await status.say("add_failed", error=localize_error(voice, reason(error)))
    else:
        await status.check(source, above=voice.piece("added"))


async def _remove(source_admin: SourceAdmin, turn: ChatContext, words: str) -> None:
    """`/sources remove NAME`: ask for confirmation."""
    if source := await _named(source_admin, turn, words):
        is_in_settings = source_admin.is_in_settings(source)
        await turn.reply(render_removal(turn.voice, source, is_in_settings=is_in_settings))


async def _pause(source_admin: SourceAdmin, turn: ChatContext, words: str) -> None:
    """`/sources pause NAME`: pause it until it is checked on request."""
    if source := await _named(source_admin, turn, words):
        await turn.reply(render_source(turn.voice, await source_admin.pause(source)))


async def _check(source_admin: SourceAdmin, turn: ChatContext, words: str) -> None:
    """`/sources check [NAME]`: check one source, or all that are not paused."""
    if words:
        source = await _named(source_admin, turn, words)
        chosen = [source] if source else []
    else:
        chosen = [source for source in await source_admin.all() if source.paused is None]
        if not chosen:
            await turn.say("nothing_to_check")
    if chosen:
        status = StatusMessage(source_admin, turn.voice, replace(turn, edited=True).reply)
        status.start(status.check(*chosen))


_ACTIONS: Mapping[str, Callable[[SourceAdmin, ChatContext, str], Awaitable[None]]] = {
    "add": _add,
    "remove": _remove,
    "pause": _pause,
    "check": _check,
    "export": export_list,
    "import": explain_import,
}


async def _named(source_admin: SourceAdmin, turn: ChatContext, name: str) -> Source | None:
    """Look up a source by name; reply if there is none."""
    if not name:
        await turn.say("sources_usage")
        return None
    with suppress(SourceError):
        return await asyncio.to_thread(source_admin.library.followed.by_name, name)
    followed = await source_admin.all()
    alike = [source for source in followed if source.name.casefold() == name.casefold()]
    if len(alike) == 1:
        return alike[0]
    await turn.say("source_unknown", name=clip(name, GIVEN_LIMIT))
    return None


async def _refuse(turn: ChatContext) -> None:
    """Refuse a subcommand, without disclosing anything about the sources."""
    person = turn.message.from_user
    if turn.message.chat.type == ChatType.PRIVATE and person:
        await turn.say("sources_admins_only", id=person.id)
    else:
        await turn.say("sources_private_only")
