"""The buttons under a message."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.buttons import Press, View, encode_language, nearest, only, toggle, turn
from bot.messages import LANGUAGES, Language, Messages
from bot.subscription_buttons import Deed, Touch


def answer_keyboard(
    messages: Messages, language: Language, view: View, articles: Sequence[int], *, opened: bool
) -> InlineKeyboardMarkup | None:
    """Return the buttons of an answer.

    Args:
        messages: The catalogues.
        language: The language of the labels.
        view: What the answer shows.
        articles: The numbers of the articles quoted, as they are numbered in the message.
        opened: Whether the context is open.
    """
    context = "button_close" if opened else "button_context"
    first = [_button(messages.plain(language, context), toggle(view, opened=opened))]
    if view.page:
        first.append(_button(messages.plain(language, "button_back"), turn(view, view.page - 1)))
    if view.more:
        first.append(_button(messages.plain(language, "button_more"), turn(view, view.page + 1)))
    third: list[InlineKeyboardButton | None] = []
    if view.quotes:
        third = [
            _touch("👍", Touch(Deed.GOOD, view.quotes[0])),
            _touch("👎", Touch(Deed.BAD, view.quotes[0])),
            _touch(messages.plain(language, "button_follow"), Touch(Deed.FOLLOW_TOPIC)),
        ]
    if len(view.scope) == 1:
        return _keyboard([first, third])
    if len(articles) == 1:
        second = [_button(messages.plain(language, "button_only"), only(articles[0]))]
    else:
        second = [
            _button(messages.plain(language, "button_only_numbered", number=place), only(number))
            for place, number in enumerate(articles, start=1)
        ]
    return _keyboard([first, second, third])


def nearest_keyboard(
    messages: Messages, language: Language, scope: tuple[int, ...]
) -> InlineKeyboardMarkup | None:
    """Return the button that offers quotes although none surely answers."""
    label = messages.plain(language, "button_nearest")
    fitting = _button(label, nearest(scope)) or _button(label, nearest(()))
    return _keyboard([[fitting], [_follow_button(messages, language)]])


def follow_keyboard(messages: Messages, language: Language) -> InlineKeyboardMarkup | None:
    """Return the button that asks to be told when something answers."""
    return _keyboard([[_follow_button(messages, language)]])


def _follow_button(messages: Messages, language: Language) -> InlineKeyboardButton:
    return _touch(messages.plain(language, "button_tell_me"), Touch(Deed.FOLLOW_QUESTION))


def _touch(label: str, touch: Touch) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=touch.encode())


def language_keyboard(current: Language) -> InlineKeyboardMarkup:
    """Return the buttons that choose a language, the current one ticked."""
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    f"✓ {name}" if language == current else name,
                    callback_data=encode_language(language),
                )
                for language, name in LANGUAGES.items()
            ]
        ]
    )


def _button(label: str, press: Press) -> InlineKeyboardButton | None:
    """Return a button, or None if what it must say does not fit into one."""
    data = press.encode()
    return InlineKeyboardButton(label, callback_data=data) if data else None


def _keyboard(
    rows: Iterable[Sequence[InlineKeyboardButton | None]],
) -> InlineKeyboardMarkup | None:
    """Return the rows that have buttons, or None if there are none at all."""
    kept = [[button for button in row if button] for row in rows]
    filled = [row for row in kept if row]
    return InlineKeyboardMarkup(filled) if filled else None
