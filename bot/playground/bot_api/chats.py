"""Bot API methods of chats and their members, and permission checks before sending."""

from collections.abc import Callable

from telegram.constants import ChatAction

from bot.playground.bot_api.parameters import Handler, Parameters
from bot.playground.errors import Json, bad_request, forbidden, group_upgraded
from bot.playground.world.shapes import full_chat_json, member_json
from bot.playground.world.state import ADMINISTRATOR_STATUSES, Chat, World

GENERAL = 1  # Telegram: names the General topic of a forum, for chat actions only


def chat_of(world: World, parameters: Parameters) -> Chat:
    """Find the chat of a call by `chat_id`.

    Raises:
        ApiError: It is missing, unknown, or a group that was upgraded.
    """
    name = parameters.text("chat_id")
    if not name:
        raise bad_request("chat_id is empty")
    chat = world.find_chat(name)
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise group_upgraded(chat.migrated_to)
    return chat


def topic_of(world: World, chat: Chat, parameters: Parameters) -> int | None:
    """Find the topic of a call by `message_thread_id`.

    Raises:
        ApiError: The chat has no such topic.
    """
    number = parameters.integer("message_thread_id") or 0
    if number <= 0:
        return None
    if chat.topic(number) is not None:
        return number
    if world.message(chat.id, number) is not None:
        raise bad_request("message thread is not a forum topic thread")
    raise bad_request("message thread not found")


def check_may_write(chat: Chat) -> None:
    """Check that the bot may write: it is a member, in a channel an administrator.

    Raises:
        ApiError: 403, or 400 for lack of rights, with the text for this kind of chat.
    """
    check_is_in(chat)
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise bad_request("need administrator rights in the channel chat")


def check_is_in(chat: Chat) -> None:
    """Check that the bot is neither blocked nor removed, and is a member.

    Raises:
        ApiError: 403, with the text for this kind of chat.
    """
    if chat.bot_status not in {"left", "kicked"}:
        return
    if chat.type == "private":
        raise forbidden("bot was blocked by the user")
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    raise forbidden(f"bot is not a member of the {chat.type} chat")


def check_may_read(chat: Chat) -> None:
    """Check that the bot may read: it is a member, or the chat is public.

    Raises:
        ApiError: 403, with the text for this kind of chat.
    """
    is_open = chat.username is not None and chat.bot_status == "left"
    if chat.type in {"supergroup", "channel"} and not is_open:
        check_is_in(chat)


def check_may_list(chat: Chat) -> None:
    """Check that the bot may list the members.

    Raises:
        ApiError: 403, or 400 in a channel where the bot is not an administrator.
    """
    if chat.type == "group":
        check_is_in(chat)
    check_may_read(chat)
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise bad_request("member list is inaccessible")


class ChatMethods:
    """getChat, getChatMember, getChatAdministrators, getChatMemberCount, leaveChat, sendChatAction.

    Args:
        world: The state with the chats.
        leave: Called with a chat that the bot leaves.
    """

    def __init__(self, world: World, leave: Callable[[Chat], None]) -> None:
        self._world = world
        self._leave = leave

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        return {
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatAdministrators": self._get_administrators,
            "getChatMemberCount": self._get_member_count,
            "leaveChat": self._leave_chat,
            "sendChatAction": self._send_action,
        }

    def _get_chat(self, parameters: Parameters) -> object:
        chat = chat_of(self._world, parameters)
        check_may_read(chat)
        return full_chat_json(self._world, chat)

    def _get_member(self, parameters: Parameters) -> object:
        chat = chat_of(self._world, parameters)
        user_id = parameters.integer("user_id")
        user = self._world.users.get(user_id) if user_id is not None else None
        if user is None:
            raise bad_request("user not found")
        if chat.type == "channel" and user.id == self._world.bot.id:
            check_may_read(chat)
        else:
            check_may_list(chat)
        return member_json(chat, user, self._world.status(chat, user.id))

    def _get_administrators(self, parameters: Parameters) -> object:
        chat = chat_of(self._world, parameters)
        if chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        check_may_list(chat)
        ids = self._world.administrators(chat.id)
        if chat.bot_status in ADMINISTRATOR_STATUSES:
            ids.append(self._world.bot.id)
        return [
            member_json(chat, self._world.users[number], self._world.status(chat, number))
            for number in ids
        ]

    def _get_member_count(self, parameters: Parameters) -> object:
        chat = chat_of(self._world, parameters)
        check_may_read(chat)
        return len(self._world.members(chat.id)) + (chat.bot_status not in {"left", "kicked"})

    def _leave_chat(self, parameters: Parameters) -> object:
        chat = chat_of(self._world, parameters)
        if chat.type == "private":
            raise bad_request("chat member status can't be changed in private chats")
        check_is_in(chat)
        self._leave(chat)
        return True

    def _send_action(self, parameters: Parameters) -> object:
        action = parameters.text("action")
        if action not in set(ChatAction):
            raise bad_request("wrong parameter action in request")
        chat = chat_of(self._world, parameters)
        check_may_write(chat)
        in_general = chat.is_forum and parameters.integer("message_thread_id") == GENERAL
        topic = None if in_general else topic_of(self._world, chat, parameters)
        event: Json = {"chat": chat.id, "action": action}
        self._world.report("action", event if topic is None else event | {"topic": topic})
        return True
