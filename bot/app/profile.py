"""Register the bot's commands and descriptions on Telegram, in both languages."""

import logging
from functools import partial

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import LANGUAGES, Language, Messages
from bot.transport.rate_limiter import Kind

# In the order of the menu; commands that delete or export everything have to be typed.
COMMANDS = (
    "ask",
    "today",
    "latest",
    "timeline",
    "count",
    "subscribe",
    "subscriptions",
    "sources",
    "settings",
    "help",
)
DEFAULT_PROFILE: Language = "vi"  # shown to speakers of languages without a profile of their own

_LOGGER = logging.getLogger(__name__)


async def register_profile(bot: ExtBot[Kind]) -> None:
    """Register commands and descriptions; refusals are logged only."""
    messages = Messages.load()
    for language in LANGUAGES:
        code = None if language == DEFAULT_PROFILE else language
        text = partial(messages.plain, language)
        commands = [BotCommand(name, text(f"command_{name}")) for name in COMMANDS]
        requests = {
            "commands": partial(bot.set_my_commands, commands),
            "description": partial(bot.set_my_description, text("description")),
            "short description": partial(bot.set_my_short_description, text("short_description")),
        }
        for what, request in requests.items():
            try:
                await request(language_code=code)
            except TelegramError as error:
                _LOGGER.warning("The bot's %s could not be registered: %s", what, error)
