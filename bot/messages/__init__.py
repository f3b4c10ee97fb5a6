"""Message texts: catalogues (vi, en), Telegram HTML and its lengths, captions, links, quotes."""

from bot.messages.catalogues import (
    LANGUAGES,
    Language,
    Messages,
    as_language,
    interface_language,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "Messages",
    "as_language",
    "interface_language",
]
