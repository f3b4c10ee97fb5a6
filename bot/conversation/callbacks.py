"""Handle callback queries: route a pressed button to its feature, and answer the query.

A query is always answered, or the button would spin for ever: with nothing when the message
changes, else with a short notice.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from telegram import CallbackQuery, Message, Update
from telegram.ext import CallbackQueryHandler

from bot.conversation.callback_data import Action, CallbackData
from bot.conversation.context import BotContext, ChatContext, Context, ignore_too_late, sender_id
from bot.errors import BusyError
from bot.messages.voice import Translator

Notice = str | None
"""Text that answers the callback query, if any."""

Callback = Callable[..., Awaitable[Notice]]
"""Handler of a callback query, given a `ChatContext` and the values of its callback data."""

Callbacks = Mapping[Action, Callback]


def callback_handler(desk: BotContext, callbacks: Callbacks) -> CallbackQueryHandler[Context, None]:
    """Return the handler of one feature's buttons; it matches no other callback data."""

    def is_ours(data: object) -> bool:
        return CallbackData.decode(str(data), callbacks) is not None

    return CallbackQueryHandler(partial(_answer, desk, partial(_handle, callbacks)), is_ours)


def outdated_handler(
    desk: BotContext, notice: str, pattern: str | None = None
) -> CallbackQueryHandler[Context, None]:
    """Return a handler of buttons of other versions, which answers with a notice."""

    async def say(turn: ChatContext, _: str) -> Notice:
        return turn.voice.plain(notice)

    return CallbackQueryHandler(partial(_answer, desk, say), pattern)


async def _handle(callbacks: Callbacks, turn: ChatContext, data: str) -> Notice:
    decoded = CallbackData.decode(data, callbacks)
    assert decoded is not None
    return await callbacks[decoded.action](turn, *decoded.values)


async def _answer(
    desk: BotContext,
    handle: Callable[[ChatContext, str], Awaitable[Notice]],
    update: Update,
    context: Context,
) -> None:
    """Answer a callback query with its handler's notice, or ask a flooding user to wait."""
    query = update.callback_query
    if query is None:
        return
    chat = query.message.chat.id if query.message else query.from_user.id
    voice = await desk.voice(context.bot, chat, query.from_user)
    verdict = desk.flood_control.check(sender_id(update))
    if verdict.allowed:
        notice = await _notice(desk, handle, query, voice)
    else:
        seconds = verdict.seconds or desk.flood_control.wait(sender_id(update))
        notice = voice.plain("notice_slow_down", seconds=seconds)
    await ignore_too_late(query.answer(notice))


async def _notice(
    desk: BotContext,
    handle: Callable[[ChatContext, str], Awaitable[Notice]],
    query: CallbackQuery,
    voice: Translator,
) -> Notice:
    if not isinstance(query.message, Message):
        return voice.plain("notice_message_gone")
    try:
        return await handle(
            ChatContext(desk, query.message, voice, query.from_user), query.data or ""
        )
    except BusyError:
        return voice.plain("notice_busy")
