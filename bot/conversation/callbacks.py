"""Handle callback queries: route a pressed button to its feature, and answer the query.

A query is always answered, or the button would spin for ever: with nothing when the message
changes, else with a short notice.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from bot.conversation.answer_pool import BusyError
from bot.conversation.callback_data import Action, CallbackData
from bot.conversation.context import (
    BotContext,
    ChatContext,
    Context,
    RefusedError,
    ignore_too_late,
    sender_id,
)
from bot.conversation.question_text import replied_question

Notice = str | None
"""Text that answers the callback query, if any."""

Callback = Callable[..., Awaitable[Notice]]
"""Handler of a callback query, given a `ChatContext` and the values of its callback data."""

Callbacks = Mapping[Action, Callback]


def callback_handler(desk: BotContext, callbacks: Callbacks) -> CallbackQueryHandler[Context, None]:
    """Return the handler of one feature's buttons; it matches no other callback data."""

    def is_ours(data: object) -> bool:
        return CallbackData.decode(str(data), callbacks) is not None

    async def handle(turn: ChatContext, data: str) -> Notice:
        decoded = CallbackData.decode(data, callbacks)
        if decoded is None:  # a button without data, which the library gives to any handler
            return turn.voice.plain("notice_old_button")
        return await callbacks[decoded.action](turn, *decoded.values)

    return CallbackQueryHandler(partial(_answer, desk, handle), is_ours)


def question_above(turn: ChatContext) -> tuple[Message, str]:
    """Return the message that asks, and its question; where it is carried, the one that answers.

    Raises:
        RefusedError: There is no question any more.
    """
    asked = turn.asked or replied_question(turn.message, turn.voice.bot)
    if not asked:
        raise RefusedError("question_gone")
    return turn.message.reply_to_message or turn.message, asked


def outdated_handler(
    desk: BotContext, notice: str, pattern: str | None = None
) -> CallbackQueryHandler[Context, None]:
    """Return a handler of buttons of other versions, which answers with a notice."""

    async def say(turn: ChatContext, _: str) -> Notice:
        return turn.voice.plain(notice)

    return CallbackQueryHandler(partial(_answer, desk, say), pattern)


async def _answer(
    desk: BotContext,
    handle: Callable[[ChatContext, str], Awaitable[Notice]],
    update: Update,
    context: Context,
) -> None:
    """Answer a callback query with its handler's notice, or ask a flooding user to wait."""
    query, sender = update.callback_query, sender_id(update)
    assert query is not None
    chat = query.message.chat.id if query.message else query.from_user.id
    voice = await desk.voice(context.bot, chat, query.from_user)
    notice: Notice = voice.plain("notice_message_gone")
    if not (verdict := await desk.flood_control.check(sender)).allowed:
        notice = voice.plain("notice_slow_down", seconds=verdict.wait)
    elif isinstance(query.message, Message):
        turn = ChatContext(desk, query.message, voice, query.from_user, pressed=True)
        notice = await _notice(turn, handle(turn, query.data or ""))
    await ignore_too_late(query.answer(notice))


async def _notice(turn: ChatContext, handling: Awaitable[Notice]) -> Notice:
    """Return the notice of a handler, or the one that says why it refuses."""
    try:
        return await handling
    except BusyError:
        return turn.voice.plain("notice_busy")
    except RefusedError as error:
        return turn.voice.plain(f"notice_{error.key}", **error.values)
