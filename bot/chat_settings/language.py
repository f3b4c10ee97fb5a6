"""Choose the interface language of a chat: `/lang` and its buttons."""

import asyncio
from dataclasses import replace

from telegram import InlineKeyboardMarkup

from bot.chat_settings.views import tick_if
from bot.conversation.callback_data import Action, button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext, RefusedError
from bot.conversation.permissions import require_manager, require_manager_by_button
from bot.messages import LANGUAGES, Language, as_language
from bot.messages.rendered import Rendered


class LanguageAction(Action):
    """Action of the buttons under `/lang`."""

    CHOOSE = f"l{{language:{'|'.join(LANGUAGES)}}}"


async def language(turn: ChatContext) -> None:
    """`/lang [vi|en]`: choose the language, or show the choice; in a group for administrators."""
    await require_manager(turn)
    if not turn.words:
        text = turn.voice.text("language")
        await turn.reply(Rendered(text, language_keyboard(turn.voice.language)))
        return
    chosen = as_language(turn.words.strip().lower())
    if chosen is None:
        raise RefusedError("language_unknown")
    await asyncio.to_thread(turn.desk.library.chats.set_language, turn.message.chat_id, chosen)
    await replace(turn, voice=replace(turn.voice, language=chosen)).say("language_set")


async def choose(turn: ChatContext, chosen: Language) -> Notice:
    """Set the chat's language, and confirm it in that language."""
    await require_manager_by_button(turn, turn.message.chat_id)
    await asyncio.to_thread(turn.desk.library.chats.set_language, turn.message.chat_id, chosen)
    text = turn.voice.messages.text(chosen, "language_set")
    return await turn.show(Rendered(text, language_keyboard(chosen)))


def language_keyboard(current: Language) -> InlineKeyboardMarkup:
    """Return the buttons that choose a language, the current one ticked."""
    row = [
        button(tick_if(name, code == current), LanguageAction.CHOOSE, code)
        for code, name in LANGUAGES.items()
    ]
    return InlineKeyboardMarkup([row])


CALLBACKS: Callbacks = {LanguageAction.CHOOSE: choose}
