"""Set quiet hours and the time zone of a chat: `/quiet`, its buttons, answers to its prompt.

They are typed as 22:00-6:30, optionally followed by a time zone.
"""

import asyncio
import re
import time
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.chat_settings.views import QUIET_PRESETS, ZONES, ChatAction, render_quiet, render_zones
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.memory import Aim, Prompt
from bot.conversation.permissions import require_manager, require_manager_by_button
from bot.conversation.prompts import ask_for
from index import Library
from index.models.schedule import DAY_MINUTES, QuietHours

BEFORE_NOON = ("sáng", "sang", "am")
NOON = ("trưa", "trua")
AFTER_NOON = ("chiều", "chieu", "tối", "toi", "pm")
TWELVE_HOURS = ("am", "pm")  # by which 12 is midnight and noon
PARTS_OF_DAY = (*BEFORE_NOON, *NOON, *AFTER_NOON)
"""Words behind a time of day on a clock of twelve hours."""

CLOCK = (
    r"\d{1,2}(?:\s*+(?:[:hg]|giờ|gio)\s*+(?:\d{2})?)?"
    rf"(?:\s*+(?:{'|'.join(PARTS_OF_DAY)}))?"
)
"""A typed time of day (6:45, 6h45, 18 giờ 30, 7g, 8 giờ tối) as a regular expression without
groups."""

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
    """Typed quiet hours (None for `off`), and the time zone after them if any."""

    hours: QuietHours | None
    zone: str | None = None


async def quiet(turn: ChatContext) -> None:
    """`/quiet [22:00-6:30 [ZONE]]`: set or show quiet hours; `/quiet off`: have none."""
    await require_manager(turn)
    chat, words = turn.message.chat_id, turn.words.strip()
    typed = parse_quiet_hours(words)
    if typed is not None:
        await set_typed_hours(turn, chat, typed)
    elif words:
        await turn.say("quiet_not_understood")
    else:
        await _show(turn, chat)


async def set_typed_hours(turn: ChatContext, chat: int, typed: TypedQuietHours) -> None:
    """Set the quiet hours of a chat, if there is a time zone of that name."""
    zone = await turn.searching(find_zone, typed.zone) if typed.zone else None
    if typed.zone and zone is None:
        raise RefusedError("zone_unknown", zone=typed.zone[:60])
    await turn.searching(set_quiet_hours, turn.desk.library, chat, typed.hours, zone)
    await _show(turn, chat)


async def _show(turn: ChatContext, chat: int) -> Notice:
    known = await turn.searching(turn.desk.library.chats.get, chat)
    return await turn.show(render_quiet(turn.voice, known))


async def answer_with_hours(turn: ChatContext, prompt: Prompt, text: str) -> None:
    """Set quiet hours from the answer to the prompt."""
    await require_manager(turn, prompt.number)
    typed = parse_quiet_hours(text.strip())
    if typed is None:
        raise RefusedError("quiet_reply_not_understood")
    await set_typed_hours(turn, prompt.number, typed)


async def offer_hours(turn: ChatContext, chat: int) -> Notice:
    """Offer quiet hours."""
    await require_manager_by_button(turn, chat)
    return await _show(turn, chat)


async def choose_hours(turn: ChatContext, chat: int, *bounds: int) -> Notice:
    """Set one of the offered quiet hours, or without bounds none."""
    await require_manager_by_button(turn, chat)
    hours = QuietHours(*bounds) if bounds else None
    if hours not in (None, *QUIET_PRESETS):
        raise RefusedError("old_list")
    await asyncio.to_thread(set_quiet_hours, turn.desk.library, chat, hours)
    return await _show(turn, chat)


async def ask_for_hours(turn: ChatContext, chat: int) -> None:
    """Ask for quiet hours."""
    await require_manager_by_button(turn, chat)
    await ask_for(turn, Prompt(Aim.QUIET, chat), "ask_quiet", "placeholder_hours")


async def offer_zones(turn: ChatContext, chat: int) -> Notice:
    """Offer time zones."""
    await require_manager_by_button(turn, chat)
    known = await asyncio.to_thread(turn.desk.library.chats.get, chat)
    return await turn.show(render_zones(turn.voice, known))


async def choose_zone(turn: ChatContext, chat: int, place: int) -> Notice:
    """Set one of the offered time zones."""
    await require_manager_by_button(turn, chat)
    library, (zone, _) = turn.desk.library, ZONES[place]
    await asyncio.to_thread(library.chats.set_time_zone, chat, zone)
    await asyncio.to_thread(library.subscriptions.reschedule, chat, int(time.time()))
    return await _show(turn, chat)


CALLBACKS: Callbacks = {
    ChatAction.QUIET: offer_hours,
    ChatAction.SET_QUIET: choose_hours,
    ChatAction.NEVER_QUIET: choose_hours,
    ChatAction.TYPE_QUIET: ask_for_hours,
    ChatAction.ZONE: offer_zones,
    ChatAction.SET_ZONE: choose_zone,
}


def parse_quiet_hours(text: str) -> TypedQuietHours | None:
    """Parse the quiet hours typed after `/quiet`; None if that is impossible."""
    if is_off(text):
        return TypedQuietHours(None)
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    start, end = parse_clock(match["first"]), parse_clock(match["last"])
    if start is None or end is None:
        return None
    hours = QuietHours(start % DAY_MINUTES, end % DAY_MINUTES)
    return TypedQuietHours(hours, match["zone"]) if hours.start != hours.end else None


def is_off(text: str) -> bool:
    """Tell whether a text typed in place of a time means that there is to be none."""
    return text.lower() in _OFF


def parse_clock(text: str) -> int | None:
    """Parse a time of day into minutes since midnight, up to 24:00; None if it is not one."""
    if not _CLOCK.fullmatch(text.strip()):
        return None
    hours, minutes, *_ = (*map(int, _PARTS.findall(text)), 0)
    hour = _hour_of_day(hours, text.strip().lower())
    if hour is None or minutes >= 60 or hour * 60 + minutes > DAY_MINUTES:
        return None
    return hour * 60 + minutes


def _hour_of_day(hour: int, text: str) -> int | None:
    """Return the hour of the day of a typed hour; None if it and the part of the day disagree."""
    if hour == 12 and text.endswith(TWELVE_HOURS):
        return 12 if text.endswith(AFTER_NOON) else 0
    if text.endswith(BEFORE_NOON):
        return hour if hour < 12 else None
    if text.endswith(NOON):
        return {10: 10, 11: 11, 12: 12, 1: 13, 2: 14}.get(hour)
    if text.endswith(AFTER_NOON):
        return hour + 12 if hour < 12 else hour if hour > 12 else None
    return hour


def find_zone(typed: str) -> str | None:
    """Find the IANA name of a time zone, ignoring case; None if there is no such zone."""
    return next((name for name in available_timezones() if name.lower() == typed.lower()), None)


def set_quiet_hours(
    library: Library, chat: int, hours: QuietHours | None, zone: str | None = None
) -> None:
    """Store quiet hours and a zone if given, and reschedule pending deliveries. Blocks."""
    if zone:
        library.chats.set_time_zone(chat, zone)
    library.chats.set_quiet(chat, hours)
    library.subscriptions.reschedule(chat, int(time.time()))
