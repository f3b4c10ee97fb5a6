"""Export and delete the data stored about a chat: `/export`, `/forget` and their buttons."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from telegram import InlineKeyboardMarkup, InputFile

from bot.chat_settings.channels import offer_channels
from bot.chat_settings.views import ChatAction, chat_title
from bot.conversation.callback_data import button
from bot.conversation.callbacks import Callbacks, Notice
from bot.conversation.context import ChatContext
from bot.conversation.memory import restore_chat
from bot.conversation.permissions import require_manager, require_manager_by_button
from bot.messages.html import utf16_length
from bot.messages.rendered import MESSAGE_LIMIT, Rendered
from bot.messages.voice import Translator
from index.models.period import from_seconds

MOMENTS = (
    "created_at",
    "settled_at",
    "due_at",
    "paused_at",
    "inactive_since",
    "next_at",
    "saved_at",
    "received_at",
    "done_at",
    "seen_at",
    "paused_until",
)
INTERNAL = (
    "bot",
    "leased_by",
    "leased_until",
    "claimed_by",
    "revision",
    "attempts",
    "positions",
    "others",
)
FILE_NAME = "hoibao.json"


async def forget(turn: ChatContext) -> None:
    """`/forget`: ask whether to delete the data of this chat, or of a channel."""
    await require_manager(turn, refusal="only_administrators_data")
    chat = turn.message.chat_id
    if any((await _export(turn, chat)).values()):
        await turn.reply(_question(turn.voice, chat, turn.voice.text("forget_surely")))
    else:
        await turn.say("forgotten_nothing")
    await offer_channels(turn, ChatAction.ASK_FORGET)


async def export(turn: ChatContext) -> None:
    """`/export`: send the data of this chat as JSON, or of a channel."""
    await require_manager(turn, refusal="only_administrators_data")
    await _give(turn, turn.message.chat_id, turn.voice.text("exported"))
    await offer_channels(turn, ChatAction.EXPORT)


async def export_channel(turn: ChatContext, chat: int) -> None:
    """Send the data of a channel."""
    await require_manager_by_button(turn, chat)
    title = await _title(turn, chat)
    await _give(turn, chat, turn.voice.text("exported_channel", title=title))


async def ask_forget(turn: ChatContext, chat: int) -> None:
    """Ask whether to delete the data of a channel."""
    await require_manager_by_button(turn, chat)
    text = turn.voice.text("forget_channel_surely", title=await _title(turn, chat))
    await turn.also(_question(turn.voice, chat, text))


async def delete_data(turn: ChatContext, chat: int) -> Notice:
    """Delete the data of a chat, after it was confirmed."""
    await require_manager_by_button(turn, chat)
    here = turn.message.chat_id
    await _store_counts(turn)  # else those who asked just now would be stored afterwards
    await asyncio.to_thread(turn.desk.library.chats.forget, chat)
    restore_chat(turn.desk.caches, chat, {}, 0)  # else it would be saved afterwards
    text = turn.voice.text("forgotten" if chat == here else "forgotten_channel")
    return await turn.show(Rendered(text))


async def keep_data(turn: ChatContext, chat: int) -> Notice:
    """Keep the data."""
    await require_manager_by_button(turn, chat)
    return await turn.show(Rendered(turn.voice.text("not_forgotten")))


CALLBACKS: Callbacks = {
    ChatAction.EXPORT: export_channel,
    ChatAction.ASK_FORGET: ask_forget,
    ChatAction.FORGET: delete_data,
    ChatAction.KEEP: keep_data,
}


def _question(voice: Translator, chat: int, text: str) -> Rendered:
    row = [
        button(voice.plain("button_forget"), ChatAction.FORGET, chat),
        button(voice.plain("button_keep"), ChatAction.KEEP, chat),
    ]
    return Rendered(text, InlineKeyboardMarkup([row]))


async def _title(turn: ChatContext, chat: int) -> str:
    known = await asyncio.to_thread(turn.desk.library.chats.get, chat)
    return chat_title(known)


async def _give(turn: ChatContext, chat: int, heading: str) -> None:
    exported = await _export(turn, chat)
    stored = {name: [_readable(row) for row in rows] for name, rows in exported.items()}
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    if utf16_length(text) + utf16_length(heading) < MESSAGE_LIMIT - 1:
        await turn.reply(Rendered(heading + "\n" + turn.voice.text("code", text=text)))
        return
    await turn.message.reply_document(
        InputFile(text.encode(), FILE_NAME), caption=heading, do_quote=True
    )


async def _export(turn: ChatContext, chat: int) -> Mapping[str, list[dict[str, Any]]]:
    """Return the data of a chat, by table."""
    await _store_counts(turn)
    return await turn.searching(turn.desk.library.chats.export, chat)


async def _store_counts(turn: ChatContext) -> None:
    """Store the counts of use that are still in memory."""
    await turn.desk.usage.store(turn.message.get_bot().id)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without internal columns, its times as ISO 8601."""
    return {
        name: from_seconds(value).isoformat() if name in MOMENTS else value
        for name, value in row.items()
        if name not in INTERNAL and value is not None
    }
