"""Message catalogues: one JSON file of templates for each interface language.

A message is a Telegram-HTML template with `{names}` for values. Values are
escaped, so templates need not. Messages named
`button_…`, `notice_…`, `inline_…`, `command_…` and `…description` are shown
where Telegram reads no HTML: they are plain text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Literal, Self

Language = Literal["vi", "en"]

DEFAULT_LANGUAGE: Language = "vi"
LANGUAGES: Mapping[Language, str] = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class Messages:
    """The catalogues of all languages, by language and key."""

    catalogues: Mapping[Language, Mapping[str, str]]

    @classmethod
    def load(cls) -> Self:
        """Read the catalogues that ship with the package."""
        folder = files("bot.messages")
        return cls(
            {
                language: json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
                for language in LANGUAGES
            }
        )

    def text(self, language: Language, key: str, **values: str | int) -> str:
        """Return a message as Telegram HTML, its values escaped.

        Args:
            language: One of `LANGUAGES`.
            key: The name of the message in the catalogues.
            values: The values of the template's placeholders.

        Raises:
            KeyError: If the language, the message or a value is missing.
        """
        escaped = {name: escape(str(value), quote=False) for name, value in values.items()}
        return self.catalogues[language][key].format_map(escaped)

    def plain(self, language: Language, key: str, **values: str | int) -> str:
        """Return a message as plain text: for buttons, notices and menus.

        Raises:
            KeyError: If the language, the message or a value is missing.
        """
        return self.catalogues[language][key].format_map(values)


def as_language(text: str | None) -> Language | None:
    """Return the interface language with this code, or None."""
    return next((language for language in LANGUAGES if language == text), None)


def interface_language(chosen: str | None, language_code: str | None) -> Language:
    """Choose the interface language for a user.

    Args:
        chosen: The language chosen with `/lang` in the chat, if any.
        language_code: The IETF tag that Telegram gives for the user, if any.
    """
    if known := as_language(chosen):
        return known
    if not language_code:
        return DEFAULT_LANGUAGE
    return "vi" if language_code.lower().split("-")[0] == "vi" else "en"
