"""Messages: catalogues (vi, en), Telegram HTML with its lengths, captions, links."""

from bot.messages.catalogues import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Language,
    Messages,
    as_language,
    interface_language,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Language",
    "Messages",
    "as_language",
    "interface_language",
]
