"""Set the bulletin of a chat: the top stories once a day, at an hour that its buttons offer.

`show_bulletin` is what other features call; `BulletinAction` lists its buttons.
"""

import asyncio
import time

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat_settings.views import TITLE_LIMIT, ChatAction, format_clock, tick_if, zone_label
from bot.conversation.callback_data import Action, button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext
from bot.conversation.permissions import require_manager_by_button
from bot.messages.captions import clip
from bot.messages.html import Piece, join
from bot.messages.rendered import Rendered
from bot.messages.voice import Translator
from index import Library
from index.models.schedule import DAY_MINUTES
from index.store.chats import Bulletin, Chat

HOURS = (5, 6, 7, 8, 9, 12, 18, 20, 21)
HOURS_A_ROW = 3


class BulletinAction(Action):
    """Actions of the buttons of a chat's bulletin."""

    OFFER = "sB{chat:-}"  # show the choice instead
    OPEN = "sM{chat:-}"  # show the choice in a message of its own
    SET = f"sT{{chat:-}}.{{minute:{DAY_MINUTES}}}"
    END = "sT{chat:-}"


async def show_bulletin(turn: ChatContext, chat: int) -> Notice:
    """Show the bulletin of a chat and the hours to choose from."""
    return await turn.show(await _choice(turn, chat))


async def set_bulletin(turn: ChatContext, chat: int, minute: int) -> None:
    """Send a chat a bulletin every day at a time, in the topic of this message if it is there."""
    message = turn.message
    is_here = chat == message.chat_id and message.is_topic_message
    thread = message.message_thread_id if is_here else None
    await asyncio.to_thread(_set, turn, chat, thread, minute)


async def end_bulletin(turn: ChatContext, chat: int) -> bool:
    """Send a chat no more bulletins; return whether it had any."""
    end, bot = turn.desk.library.bulletins.end, turn.message.get_bot().id
    return await asyncio.to_thread(end, bot, chat, int(time.time()))


async def offer(turn: ChatContext, chat: int) -> Notice:
    """Show the choice in place of the message."""
    await require_manager_by_button(turn, chat)
    return await show_bulletin(turn, chat)


async def open_choice(turn: ChatContext, chat: int) -> None:
    """Show the choice in a message of its own."""
    await require_manager_by_button(turn, chat)
    await turn.also(await _choice(turn, chat))


async def choose(turn: ChatContext, chat: int, minute: int) -> Notice:
    """Set the hour that a button names."""
    await require_manager_by_button(turn, chat)
    await set_bulletin(turn, chat, minute)
    notice = await show_bulletin(turn, chat)
    return notice or turn.voice.plain("notice_bulletin_set", at=format_clock(minute))


async def end(turn: ChatContext, chat: int) -> Notice:
    """End the bulletin."""
    await require_manager_by_button(turn, chat)
    await end_bulletin(turn, chat)
    notice = await show_bulletin(turn, chat)
    return notice or turn.voice.plain("notice_bulletin_ended")


CALLBACKS: Callbacks = {
    BulletinAction.OFFER: offer,
    BulletinAction.OPEN: open_choice,
    BulletinAction.SET: choose,
    BulletinAction.END: end,
}


def bulletin_button(
    voice: Translator, chat: int, action: BulletinAction = BulletinAction.OFFER
) -> InlineKeyboardButton:
    """Return the button that shows the choice."""
    return button(voice.plain("button_bulletin"), action, chat)


def bulletin_line(voice: Translator, bulletin: Bulletin) -> Piece:
    """Return the line of a list that says when the bulletin comes."""
    return voice.piece("bulletin_line", at=format_clock(bulletin.minute))


def render_bulletin_choice(voice: Translator, chat: Chat, bulletin: Bulletin | None) -> Rendered:
    """Render the bulletin of a chat, and the hours to choose from."""
    heading = voice.piece("bulletin")
    if chat.title:
        heading += Piece.plain(f" · {clip(chat.title, TITLE_LIMIT)}")
    key, at = "bulletin_off", ""
    if bulletin:
        key, at = "bulletin_on", format_clock(bulletin.minute)
    text = voice.piece(key, at=at, zone=zone_label(voice, chat))
    hours = [_hour(chat, hour * 60, bulletin) for hour in HOURS]
    rows = [hours[first : first + HOURS_A_ROW] for first in range(0, len(hours), HOURS_A_ROW)]
    if bulletin:
        rows.append([button(voice.plain("button_bulletin_end"), BulletinAction.END, chat.id)])
    rows.append([button(voice.plain("button_list"), ChatAction.LIST, chat.id, 0)])
    return Rendered(join("\n", [heading, text]).html, InlineKeyboardMarkup(rows))


def _hour(chat: Chat, minute: int, bulletin: Bulletin | None) -> InlineKeyboardButton:
    is_chosen = bulletin is not None and bulletin.minute == minute
    return button(tick_if(format_clock(minute), is_chosen), BulletinAction.SET, chat.id, minute)


async def _choice(turn: ChatContext, chat: int) -> Rendered:
    library, bot = turn.desk.library, turn.message.get_bot().id
    known, bulletin = await asyncio.to_thread(_read, library, bot, chat)
    return render_bulletin_choice(turn.voice, known, bulletin)


def _read(library: Library, bot: int, chat: int) -> tuple[Chat, Bulletin | None]:
    return library.chats.get(chat), library.bulletins.get(bot, chat)


def _set(turn: ChatContext, chat: int, thread: int | None, minute: int) -> None:
    library, bot = turn.desk.library, turn.message.get_bot().id
    library.bulletins.set(bot=bot, chat=chat, thread=thread, minute=minute, now=int(time.time()))
    library.chats.activate(chat)
    if chat == turn.message.chat_id and library.chats.language(chat) is None:
        # A bulletin knows the chat only, not whose Telegram it is read in.
        library.chats.set_language(chat, turn.voice.language)
