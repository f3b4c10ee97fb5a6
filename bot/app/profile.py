"""Register the bot's commands and descriptions on Telegram, in both languages."""

import logging
from collections.abc import Awaitable

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import LANGUAGES, Language, Messages
from bot.transport.rate_limiter import Kind

# In the order of the menu; commands that delete or export everything have to be typed.
COMMANDS = ("ask", "latest", "subscribe", "subscriptions", "sources", "quiet", "lang", "help")
DEFAULT_PROFILE: Language = "vi"  # shown to speakers of languages without a profile of their own

_LOGGER = logging.getLogger(__name__)


async def register_profile(bot: ExtBot[Kind], messages: Messages) -> None:
    """Register commands and descriptions; refusals are logged only."""
    for language in LANGUAGES:
        code = None if language == DEFAULT_PROFILE else language
        commands = [
            BotCommand(name, messages.plain(language, f"command_{name}")) for name in COMMANDS
        ]
        await _try("commands", bot.set_my_commands(commands, language_code=code))
        await _try(
            "description",
            bot.set_my_description(messages.plain(language, "description"), language_code=code),
        )
        await _try(
            "short description",
            bot.set_my_short_description(
                messages.plain(language, "short_description"), language_code=code
            ),
        )


async def _try(what: str, request: Awaitable[bool]) -> None:
    """Await an optional request; log its failure."""
    try:
        await request
    except TelegramError as error:
        _LOGGER.warning("The bot's %s could not be registered: %s", what, error)
