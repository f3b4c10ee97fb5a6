"""Offer subscriptions where no words were typed: all news, a bulletin, subjects of new titles.

The message is a prompt as well: what answers it subscribes to its words.
"""

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.bulletin import BulletinAction, bulletin_button
from bot.conversation.callback_data import Action, CallbackDataError, button
from bot.conversation.context import ChatContext
from bot.conversation.memory import Aim, Prompt
from bot.conversation.prompts import ask_for
from bot.messages.html import utf16_length
from bot.messages.voice import Translator
from bot.questions.follow_button import LABEL_LIMIT, topic_words
from bot.subscriptions.views import SubscriptionAction
from index.alerts import AlertQuery
from index.alerts.query import EVERYTHING

SUBJECTS = 4
SUBJECTS_A_ROW = 2


class OfferAction(Action):
    """Action of the buttons that subscribe a chat to what they say."""

    WORDS = "sV{chat:-}.{words:text}"


async def offer_subscriptions(turn: ChatContext, chat: int) -> None:
    """Ask for the words to subscribe a chat to, and offer some."""
    subjects = await turn.searching(turn.desk.library.alert_queries.subjects, 2 * SUBJECTS)
    keyboard = _keyboard(turn.voice, chat, subjects)
    await ask_for(turn, Prompt(Aim.ADD, chat), "ask_words_or_choose", "placeholder_words", keyboard)


def _keyboard(voice: Translator, chat: int, subjects: list[AlertQuery]) -> InlineKeyboardMarkup:
    named = [label for subject in subjects if (label := _subject_button(chat, subject))][:SUBJECTS]
    rows = [named[at : at + SUBJECTS_A_ROW] for at in range(0, len(named), SUBJECTS_A_ROW)]
    everything = button(voice.plain("button_everything"), OfferAction.WORDS, chat, EVERYTHING)
    bulletin = bulletin_button(voice, chat, BulletinAction.OPEN)
    typed = button(voice.plain("button_type_words"), SubscriptionAction.ADD, chat)
    return InlineKeyboardMarkup([*rows, [everything], [bulletin], [typed]])


def _subject_button(chat: int, subject: AlertQuery) -> InlineKeyboardButton | None:
    """Return the button that subscribes to a subject, unless its name is too long for one."""
    words = topic_words(subject)
    if utf16_length(words) > LABEL_LIMIT:
        return None
    try:
        return button(f"🔔 {words}", OfferAction.WORDS, chat, subject.as_typed)
    except CallbackDataError:
        return None
