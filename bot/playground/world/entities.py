"""Message entities (bold, links, commands, mentions…), with offsets in UTF-16 units."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.playground.errors import Json

MAX_ENTITIES = 100  # Telegram: entities of a message, the others are ignored

DETECTED = re.compile(
    r"""
      (?P<url>https?://[^\s<>"']+
         | (?<![\w@./-])(?:[\w-]+\.)+(?:com|edu|gov|info|io|me|net|org|vn)\b(?:/[^\s<>"']*)?)
    | (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@]))
    | (?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w))
    | (?P<hashtag>(?<![\w#])\#\w*[^\W\d_]\w*)
    """,
    re.VERBOSE,
)
NO_DETECTION_INSIDE = frozenset({"pre", "code", "text_link"})  # nothing is detected inside of these
CONTROLS = {code: " " for code in range(32) if code != 10} | {13: None}
DIRECTION_OVERRIDES = dict.fromkeys(range(0x202A, 0x202F))
CLEANING = CONTROLS | DIRECTION_OVERRIDES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A span `[offset, offset + length)` of a message's text, in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None

    @property
    def end(self) -> int:
        """End of the span, exclusive, in UTF-16 units."""
        return self.offset + self.length

    def json(self) -> Json:
        """Return the entity as a `MessageEntity` of the Bot API."""
        shape: Json = {"offset": self.offset, "length": self.length, "type": self.type}
        if self.url is not None:
            shape["url"] = self.url
        if self.language and self.type == "pre":
            shape["language"] = self.language
        return shape


def utf16_length(text: str) -> int:
    """Count the UTF-16 units of a text."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def clean(text: str) -> str:
    """Remove the characters that Telegram drops: controls and direction overrides."""
    return text.translate(CLEANING)


def normalize_url(url: str) -> str | None:
    """Normalise the URL of a link as Telegram does; None for an invalid one."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
        _ = parts.port  # raises for an invalid port
    except ValueError:
        return None
    if parts.scheme == "tg":
        return url
    if parts.scheme not in {"http", "https"} or "." not in host.strip(".") or " " in url:
        return None
    return parts._replace(path=parts.path or "/").geturl()


def sort_entities(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Sort entities from the outermost to the innermost, and keep at most 100."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))[
        :MAX_ENTITIES
    ]


def trim(text: str, entities: Sequence[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Strip the white space around a message's text, and shift its entities."""
    first = min((entity.offset for entity in entities), default=len(text))
    leading = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[leading:].rstrip(" \n")
    size = utf16_length(text)
    kept = []
    for entity in entities:
        start = entity.offset - leading
        end = min(entity.end - leading, size)
        if end > start:
            kept.append(replace(entity, offset=start, length=end - start))
    return text, sort_entities(kept)


def add_detected(text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Detect commands, mentions, links, emails and hashtags, and add them to the entities."""
    opaque = [entity for entity in entities if entity.type in NO_DETECTION_INSIDE]
    detected = []
    for match in DETECTED.finditer(text):
        covered = match.group()
        if match.lastgroup == "url":
            covered = covered.rstrip(".,:;!?)]}…»”")
        entity = Entity(
            type=match.lastgroup or "",
            offset=utf16_length(text[: match.start()]),
            length=utf16_length(covered),
        )
        if not any(entity.offset < other.end and other.offset < entity.end for other in opaque):
            detected.append(entity)
    return sort_entities([*entities, *detected])


def spans(text: str, entities: Sequence[Entity]) -> Iterator[tuple[Entity, str]]:
    """Yield each entity with the text that it covers."""
    encoded = text.encode("utf-16-le")
    for entity in entities:
        yield (
            entity,
            encoded[2 * entity.offset : 2 * entity.end].decode("utf-16-le", errors="replace"),
        )
