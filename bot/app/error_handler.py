"""Handle errors of handlers and of polling: notify the user, log the cause."""

import logging
from contextlib import suppress

from telegram import InlineQueryResultsButton, Update
from telegram.error import Conflict, Forbidden, NetworkError, TelegramError

from bot.conversation.context import BotContext, Context
from bot.messages import interface_language
from bot.messages.voice import Translator
from bot.questions.inline import START_PAYLOAD
from bot.transport.connection import TokenRefusedError
from bot.transport.rate_limiter import UncertainError
from index.errors import UnavailableError

_LOGGER = logging.getLogger(__name__)


async def handle_error(desk: BotContext, update: object, context: Context) -> None:
    """Log why an update was not answered, and notify its sender."""
    error = context.error
    if not isinstance(update, Update):
        _LOGGER.error("The bot failed beside the updates: %s", error, exc_info=_unexpected(error))
        return
    if isinstance(error, UncertainError):
        _LOGGER.error("An update was not answered, or Telegram's reply was lost: %s", error)
        with suppress(TelegramError):
            if update.callback_query:
                await update.callback_query.answer()
        return
    if isinstance(error, (Forbidden, TokenRefusedError)):
        _LOGGER.info("The bot may not write to this chat: %s", error)
    else:
        _LOGGER.error("An update was not answered: %s", error, exc_info=_unexpected(error))
    voice = await _voice(desk, update, context)
    with suppress(TelegramError):
        await _tell(update, voice)


def log_polling_error(error: Exception | None) -> None:
    """Log in one line why updates could not be fetched; fetching goes on by itself."""
    if isinstance(error, Conflict):
        _LOGGER.error("Another program fetches this bot's updates; stop one of the two")
    elif isinstance(error, NetworkError):
        _LOGGER.warning("Telegram cannot be reached, trying again: %s", error)
    else:
        _LOGGER.error("Updates could not be fetched: %s", error, exc_info=_unexpected(error))


def _unexpected(error: Exception | None) -> Exception | None:
    """Return an error whose traceback is worth logging, or None for one of a server."""
    return None if isinstance(error, (TelegramError, UnavailableError)) else error


async def _voice(desk: BotContext, update: Update, context: Context) -> Translator:
    """Return the translator of a chat; the library is not asked if its failure may be the error."""
    user = update.effective_user
    if isinstance(context.error, TelegramError):
        chat = update.effective_chat or user
        return await desk.voice(context.bot, chat.id if chat else 0, user)
    language = interface_language(None, user.language_code if user else None)
    return Translator(desk.messages, language, context.bot.username)


async def _tell(update: Update, voice: Translator) -> None:
    """Report the failure in the chat, by the kind of update."""
    if update.callback_query:
        await update.callback_query.answer(voice.plain("notice_error"))
    elif update.inline_query:
        button = InlineQueryResultsButton(
            voice.plain("inline_error"), start_parameter=START_PAYLOAD
        )
        await update.inline_query.answer([], cache_time=0, is_personal=True, button=button)
    elif update.effective_message:
        await update.effective_message.reply_text(voice.text("error"), do_quote=True)
