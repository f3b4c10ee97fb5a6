"""Receive updates by webhook; one that cannot be parsed is skipped, as with long polling.

The library would refuse it, and Telegram would send it again and again.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hmac import compare_digest
from http import HTTPStatus
from typing import Any

from cachetools import LRUCache
from telegram import Update
from telegram.ext import Application
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application as WebApplication
from tornado.web import HTTPError, RequestHandler

from bot.transport.polling import parsable

Bot = Application[Any, Any, Any, Any, Any, Any]
LONGEST_BODY = 1024 * 1024  # bytes of one update
SEEN_LIMIT = 10_000  # updates that are known when they are delivered again
STORED_WITHIN_SECONDS = 20.0  # Telegram gives up a delivery after a minute
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
    seen: LRUCache[int, bool] = LRUCache(SEEN_LIMIT)
    given = {"bot": bot, "secret": secret, "seen": seen}
    routes = [(f"{re.escape(path)}/?", UpdateHandler, given)]
    server = HTTPServer(UpdateApplication(routes), max_body_size=LONGEST_BODY)
    server.add_sockets(sockets)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


class UpdateHandler(RequestHandler):
    """Handler of the requests that deliver an update each."""

    def initialize(self, bot: Bot, secret: str, seen: LRUCache[int, bool]) -> None:
        """Take updates with a secret, and put those not seen before into the queue of a bot."""
        self._bot, self._queue, self._secret, self._seen = bot.bot, bot.update_queue, secret, seen

    async def post(self) -> None:
        """Take an update; what is none is taken too, or it would come again.

        Raises:
            HTTPError: The secret is missing or wrong, or the update could not be stored in time.
        """
        given = self.request.headers.get(HEADER, "")
        if not compare_digest(given.encode(), self._secret.encode()):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        try:
            update = Update.de_json(parsable(json.loads(self.request.body)), self._bot)
        except (ValueError, TypeError, RecursionError) as error:
            _LOGGER.warning("What was delivered is no update (%s)", type(error).__name__)
            return
        if update.update_id in self._seen:
            return
        try:
            async with asyncio.timeout(STORED_WITHIN_SECONDS):
                await self._queue.put(update)
        except TimeoutError:
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE) from None
        self._seen[update.update_id] = True

    def log_exception(self, *_error: object) -> None:
        """Log nothing of strangers' requests."""


class UpdateApplication(WebApplication):
    """Web application that logs no requests."""

    def log_request(self, handler: RequestHandler) -> None:
        """Log nothing."""
