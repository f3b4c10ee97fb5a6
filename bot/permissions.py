"""Who may change what a chat is alerted of."""

from telegram import Bot, Chat, ChatMember, ChatMemberAdministrator, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError


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
