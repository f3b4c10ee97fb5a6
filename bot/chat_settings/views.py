"""Render the settings of a chat as Telegram messages: quiet hours, time zone, channels."""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.callback_data import Action, button
from bot.messages.captions import clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from index.models.schedule import QuietHours
from index.store.chats import Chat

TITLE_LIMIT = 60  # UTF-16 units; of a chat
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

ENGLISH_PLACES = {"Hà Nội": "Hanoi", "Berlin, Praha, Paris": "Berlin, Prague, Paris"}
"""Labels of zones that are spelled otherwise in English."""


DIGEST_MINUTES = tuple(60 * hour for hour in (6, 7, 8, 12, 17, 18, 20, 21))
"""Times of day that are offered for a digest, in minutes since midnight."""


class ChatAction(Action):
    """Actions of the buttons of a chat's settings."""

    LIST = "sl{chat:-}.{page}"  # show the subscriptions instead
    OPEN_LIST = "ss{chat:-}"  # show the subscriptions in a message of their own

    QUIET = "sh{chat:-}"  # offer quiet hours
    SET_QUIET = "sH{chat:-}.{start:1440}.{end:1440}"
    NEVER_QUIET = "sH{chat:-}"
    TYPE_QUIET = "sy{chat:-}"  # ask for quiet hours
    ZONE = "sz{chat:-}"  # offer time zones
    SET_ZONE = f"sZ{{chat:-}}.{{place:{len(ZONES)}}}"

    SETTINGS = "gs{chat:-}"  # show the settings instead
    OPEN_SETTINGS = "go{chat:-}"  # show the settings in a message of their own

    EXPORT = "sE{chat:-}"  # give what is stored
    ASK_FORGET = "sD{chat:-}"  # ask whether to delete what is stored
    FORGET = "sX{chat:-}"  # delete what is stored
    KEEP = "sK{chat:-}"  # delete nothing


def render_quiet(voice: Translator, chat: Chat) -> Rendered:
    """Render the choice of quiet hours."""
    presets = []
    for quiet in QUIET_PRESETS:
        label = tick_if(format_quiet_hours(quiet), quiet == chat.quiet)
        presets.append(button(label, ChatAction.SET_QUIET, chat.id, quiet.start, quiet.end))
    never = tick_if(voice.plain("button_never_quiet"), chat.quiet is None)
    rows = [
        presets[:2],
        presets[2:4],
        [*presets[4:], button(never, ChatAction.NEVER_QUIET, chat.id)],
        [
            button(
                voice.plain("button_zone", zone=zone_label(voice, chat)), ChatAction.ZONE, chat.id
            ),
            button(voice.plain("button_other_hours"), ChatAction.TYPE_QUIET, chat.id),
        ],
        [
            button(voice.plain("button_list"), ChatAction.LIST, chat.id, 0),
            button(voice.plain("button_settings"), ChatAction.SETTINGS, chat.id),
        ],
    ]
    text = join("\n\n", [voice.piece("choose_quiet"), quiet_line(voice, chat)])
    return Rendered(text.html, InlineKeyboardMarkup(rows))


def render_zones(voice: Translator, chat: Chat) -> Rendered:
    """Render the choice of a time zone."""
    buttons = [
        button(
            tick_if(_place(voice, label), name == zone_name(chat)),
            ChatAction.SET_ZONE,
            chat.id,
            place,
        )
        for place, (name, label) in enumerate(ZONES)
    ]
    rows = [buttons[first : first + 2] for first in range(0, len(buttons), 2)]
    rows.append(
        [
            button(voice.plain("button_return"), ChatAction.QUIET, chat.id),
            button(voice.plain("button_other_hours"), ChatAction.TYPE_QUIET, chat.id),
        ]
    )
    return Rendered(voice.text("choose_zone"), InlineKeyboardMarkup(rows))


def format_quiet_hours(quiet: QuietHours) -> str:
    """Format quiet hours: 22:00–06:30."""
    return f"{format_clock(quiet.start)}–{format_clock(quiet.end)}"


def format_clock(minute: int) -> str:
    """Format a time of day: 07:00."""
    hours, minutes = divmod(minute, 60)
    return f"{hours:02}:{minutes:02}"


def zone_name(chat: Chat) -> str:
    """Return the IANA name of a chat's time zone."""
    return chat.time_zone or ZONES[0][0]


def zone_label(voice: Translator, chat: Chat) -> str:
    """Return the label of a chat's time zone."""
    return _place(voice, dict(ZONES).get(zone_name(chat), zone_name(chat)))


def _place(voice: Translator, label: str) -> str:
    return ENGLISH_PLACES.get(label, label) if voice.language == "en" else label


def channel_button(chat: Chat, action: Action = ChatAction.OPEN_LIST) -> InlineKeyboardButton:
    """Return the button that opens the list of a channel, or does another action for it."""
    sign = "" if chat.inactive_since is None else "⚠️ "
    return button(sign + chat_title(chat), action, chat.id)


def chat_title(chat: Chat) -> str:
    """Return the title of a chat, else its number."""
    return clip(chat.title or str(chat.id), TITLE_LIMIT)


def quiet_line(voice: Translator, chat: Chat) -> Piece:
    """Return the quiet hours of a chat with their time zone, or that there are none."""
    if chat.quiet is None:
        return voice.piece("quiet_never")
    return voice.piece(
        "quiet_hours", hours=format_quiet_hours(chat.quiet), zone=zone_label(voice, chat)
    )


def tick_if(label: str, is_chosen: bool) -> str:
    """Return a label, ticked if it is the current choice."""
    return f"✓ {label}" if is_chosen else label
