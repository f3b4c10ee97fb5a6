"""Serve `/metrics`, `/healthz` and `/readyz` over HTTP, from the event loop of the bot.

- `/metrics`: the metrics in the text format of Prometheus.
- `/healthz`: 200 as long as the process lives and its event loop turns.
- `/readyz`: a line for each part; 200 if database and search index answer and updates are received,
  else 503.
"""

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.app.application import bot_number, context_of
from bot.app.errors import StartError
from bot.app.monitoring.event_loop import measuring_lag
from bot.app.monitoring.metrics import exposition
from bot.app.monitoring.parts import Monitored
from bot.app.monitoring.readings import Readings, readiness
from bot.playground.guard import is_loopback
from bot.settings import Metrics
from index.models.durations import Durations

LONGEST_HEADER = 8 * 1024  # bytes
IDLE_SECONDS = 75.0  # after which a connection without a request is closed

_LOGGER = logging.getLogger(__name__)


@asynccontextmanager
async def serve_metrics(parts: Monitored, metrics: Metrics) -> AsyncIterator[None]:
    """Serve the pages while the context is open; warn if they are open to the network.

    Args:
        parts: The parts of the bot.
        metrics: The address to listen on.

    Raises:
        StartError: It cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in metrics.host else socket.AF_INET
    try:
        listener = socket.create_server((metrics.host, metrics.port), family=family)
    except OSError as error:
        words = f"metrics.listen {metrics.listen}: {error.strerror or error}"
        raise StartError(words) from None
    if not is_loopback(metrics.host):
        _LOGGER.warning("The metrics are open to the network, on %s", metrics.listen)
    number = bot_number(context_of(parts.application).settings)
    readings = Readings(parts.source_admin.library, number)
    async with measuring_lag() as lags:
        server = HTTPServer(
            _pages(parts, readings, lags),
            max_header_size=LONGEST_HEADER,
            max_body_size=0,
            idle_connection_timeout=IDLE_SECONDS,
        )
        listener.setblocking(False)
        server.add_socket(listener)
        try:
            yield
        finally:
            server.stop()
            await server.close_all_connections()
            await readings.close()


def _pages(parts: Monitored, readings: Readings, lags: Durations) -> "Pages":
    monitored = {"parts": parts, "readings": readings}
    return Pages(
        [
            ("/metrics", MetricsPage, {**monitored, "lags": lags}),
            ("/healthz", HealthPage),
            ("/readyz", ReadinessPage, monitored),
        ]
    )


class Pages(Application):
    """The pages, of whose requests nothing is logged."""

    def log_request(self, handler: RequestHandler) -> None:
        """Log nothing."""


class MetricsPage(RequestHandler):
    """Handler of `/metrics`."""

    def initialize(self, parts: Monitored, readings: Readings, lags: Durations) -> None:
        """Take the parts of the bot, the figures of what is stored, and the lags."""
        self._parts, self._readings, self._lags = parts, readings, lags

    async def get(self) -> None:
        """Answer with the metrics."""
        reading = await self._readings.read()
        self.set_header("Content-Type", CONTENT_TYPE_PLAIN_0_0_4)
        self.write(exposition(self._parts, reading, self._lags))


class HealthPage(RequestHandler):
    """Handler of `/healthz`."""

    def get(self) -> None:
        """Answer, since the event loop turns."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.write("ok\n")


class ReadinessPage(RequestHandler):
    """Handler of `/readyz`."""

    def initialize(self, parts: Monitored, readings: Readings) -> None:
        """Take the parts of the bot, and the figures of what is stored."""
        self._parts, self._readings = parts, readings

    async def get(self) -> None:
        """Answer with a line for each part, and 503 if one of them is not there."""
        ready = readiness(self._parts, await self._readings.read())
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        if not all(ready.values()):
            self.set_status(HTTPStatus.SERVICE_UNAVAILABLE)
        self.write(
            "".join(f"{part} {'ok' if is_ok else 'failing'}\n" for part, is_ok in ready.items())
        )
