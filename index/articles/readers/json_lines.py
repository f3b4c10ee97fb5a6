"""JSON Lines: read files line by line in bounded memory, and records field by field."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from index.articles.readers.encoding import strip_controls
from index.articles.readers.legacy_fonts import reject_legacy_fonts
from index.articles.readers.reading import Reading
from index.articles.urls import host_of, is_address
from index.errors import PROGRAM_ERRORS, InputError
from index.language.dates import parse_iso
from index.models.article import Article, Rejection
from index.models.problem import program_problem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


_GZIP = b"\x1f\x8b"  # what gzip data begin with
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"{\0", b"\0{")
"""How JSON Lines in UTF-16 begin: with a byte order mark, or a bracket in two bytes."""

_MAX_LINE_BYTES = 10_000_000
_CHUNK_BYTES = 1 << 16


def read_json_lines(
    file: BinaryIO,
    name: str,
    *,
    gzipped: bool = False,
    on_progress: Callable[[int], object] = lambda _: None,
) -> Iterator[Reading | Rejection]:
    """Read articles from a stream of JSON Lines, rejecting bad lines one by one.

    Args:
        file: The stream of lines in UTF-8.
        name: Name of the stream in readings and rejections.
        gzipped: Whether the stream is compressed.
        on_progress: Called with the number of bytes taken from `file` since the last call.

    Yields:
        An article for each good line, a rejection for each bad one.
    """
    counted = io.BufferedReader(_Counted(file, on_progress), _CHUNK_BYTES)
    if gzipped and not counted.peek(len(_GZIP)).startswith(_GZIP):
        yield Rejection(name, "it is no gzip file; compress it, or name it without .gz")
        return
    lines = _lines(gzip.GzipFile(fileobj=counted) if gzipped else counted)
    number = 0
    while True:
        try:
            line = next(lines, None)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            reason = "the gzip data is cut short or damaged here; the lines before were read"
            yield Rejection(f"{name}, line {number + 1}", reason)
            return
        if line is None:
            return
        if number == 0 and line.startswith(_UTF_16):
            yield Rejection(name, "it is in UTF-16; save it as UTF-8")
            return
        number += 1
        if line.strip():
            place = f"{name}, line {number}"
            try:
                yield Reading(place, _parse(line, first=number == 1))
            except InputError as error:
                yield Rejection(place, str(error))
            except PROGRAM_ERRORS as error:
                yield Rejection(place, program_problem(error))


class _Counted(io.RawIOBase):
    """Stream that reports the bytes read from it, and does not close the original."""

    def __init__(self, file: BinaryIO, on_progress: Callable[[int], object]) -> None:
        self._file = file
        self._on_progress = on_progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer)
        data = self._file.read(len(view))
        view[: len(data)] = data
        if data:
            self._on_progress(len(data))
        return len(data)


def _lines(stream: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield lines; of a line over the limit only its beginning, one byte over it."""
    while line := stream.readline(_MAX_LINE_BYTES + 1):
        rest = line
        while rest and len(line) > _MAX_LINE_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(_CHUNK_BYTES)
        yield line


def _parse(line: bytes, *, first: bool) -> Article:
    if len(line) > _MAX_LINE_BYTES:
        raise InputError(f"longer than {_MAX_LINE_BYTES // 1_000_000} MB, too large for one record")
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
        record = json.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 at byte {error.start + 1} of the line; save it as UTF-8"
        ) from None
    except json.JSONDecodeError as error:
        cause = error.msg.removesuffix(" at")
        raise InputError(f"not valid JSON: {cause} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise InputError("not valid JSON: a number too long, or lists too deep") from None
    if not isinstance(record, dict):
        raise InputError("not a JSON object: expected {…} on the line")
    return parse_record(record)


_SURROGATE = re.compile("[\ud800-\udfff]")
_MAX_TEXT = 5_000_000  # characters
_MAX_FIELD = 10_000  # characters, of every other field


def parse_record(record: Mapping[str, object]) -> Article:
    """Convert a record to an article.

    Its fields are `url`, `id`, `title`, `text`, `published` (ISO 8601),
    `source` and `author`. Only `text` must be there; unknown fields are passed over.
    `text` is kept as it is but for Unicode NFC and control characters, so that
    offsets into it hold.

    Args:
        record: A JSON object, as `json.loads` gives it.

    Returns:
        The article; its source is the record's own, or else the address's host.

    Raises:
        InputError: If a field has the wrong type or value, naming it.
    """
    title = " ".join((_text(record, "title") or "").split())
    text = _text(record, "text", _MAX_TEXT) or ""
    if not text.strip():
        raise InputError("text: missing or empty; a record needs one")
    reject_legacy_fonts(f"{title} {text}")
    url = _stripped(record, "url")
    if url and not is_address(url):
        raise InputError(f"url: expected an http(s) address, got {url[:80]!r}")
    published = _stripped(record, "published")
    return Article(
        title=title,
        text=text,
        url=url,
        id=_id(record),
        published=parse_iso(published) if published else None,
        source=_stripped(record, "source") or host_of(url),
        author=_stripped(record, "author"),
    )


def _stripped(record: Mapping[str, object], name: str) -> str | None:
    text = _text(record, name)
    return (text.strip() or None) if text else None


def _id(record: Mapping[str, object]) -> str | None:
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return _stripped(record, "id")


def _text(record: Mapping[str, object], name: str, limit: int = _MAX_FIELD) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"{name}: expected text, got {_kind(value)}")
    if len(value) > limit:
        raise InputError(f"{name}: {len(value):,} characters, more than {limit:,}")
    if _SURROGATE.search(value):
        raise InputError(f"{name}: holds half a character (a lone surrogate)")
    return unicodedata.normalize("NFC", strip_controls(value))


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list) else "object"
