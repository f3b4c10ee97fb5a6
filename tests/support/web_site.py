"""A web site on loopback that can misbehave: each path plays a part."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """A request as it came: the headers' names are in lower case."""

    path: str
    headers: Mapping[str, str]


TLS_HANDSHAKE = b"\x16"  # the first byte of a connection that wants TLS: a plain server ends it
Part = Callable[[Request, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """A site: what each path plays, and what was asked of it."""

    port: int = 0
    parts: dict[str, Part] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    open_now: int = 0
    most_open: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def page(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let a path answer with a body."""
        self.parts[path] = answer(body, status=status, headers=headers)

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Let a path point elsewhere."""
        self.parts[path] = redirect(target, status)

    def asked(self, path: str) -> list[Request]:
        """The requests for a path."""
        return [request for request in self.requests if request.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Play one connection: one request, then it is closed."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            if first == TLS_HANDSHAKE:
                raise ConnectionAbortedError
            rest = await reader.readuntil(b"\r\n\r\n")
            lines = (first + rest).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            request = Request(lines[0].split()[1], headers)
            self.requests.append(request)
            self.open_now += 1
            self.most_open = max(self.most_open, self.open_now)
            try:
                await self.parts.get(request.path, answer(status=404))(request, reader, writer)
            finally:
                self.open_now -= 1
        writer.close()


@contextlib.asynccontextmanager
async def web_site() -> AsyncIterator[Site]:
    """A site that is served while the block runs."""
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await server.wait_closed()


def answer(
    body: bytes | str = b"", *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Part:
    """Answer as a well-behaved server."""
    data = body.encode() if isinstance(body, str) else body

    async def play(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(head(status, {"Content-Length": str(len(data)), **(headers or {})}) + data)
        await writer.drain()

    return play


def redirect(target: str, status: int = 302) -> Part:
    """Point elsewhere."""
    return answer(status=status, headers={"Location": target})


def late(part: Part, seconds: float) -> Part:
    """Play a part only after a while."""

    async def play(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await asyncio.sleep(seconds)
        await part(request, reader, writer)

    return play


def when_changed(body: bytes, etag: str, modified: str) -> Part:
    """Answer 304 to who has this state already."""

    async def play(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        known = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        same = known in ((etag, None), (etag, modified), (None, modified))
        validators = {"ETag": etag, "Last-Modified": modified}
        part = answer(b"" if same else body, status=304 if same else 200, headers=validators)
        await part(request, reader, writer)

    return play


async def hang(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Accept, and never answer."""
    await reader.read()


async def drip(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer a byte at a time, always before anyone loses patience with the silence."""
    writer.write(head(200, {"Content-Length": "50000"}))
    while not reader.at_eof() and not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


async def endless(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send for ever, as fast as it is taken."""
    writer.write(head(200, {"Content-Type": "application/rss+xml"}))
    while not writer.is_closing():
        writer.write(b"<item>" * 10_000)
        await writer.drain()


async def reset(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Break off in the middle of the body."""
    writer.write(head(200, {"Content-Length": "1000"}) + b"half")
    await writer.drain()
    writer.transport.abort()


async def no_http(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Speak something that is not HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """A status line with headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Played\r\n{lines}Connection: close\r\n\r\n".encode("latin-1")
