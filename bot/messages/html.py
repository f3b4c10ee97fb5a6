"""Telegram HTML with its length: build, measure and shorten messages.

Telegram counts a message's length in UTF-16 code units after the markup is
parsed, and its entities one by one. A `Piece` carries both numbers along, so a
message can be measured while it is put together.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape
from typing import Self

ELLIPSIS = "…"

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Markup, its length in UTF-16 units once parsed, and the entities in it."""

    html: str = ""
    length: int = 0
    entities: int = 0

    @classmethod
    def plain(cls, text: str) -> Self:
        """Return text without any markup of its own."""
        return cls(escape(text, quote=False), utf16_length(text))

    @classmethod
    def parse(cls, html: str) -> Self:
        """Measure markup that this program wrote, in which no tag is left open."""
        text = unescape(_TAG.sub("", html))
        return cls(html, utf16_length(text), len(_TAG.findall(html)) // 2)

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(
            self.html + other.html, self.length + other.length, self.entities + other.entities
        )

    def within(self, tag: str, attribute: str = "") -> "Piece":
        """Return this piece as one entity more, or as it is if there is nothing to see."""
        if not self.length:
            return self
        opening = f"<{tag} {attribute}>" if attribute else f"<{tag}>"
        return Piece(f"{opening}{self.html}</{tag}>", self.length, self.entities + 1)

    def linked(self, url: str) -> "Piece":
        """Return this piece as a link."""
        return self.within("a", f'href="{escape(url)}"')


def join(separator: str, pieces: Iterable[Piece]) -> Piece:
    """Join pieces with a plain separator."""
    between = Piece.plain(separator)
    total = Piece()
    for number, piece in enumerate(pieces):
        total = total + between + piece if number else piece
    return total


def utf16_length(text: str) -> int:
    """Return the length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def shorten(text: str, limit: int, *, start: int = 0) -> tuple[str, int]:
    """Cut a text down to a number of UTF-16 units, with an ellipsis where it was cut.

    Args:
        text: What to shorten.
        limit: The most UTF-16 units to return, ellipses included; at least 2.
        start: The index from which to show the text, unless all of it fits.

    Returns:
        The shortened text, and the index in `text` at which it begins. Between the
        ellipses it is a substring of `text`, and no character is split from its
        combining marks.
    """
    if utf16_length(text) <= limit:
        return text, 0
    front = ELLIPSIS if start else ""
    room = limit - len(front)
    if utf16_length(text[start:]) <= room:
        return front + text[start:], start
    end = _fitting_end(text, start, room - len(ELLIPSIS))
    return front + text[start:end] + ELLIPSIS, start


def emphasise(text: str, spans: Iterable[tuple[int, int]]) -> Piece:
    """Render a text with some spans bold."""
    total = Piece()
    done = 0
    for start, end in _merge(text, spans):
        total += Piece.plain(text[done:start]) + Piece.plain(text[start:end]).within("b")
        done = end
    return total + Piece.plain(text[done:])


def _fitting_end(text: str, start: int, room: int) -> int:
    """Return the end of the longest part from `start` that fits, at a word's end if possible."""
    end, used = start, 0
    while end < len(text) and used + utf16_length(text[end]) <= room:
        used += utf16_length(text[end])
        end += 1
    hard = end
    while hard > start and hard < len(text) and _sticks(text[hard]):
        hard -= 1
    if end < len(text) and text[end].isspace():
        return end
    word = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
    return word if word > start + (hard - start) // 2 else hard


def _sticks(character: str) -> bool:
    """Tell whether a character belongs to the one before it."""
    return unicodedata.combining(character) > 0 or character in "\u200d\ufe0f"


def _merge(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort the spans, and merge those separated by white space only."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
