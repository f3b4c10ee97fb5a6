"""Register the bot's commands and descriptions on Telegram, in both languages.

Where there are example questions, the description, which Telegram shows in an empty chat, lists
some, and the command `/ask` and the short description name one.
"""

import logging
from functools import partial

from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.messages import LANGUAGES, Language, Messages
from bot.messages.examples import ExampleQuestions
from bot.messages.voice import Translator
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
SHORT_LIMIT = 120  # characters; Telegram: setMyShortDescription
EXAMPLES = 3  # questions in the description
DEFAULT_PROFILE: Language = "vi"  # shown to speakers of languages without a profile of their own

_LOGGER = logging.getLogger(__name__)


async def register_profile(bot: ExtBot[Kind], examples: ExampleQuestions) -> None:
    """Register commands and descriptions; refusals are logged only."""
    messages = Messages.load()
    for language in LANGUAGES:
        code = None if language == DEFAULT_PROFILE else language
        voice = Translator(messages, language, bot.username)
        described = voice.plain("description") + examples.paragraph(voice, EXAMPLES)
        requests = {
            "commands": partial(bot.set_my_commands, _commands(voice, examples)),
            "description": partial(bot.set_my_description, described),
            "short description": partial(
                bot.set_my_short_description, _short_description(voice, examples)
            ),
        }
        for what, request in requests.items():
            try:
                await request(language_code=code)
            except TelegramError as error:
                _LOGGER.warning("The bot's %s could not be registered: %s", what, error)


def _commands(voice: Translator, examples: ExampleQuestions) -> list[BotCommand]:
    """Return the commands of the menu, `/ask` with an example."""
    texts = {name: voice.plain(f"command_{name}") for name in COMMANDS}
    if example := examples.line(voice):
        texts["ask"] = f"{texts['ask']}.{example}"
    return [BotCommand(name, text) for name, text in texts.items()]


def _short_description(voice: Translator, examples: ExampleQuestions) -> str:
    """Return the short description, with an example if it fits."""
    bare = voice.plain("short_description")
    full = bare + examples.line(voice)
    return full if len(full) <= SHORT_LIMIT else bare
