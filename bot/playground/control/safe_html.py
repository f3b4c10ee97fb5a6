"""Entities as safe HTML for the chat page: nothing but these tags ever reaches it."""

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
    """A text and its entities as HTML with everything else escaped.

    Entities may overlap in any way; the tags are nested all the same. The line
    break on either side of a block is left to the block.
    """
    units = text.encode("utf-16-le")
    entities = [_whole(entity, units) for entity in entities]
    edges = {0, len(units) // 2}
    for entity in entities:
        edges.update({entity.offset, entity.end})
    pieces: list[str] = []
    open_now: list[Entity] = []
    cuts = sorted(edges)
    for start, end in pairwise(cuts):
        covering = [entity for entity in entities if entity.offset <= start < entity.end]
        words = units[2 * start : 2 * end].decode("utf-16-le")
        words = _without_block_breaks(words, entities, start, end)
        pieces += _retagged(open_now, covering, units)
        pieces.append(escape(words))
        open_now = covering
    pieces += _retagged(open_now, [], units)
    return "".join(pieces)


def _whole(entity: Entity, units: bytes) -> Entity:
    """An entity that keeps to the text and parts no surrogate pair."""
    start, end = _edge(entity.offset, units), _edge(entity.end, units)
    return replace(entity, offset=start, length=max(0, end - start))


def _edge(position: int, units: bytes) -> int:
    position = min(max(position, 0), len(units) // 2)
    following = units[2 * position : 2 * position + 2]
    is_second_half = len(following) == 2 and 0xDC <= following[1] <= 0xDF
    return position + 1 if is_second_half else position


def _retagged(before: list[Entity], after: list[Entity], units: bytes) -> list[str]:
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
    if url is not None and url.lower().startswith(SCHEMES):
        return LINK.format(escape(url)), "</a>"
    return TAGS.get(entity.type, ("", ""))


def _without_block_breaks(words: str, entities: Sequence[Entity], start: int, end: int) -> str:
    blocks = [entity for entity in entities if entity.type in BLOCKS]
    if any(block.end == start for block in blocks):
        words = words.removeprefix("\n")
    if any(block.offset == end for block in blocks):
        words = words.removesuffix("\n")
    return words
