"""Subscriptions as Telegram messages: the list, one of them, and what can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.alerts import touch_button
from bot.captions import Voice, caption, clipped
from bot.markup import Piece, join
from bot.rendering import Rendered
from bot.subscription_buttons import Deed
from bot.wishes import (
    clock_in_words,
    frequency_in_words,
    schedule_in_words,
    subscription_name,
    weekday_in_words,
    wish_in_words,
)
from index.article import StoredArticle
from index.expecting import Expectation
from index.store.chats import Chat
from index.store.subscriptions import Subscription
from index.subscriptions import Pace, Wish
from index.subscriptions.timing import QuietHours, Rhythm

PAGE = 10  # subscriptions
ROW = 5  # buttons
OFTEN = 30  # alerts a day from which a digest is recommended
TITLE_LIMIT = 60  # UTF-16 units; of a chat
RHYTHMS = tuple(Rhythm)
DIGEST_MINUTES = tuple(60 * hour for hour in (6, 7, 8, 12, 17, 18, 20, 21))
QUIET_PRESETS = tuple(
    QuietHours(60 * start, 60 * end) for start, end in ((21, 6), (22, 6), (22, 7), (23, 7), (0, 6))
)
ZONES = (
    ("Asia/Ho_Chi_Minh", "Hà Nội"),
    ("Asia/Tokyo", "Tokyo, Seoul"),
    ("Asia/Singapore", "Singapore, Taipei"),
    ("Australia/Sydney", "Sydney"),
    ("Europe/Berlin", "Berlin, Praha, Paris"),
    ("Europe/London", "London"),
    ("America/New_York", "New York"),
    ("America/Los_Angeles", "Los Angeles"),
)
"""Where most speakers of Vietnamese live; any other zone can be typed."""


@dataclass(frozen=True, slots=True)
class Wished:
    """A subscription with what it asks for, and whether its chat cannot be written to."""

    subscription: Subscription
    wish: Wish
    is_given_up: bool = False


def render_added(
    voice: Voice,
    wished: Wished,
    expected: Expectation,
    latest: StoredArticle | None,
    *,
    is_new: bool,
) -> Rendered:
    """Return what was subscribed to, and how often alerts are to be expected."""
    key = "subscribed" if is_new else "subscribed_already"
    lines = [voice.piece(key, wish=clipped(wish_in_words(voice, wished.wish), 300))]
    if expected.count:
        pace = frequency_in_words(voice, expected.frequency)
        lines.append(voice.piece("expected", count=voice.count(expected.count), pace=pace))
    else:
        lines.append(voice.piece("expected_none"))
    parts = [join("\n", lines)]
    if latest:
        parts.append(join("\n", [voice.piece("expected_latest"), caption(voice, latest)]))
    often = expected.frequency.pace is Pace.DAILY and expected.frequency.count >= OFTEN
    if often and wished.subscription.schedule.rhythm is Rhythm.NOW:
        parts.append(voice.piece("expected_often"))
    number = wished.subscription.id
    first = [touch_button(voice.plain("button_change"), Deed.CARD, number)]
    if often:
        daily = RHYTHMS.index(Rhythm.DAILY)
        first.append(touch_button(voice.plain("button_daily"), Deed.RHYTHM, number, daily))
    second = [touch_button(voice.plain("button_delete"), Deed.ASK_DELETE, number)]
    return Rendered(join("\n\n", parts).html, InlineKeyboardMarkup([first, second]))


def render_list(
    voice: Voice, chat: Chat, found: Sequence[Wished], page: int = 0, *, thread: int | None = None
) -> Rendered:
    """Return the subscriptions of a chat, with a button for each.

    Args:
        voice: Who speaks.
        chat: The chat that they are of; a channel is named.
        found: All of them.
        page: Which of them to show, `PAGE` at a time.
        thread: The topic in which this is shown: others are marked.
    """
    page = max(0, min(page, (len(found) - 1) // PAGE))
    start = page * PAGE
    shown = list(enumerate(found, start=1))[start : start + PAGE]
    heading = voice.piece("subscriptions")
    if chat.title:
        heading += Piece.plain(f" · {clipped(chat.title, TITLE_LIMIT)}")
    lines = [_line(voice, place, each, thread) for place, each in shown]
    shown_lines = join("\n", lines) if lines else voice.piece("subscriptions_none")
    is_given_up = chat.inactive_since is not None
    warned = [voice.piece("given_up")] if is_given_up else []
    text = join("\n\n", [heading, *warned, shown_lines, _quiet(voice, chat)])
    numbered = [
        touch_button(f"⚙️ {place}", Deed.CARD, each.subscription.id) for place, each in shown
    ]
    rows = [numbered[first : first + ROW] for first in range(0, len(numbered), ROW)]
    turning = []
    if page:
        turning.append(touch_button(voice.plain("button_back"), Deed.LIST, chat.id, page - 1))
    if start + PAGE < len(found):
        turning.append(touch_button(voice.plain("button_more"), Deed.LIST, chat.id, page + 1))
    rows.append(turning)
    if is_given_up:
        rows.append([_send_again(voice, chat.id)])
    rows.append(
        [
            touch_button(voice.plain("button_add"), Deed.ADD, chat.id),
            touch_button(voice.plain("button_quiet"), Deed.QUIET, chat.id),
        ]
    )
    return Rendered(text.html, InlineKeyboardMarkup([row for row in rows if row]))


def render_card(voice: Voice, wished: Wished) -> Rendered:
    """Return one subscription, and all that can be done with it."""
    subscription = wished.subscription
    number, schedule = subscription.id, subscription.schedule
    name = Piece.plain(subscription_name(voice, subscription, wished.wish)).within("b")
    lines = [name]
    if subscription.name:
        lines.append(Piece.plain(wish_in_words(voice, wished.wish)))
    lines.append(Piece.plain(_state(voice, wished)))
    if wished.is_given_up:
        lines += [Piece(), voice.piece("given_up")]
    rhythms = [
        touch_button(_ticked(label, schedule.rhythm is rhythm), Deed.RHYTHM, number, place)
        for place, (rhythm, label) in enumerate(_rhythm_labels(voice).items())
    ]
    paused, silent = subscription.paused_at is not None, subscription.is_silent
    pausing = (
        touch_button(voice.plain("button_resume"), Deed.RESUME, number)
        if paused
        else touch_button(voice.plain("button_pause"), Deed.PAUSE, number)
    )
    loudness = voice.plain("button_loud" if silent else "button_silent")
    rows = [
        rhythms[:2],
        rhythms[2:],
        [pausing, touch_button(loudness, Deed.SILENCE, number, int(not silent))],
        [
            touch_button(voice.plain("button_rename"), Deed.RENAME, number),
            touch_button(voice.plain("button_edit"), Deed.EDIT, number),
        ],
        [
            touch_button(voice.plain("button_list"), Deed.LIST, subscription.chat, 0),
            touch_button(voice.plain("button_delete"), Deed.ASK_DELETE, number),
        ],
    ]
    if wished.is_given_up:
        rows.insert(0, [_send_again(voice, subscription.chat)])
    return Rendered(join("\n", lines).html, InlineKeyboardMarkup(rows))


def render_deletion(voice: Voice, wished: Wished) -> Rendered:
    """Return the question whether to end a subscription."""
    number = wished.subscription.id
    name = subscription_name(voice, wished.subscription, wished.wish)
    row = [
        touch_button(voice.plain("button_delete_surely"), Deed.DELETE, number),
        touch_button(voice.plain("button_keep"), Deed.CARD, number),
    ]
    return Rendered(voice.text("delete_surely", name=name), InlineKeyboardMarkup([row]))


def render_weekdays(voice: Voice, wished: Wished) -> Rendered:
    """Return the choice of the day of a weekly digest."""
    number = wished.subscription.id
    buttons = [
        touch_button(weekday_in_words(voice, day), Deed.WEEKDAY, number, day) for day in range(7)
    ]
    back = [touch_button(voice.plain("button_back"), Deed.CARD, number)]
    rows = [buttons[:4], buttons[4:], back]
    return Rendered(voice.text("choose_weekday"), InlineKeyboardMarkup(rows))


def render_times(voice: Voice, wished: Wished, rhythm: Rhythm, weekday: int = 0) -> Rendered:
    """Return the choice of the time of a daily or weekly digest."""
    number, place = wished.subscription.id, RHYTHMS.index(rhythm)
    buttons = [
        touch_button(clock_in_words(minute), Deed.TIME, number, place, weekday, minute)
        for minute in DIGEST_MINUTES
    ]
    last = [
        touch_button(voice.plain("button_back"), Deed.CARD, number),
        touch_button(voice.plain("button_other_time"), Deed.TYPE_TIME, number, place, weekday),
    ]
    rows = [buttons[:4], buttons[4:], last]
    return Rendered(voice.text("choose_time"), InlineKeyboardMarkup(rows))


def render_quiet(voice: Voice, chat: Chat) -> Rendered:
    """Return the choice of quiet hours."""
    presets = [
        touch_button(
            _ticked(quiet_in_words(quiet), quiet == chat.quiet),
            Deed.SET_QUIET,
            chat.id,
            quiet.start,
            quiet.end,
        )
        for quiet in QUIET_PRESETS
    ]
    never = _ticked(voice.plain("button_never_quiet"), chat.quiet is None)
    rows = [
        presets[:2],
        presets[2:4],
        [*presets[4:], touch_button(never, Deed.SET_QUIET, chat.id)],
        [
            touch_button(voice.plain("button_zone", zone=zone_in_words(chat)), Deed.ZONE, chat.id),
            touch_button(voice.plain("button_other_hours"), Deed.TYPE_QUIET, chat.id),
        ],
        [touch_button(voice.plain("button_list"), Deed.LIST, chat.id, 0)],
    ]
    text = join("\n\n", [voice.piece("choose_quiet"), _quiet(voice, chat)])
    return Rendered(text.html, InlineKeyboardMarkup(rows))


def render_zones(voice: Voice, chat: Chat) -> Rendered:
    """Return the choice of a time zone."""
    buttons = [
        touch_button(_ticked(label, name == zone_name(chat)), Deed.SET_ZONE, chat.id, place)
        for place, (name, label) in enumerate(ZONES)
    ]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    rows.append(
        [
            touch_button(voice.plain("button_back"), Deed.QUIET, chat.id),
            touch_button(voice.plain("button_other_hours"), Deed.TYPE_QUIET, chat.id),
        ]
    )
    return Rendered(voice.text("choose_zone"), InlineKeyboardMarkup(rows))


def quiet_in_words(quiet: QuietHours) -> str:
    """Return quiet hours: 22:00–06:30."""
    return f"{clock_in_words(quiet.start)}–{clock_in_words(quiet.end)}"


def zone_name(chat: Chat) -> str:
    """Return the IANA name of a chat's time zone."""
    return chat.time_zone or ZONES[0][0]


def zone_in_words(chat: Chat) -> str:
    """Return what a chat's time zone is called."""
    return dict(ZONES).get(zone_name(chat), zone_name(chat))


def channel_button(chat: Chat, deed: Deed = Deed.OPEN) -> InlineKeyboardButton:
    """Return the button that opens the list of a channel, or does another deed for it."""
    sign = "" if chat.inactive_since is None else "⚠️ "
    return touch_button(sign + title_of(chat), deed, chat.id)


def title_of(chat: Chat) -> str:
    """Return what to call a channel: its title, else its number."""
    return clipped(chat.title or str(chat.id), TITLE_LIMIT)


def _send_again(voice: Voice, chat: int) -> InlineKeyboardButton:
    return touch_button(voice.plain("button_send_again"), Deed.SEND_AGAIN, chat)


def _line(voice: Voice, place: int, wished: Wished, thread: int | None) -> Piece:
    subscription = wished.subscription
    name = Piece.plain(f"{place}. {subscription_name(voice, subscription, wished.wish)}")
    parts = [_state(voice, wished)]
    if subscription.thread != thread and subscription.thread is not None:
        parts.append(voice.plain("other_topic"))
    return name + Piece.plain(" · " + " · ".join(parts))


def _state(voice: Voice, wished: Wished) -> str:
    subscription = wished.subscription
    parts = [schedule_in_words(voice, subscription.schedule)]
    if subscription.is_silent:
        parts.append(voice.plain("is_silent"))
    if subscription.paused_at is not None:
        parts.append(voice.plain("is_paused"))
    if wished.is_given_up:
        parts.append(voice.plain("is_given_up"))
    return " · ".join(parts)


def _quiet(voice: Voice, chat: Chat) -> Piece:
    if chat.quiet is None:
        return voice.piece("quiet_never")
    return voice.piece("quiet_hours", hours=quiet_in_words(chat.quiet), zone=zone_in_words(chat))


def _rhythm_labels(voice: Voice) -> dict[Rhythm, str]:
    return {
        Rhythm.NOW: voice.plain("button_now"),
        Rhythm.HOURLY: voice.plain("button_hourly"),
        Rhythm.DAILY: voice.plain("button_daily"),
        Rhythm.WEEKLY: voice.plain("button_weekly"),
    }


def _ticked(label: str, is_chosen: bool) -> str:
    return f"✓ {label}" if is_chosen else label
