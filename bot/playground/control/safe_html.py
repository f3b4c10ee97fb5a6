"""Render message text and entities as safe HTML for the chat page: an allowlist of tags."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise

from bot.playground.world.entities import Entity

TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "bot_command": ('<span class="command">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
}
BLOCKS = frozenset({"blockquote", "expandable_blockquote", "pre"})
SCHEMES = ("http://", "https://", "tg://")
LINK = '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">'


def safe_html(text: str, entities: Sequence[Entity]) -> str:
    """Render a text with its entities as HTML, with everything else escaped.

    Entities may overlap; the tags nest properly all the same. The line break on either
    side of a block is dropped, since the block breaks the line.
    """
    units = text.encode("utf-16-le")
    entities = [_clip(entity, units) for entity in entities]
    edges = {0, len(units) // 2}
    for entity in entities:
        edges.update({entity.offset, entity.end})
    pieces: list[str] = []
    open_now: list[Entity] = []
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        covering = [entity for entity in entities if entity.offset <= start < entity.end]
        words = units[2 * start : 2 * end].decode("utf-16-le")
        words = _strip_block_breaks(words, entities, start, end)
        pieces += _change_tags(open_now, covering, units)
        pieces.append(escape(words))
        open_now = covering
    pieces += _change_tags(open_now, [], units)
    return "".join(pieces)


def _clip(entity: Entity, units: bytes) -> Entity:
    """Clip an entity to the text, and move its ends out of surrogate pairs."""
    start, end = _edge(entity.offset, units), _edge(entity.end, units)
    return replace(entity, offset=start, length=max(0, end - start))


def _edge(position: int, units: bytes) -> int:
    position = min(max(position, 0), len(units) // 2)
    following = units[2 * position : 2 * position + 2]
    is_second_half = len(following) == 2 and 0xDC <= following[1] <= 0xDF
    return position + 1 if is_second_half else position


def _change_tags(before: list[Entity], after: list[Entity], units: bytes) -> list[str]:
    shared = 0
    while shared < min(len(before), len(after)) and before[shared] is after[shared]:
        shared += 1
    closing = [_tags(entity, units)[1] for entity in reversed(before[shared:])]
    opening = [_tags(entity, units)[0] for entity in after[shared:]]
    return closing + opening


def _tags(entity: Entity, units: bytes) -> tuple[str, str]:
    url = entity.url
    if entity.type == "url":
        url = units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")
        url = url if "://" in url else f"https://{url}"
    if url is not None and url.lower().startswith(SCHEMES) and _is_visible(entity, units):
        return LINK.format(escape(url)), "</a>"
    return TAGS.get(entity.type, ("", ""))


def _is_visible(entity: Entity, units: bytes) -> bool:
    """Tell whether there is something to press: bots link invisible characters to keep data."""
    words = units[2 * entity.offset : 2 * entity.end].decode("utf-16-le", errors="replace")
    return any(unicodedata.category(character) != "Cf" for character in words)


def _strip_block_breaks(words: str, entities: Sequence[Entity], start: int, end: int) -> str:
    blocks = [entity for entity in entities if entity.type in BLOCKS]
    if any(block.end == start for block in blocks):
        words = words.removeprefix("\n")
    if any(block.offset == end for block in blocks):
        words = words.removesuffix("\n")
    return words
