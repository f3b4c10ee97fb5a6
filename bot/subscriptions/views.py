"""Subscriptions as Telegram messages: the list, one of them, and what can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.views import TITLE_LIMIT, ChatAction, clock_in_words, quiet_line, ticked
from bot.conversation.callback_data import Action, button
from bot.messages.captions import caption, clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from bot.subscriptions.words import (
    frequency_in_words,
    schedule_in_words,
    subscription_name,
    weekday_in_words,
    wish_in_words,
)
from index.alerts import AlertQuery, FrequencyUnit
from index.alerts.frequency import FrequencyEstimate
from index.models.article import StoredArticle
from index.models.schedule import Rhythm
from index.store.chats import Chat, Subscription

PAGE = 10  # subscriptions
ROW = 5  # buttons
OFTEN = 30  # alerts a day from which a digest is recommended
RHYTHMS = tuple(Rhythm)
DIGEST_MINUTES = tuple(60 * hour for hour in (6, 7, 8, 12, 17, 18, 20, 21))


class SubscriptionAction(Action):
    """What the buttons of subscriptions do."""

    CARD = "sc{subscription}"  # show one, and what can be done with it
    PAUSE = "sp{subscription}"
    RESUME = "sr{subscription}"
    RENAME = "sn{subscription}"  # ask for a name
    EDIT = "se{subscription}"  # ask for other words
    SILENCE = "sq{subscription}.{silent:2}"
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
    """A subscription with what it asks for, and whether its chat cannot be written to."""

    subscription: Subscription
    wish: AlertQuery
    is_given_up: bool = False


def name_of(voice: Translator, wished: SubscriptionView) -> str:
    """Return what to call a subscription."""
    return subscription_name(voice, wished.subscription, wished.wish)


def render_added(
    voice: Translator,
    wished: SubscriptionView,
    expected: FrequencyEstimate,
    latest: StoredArticle | None,
    *,
    is_new: bool,
) -> Rendered:
    """Return what was subscribed to, and how often alerts are to be expected."""
    key = "subscribed" if is_new else "subscribed_already"
    lines = [voice.piece(key, wish=clip(wish_in_words(voice, wished.wish), 300))]
    if expected.count:
        pace = frequency_in_words(voice, expected.frequency)
        lines.append(voice.piece("expected", count=voice.count(expected.count), pace=pace))
    else:
        lines.append(voice.piece("expected_none"))
    parts = [join("\n", lines)]
    if latest:
        parts.append(join("\n", [voice.piece("expected_latest"), caption(voice, latest)]))
    often = expected.frequency.pace is FrequencyUnit.DAILY and expected.frequency.count >= OFTEN
    if often and wished.subscription.schedule.rhythm is Rhythm.NOW:
        parts.append(voice.piece("expected_often"))
    number = wished.subscription.id
    first = [button(voice.plain("button_change"), SubscriptionAction.CARD, number)]
    if often:
        daily = RHYTHMS.index(Rhythm.DAILY)
        first.append(button(voice.plain("button_daily"), SubscriptionAction.RHYTHM, number, daily))
    second = [button(voice.plain("button_delete"), SubscriptionAction.ASK_DELETE, number)]
    return Rendered(join("\n\n", parts).html, InlineKeyboardMarkup([first, second]))


def render_list(
    voice: Translator,
    chat: Chat,
    found: Sequence[SubscriptionView],
    page: int = 0,
    *,
    thread: int | None = None,
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
        heading += Piece.plain(f" · {clip(chat.title, TITLE_LIMIT)}")
    lines = [_line(voice, place, each, thread) for place, each in shown]
    shown_lines = join("\n", lines) if lines else voice.piece("subscriptions_none")
    is_given_up = chat.inactive_since is not None
    warned = [voice.piece("given_up")] if is_given_up else []
    text = join("\n\n", [heading, *warned, shown_lines, quiet_line(voice, chat)])
    numbered = [
        button(f"⚙️ {place}", SubscriptionAction.CARD, each.subscription.id) for place, each in shown
    ]
    rows = [numbered[first : first + ROW] for first in range(0, len(numbered), ROW)]
    turning = []
    if page:
        turning.append(button(voice.plain("button_back"), ChatAction.LIST, chat.id, page - 1))
    if start + PAGE < len(found):
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
    return Rendered(text.html, InlineKeyboardMarkup([row for row in rows if row]))


def render_card(voice: Translator, wished: SubscriptionView) -> Rendered:
    """Return one subscription, and all that can be done with it."""
    subscription = wished.subscription
    number, schedule = subscription.id, subscription.schedule
    name = Piece.plain(name_of(voice, wished)).within("b")
    lines = [name]
    if subscription.name:
        lines.append(Piece.plain(wish_in_words(voice, wished.wish)))
    lines.append(Piece.plain(_state(voice, wished)))
    if wished.is_given_up:
        lines += [Piece(), voice.piece("given_up")]
    rhythms = [
        button(ticked(label, schedule.rhythm is rhythm), SubscriptionAction.RHYTHM, number, place)
        for place, (rhythm, label) in enumerate(_rhythm_labels(voice).items())
    ]
    paused, silent = subscription.paused_at is not None, subscription.is_silent
    pausing = (
        button(voice.plain("button_resume"), SubscriptionAction.RESUME, number)
        if paused
        else button(voice.plain("button_pause"), SubscriptionAction.PAUSE, number)
    )
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
    if wished.is_given_up:
        rows.insert(0, [_send_again(voice, subscription.chat)])
    return Rendered(join("\n", lines).html, InlineKeyboardMarkup(rows))


def render_deletion(voice: Translator, wished: SubscriptionView) -> Rendered:
    """Return the question whether to end a subscription."""
    number = wished.subscription.id
    name = name_of(voice, wished)
    row = [
        button(voice.plain("button_delete_surely"), SubscriptionAction.DELETE, number),
        button(voice.plain("button_keep"), SubscriptionAction.CARD, number),
    ]
    return Rendered(voice.text("delete_surely", name=name), InlineKeyboardMarkup([row]))


def render_weekdays(voice: Translator, wished: SubscriptionView) -> Rendered:
    """Return the choice of the day of a weekly digest."""
    number = wished.subscription.id
    buttons = [
        button(weekday_in_words(voice, day), SubscriptionAction.WEEKDAY, number, day)
        for day in range(7)
    ]
    back = [button(voice.plain("button_back"), SubscriptionAction.CARD, number)]
    rows = [buttons[:4], buttons[4:], back]
    return Rendered(voice.text("choose_weekday"), InlineKeyboardMarkup(rows))


def render_times(
    voice: Translator, wished: SubscriptionView, rhythm: Rhythm, weekday: int = 0
) -> Rendered:
    """Return the choice of the time of a daily or weekly digest."""
    number, place = wished.subscription.id, RHYTHMS.index(rhythm)
    buttons = [
        button(clock_in_words(minute), SubscriptionAction.TIME, number, place, weekday, minute)
        for minute in DIGEST_MINUTES
    ]
    last = [
        button(voice.plain("button_back"), SubscriptionAction.CARD, number),
        button(
            voice.plain("button_other_time"), SubscriptionAction.TYPE_TIME, number, place, weekday
        ),
    ]
    rows = [buttons[:4], buttons[4:], last]
    return Rendered(voice.text("choose_time"), InlineKeyboardMarkup(rows))


def _send_again(voice: Translator, chat: int) -> InlineKeyboardButton:
    return button(voice.plain("button_send_again"), SubscriptionAction.SEND_AGAIN, chat)


def _line(voice: Translator, place: int, wished: SubscriptionView, thread: int | None) -> Piece:
    subscription = wished.subscription
    name = Piece.plain(f"{place}. {name_of(voice, wished)}")
    parts = [_state(voice, wished)]
    if subscription.thread != thread and subscription.thread is not None:
        parts.append(voice.plain("other_topic"))
    return name + Piece.plain(" · " + " · ".join(parts))


def _state(voice: Translator, wished: SubscriptionView) -> str:
    subscription = wished.subscription
    parts = [schedule_in_words(voice, subscription.schedule)]
    if subscription.is_silent:
        parts.append(voice.plain("is_silent"))
    if subscription.paused_at is not None:
        parts.append(voice.plain("is_paused"))
    if wished.is_given_up:
        parts.append(voice.plain("is_given_up"))
    return " · ".join(parts)


def _rhythm_labels(voice: Translator) -> dict[Rhythm, str]:
    return {
        Rhythm.NOW: voice.plain("button_now"),
        Rhythm.HOURLY: voice.plain("button_hourly"),
        Rhythm.DAILY: voice.plain("button_daily"),
        Rhythm.WEEKLY: voice.plain("button_weekly"),
    }
