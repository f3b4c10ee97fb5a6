"""JSON Lines files, plain and gzipped, read line by line in bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from index.article import Article, Rejection
from index.errors import InputError
from index.records import parse_record

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_MAX_LINE_BYTES = 10_000_000
_CHUNK_BYTES = 1 << 16


def read_json_lines(
    file: BinaryIO,
    name: str,
    *,
    gzipped: bool = False,
    on_progress: Callable[[int], object] = lambda _: None,
) -> Iterator[Article | Rejection]:
    """Read records from a binary stream; a bad line is rejected and the next ones go on.

    Args:
        file: The stream of lines in UTF-8.
        name: What to call it in rejections.
        gzipped: Whether the stream is compressed.
        on_progress: Called with the number of bytes taken from `file` since the last call.

    Yields:
        An article for each good line, a rejection for each bad one.
    """
    counted = io.BufferedReader(_Counted(file, on_progress), _CHUNK_BYTES)
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
        number += 1
        if line.strip():
            try:
                yield _parse(line, first=number == 1)
            except InputError as error:
                yield Rejection(f"{name}, line {number}", str(error))


class _Counted(io.RawIOBase):
    """A stream that tells how much is read from it; it does not close the stream."""

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
    """Yield lines; of a line over the limit only as much as shows that it is."""
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
        raise InputError(f"not UTF-8 at byte {error.start + 1} of the line") from None
    except json.JSONDecodeError as error:
        cause = error.msg.removesuffix(" at")
        raise InputError(f"not valid JSON: {cause} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise InputError("not valid JSON: a number too long, or lists too deep") from None
    if not isinstance(record, dict):
        raise InputError("not a JSON object: expected {…} on the line")
    return parse_record(record)
