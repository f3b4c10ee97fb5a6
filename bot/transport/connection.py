"""The line to the Bot API: what is wrong for good is told from what passes by itself."""

import asyncio
from http import HTTPStatus
from typing import Any

import httpx
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

from index.sources.fetch import ssl_context

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

IDLE_CONNECTIONS = 16  # kept open for the next request; each request looks at all of them


class TokenRefusedError(TelegramError):
    """Telegram does not know the token, or no longer."""


class NoBotApiError(NetworkError):
    """There is no Bot API at the address, or none for a token of this form."""


class BotApiRequest(HTTPXRequest):
    """Makes requests, and notices when Telegram refuses the token.

    The library gives up polling without a word to its caller when that happens,
    and takes a wrong address for a wrong token. `refused` is set at a refusal.
    """

    def __init__(self, size: int) -> None:
        """Make up to `size` requests at a time."""
        limits = httpx.Limits(max_connections=size, max_keepalive_connections=IDLE_CONNECTIONS)
        super().__init__(httpx_kwargs={"verify": ssl_context(), "limits": limits})
        self.refused = asyncio.Event()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request.

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
        return status, payload


def was_not_carried_out(error: NetworkError) -> bool:
    """Tell whether a request surely had no effect, so that it may be made again.

    It had none if it never left, or if a server answered that it failed. Without
    an answer nobody knows: a message sent again could be there twice.
    """
    cause = error.__cause__
    if isinstance(cause, httpx.HTTPError):
        return isinstance(cause, NOT_SENT)
    return type(error) is NetworkError and (cause is None or isinstance(cause, TelegramError))
