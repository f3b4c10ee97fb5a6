"""Permissions: check who may change the alerts of a chat."""

from telegram import Bot, Chat, ChatMember, ChatMemberAdministrator, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.conversation.context import ChatContext, RefusedError


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


async def require_manager(
    turn: ChatContext, chat: int | None = None, refusal: str = "only_administrators"
) -> None:
    """Check that the sender of a message may change the alerts of a chat, by default this one.

    Args:
        turn: The message.
        chat: The chat.
        refusal: The key of the message that says why they may not.

    Raises:
        RefusedError: They may not.
    """
    message = turn.message
    chat = message.chat_id if chat is None else chat
    if not await may_manage(message.get_bot(), chat, turn.user, message.sender_chat):
        raise RefusedError(refusal)
    await turn.searching(turn.desk.library.chats.activate, chat)  # it is used again


async def require_manager_by_button(turn: ChatContext, chat: int) -> None:
    """Check that the user who pressed a button may change the alerts of a chat.

    Raises:
        RefusedError: They may not, or it is another chat and this one is not private.
    """
    message = turn.message
    from_here = chat == message.chat_id or message.chat.type == ChatType.PRIVATE
    if not from_here or not await may_manage(message.get_bot(), chat, turn.user):
        raise RefusedError("only_administrators")
