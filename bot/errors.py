"""Exceptions of running the bot.

    HoiBaoError
    └── BotError
        ├── BusyError       the queue of questions is full
        ├── TokenError      no token, or one that Telegram refuses
        ├── StartError      Telegram cannot be used as the settings say
        └── WebhookError    the webhook cannot be set or served

Each message is one line that a person can act on, and never holds the token.
"""

from index.errors import HoiBaoError


class BotError(HoiBaoError):
    """Base of every error that running the bot raises on purpose."""


class BusyError(BotError):
    """The queue of questions is full."""


class TokenError(BotError):
    """Token missing, or refused by Telegram."""


class StartError(BotError):
    """Telegram cannot be used as the settings say."""


class WebhookError(BotError):
    """The webhook cannot be set or served."""
