"""`/quiet`: when a chat is not to be disturbed, typed as 22:00-6:30, with a time zone or not."""

import re
import time
from dataclasses import dataclass
from zoneinfo import available_timezones

from bot.clocks import CLOCK, read_clock
from bot.subscribing import allowed
from bot.subscription_views import render_quiet
from bot.turns import Turn
from index import Library
from index.subscriptions.timing import DAY_MINUTES, QuietHours

_HOURS = re.compile(
    rf"(?P<first>{CLOCK})\s*(?:-|–|—|đến|den|to)\s*(?P<last>{CLOCK})"
    r"(?:\s+(?P<zone>[A-Za-z][\w/+-]+))?",
    re.IGNORECASE,
)
_OFF = frozenset({"off", "tắt", "tat", "không", "khong", "0"})


@dataclass(frozen=True, slots=True)
class Typed:
    """Quiet hours as they were typed, or None for none, and the zone typed behind them."""

    hours: QuietHours | None
    zone: str | None = None


async def quiet(turn: Turn) -> None:
    """`/quiet [22:00-6:30 [ZONE]]`: when not to disturb this chat; `/quiet off`: never."""
    if not await allowed(turn):
        return
    chat, words = turn.message.chat_id, turn.words.strip()
    typed = read_quiet(words)
    if typed is not None:
        await set_typed(turn, chat, typed)
    elif words:
        await turn.say("quiet_not_understood")
    else:
        await _show(turn, chat)


async def set_typed(turn: Turn, chat: int, typed: Typed) -> None:
    """Set the quiet hours of a chat, or say that there is no such time zone."""
    zone = await turn.searching(known_zone, typed.zone) if typed.zone else None
    if typed.zone and zone is None:
        await turn.say("zone_unknown", zone=typed.zone[:60])
        return
    await turn.searching(set_quiet, turn.desk.library, chat, typed.hours, zone)
    await _show(turn, chat)


async def _show(turn: Turn, chat: int) -> None:
    known = await turn.searching(turn.desk.library.chats.get, chat)
    await turn.reply(render_quiet(turn.voice, known))


def read_quiet(text: str) -> Typed | None:
    """Return what was typed behind `/quiet`; None if it cannot be understood."""
    if text.lower() in _OFF:
        return Typed(None)
    match = _HOURS.fullmatch(text)
    if match is None:
        return None
    start, end = read_clock(match["first"]), read_clock(match["last"])
    if start is None or end is None:
        return None
    hours = QuietHours(start % DAY_MINUTES, end % DAY_MINUTES)
    return Typed(hours, match["zone"]) if hours.start != hours.end else None


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
