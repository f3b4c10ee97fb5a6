"""Exceptions of running the bot: each message is one line to act on, and never holds the token."""

from index.errors import HoiBaoError


class TokenError(HoiBaoError):
    """Token missing, or refused by Telegram."""


class StartError(HoiBaoError):
    """Telegram, or a port of this machine, cannot be used as the settings say."""


class WebhookError(HoiBaoError):
    """The webhook cannot be set or served."""
