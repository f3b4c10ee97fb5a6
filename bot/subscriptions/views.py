"""Render subscriptions as Telegram messages: the list, one subscription, and its choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.bulletin import bulletin_button, bulletin_line
from bot.chat_settings.views import (
    DIGEST_MINUTES,
    TITLE_LIMIT,
    ChatAction,
    format_clock,
    quiet_line,
    tick_if,
)
from bot.conversation.callback_data import Action, button
from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.subscriptions.words import (
    describe_frequency,
    describe_phrase,
    describe_query,
    describe_schedule,
    weekday_label,
)
from index.alerts import AlertPhrase, AlertQuery, FrequencyUnit
from index.alerts.frequency import FrequencyEstimate
from index.models.article import StoredArticle
from index.models.schedule import Rhythm
from index.store.chats import Bulletin, Chat, Subscription

PAGE = 10  # subscriptions
ROW = 5  # buttons
DROPS = 9  # phrases of a subscription that its card offers to leave out
DROPS_A_ROW = 3
DROP_LIMIT = 20  # UTF-16 units of such a phrase
SHOWN_LIMIT = 80  # UTF-16 units; a subscription in a line of a list
OFTEN = 30  # alerts a day from which a digest is recommended
RHYTHMS = tuple(Rhythm)


class SubscriptionAction(Action):
    """Actions of the buttons of subscriptions."""

    CARD = "sc{subscription}"  # show one, and what can be done with it
    PAUSE = "sp{subscription}"
    RESUME = "sr{subscription}"
    RENAME = "sn{subscription}"  # ask for a name
    EDIT = "se{subscription}"  # ask for other words
    SILENCE = "sq{subscription}.{silent:2}"
    DROP = "sv{subscription}.{phrase}"  # leave a phrase out
    ASK_DELETE = "sd{subscription}"  # ask whether to end it
    DELETE = "sx{subscription}"
    RHYTHM = "st{subscription}.{rhythm:4}"  # set it, or ask for the time
    WEEKDAY = "sk{subscription}.{weekday:7}"  # ask for the time
    TIME = "si{subscription}.{rhythm:4}.{weekday:7}.{minute:1440}"  # set it
    TYPE_TIME = "so{subscription}.{rhythm:4}.{weekday:7}"  # ask for the time
    SEND_AGAIN = "sS{chat:-}"  # write to a chat again that was given up
    ADD = "sN{chat:-}"  # ask for what to subscribe to


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """A subscription with its parsed query, and whether its chat cannot be written to."""

    subscription: Subscription
    query: AlertQuery
    is_given_up: bool = False


def display_name(voice: Translator, view: SubscriptionView) -> str:
    """Return the name of a subscription, else its query in words."""
    return clip(view.subscription.name or describe_query(voice, view.query), SHOWN_LIMIT)


def render_added(
    voice: Translator,
    view: SubscriptionView,
    expected: FrequencyEstimate,
    latest: StoredArticle | None,
    *,
    is_new: bool,
) -> Rendered:
    """Render a new subscription, and how often alerts are expected."""
    key = "subscribed" if is_new else "subscribed_already"
    lines = [voice.piece(key, wish=clip(describe_query(voice, view.query), 300))]
    if expected.count:
        pace = describe_frequency(voice, expected.frequency)
        lines.append(voice.piece("expected", count=voice.count(expected.count), pace=pace))
    else:
        lines.append(voice.piece("expected_none"))
    parts = [join("\n", lines)]
    if latest:
        parts.append(join("\n", [voice.piece("expected_latest"), caption(voice, latest)]))
    often = expected.frequency.pace is FrequencyUnit.DAILY and expected.frequency.count >= OFTEN
    if often and view.subscription.schedule.rhythm is Rhythm.NOW:
        parts.append(voice.piece("expected_often"))
    number = view.subscription.id
    first = [button(voice.plain("button_change"), SubscriptionAction.CARD, number)]
    if often:
        daily = RHYTHMS.index(Rhythm.DAILY)
        first.append(button(voice.plain("button_daily"), SubscriptionAction.RHYTHM, number, daily))
    second = [button(voice.plain("button_delete"), SubscriptionAction.ASK_DELETE, number)]
    return Rendered(join("\n\n", parts).html, InlineKeyboardMarkup([first, second]))


def render_list(
    voice: Translator,
    chat: Chat,
    views: Sequence[SubscriptionView],
    page: int = 0,
    *,
    thread: int | None = None,
    bulletin: Bulletin | None = None,
) -> Rendered:
    """Render a page of the subscriptions of a chat, with a button for each.

    Args:
        voice: The translator.
        chat: The chat; a channel is named.
        views: All of its subscriptions.
        page: The page to show, of `PAGE` subscriptions, from 0.
        thread: The topic in which this is shown; subscriptions of other topics say so.
        bulletin: The bulletin of the chat.
    """
    page = max(0, min(page, (len(views) - 1) // PAGE))
    start = page * PAGE
    shown = list(enumerate(views, start=1))[start : start + PAGE]
    heading = voice.piece("subscriptions")
    if chat.title:
        heading += Piece.plain(f" · {clip(chat.title, TITLE_LIMIT)}")
    lines = [_line(voice, number, view, thread) for number, view in shown]
    shown_lines = join("\n", lines) if lines else voice.piece("subscriptions_none")
    is_given_up = chat.inactive_since is not None
    warned = [voice.piece("given_up")] if is_given_up else []
    times = [bulletin_line(voice, bulletin)] if bulletin else []
    below = join("\n", [*times, quiet_line(voice, chat)])
    text = join("\n\n", [heading, *warned, shown_lines, below])
    numbered = [
        button(f"⚙️ {number}", SubscriptionAction.CARD, view.subscription.id)
        for number, view in shown
    ]
    rows = [numbered[first : first + ROW] for first in range(0, len(numbered), ROW)]
    turning = []
    if page:
        turning.append(button(voice.plain("button_back"), ChatAction.LIST, chat.id, page - 1))
    if start + PAGE < len(views):
        turning.append(button(voice.plain("button_more"), ChatAction.LIST, chat.id, page + 1))
    rows.append(turning)
    if is_given_up:
        rows.append([_send_again(voice, chat.id)])
    rows.append(
        [
            button(voice.plain("button_add"), SubscriptionAction.ADD, chat.id),
            button(voice.plain("button_quiet"), ChatAction.QUIET, chat.id),
        ]
    )
    rows.append([bulletin_button(voice, chat.id)])
    return Rendered(text.html, InlineKeyboardMarkup([row for row in rows if row]))


def render_card(voice: Translator, view: SubscriptionView) -> Rendered:
    """Render one subscription with its buttons."""
    subscription = view.subscription
    number, schedule = subscription.id, subscription.schedule
    lines = [Piece.plain(display_name(voice, view)).within("b")]
    if subscription.name:
        lines.append(Piece.plain(describe_query(voice, view.query)))
    state = _state(voice, view)
    lines.append(Piece.plain(state[:1].upper() + state[1:]))
    if view.is_given_up:
        lines += [Piece(), voice.piece("given_up")]
    rhythms = []
    for position, rhythm in enumerate(RHYTHMS):
        label = tick_if(voice.plain(f"button_{rhythm}"), schedule.rhythm is rhythm)
        rhythms.append(button(label, SubscriptionAction.RHYTHM, number, position))
    if subscription.paused_at is None:
        pausing = button(voice.plain("button_pause"), SubscriptionAction.PAUSE, number)
    else:
        pausing = button(voice.plain("button_resume"), SubscriptionAction.RESUME, number)
    drops = [
        button(
            f"✕ {clip(describe_phrase(voice, phrase), DROP_LIMIT)}",
            SubscriptionAction.DROP,
            number,
            phrase_code(phrase),
        )
        for phrase in droppable(view.query)[:DROPS]
    ]
    silent = subscription.is_silent
    loudness = voice.plain("button_loud" if silent else "button_silent")
    rows = [
        rhythms[:2],
        rhythms[2:],
        [pausing, button(loudness, SubscriptionAction.SILENCE, number, int(not silent))],
        [
            button(voice.plain("button_rename"), SubscriptionAction.RENAME, number),
            button(voice.plain("button_edit"), SubscriptionAction.EDIT, number),
        ],
        [
            button(voice.plain("button_list"), ChatAction.LIST, subscription.chat, 0),
            button(voice.plain("button_delete"), SubscriptionAction.ASK_DELETE, number),
        ],
    ]
    rows[3:3] = [drops[first : first + DROPS_A_ROW] for first in range(0, len(drops), DROPS_A_ROW)]
    if view.is_given_up:
        rows.insert(0, [_send_again(voice, subscription.chat)])
    return Rendered(join("\n", lines).html, InlineKeyboardMarkup(rows))


def droppable(query: AlertQuery) -> tuple[AlertPhrase, ...]:
    """Return the phrases of a query that can be left out, so that one word or source stays."""
    if len(query.wanted) + len(query.sources) > 1:
        return query.phrases
    return query.excluded if query.wanted or query.sources else ()


def phrase_code(phrase: AlertPhrase) -> int:
    """Return a number for a phrase that is the same wherever it stands in a query."""
    return crc32(str(phrase).encode())


def render_deletion(voice: Translator, view: SubscriptionView) -> Rendered:
    """Render the question whether to delete a subscription."""
    number = view.subscription.id
    row = [
        button(voice.plain("button_delete_surely"), SubscriptionAction.DELETE, number),
        button(voice.plain("button_keep"), SubscriptionAction.CARD, number),
    ]
    text = voice.text("delete_surely", name=display_name(voice, view))
    return Rendered(text, InlineKeyboardMarkup([row]))


def render_weekdays(voice: Translator, number: int) -> Rendered:
    """Render the choice of the weekday of a subscription's digest."""
    buttons = [
        button(weekday_label(voice, day), SubscriptionAction.WEEKDAY, number, day)
        for day in range(7)
    ]
    back = [button(voice.plain("button_return"), SubscriptionAction.CARD, number)]
    rows = [buttons[:4], buttons[4:], back]
    return Rendered(voice.text("choose_weekday"), InlineKeyboardMarkup(rows))


def render_times(voice: Translator, number: int, rhythm: Rhythm, weekday: int = 0) -> Rendered:
    """Render the choice of the time of a subscription's daily or weekly digest."""
    position = RHYTHMS.index(rhythm)
    buttons = [
        button(format_clock(minute), SubscriptionAction.TIME, number, position, weekday, minute)
        for minute in DIGEST_MINUTES
    ]
    other = voice.plain("button_other_time")
    last = [
        button(voice.plain("button_return"), SubscriptionAction.CARD, number),
        button(other, SubscriptionAction.TYPE_TIME, number, position, weekday),
    ]
    rows = [buttons[:4], buttons[4:], last]
    return Rendered(voice.text("choose_time"), InlineKeyboardMarkup(rows))


def _send_again(voice: Translator, chat: int) -> InlineKeyboardButton:
    return button(voice.plain("button_send_again"), SubscriptionAction.SEND_AGAIN, chat)


def _line(voice: Translator, number: int, view: SubscriptionView, thread: int | None) -> Piece:
    parts = [display_name(voice, view), _state(voice, view)]
    if view.subscription.thread not in (None, thread):
        parts.append(voice.plain("other_topic"))
    return Piece.plain(f"{number}. " + " · ".join(parts))


def _state(voice: Translator, view: SubscriptionView) -> str:
    subscription = view.subscription
    parts = [describe_schedule(voice, subscription.schedule)]
    if subscription.is_silent:
        parts.append(voice.plain("is_silent"))
    if subscription.paused_at is not None:
        parts.append(voice.plain("is_paused"))
    if view.is_given_up:
        parts.append(voice.plain("is_given_up"))
    return " · ".join(parts)
