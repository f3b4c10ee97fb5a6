"""Who may talk to the server: this machine's own programs and pages, in moderation."""

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.errors import ApiError

LONGEST_BODY = 1024 * 1024  # bytes
SAFE_METHODS = frozenset({"GET", "HEAD"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def is_loopback(host: str) -> bool:
    """Whether a host name means this machine and no other."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Middleware against other sites' pages, rebound names and over-long bodies.

    Args:
        app: The application behind it.
        loopback_only: Says whether the server listens on loopback; only then
            can a request's Host be held to be a name of this machine.
    """

    def __init__(self, app: ASGIApp, loopback_only: Callable[[], bool]) -> None:
        self._app = app
        self._loopback_only = loopback_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        app = self._app if refusal is None else refusal
        try:
            await app(scope, _capped(receive), _hardened(send))
        except _TooLongError:
            await _too_long()(scope, receive, _hardened(send))

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if self._loopback_only() and not is_loopback(_hostname(f"//{host}")):
            return PlainTextResponse("This host name is not served here\n", status_code=421)
        origin = headers.get("origin")
        other_site = headers.get("sec-fetch-site") == "cross-site"
        if origin is not None and urlsplit(origin).netloc != host:
            other_site = True
        navigates = headers.get("sec-fetch-mode") == "navigate" and method in SAFE_METHODS
        if other_site and not navigates:
            return PlainTextResponse("Pages of other sites may not do this\n", status_code=403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return _too_long()
        return None


class _TooLongError(Exception):
    """The body went on past the cap."""


def _too_long() -> Response:
    error = ApiError(413, "Request Entity Too Large")
    return JSONResponse(error.body() | {"error": "the body is too long"}, status_code=413)


def _hostname(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _capped(receive: Receive) -> Receive:
    received = 0

    async def capped() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LONGEST_BODY:
            raise _TooLongError
        return message

    return capped


def _hardened(send: Send) -> Send:
    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return hardened
