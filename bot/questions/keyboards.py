"""Inline keyboards under an answer, and the callback data of their buttons."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.conversation.callback_data import Action, CallbackDataError, button
from bot.messages.voice import Translator
from bot.questions.follow_button import follow_button
from bot.questions.page_state import DateOutcome, Heading, PageState
from bot.questions.quotes.sharing import copy_button, share_button
from index.alerts import AlertQuery
from index.models.answer import Quote

_STATE = (
    "{heading:x|s|w|m|e|n}{page:36}{more:2}:{quotes:pairs}:{scope:list}{days:|:w|:f|:m}{mode:|!}"
)


class AnswerAction(Action):
    """Actions of the buttons under an answer."""

    OPEN = "o" + _STATE  # show the neighbouring sentences
    CLOSE = "c" + _STATE  # hide them
    PAGE = "p" + _STATE  # show another page of quotes
    ONLY = "a" + _STATE  # ask within one article
    GOOD = "sg{article}.{position}"  # the quote answers
    BAD = "sj{article}.{position}"  # it does not
    FOLLOW_TOPIC = "sf"  # subscribe to what the question above is about; sent by older versions
    FOLLOW_QUESTION = "sF"  # the same where nothing answers it; sent by older versions


NO_ARTICLE = 0
"""The number of no article."""


class FocusAction(Action):
    """Actions of the buttons that begin and end the questions on one article."""

    ABOUT = "sa{article}"  # ask it from now on
    ABOUT_ALL = "sA{article}"  # ask all articles again
    EXAMPLE = "E{article}.{place}"  # ask a question on offer, and the article from now on


def end_button(voice: Translator, article: int = NO_ARTICLE) -> InlineKeyboardButton:
    """Return the button that asks all articles again, under a message on one or under an answer."""
    return button(voice.plain("button_about_all"), FocusAction.ABOUT_ALL, article)


def answer_keyboard(
    voice: Translator,
    state: PageState,
    best: Quote | None,
    topic: AlertQuery | None = None,
    *,
    opened: bool,
) -> InlineKeyboardMarkup | None:
    """Return the inline keyboard of an answer: a row of icons, and the topic to subscribe to.

    The icons are explained in `/help`; Telegram shows up to eight buttons in a row.

    Args:
        voice: The translator of the text to copy.
        state: The state of the page.
        best: The quote that stands whole, if there is any.
        topic: The topic of the question, to subscribe to.
        opened: Whether the context is open.
    """
    toggle = AnswerAction.CLOSE if opened else AnswerAction.OPEN
    context = "button_close" if opened else "button_context"
    icons = [
        _turn(voice.plain("button_earlier"), state, state.page - 1) if state.page else None,
        _button(voice.plain(context), toggle, state),
        *(_on_quote(voice, state, best) if best else []),
        _turn(voice.plain("button_further"), state, state.page + 1) if state.more else None,
    ]
    last = [end_button(voice)] if state.in_mode else []
    return _keyboard([icons, [follow_button(voice, topic)], last])


def _on_quote(
    voice: Translator, state: PageState, best: Quote
) -> list[InlineKeyboardButton | None]:
    """Return the buttons for the best quote."""
    place = best.article.number, best.position
    is_only = len(state.scope) == 1
    return [
        None if is_only else _only(voice.plain("button_only"), best.article.number),
        copy_button(voice.plain("button_copy"), voice, best),
        share_button(voice.plain("button_share"), best),
        button("👍", AnswerAction.GOOD, *place),
        button("👎", AnswerAction.BAD, *place),
    ]


def nearest_keyboard(
    voice: Translator, asked: PageState, topic: AlertQuery | None = None
) -> InlineKeyboardMarkup | None:
    """Return the keyboard that offers the nearest quotes when no answer is confident."""
    label = voice.plain("button_nearest")
    everywhere = PageState(heading=Heading.NEAREST, in_mode=asked.in_mode)
    nearest = _button(label, AnswerAction.PAGE, replace(everywhere, scope=asked.scope))
    nearest = nearest or _button(label, AnswerAction.PAGE, everywhere)
    last = [end_button(voice)] if asked.in_mode else []
    return _keyboard([[nearest], [follow_button(voice, topic)], last])


def follow_keyboard(voice: Translator, topic: AlertQuery | None) -> InlineKeyboardMarkup | None:
    """Return the keyboard that offers alerts on a topic; None without one."""
    return _keyboard([[follow_button(voice, topic)]])


def _turn(label: str, state: PageState, page: int) -> InlineKeyboardButton | None:
    """Return the button that leads to another page of the same question."""
    other = replace(state, page=page, more=False, quotes=(), days=DateOutcome.NONE)
    return _button(label, AnswerAction.PAGE, other)


def _only(label: str, article: int) -> InlineKeyboardButton | None:
    """Return the button that asks the question within one article."""
    return _button(label, AnswerAction.ONLY, PageState(heading=Heading.SCOPED, scope=(article,)))


def _button(label: str, action: AnswerAction, state: PageState) -> InlineKeyboardButton | None:
    """Return a button, or None if the state does not fit its callback data."""
    try:
        return button(label, action, *state.values)
    except CallbackDataError:
        return None


def _keyboard(
    rows: Iterable[Sequence[InlineKeyboardButton | None]],
) -> InlineKeyboardMarkup | None:
    """Return the rows that have buttons, or None if there are none at all."""
    kept = [[button for button in row if button] for row in rows]
    filled = [row for row in kept if row]
    return InlineKeyboardMarkup(filled) if filled else None
