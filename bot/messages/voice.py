"""Translate messages into the language of a chat."""

from dataclasses import dataclass

from bot.messages.catalogues import Language, Messages
from bot.messages.html import Piece


@dataclass(frozen=True, slots=True)
class Translator:
    """Message catalogues in one language, with the bot's user name."""

    messages: Messages
    language: Language
    bot: str

    def text(self, key: str, **values: str | int) -> str:
        """Return a message in this language as Telegram HTML."""
        return self.messages.text(self.language, key, **values)

    def plain(self, key: str, **values: str | int) -> str:
        """Return a message in this language as plain text."""
        return self.messages.plain(self.language, key, **values)

    def count(self, number: int) -> str:
        """Format a number with the thousands separator of this language."""
        grouped = f"{number:,}"
        return grouped.replace(",", ".") if self.language == "vi" else grouped

    def piece(self, key: str, **values: str | int) -> Piece:
        """Return a message in this language as a measured piece."""
        return Piece.parse(self.text(key, **values))
