"""Make HTTP requests to the Bot API; tell permanent errors from temporary ones."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

from index.sources.fetch import ssl_context

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

IDLE_CONNECTIONS = 16  # kept open for the next request; each request looks at all of them


class TokenRefusedError(TelegramError):
    """Telegram refuses the token."""


class NoBotApiError(NetworkError):
    """There is no Bot API at the address, or none for a token of this form."""


class BotApiRequest(HTTPXRequest):
    """HTTP requests to the Bot API, which notice when Telegram refuses the token.

    The library stops polling without telling its caller when that happens,
    and takes a wrong address for a wrong token. `refused` is set at a refusal.
    """

    def __init__(self, size: int) -> None:
        """Make up to `size` requests at a time."""
        limits = httpx.Limits(max_connections=size, max_keepalive_connections=IDLE_CONNECTIONS)
        super().__init__(httpx_kwargs={"verify": ssl_context(), "limits": limits})
        self.refused = asyncio.Event()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request.

        An error page that is no JSON (of a proxy, mostly) is replaced by its status alone: the
        library would log it, and it may hold the address with the token.

        Raises:
            TokenRefusedError: If Telegram answers 401.
            NoBotApiError: If the server answers 404.
        """
        status, payload = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.UNAUTHORIZED:
            self.refused.set()
            raise TokenRefusedError("Unauthorized")
        if status == HTTPStatus.NOT_FOUND:
            raise NoBotApiError("404 Not Found")
        if status >= HTTPStatus.BAD_REQUEST and not isinstance(_parse(payload), dict):
            payload = b"{}"
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API.

        Raises:
            TelegramError: It is no JSON object.
        """
        answer = _parse(payload)
        if not isinstance(answer, dict):
            raise TelegramError("the answer is none of a Bot API")
        return answer


def _parse(payload: bytes) -> object:
    """Parse JSON; None if it is none."""
    try:
        return json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def had_no_effect(error: NetworkError) -> bool:
    """Tell whether a failed request certainly had no effect, so that it can be retried.

    It had none if it was never sent, or if a server answered that it failed. Without
    an answer this is unknown: a message sent again could arrive twice.
    """
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return isinstance(cause, NOT_SENT)
    return type(error) is NetworkError and (cause is None or isinstance(cause, TelegramError))
