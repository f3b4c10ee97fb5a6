"""Protection of the HTTP server: Host and Origin checks, key, body limit, security headers."""

from collections.abc import Callable
from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.errors import ApiError

LONGEST_BODY = 1024 * 1024  # bytes
KEY = "key"  # parameter of the page's address, and cookie
BOT_API = ("/bot", "/file/bot")  # paths that hold the token
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
    """Tell whether a host name or IP address is loopback."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return _is_number(host) and ip_address(host).is_loopback


class Guard:
    """Middleware against cross-site requests, DNS rebinding and too long bodies.

    Args:
        app: The application behind it.
        host: Returns the host that the server listens on. The Host header of a request
            must be that, loopback, or, where the server listens on more than loopback,
            any IP address: names that no other site can have.
        key: Returns the key that the page and the control API want; empty if none.
    """

    def __init__(self, app: ASGIApp, host: Callable[[], str], key: Callable[[], str]) -> None:
        self._app = app
        self._host = host
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], HTTPConnection(scope))
        app = self._app if refusal is None else refusal
        try:
            await app(scope, _limit_body(receive), send)
        except _TooLongError:
            error = ApiError(413, "Request Entity Too Large")
            body = error.body | {"error": "the body is too long"}
            await JSONResponse(body, status_code=413)(scope, receive, send)

    def _refusal(self, method: str, request: HTTPConnection) -> Response | None:
        headers = request.headers
        host = headers.get("host", "")
        if not self._is_own(_hostname(f"//{host}")):
            return PlainTextResponse("This host name is not served here\n", status_code=421)
        origin = headers.get("origin")
        other_site = headers.get("sec-fetch-site") == "cross-site"
        if origin is not None and origin.partition("://")[2] != host:
            other_site = True
        navigates = headers.get("sec-fetch-mode") == "navigate" and method in SAFE_METHODS
        if other_site and not navigates:
            return PlainTextResponse("Pages of other sites may not do this\n", status_code=403)
        if not self._has_key(request):
            text = "Open the whole address that hoibao playground printed, with its key\n"
            return PlainTextResponse(text, status_code=403)
        return None

    def _has_key(self, request: HTTPConnection) -> bool:
        key = self._key()
        if not key or request.scope["path"].startswith(BOT_API):
            return True
        given = request.query_params.get(KEY) or request.cookies.get(KEY) or ""
        return compare_digest(given.encode(), key.encode())

    def _is_own(self, name: str) -> bool:
        host = self._host()
        if is_loopback(name) or name == host.lower():
            return True
        return not is_loopback(host) and _is_number(name)


class _TooLongError(Exception):
    """The body is longer than the limit."""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _hostname(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _limit_body(receive: Receive) -> Receive:
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LONGEST_BODY:
            raise _TooLongError
        return message

    return limited
