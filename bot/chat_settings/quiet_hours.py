"""Quiet hours and time zone of a chat: `/quiet`, its buttons, and replies to its prompt.

They are typed as 22:00-6:30, with a time zone or not.
"""

import asyncio
import re
import time
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.chat_settings.views import QUIET_PRESETS, ZONES, ChatAction, render_quiet, render_zones
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, edit_message
from bot.conversation.permissions import managers_only, require_manager, require_manager_of
from bot.conversation.prompts import Aim, Prompt, ask_for, with_prompt
from index import Library
from index.models.schedule import DAY_MINUTES, QuietHours

CLOCK = r"\d{1,2}(?:\s*(?:[:hg]|giờ|gio)\s*(?:\d{2})?)?"
"""A typed time of day (6:45, 6h45, 18 giờ 30, 7g) as a regular expression without groups."""

_PARTS = re.compile(r"\d+")
_CLOCK = re.compile(CLOCK, re.IGNORECASE)

_HOURS = re.compile(
    rf"(?P<first>{CLOCK})\s*(?:-|–|—|đến|den|to)\s*(?P<last>{CLOCK})"
    r"(?:\s+(?P<zone>[A-Za-z][\w/+-]+))?",
    re.IGNORECASE,
)
_OFF = frozenset({"off", "tắt", "tat", "không", "khong", "0"})


@dataclass(frozen=True, slots=True)
class TypedQuietHours:
    """Quiet hours as they were typed, or None for none, and the zone typed behind them."""

    hours: QuietHours | None
    zone: str | None = None


async def quiet(turn: ChatContext) -> None:
    """`/quiet [22:00-6:30 [ZONE]]`: when not to disturb this chat; `/quiet off`: never."""
    if not await require_manager(turn):
        return
    chat, words = turn.message.chat_id, turn.words.strip()
    typed = read_quiet(words)
    if typed is not None:
        await set_typed(turn, chat, typed)
    elif words:
        await turn.say("quiet_not_understood")
    else:
        await _show(turn, chat)


async def set_typed(turn: ChatContext, chat: int, typed: TypedQuietHours) -> None:
    """Set the quiet hours of a chat, or say that there is no such time zone."""
    zone = await turn.searching(known_zone, typed.zone) if typed.zone else None
    if typed.zone and zone is None:
        await turn.say("zone_unknown", zone=typed.zone[:60])
        return
    await turn.searching(set_quiet, turn.desk.library, chat, typed.hours, zone)
    await _show(turn, chat)


async def _show(turn: ChatContext, chat: int) -> None:
    known = await turn.searching(turn.desk.library.chats.get, chat)
    await turn.reply(render_quiet(turn.voice, known))


@with_prompt
async def reply_with_hours(turn: ChatContext, prompt: Prompt, text: str) -> None:
    """A reply to the prompt for quiet hours: set them."""
    if await require_manager_of(turn, prompt.number):
        typed = read_quiet(text.strip())
        if typed is None:
            await turn.say("quiet_reply_not_understood")
        else:
            await set_typed(turn, prompt.number, typed)


@managers_only
async def offer_hours(turn: ChatContext, chat: int) -> Notice:
    """Offer quiet hours."""
    return await _show_choice(turn, chat)


@managers_only
async def choose_hours(turn: ChatContext, chat: int, start: int, end: int) -> Notice:
    """Set quiet hours that are offered."""
    hours = QuietHours(start, end)
    if hours not in QUIET_PRESETS:
        return turn.voice.plain("notice_old_list")
    await asyncio.to_thread(set_quiet, turn.desk.library, chat, hours)
    return await _show_choice(turn, chat)


@managers_only
async def choose_no_hours(turn: ChatContext, chat: int) -> Notice:
    """Have no quiet hours."""
    await asyncio.to_thread(set_quiet, turn.desk.library, chat, None)
    return await _show_choice(turn, chat)


@managers_only
async def ask_for_hours(turn: ChatContext, chat: int) -> Notice:
    """Ask for quiet hours."""
    await ask_for(turn, Prompt(Aim.QUIET, chat), "ask_quiet", "placeholder_hours")
    return None


@managers_only
async def offer_zones(turn: ChatContext, chat: int) -> Notice:
    """Offer time zones."""
    known = await asyncio.to_thread(turn.desk.library.chats.get, chat)
    return await edit_message(turn.message, turn.voice, render_zones(turn.voice, known))


@managers_only
async def choose_zone(turn: ChatContext, chat: int, place: int) -> Notice:
    """Set a time zone that is offered."""
    library, (zone, _) = turn.desk.library, ZONES[place]
    await asyncio.to_thread(library.chats.set_time_zone, chat, zone)
    await asyncio.to_thread(library.subscriptions.reschedule, chat, int(time.time()))
    return await _show_choice(turn, chat)


async def _show_choice(turn: ChatContext, chat: int) -> Notice:
    known = await asyncio.to_thread(turn.desk.library.chats.get, chat)
    return await edit_message(turn.message, turn.voice, render_quiet(turn.voice, known))


CALLBACKS: Callbacks = {
    ChatAction.QUIET: offer_hours,
    ChatAction.SET_QUIET: choose_hours,
    ChatAction.NEVER_QUIET: choose_no_hours,
    ChatAction.TYPE_QUIET: ask_for_hours,
    ChatAction.ZONE: offer_zones,
    ChatAction.SET_ZONE: choose_zone,
}


def read_quiet(text: str) -> TypedQuietHours | None:
    """Return what was typed behind `/quiet`; None if it cannot be understood."""
    if text.lower() in _OFF:
        return TypedQuietHours(None)
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    start, end = read_clock(match["first"]), read_clock(match["last"])
    if start is None or end is None:
        return None
    hours = QuietHours(start % DAY_MINUTES, end % DAY_MINUTES)
    return TypedQuietHours(hours, match["zone"]) if hours.start != hours.end else None


def read_clock(text: str) -> int | None:
    """Return a time of day in minutes since midnight, up to 24:00; None if it is none."""
    if not _CLOCK.fullmatch(text.strip()):
        return None
    hours, minutes, *_ = (*map(int, _PARTS.findall(text)), 0)
    minute = hours * 60 + minutes
    return minute if minutes < 60 and minute <= DAY_MINUTES else None


def known_zone(typed: str) -> str | None:
    """Return the IANA name of a time zone, in whatever case it was typed; None if it is none."""
    return next((name for name in available_timezones() if name.lower() == typed.lower()), None)


def set_quiet(
    library: Library, chat: int, hours: QuietHours | None, zone: str | None = None
) -> None:
    """Remember quiet hours, and a zone if one is given; what is owed comes by them. Blocks."""
    if zone:
        library.chats.set_time_zone(chat, zone)
    library.chats.set_quiet(chat, hours)
    library.subscriptions.reschedule(chat, int(time.time()))
