"""Offer an action for the channels that a user administers."""

import asyncio
from itertools import compress

from telegram import InlineKeyboardMarkup
from telegram.constants import ChatType

from bot.chat_settings.views import ChatAction, channel_button
from bot.conversation.callback_data import Action
from bot.conversation.context import ChatContext
from bot.conversation.permissions import may_manage
from bot.messages.rendered import Rendered

CHANNELS_LIMIT = 30  # whose administrators are asked for at once


async def offer_channels(turn: ChatContext, action: Action = ChatAction.OPEN_LIST) -> None:
    """Offer, in a private chat, an action for each channel that the user administers."""
    if turn.message.chat.type != ChatType.PRIVATE:
        return
    bot = turn.message.get_bot()
    channels = (await turn.searching(turn.desk.library.chats.channels))[:CHANNELS_LIMIT]
    allowed = await asyncio.gather(
        *(may_manage(bot, channel.id, turn.user) for channel in channels)
    )
    rows = [[channel_button(channel, action)] for channel in compress(channels, allowed)]
    if rows:
        text = turn.voice.text("your_channels")
        await turn.also(Rendered(text, InlineKeyboardMarkup(rows)))
