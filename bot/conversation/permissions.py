"""Who may change what a chat is alerted of."""

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
    """Tell whether somebody may change the subscriptions of a chat.

    In their private chat everybody may; in a group its administrators, in a channel those of
    them who may post.

    Args:
        bot: Asks Telegram.
        chat: The number of the chat.
        user: Whoever wants to.
        speaks_as: The chat that they speak as: an anonymous administrator speaks as the group.
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
    """Tell whether somebody is an administrator of a group, or of a channel where they may post."""
    return isinstance(member, ChatMemberAdministrator) and member.can_post_messages is not False


async def require_manager(turn: ChatContext) -> bool:
    """Tell whether whoever writes may change the alerts of this chat; say so if not."""
    return await require_manager_of(turn, turn.message.chat_id)


async def require_manager_of(turn: ChatContext, chat: int) -> bool:
    """Tell whether whoever writes may change the alerts of a chat; say so if not."""
    message = turn.message
    if await may_manage(message.get_bot(), chat, turn.user, message.sender_chat):
        await turn.searching(turn.desk.library.chats.activate, chat)  # somebody is there again
        return True
    await turn.say("only_administrators")
    return False


async def may_manage_from_here(turn: ChatContext, chat: int) -> bool:
    """Tell whether somebody may change the alerts of a chat from where they pressed a button."""
    here = turn.message.chat
    if chat != here.id and here.type != ChatType.PRIVATE:
        return False
    return await may_manage(turn.message.get_bot(), chat, turn.user)


def managers_only(
    callback: Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]],
) -> Callable[Concatenate[ChatContext, int, _Values], Awaitable[Notice]]:
    """Let a callback whose first value is a chat be used by those who may change its alerts."""

    @wraps(callback)
    async def checked(
        turn: ChatContext, chat: int, /, *values: _Values.args, **named: _Values.kwargs
    ) -> Notice:
        if not await may_manage_from_here(turn, chat):
            return turn.voice.plain("notice_only_administrators")
        return await callback(turn, chat, *values, **named)

    return checked
