"""Permissions: check who may change the alerts of a chat."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from telegram import Bot, Chat, ChatMember, ChatMemberAdministrator, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.conversation.callbacks import Notice
from bot.conversation.context import ChatContext

_Values = ParamSpec("_Values")


async def may_manage(bot: Bot, chat: int, user: User | None, speaks_as: Chat | None = None) -> bool:
    """Tell whether a user may change the subscriptions of a chat.

    In their private chat everybody may; in a group its administrators; in a channel its
    administrators who may post.

    Args:
        bot: The bot that asks Telegram.
        chat: The number of the chat.
        user: The user to check.
        speaks_as: The chat on whose behalf they write, as anonymous administrators do.
    """
    if speaks_as is not None and speaks_as.id == chat and speaks_as.type != ChatType.PRIVATE:
        return True
    if user is None:
        return False
    if chat > 0:
        return chat == user.id
    try:
        member = await bot.get_chat_member(chat, user.id)
    except TelegramError:
        return False
    return may_post(member) or member.status == ChatMemberStatus.OWNER


def may_post(member: ChatMember) -> bool:
    """Tell whether a member is an administrator, and in a channel one who may post."""
    return isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False


async def require_manager(turn: ChatContext) -> bool:
    """Check that the sender may change the alerts of this chat; reply if not."""
    return await require_manager_of(turn, turn.message.chat_id)


async def require_manager_of(turn: ChatContext, chat: int) -> bool:
    """Check that the sender may change the alerts of a chat; reply if not."""
    message = turn.message
    if await may_manage(message.get_bot(), chat, turn.user, message.sender_chat):
        await turn.searching(turn.desk.library.chats.activate, chat)  # it is used again
        return True
    await turn.say("only_administrators")
    return False


async def may_manage_from_here(turn: ChatContext, chat: int) -> bool:
    """Tell whether a user may change the alerts of a chat by a button in this chat."""
    here = turn.message.chat
    if chat != here.id and here.type != ChatType.PRIVATE:
        return False
    return await may_manage(turn.message.get_bot(), chat, turn.user)


def managers_only(
    callback: Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]],
) -> Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]]:
    """Decorate a callback whose first value is a chat: only its managers may use it."""

    @wraps(callback)
    async def checked(
        turn: ChatContext, chat: int, /, *values: _Values.args, **named: _Values.kwargs
    ) -> Notice:
        if not await may_manage_from_here(turn, chat):
            return turn.voice.plain("notice_only_administrators")
        return await callback(turn, chat, *values, **named)

    return checked
