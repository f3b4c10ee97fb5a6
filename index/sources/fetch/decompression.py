"""Decompress HTTP response bodies as a stream, with size limits (zip bombs)."""

import zlib
from collections.abc import AsyncIterator

from index.models.problem import Code, Problem
from index.sources.errors import FetchError

_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_MEMBERS = 10_000  # of a gzip file; bgzip makes one for each 64 KB
_PIECE = 65_536  # bytes; each member costs a copy of what is behind it in its piece
CODINGS = "gzip, deflate"
"""Content codings that `read_body` supports, as an Accept-Encoding header."""


async def read_body(
    parts: AsyncIterator[bytes], coding: str, host: str, *, max_raw: int, max_bytes: int
) -> bytes:
    """Read and decompress a response body within size limits.

    Args:
        parts: The body as it was sent.
        coding: Its Content-Encoding, "" for none.
        host: Where it comes from, for messages.
        max_raw: The most bytes to read, as sent.
        max_bytes: The most bytes to hold, decompressed.

    Raises:
        FetchError: If it is larger, in another coding, damaged or cut off.
    """
    inflater = _inflater(coding, host, max_bytes)
    raw = 0
    pieces: list[bytes] = []
    async for part in parts:
        raw += len(part)
        if raw > max_raw:
            raise too_large_error(host, max_raw)
        pieces.append(inflater.feed(part))
    inflater.finish()
    return b"".join(pieces)


def gunzip(data: bytes, host: str, max_bytes: int) -> bytes:
    """Decompress a gzip file; return other data unchanged.

    Raises:
        FetchError: If it holds more than `max_bytes`, or is damaged.
    """
    if not data.startswith(_GZIP_MAGIC):
        return data
    inflater = _Inflater(host, max_bytes, _GZIP)
    pieces = [inflater.feed(data[start : start + _PIECE]) for start in range(0, len(data), _PIECE)]
    inflater.finish()
    return b"".join(pieces)


def too_large_error(host: str, limit: int) -> FetchError:
    """Return the error for a body above a limit in bytes."""
    return FetchError(Problem(Code.LARGE_BODY, host, megabytes=f"{limit / 1e6:,.1f}"))


class _Plain:
    def __init__(self, host: str, max_bytes: int) -> None:
        self._host = host
        self._limit = max_bytes
        self._size = 0

    def feed(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._limit:
            raise too_large_error(self._host, self._limit)
        return data

    def finish(self) -> None:
        return None


class _Inflater(_Plain):
    """Decompressor of gzip (also with several members) or deflate, within its limit."""

    def __init__(self, host: str, max_bytes: int, window: int) -> None:
        super().__init__(host, max_bytes)
        self._window = window
        self._stream = zlib.decompressobj(window)
        self._begun = False
        self._members = 1

    def feed(self, data: bytes) -> bytes:
        pieces: list[bytes] = []
        if data and not self._begun and self._window == zlib.MAX_WBITS:
            self._choose_deflate(data)
        while data:
            self._begun = True
            if self._stream.eof:
                if self._window != _GZIP or not _GZIP_MAGIC.startswith(data[:2]):
                    break  # padding after the end is no part of it
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise too_large_error(self._host, self._limit)
                self._stream = zlib.decompressobj(self._window)
            pieces.append(super().feed(self._inflate(data)))
            data = self._stream.unconsumed_tail or self._stream.unused_data
        return b"".join(pieces)

    def finish(self) -> None:
        if self._begun and not self._stream.eof:
            raise FetchError(Problem(Code.CUT_BODY, self._host))

    def _inflate(self, data: bytes) -> bytes:
        try:
            return self._stream.decompress(data, self._limit - self._size + 1)
        except zlib.error:
            raise FetchError(Problem(Code.DAMAGED_BODY, self._host)) from None

    def _choose_deflate(self, data: bytes) -> None:
        """Take "deflate" as zlib's form or, as some servers send it, without its header."""
        has_header = data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2]) % 31 == 0)
        if not has_header:
            self._window = -zlib.MAX_WBITS
            self._stream = zlib.decompressobj(self._window)


def _inflater(coding: str, host: str, max_bytes: int) -> _Plain:
    name = coding.strip().lower()
    if name in ("", "identity"):
        return _Plain(host, max_bytes)
    if name in ("gzip", "x-gzip"):
        return _Inflater(host, max_bytes, _GZIP)
    if name == "deflate":
        return _Inflater(host, max_bytes, zlib.MAX_WBITS)
    raise FetchError(Problem(Code.CODING, host, coding=name[:40]))
