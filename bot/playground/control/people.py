"""Actions of people: send, edit, delete, press buttons, query inline, block the bot."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from bot.playground.bot_api.keyboards import LONGEST_CALLBACK_DATA
from bot.playground.bot_api.messages import LONGEST_TEXT
from bot.playground.errors import ActionError, Json
from bot.playground.world.entities import add_detected, clean, trim, utf16_length
from bot.playground.world.privacy import bot_sees
from bot.playground.world.queries import Queries
from bot.playground.world.shapes import (
    chat_json,
    inaccessible_json,
    member_json,
    message_json,
    user_json,
)
from bot.playground.world.state import (
    ADMINISTRATOR_STATUSES,
    INLINE,
    Chat,
    File,
    Message,
    User,
    World,
    reference_to,
)
from bot.playground.world.updates import Updates

Result = TypeVar("Result")

BOT_STATUSES = ("member", "administrator", "left", "kicked")
STATUSES = ("creator", *BOT_STATUSES)
LONGEST_INLINE_QUERY = 256  # Telegram: characters


class People:
    """Actions of people, each with the update that the bot receives.

    Args:
        world: The state that they change.
        updates: The bot's queue.
        queries: The open callback and inline queries.
    """

    def __init__(self, world: World, updates: Updates, queries: Queries) -> None:
        self._world = world
        self._updates = updates
        self._queries = queries

    def chat_for(self, user: User, chat_id: int | None) -> Chat:
        """Return the chat of an action; None is the person's private chat.

        Raises:
            ActionError: The chat is unknown, another person's, or the person was removed.
        """
        chat = self._world.chats.get(user.id if chat_id is None else chat_id)
        if chat is None:
            raise ActionError(f"chat {chat_id} is unknown: create it with POST /playground/chats")
        if chat.type == "private" and chat.id != user.id:
            raise ActionError(f"chat {chat.id} is the private chat of another person")
        if chat.migrated_to is not None:
            chat = self._world.chats[chat.migrated_to]
        if self._world.status(chat, user.id) == "kicked":
            raise ActionError(f"{user.name} was removed from chat {chat.id}")
        return chat

    def write(
        self,
        user: User,
        chat: Chat,
        text: str,
        *,
        topic: int | None = None,
        reply_to: int | None = None,
        kind: str = "text",
        file: File | None = None,
    ) -> Message:
        """Send a message.

        Raises:
            ActionError: The text is empty or too long, the replied-to message or the topic is
                unknown, or the person may not post in the channel.
        """
        self._check_may_post(user, chat)
        _check_topic(chat, topic)
        if reply_to is not None and self._world.message(chat.id, reply_to) is None:
            raise ActionError(f"reply_to: chat {chat.id} has no message {reply_to}")
        text = _clean_text(text, required=kind == "text")
        message = Message(
            chat=chat.id,
            id=self._world.next_message_id(),
            sender=user,
            date=self._world.now(),
            text=text,
            entities=add_detected(text, ()),
            kind=kind,
            file=file,
            reply_to=reply_to,
            thread=self._world.thread_of(chat, topic, reply_to),
        )
        if chat.type == "private" and chat.bot_status == "kicked":
            self.set_bot_status(user, chat, "member")
        return self._put(message)

    def edit(self, user: User, chat: Chat, message_id: int, text: str) -> Message:
        """Edit the text of a person's own message.

        Raises:
            ActionError: The message is not theirs, or the text is empty or too long.
        """
        message = self._world.message(chat.id, message_id)
        if message is None or message.sender.id != user.id or message.inline_id:
            raise ActionError(f"edit: {user.name} has no message {message_id} in chat {chat.id}")
        text = _clean_text(text, required=message.kind == "text")
        changed = self._world.put_message(
            replace(
                message,
                text=text,
                entities=add_detected(text, ()),
                edited=self._world.now(),
            )
        )
        self._queue_update("edited_", changed)
        return changed

    def delete(self, chat: int, message_id: int) -> None:
        """Delete a message; as on Telegram, the bot receives no update.

        Raises:
            ActionError: The message is unknown.
        """
        message = self._world.message(chat, message_id)
        if message is None:
            raise ActionError(f"chat {chat} has no message {message_id}")
        self._world.delete_message(message)

    async def press(
        self, user: User, chat: Chat, message_id: int, data: str, wait: float
    ) -> Json | None:
        """Press a button, also of a deleted message, and wait for the bot's answer.

        Returns:
            The bot's answer, or None if there is none within `wait` seconds.

        Raises:
            ActionError: The data is empty or too long.
        """
        if not 1 <= len(data.encode()) <= LONGEST_CALLBACK_DATA:
            raise ActionError(f"data must have 1 to {LONGEST_CALLBACK_DATA} bytes")
        pressed = self._queries.open_callback_query(user, chat.id, message_id)
        update: Json = {
            "id": pressed.id,
            "from": user_json(user),
            "chat_instance": str(chat.id),
            "data": data,
        }
        message = self._world.message(chat.id, message_id)
        if message is None:
            update["message"] = inaccessible_json(self._world, chat, message_id)
        elif message.inline_id:
            update["inline_message_id"] = message.inline_id
        else:
            update["message"] = message_json(self._world, message)
        self._updates.put("callback_query", update)
        return await _wait_for(wait, pressed.answer)

    async def ask_inline(
        self, user: User, chat: Chat, query: str, wait: float
    ) -> tuple[str, Sequence[Json]]:
        """Type "@bot query"; return the query's id and the offered results."""
        query_id, answer = self._queries.open_inline_query()
        own = chat.type == "private"
        self._updates.put(
            "inline_query",
            {
                "id": query_id,
                "from": user_json(user),
                "chat_type": "sender" if own else chat.type,
                "query": query.strip()[:LONGEST_INLINE_QUERY],
                "offset": "",
            },
        )
        return query_id, await _wait_for(wait, answer) or []

    def choose(
        self, user: User, chat: Chat, query_id: str, result_id: str, topic: int | None = None
    ) -> Message:
        """Send a result of an inline query.

        Raises:
            ActionError: The result or the topic is unknown, or the person may not post.
        """
        self._check_may_post(user, chat)
        _check_topic(chat, topic)
        offered = self._queries.result(query_id, result_id)
        if offered is None:
            raise ActionError(f"inline query {query_id} has no result {result_id}")
        number = self._world.next_message_id()
        return self._put(
            replace(
                offered,
                chat=chat.id,
                id=number,
                sender=user,
                date=self._world.now(),
                thread=self._world.thread_of(chat, topic, None),
                inline_id=reference_to(INLINE, chat.id, number),
            )
        )

    def set_bot_status(self, user: User, chat: Chat, status: str) -> None:
        """Add, promote, remove or (in a private chat) block the bot.

        Raises:
            ActionError: The status is unknown.
        """
        _check_status(status, BOT_STATUSES)
        if not user.is_bot and not self._world.members(chat.id):
            self._world.join(chat.id, user.id)  # the first to act in an empty chat is its creator
        if status == chat.bot_status:
            return
        self._world.put_chat(replace(chat, bot_status=status))
        update = self._change(user, chat, self._world.bot, chat.bot_status, status)
        self._updates.put("my_chat_member", update)

    def set_status(self, user: User, chat: Chat, member: int, status: str) -> None:
        """Set or remove the creator, an administrator or a member of a chat.

        Raises:
            ActionError: The status or the person is unknown, or the chat is private.
        """
        _check_status(status, STATUSES)
        other = self._world.users.get(member)
        if other is None:
            raise ActionError(f"member: user {member} is unknown")
        if chat.type == "private":
            raise ActionError("member: a private chat has no members to set")
        before = self._world.status(chat, member)
        if status == before:
            return
        self._world.set_status(chat.id, member, status)
        if chat.bot_status == "administrator":  # Telegram tells no other bot
            self._updates.put("chat_member", self._change(user, chat, other, before, status))

    def _change(self, user: User, chat: Chat, member: User, before: str, after: str) -> Json:
        """Make a `ChatMemberUpdated`."""
        return {
            "chat": chat_json(self._world, chat),
            "from": user_json(user),
            "date": self._world.now(),
            "old_chat_member": member_json(chat, member, before),
            "new_chat_member": member_json(chat, member, after),
        }

    def _put(self, message: Message) -> Message:
        self._world.join(message.chat, message.sender.id)
        self._world.put_message(message)
        self._queue_update("", message)
        return message

    def _queue_update(self, prefix: str, message: Message) -> None:
        if bot_sees(self._world, message):
            is_post = self._world.chats[message.chat].type == "channel"
            kind = prefix + ("channel_post" if is_post else "message")
            self._updates.put(kind, message_json(self._world, message))

    def _check_may_post(self, user: User, chat: Chat) -> None:
        """Refuse posts to a channel with members, except for its administrators."""
        if chat.type != "channel" or not self._world.members(chat.id):
            return
        if self._world.status(chat, user.id) not in ADMINISTRATOR_STATUSES:
            raise ActionError(f"{user.name} is no administrator of channel {chat.id}")


def _check_status(status: str, statuses: Sequence[str]) -> None:
    if status not in statuses:
        raise ActionError(f"status must be one of {', '.join(statuses)}")


def _check_topic(chat: Chat, topic: int | None) -> None:
    if topic is not None and chat.topic(topic) is None:
        raise ActionError(f"topic: chat {chat.id} has no topic {topic}")


def _clean_text(text: str, *, required: bool) -> str:
    text, _ = trim(clean(text), ())
    if required and not text.strip():
        raise ActionError("text is empty: a person cannot send that")
    if utf16_length(text) > LONGEST_TEXT:
        raise ActionError(
            f"text is longer than {LONGEST_TEXT} UTF-16 units: Telegram would part it"
        )
    return text


async def _wait_for(wait: float, answer: asyncio.Future[Result]) -> Result | None:
    await asyncio.wait([answer], timeout=wait)
    return answer.result() if answer.done() else None
