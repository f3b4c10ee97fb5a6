"""Parse Telegram's HTML parse mode into text and entities.

The tags, checks and error texts are those of Telegram.
"""

import re
from dataclasses import dataclass

from bot.playground.errors import ApiError, bad_request
from bot.playground.world.entities import Entity, normalize_url, sort_entities, utf16_length

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TEXT = re.compile(r"[^<]*")
SPACE = re.compile(r"[ \t\r\n\0\v]*")
TAG = re.compile(r"[^ \t\r\n\0\v>]*")
ATTRIBUTE = re.compile(r"[^ \t\r\n\0\v=>/\"']*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")
REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
LONGEST_REFERENCE = 9  # Telegram: characters of a numeric reference, without the semicolon


def parse_html(source: str) -> tuple[str, tuple[Entity, ...]]:
    """Parse Telegram's HTML.

    Args:
        source: The text as a bot sends it with `parse_mode` HTML.

    Returns:
        The plain text and its entities.

    Raises:
        ApiError: "can't parse entities: …", with Telegram's own reason.
    """
    return _Parser(source).parse()


@dataclass(slots=True)
class _OpenTag:
    tag: str
    argument: str
    offset: int
    start: int


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text: list[str] = []
        self.units = 0
        self.open: list[_OpenTag] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, tuple[Entity, ...]]:
        while self.position < len(self.source):
            if self._peek() == "<":
                self._tag()
            else:
                characters = _decode_references(self._take(TEXT))
                self.text.append(characters)
                self.units += utf16_length(characters)
        if self.open:
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        return "".join(self.text), sort_entities(self.entities)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Take the characters that match at the position, if any, and move behind them."""
        match = pattern.match(self.source, self.position)
        assert match is not None  # each pattern also matches nothing
        self.position = match.end()
        return match.group()

    def _tag(self) -> None:
        begin = self.position
        self.position += 1
        if self._peek() == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _peek(self) -> str:
        return self.source[self.position] if self.position < len(self.source) else ""

    def _at(self, position: int) -> str:
        return f"at byte offset {len(self.source[:position].encode())}"

    def _start_tag(self, begin: int) -> None:
        tag = _lower(self._take(TAG))
        if not self._peek():
            raise _refusal(f"Unclosed start tag {self._at(begin)}")
        if tag not in TYPES:
            raise _refusal(f'Unsupported start tag "{tag}" {self._at(begin)}')
        argument = ""
        while self._peek() != ">":
            self._take(SPACE)
            if self._peek() == ">":
                break
            argument = _argument(tag, *self._attribute(tag, begin)) or argument
        if tag == "span" and argument != "spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" {self._at(begin)}')
        self.position += 1
        self.open.append(_OpenTag(tag, argument, self.units, len(self.text)))

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        name = self._take(ATTRIBUTE)
        if not name:
            raise _refusal(f'Empty attribute name in the tag "{tag}" {self._at(begin)}')
        self._take(SPACE)
        if self._peek() != "=":
            if not self._peek():
                raise _refusal(f'Unclosed start tag "{tag}" {self._at(begin)}')
            return name, ""
        self.position += 1
        self._take(SPACE)
        if not self._peek():
            raise _refusal(f'Unclosed start tag "{tag}" {self._at(begin)}')
        value = self._quoted() if self._peek() in "\"'" else self._token()
        if not self._peek():
            raise _refusal(f"Unclosed start tag {self._at(begin)}")
        return name, value

    def _token(self) -> str:
        begin = self.position
        token = self._take(TOKEN)
        if self._take(TAG):
            raise _refusal(f"Unexpected end of name token {self._at(begin)}")
        return _lower(token)

    def _quoted(self) -> str:
        start = self.position + 1
        end = self.source.find(self._peek(), start)
        end = len(self.source) if end < 0 else end
        self.position = end + 1
        return _decode_references(self.source[start:end])

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise _refusal(f"Unexpected end tag {self._at(begin)}")
        self.position += 1
        tag = _lower(self._take(TAG))
        self._take(SPACE)
        if self._peek() != ">":
            raise _refusal(f"Unclosed end tag {self._at(begin)}")
        opened = self.open[-1]
        if tag and tag != opened.tag:
            raise _refusal(
                f'Unmatched end tag {self._at(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        self.position += 1
        self.open.pop()
        if self.units > opened.offset:
            self._close(opened)

    def _close(self, opened: _OpenTag) -> None:
        kind, url, language = TYPES[opened.tag], None, None
        length = self.units - opened.offset
        if kind == "text_link":
            url = normalize_url(opened.argument or "".join(self.text[opened.start :]))
            if url is None:
                return
        elif kind == "blockquote" and opened.argument:
            kind = "expandable_blockquote"
        elif kind == "code":
            language = opened.argument
        elif kind == "pre":
            language = self._language_of_inner_code(opened.offset, length)
        self.entities.append(
            Entity(type=kind, offset=opened.offset, length=length, url=url, language=language)
        )

    def _language_of_inner_code(self, offset: int, length: int) -> str | None:
        """Merge `<pre><code class="language-x">` into one `pre` entity of that language."""
        inner = self.entities[-1] if self.entities else None
        if inner is None or (inner.type, inner.offset, inner.length) != ("code", offset, length):
            return None
        if not inner.language:
            return None
        self.entities.pop()
        return inner.language


def _argument(tag: str, name: str, value: str) -> str:
    if (tag, name) == ("a", "href"):
        return value
    if (tag, name) == ("code", "class"):
        return value.removeprefix("language-") if value.startswith("language-") else ""
    if (tag, name) == ("span", "class"):
        return value.removeprefix("tg-") if value.startswith("tg-") else ""
    return "1" if (tag, name) == ("blockquote", "expandable") else ""


def _decode_references(text: str) -> str:
    return REFERENCE.sub(_decode_reference, text)


def _decode_reference(match: re.Match[str]) -> str:
    """Decode a reference; leave it as it is where Telegram does."""
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED.get(name, match.group())
    if len(match.group().rstrip(";")) > LONGEST_REFERENCE:
        return match.group()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return match.group()
    return chr(code)


def _lower(text: str) -> str:
    """Convert to lower case in ASCII only, as Telegram does with tags."""
    return "".join(character.lower() if character.isascii() else character for character in text)


def _refusal(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
