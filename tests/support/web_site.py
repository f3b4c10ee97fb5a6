"""HTTP server on loopback whose paths can misbehave: hang, drip, reset, redirect…"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """Received request; header names are in lower case."""

    path: str
    headers: Mapping[str, str]


TLS_HANDSHAKE = b"\x16"  # first byte of a TLS connection, which a plain server closes
Handler = Callable[[Request, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Site:
    """Site with a handler for each path, and its received requests."""

    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict)
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
        """Serve a body at a path."""
        self.handlers[path] = answer(body, status=status, headers=headers)

    def redirect(self, path: str, target: str, status: int = 302) -> None:
        """Redirect a path."""
        self.handlers[path] = redirect(target, status)

    def asked(self, path: str) -> list[Request]:
        """Return the requests for a path."""
        return [request for request in self.requests if request.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one request of a connection, and close it."""
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
                await self.handlers.get(request.path, answer(status=404))(request, reader, writer)
            finally:
                self.open_now -= 1
        writer.close()


@contextlib.asynccontextmanager
async def web_site() -> AsyncIterator[Site]:
    """Serve a site on a free port."""
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
) -> Handler:
    """Respond with a body, as a well-behaved server."""
    data = body.encode() if isinstance(body, str) else body

    async def respond(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(head(status, {"Content-Length": str(len(data)), **(headers or {})}) + data)
        await writer.drain()

    return respond


def redirect(target: str, status: int = 302) -> Handler:
    """Respond with a redirect."""
    return answer(status=status, headers={"Location": target})


def late(handler: Handler, seconds: float) -> Handler:
    """Delay a handler."""

    async def respond(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await asyncio.sleep(seconds)
        await handler(request, reader, writer)

    return respond


def when_changed(body: bytes, etag: str, modified: str) -> Handler:
    """Respond with 304 to a request with matching validators."""

    async def respond(
        request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        known = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
        same = known in ((etag, None), (etag, modified), (None, modified))
        validators = {"ETag": etag, "Last-Modified": modified}
        handler = answer(b"" if same else body, status=304 if same else 200, headers=validators)
        await handler(request, reader, writer)

    return respond


async def hang(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Accept a request, and never respond."""
    await reader.read()


async def drip(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Respond a byte at a time, each before a read timeout."""
    writer.write(head(200, {"Content-Length": "50000"}))
    while not reader.at_eof() and not writer.is_closing():
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(0.01)


async def endless(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Send an endless body."""
    writer.write(head(200, {"Content-Type": "application/rss+xml"}))
    while not writer.is_closing():
        writer.write(b"<item>" * 10_000)
        await writer.drain()


async def reset(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Reset the connection in the middle of the body."""
    writer.write(head(200, {"Content-Length": "1000"}) + b"half")
    await writer.drain()
    writer.transport.abort()


async def no_http(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Respond with something that is not HTTP."""
    writer.write(b"220 mail.example ESMTP\r\n")
    await writer.drain()


def head(status: int, headers: Mapping[str, str]) -> bytes:
    """Format a status line with headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Test\r\n{lines}Connection: close\r\n\r\n".encode("latin-1")
