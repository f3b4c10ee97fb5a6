"""Answers without a reply header: right below their question, which they carry for their buttons.

No state is kept for an answer. In a group it replies to its question, so that Telegram gives the
question back when a button is pressed; in a private chat that header would fill a phone's screen
with what stands just above. There the question is carried by an invisible link at the end, one that
opens the bot with the question typed. Where other messages stand between, there is a header too.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from pydantic import TypeAdapter
from telegram import Message, MessageEntity, Update
from telegram.constants import ChatType

from bot.conversation.memory import ChatCache
from bot.messages.html import Piece
from bot.messages.links import LINK_LIMIT

INVISIBLE = "\u200b"
"""The text of the link, a zero-width space: one UTF-16 unit."""


def carry_question(html: str, question: str, bot: str) -> str | None:
    """Return Telegram HTML that carries a question; None if the question is too long for a link."""
    link = f"https://t.me/{bot}?text={quote(question, safe='')}"
    if len(link) > LINK_LIMIT:
        return None
    return html + Piece.plain(INVISIBLE).linked(link).html


def carried_question(message: Message, bot: str) -> str:
    """Return the question that a message of the bot carries, or an empty string."""
    if not message.entities or not message.text:
        return ""
    last = max(message.entities, key=lambda entity: entity.offset)
    if last.type != MessageEntity.TEXT_LINK or message.parse_entity(last) != INVISIBLE:
        return ""
    link = urlsplit(last.url or "")
    is_ours = (link.hostname, link.path.strip("/").lower()) == ("t.me", bot.lower())
    return parse_qs(link.query).get("text", [""])[0] if is_ours else ""


class LatestMessages:
    """The latest message of each private chat, among those that came and those of the bot."""

    def __init__(self) -> None:
        self.cache = _LargestNumbers(TypeAdapter(int))

    def see_update(self, update: object) -> None:
        """Note the message of an update when it comes, which is before it has its turn."""
        message = update.effective_message if isinstance(update, Update) else None
        if message and message.chat.type == ChatType.PRIVATE:
            self._see(message.chat.id, message.message_id)

    def see_result(self, result: object) -> None:
        """Note the message in the result of a request of the bot, if it sent one."""
        match result:
            case {"message_id": int(number), "chat": {"id": int(chat), "type": ChatType.PRIVATE}}:
                self._see(chat, number)

    def is_latest(self, message: Message) -> bool:
        """Tell whether nothing stands between a message of a private chat and a reply to it."""
        is_private = message.chat.type == ChatType.PRIVATE
        return is_private and message.message_id >= (self.cache.get(message.chat.id) or 0)

    def _see(self, chat: int, number: int) -> None:
        self.cache.put(chat, max(number, self.cache.get(chat) or 0))


class _LargestNumbers(ChatCache[int]):
    """Cache of numbers; a smaller one that another worker saved replaces none."""

    def restore(self, chat: int, saved: Iterable[Any], elapsed: float) -> None:
        known = self.get(chat) or 0
        super().restore(chat, saved, elapsed)
        if number := max(known, self.get(chat) or 0):
            self.put(chat, number)
