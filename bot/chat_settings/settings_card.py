"""`/settings`: one card for the settings of a chat, and its buttons."""

import asyncio
import time
from dataclasses import replace

from telegram import InlineKeyboardMarkup

from bot.chat_settings.bulletin import BulletinAction, bulletin_button
from bot.chat_settings.channels import offer_channels
from bot.chat_settings.views import (
    DIGEST_MINUTES,
    ChatAction,
    chat_title,
    format_clock,
    quiet_line,
    tick_if,
)
from bot.conversation.callback_data import Action, button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext
from bot.conversation.permissions import require_manager, require_manager_by_button
from bot.messages import LANGUAGES, Language, as_language
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from index.store.chats import Chat

TIMES_A_ROW = 4


class SettingsAction(Action):
    """Actions of the buttons of the card."""

    LANGUAGE = f"gl{{chat:-}}.{{language:{'|'.join(LANGUAGES)}}}"
    OFFER_DIGEST = "gd{chat:-}"  # offer times of the digest
    DIGEST = "gD{chat:-}.{minute:1440}"
    SILENCE = "gq{chat:-}.{silent:2}"
    PREVIEWS = "gp{chat:-}.{shown:2}"  # show or hide link previews of articles


async def settings(turn: ChatContext) -> None:
    """`/settings`: show the settings of this chat, and offer those of channels."""
    await require_manager(turn)
    await turn.reply(await _card(turn, turn.message.chat_id))
    await offer_channels(turn, ChatAction.OPEN_SETTINGS)


async def show_settings(turn: ChatContext, chat: int) -> Notice:
    """Show the settings in place of the message."""
    await require_manager_by_button(turn, chat)
    return await turn.show(await _card(turn, chat))


async def open_settings(turn: ChatContext, chat: int) -> None:
    """Send the settings as a new message."""
    await require_manager_by_button(turn, chat)
    await turn.also(await _card(turn, chat))


async def set_language(turn: ChatContext, chat: int, chosen: Language) -> Notice:
    """Set the language of a chat, and show the card in it if it is this chat's."""
    await require_manager_by_button(turn, chat)
    await asyncio.to_thread(turn.desk.library.chats.set_language, chat, chosen)
    is_here = chat == turn.message.chat_id
    here = replace(turn, voice=replace(turn.voice, language=chosen)) if is_here else turn
    return await here.show(await _card(here, chat))


async def offer_digest(turn: ChatContext, chat: int) -> Notice:
    """Offer times of day for the digests of a chat."""
    await require_manager_by_button(turn, chat)
    known = await turn.searching(turn.desk.library.chats.get, chat)
    return await turn.show(render_digest_times(turn.voice, known))


async def set_digest(turn: ChatContext, chat: int, minute: int) -> Notice:
    """Set the time of day of all digests of a chat."""
    await require_manager_by_button(turn, chat)
    change = turn.desk.library.subscriptions.set_chat_digest
    await asyncio.to_thread(change, chat, minute, int(time.time()))
    return await turn.show(await _card(turn, chat))


async def set_silent(turn: ChatContext, chat: int, silent: int) -> Notice:
    """Set whether all alerts of a chat come without a sound."""
    await require_manager_by_button(turn, chat)
    change = turn.desk.library.subscriptions.set_chat_silent
    await asyncio.to_thread(change, chat, bool(silent), int(time.time()))
    return await turn.show(await _card(turn, chat))


async def set_previews(turn: ChatContext, chat: int, shown: int) -> Notice:
    """Set whether alerts and lists of articles come with a link preview."""
    await require_manager_by_button(turn, chat)
    await asyncio.to_thread(turn.desk.library.chats.set_previews, chat, bool(shown))
    return await turn.show(await _card(turn, chat))


CALLBACKS: Callbacks = {
    ChatAction.SETTINGS: show_settings,
    ChatAction.OPEN_SETTINGS: open_settings,
    SettingsAction.LANGUAGE: set_language,
    SettingsAction.OFFER_DIGEST: offer_digest,
    SettingsAction.DIGEST: set_digest,
    SettingsAction.SILENCE: set_silent,
    SettingsAction.PREVIEWS: set_previews,
}


async def _card(turn: ChatContext, chat: int) -> Rendered:
    known = await turn.searching(turn.desk.library.chats.get, chat)
    return render_settings(turn.voice, known)


def render_settings(voice: Translator, chat: Chat) -> Rendered:
    """Render the settings of a chat: a line and a button for each."""
    heading = voice.piece("settings")
    if chat.title:
        heading += Piece.plain(f" · {chat_title(chat)}")
    language = as_language(chat.language or "") or voice.language
    sound = "settings_silent" if chat.is_silent else "settings_loud"
    previews = "settings_previews" if chat.shows_previews else "settings_no_previews"
    lines = [
        voice.piece("settings_language", name=LANGUAGES[language]),
        quiet_line(voice, chat),
        voice.piece("settings_digest", at=format_clock(chat.digest_minute)),
        voice.piece(sound),
        voice.piece(previews),
    ]
    languages = [
        button(tick_if(name, code == language), SettingsAction.LANGUAGE, chat.id, code)
        for code, name in LANGUAGES.items()
    ]
    loudness = voice.plain("button_loud" if chat.is_silent else "button_silent")
    other = voice.plain("button_hide_previews" if chat.shows_previews else "button_show_previews")
    rows = [
        languages,
        [
            button(voice.plain("button_quiet"), ChatAction.QUIET, chat.id),
            button(voice.plain("button_digest_time"), SettingsAction.OFFER_DIGEST, chat.id),
        ],
        [bulletin_button(voice, chat.id, BulletinAction.OPEN)],
        [
            button(loudness, SettingsAction.SILENCE, chat.id, int(not chat.is_silent)),
            button(other, SettingsAction.PREVIEWS, chat.id, int(not chat.shows_previews)),
        ],
        [button(voice.plain("button_subscriptions"), ChatAction.LIST, chat.id, 0)],
    ]
    text = join("\n\n", [heading, join("\n", lines)])
    return Rendered(text.html, InlineKeyboardMarkup(rows))


def render_digest_times(voice: Translator, chat: Chat) -> Rendered:
    """Render the choice of the time of day of a chat's digests."""
    times = []
    for minute in DIGEST_MINUTES:
        label = tick_if(format_clock(minute), minute == chat.digest_minute)
        times.append(button(label, SettingsAction.DIGEST, chat.id, minute))
    rows = [times[at : at + TIMES_A_ROW] for at in range(0, len(times), TIMES_A_ROW)]
    rows.append([button(voice.plain("button_return"), ChatAction.SETTINGS, chat.id)])
    return Rendered(voice.text("choose_time_of_all"), InlineKeyboardMarkup(rows))
