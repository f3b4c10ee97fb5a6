"""What is stored on a chat: shown to it as JSON, and deleted, when it asks."""

import asyncio
import json
from datetime import datetime
from typing import Any

from telegram import InputFile

from bot.markup import utf16_length
from bot.rendering import MESSAGE_LIMIT, Rendered
from bot.subscribing import allowed
from bot.turns import Turn
from index import Library
from index.dates import vietnam

MOMENTS = ("created_at", "settled_at", "due_at", "paused_at", "inactive_since")
INTERNAL = ("bot", "leased_by", "leased_until", "revision", "attempts", "positions", "others")
FILE_NAME = "hoibao.json"


async def forget(turn: Turn) -> None:
    """`/forget`: delete all that is stored on the chat."""
    if not await allowed(turn):
        return
    count = await turn.searching(turn.desk.library.chats.forget, turn.message.chat_id)
    if turn.user:
        turn.desk.focus.clear(turn.message.chat_id, turn.user.id)
    await turn.say("forgotten" if count else "forgotten_nothing")


async def export(turn: Turn) -> None:
    """`/export`: give all that is stored on the chat as JSON."""
    if not await allowed(turn):
        return
    stored = await asyncio.to_thread(_stored, turn.desk.library, turn.message.chat_id)
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    heading = turn.voice.text("exported")
    if utf16_length(text) + utf16_length(heading) < MESSAGE_LIMIT - 1:
        shown = turn.voice.messages.text(turn.voice.language, "code", text=text)
        await turn.reply(Rendered(f"{heading}\n{shown}"))
        return
    await turn.message.reply_document(
        InputFile(text.encode(), FILE_NAME), caption=heading, do_quote=True
    )


def _stored(library: Library, chat: int) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [_readable(row) for row in rows] for name, rows in library.chats.stored(chat).items()
    }


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what only the program needs, its moments as ISO 8601."""
    return {
        name: _moment(value) if name in MOMENTS else value
        for name, value in row.items()
        if name not in INTERNAL and value is not None
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, vietnam()).isoformat()
