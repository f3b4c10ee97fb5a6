"""Make HTTP requests to the Bot API; tell permanent errors from temporary ones."""

import asyncio
import json
from http import HTTPStatus
from http.client import responses
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


class ServerFailedError(NetworkError):
    """The server, or one before it, answers with a failure of its own (5xx)."""


class UnreadableAnswerError(TelegramError):
    """The server answers that it succeeded, with what is no JSON object."""


class BotApiRequest(HTTPXRequest):
    """HTTP requests to the Bot API, which notice when Telegram refuses the token.

    The library stops polling without telling its caller when that happens,
    and takes a wrong address for a wrong token. `refused` is set at a refusal; `limited` counts
    the answers that ask to wait (429); `is_reached` tells whether the last request was sent.
    """

    def __init__(self, size: int) -> None:
        """Make up to `size` requests at a time."""
        limits = httpx.Limits(max_connections=size, max_keepalive_connections=IDLE_CONNECTIONS)
        super().__init__(httpx_kwargs={"verify": ssl_context(), "limits": limits})
        self.refused = asyncio.Event()
        self.limited = 0
        self.is_reached = True

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request.

        An error page that is no JSON (of a proxy, mostly) is replaced by its status alone: the
        library would log it, and it may hold the address with the token.

        Raises:
            TokenRefusedError: If Telegram answers 401.
            NoBotApiError: If the server answers 404.
            ServerFailedError: If the server answers 5xx.
        """
        try:
            status, payload = await super().do_request(*args, **kwargs)
        except NetworkError as error:
            self.is_reached = not was_not_sent(error)
            raise
        self.is_reached = True
        if status == HTTPStatus.UNAUTHORIZED:
            self.refused.set()
            raise TokenRefusedError("Unauthorized")
        if status == HTTPStatus.NOT_FOUND:
            raise NoBotApiError("404 Not Found")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ServerFailedError(f"{responses.get(status, 'Server Error')} ({status})")
        self.limited += status == HTTPStatus.TOO_MANY_REQUESTS
        if status >= HTTPStatus.BAD_REQUEST and not isinstance(_parse(payload), dict):
            payload = b"{}"
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse an answer of the Bot API.

        Raises:
            UnreadableAnswerError: It is no JSON object.
        """
        answer = _parse(payload)
        if not isinstance(answer, dict):
            raise UnreadableAnswerError("the answer is none of a Bot API")
        return answer


def _parse(payload: bytes) -> object:
    """Parse JSON; None if it is none."""
    try:
        return json.loads(payload.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None


def was_not_sent(error: BaseException) -> bool:
    """Tell whether a request failed since the server could not be reached."""
    return isinstance(error.__cause__, NOT_SENT)


def may_have_been_taken(error: TelegramError) -> bool:
    """Tell whether a failed request may have been carried out: it was sent, and not refused."""
    cause = error.__cause__
    if cause is not None and not isinstance(cause, TelegramError):
        return not was_not_sent(error)
    return isinstance(error, ServerFailedError | UnreadableAnswerError)
