"""Receive updates by webhook; one that cannot be parsed is skipped, as with long polling.

The library would refuse it, and Telegram would send it again and again.
"""

import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

from telegram import Update
from telegram.ext import Application
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application as WebApplication
from tornado.web import HTTPError, RequestHandler

from bot.transport.polling import parsable

Bot = Application[Any, Any, Any, Any, Any, Any]
LONGEST_BODY = 1024 * 1024  # bytes of one update
HEADER = "X-Telegram-Bot-Api-Secret-Token"

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def listening(
    bot: Bot, *, address: str, port: int, path: str, secret: str
) -> AsyncIterator[None]:
    """Listen for updates while the context is open.

    Args:
        bot: The application that processes them.
        address: The address to listen on.
        port: The port.
        path: The path of the URL that Telegram is told.
        secret: The secret token that Telegram is told.

    Raises:
        OSError: The port cannot be listened on.
    """
    sockets = bind_sockets(port, address)
    routes = [(f"{re.escape(path)}/?", UpdateHandler, {"bot": bot, "secret": secret})]
    server = HTTPServer(UpdateApplication(routes), max_body_size=LONGEST_BODY)
    server.add_sockets(sockets)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


class UpdateHandler(RequestHandler):
    """Handler of the requests that deliver an update each."""

    def initialize(self, bot: Bot, secret: str) -> None:
        """Take updates with a secret, and put them into the queue of a bot."""
        self._bot, self._queue, self._secret = bot.bot, bot.update_queue, secret

    def post(self) -> None:
        """Take an update; what is none is taken too, or it would come again.

        Raises:
            HTTPError: The secret is missing or wrong.
        """
        given = self.request.headers.get(HEADER, "")
        if not compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            update = Update.de_json(parsable(json.loads(self.request.body)), self._bot)
        except (ValueError, TypeError, RecursionError) as error:
            _LOGGER.warning("What was delivered is no update (%s)", type(error).__name__)
        else:
            self._queue.put_nowait(update)

    def log_exception(self, *_error: object) -> None:
        """Log nothing of strangers' requests."""


class UpdateApplication(WebApplication):
    """Web application that logs no requests."""

    def log_request(self, handler: RequestHandler) -> None:
        """Log nothing."""
