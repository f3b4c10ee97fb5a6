"""The button that subscribes to the words that it names, under answers and where nothing is found.

The words stand in its callback data, so that it subscribes to what it says, whatever becomes of the
question.
"""

from telegram import InlineKeyboardButton

from bot.conversation.callback_data import Action, CallbackDataError, button
from bot.messages.captions import clip
from bot.messages.html import utf16_length
from bot.messages.voice import Translator
from index.alerts import AlertQuery

LABEL_LIMIT = 30  # UTF-16 units of the words on a button; more does not fit a phone


class FollowAction(Action):
    """Action of the button."""

    WORDS = "sW{words:text}"


def follow_button(voice: Translator, topic: AlertQuery | None) -> InlineKeyboardButton | None:
    """Return the button that subscribes to a topic, or None without one.

    Phrases that do not fit beside the others are left out, the last ones first.
    """
    while topic and topic.wanted:
        words = topic_words(topic)
        is_last = len(topic.wanted) == 1
        if is_last or utf16_length(words) <= LABEL_LIMIT:
            label = voice.plain("button_follow_subject", subject=clip(words, LABEL_LIMIT))
            try:
                return button(label, FollowAction.WORDS, topic.as_typed)
            except CallbackDataError:
                if is_last:
                    return None
        topic = topic.without(topic.wanted[-1])
    return None


def topic_words(topic: AlertQuery) -> str:
    """Return the words of a topic, as they were typed or stand in the news."""
    return " ".join(phrase.words for phrase in topic.wanted)
