"""The playground's ASGI application and its embedded uvicorn server."""

import asyncio
import errno
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.bot_api.answers import AnswerMethods
from bot.playground.bot_api.chats import ChatMethods
from bot.playground.bot_api.endpoint import BotApi, answer_error
from bot.playground.bot_api.messages import MessageMethods
from bot.playground.bot_api.profile import ProfileMethods
from bot.playground.bot_api.webhook import PlaygroundWebhook
from bot.playground.control.api import Control, explain_error
from bot.playground.control.people import People
from bot.playground.control.views import chat_view, page_view, user_view
from bot.playground.errors import ActionError, ApiError, Json
from bot.playground.guard import HEADERS, KEY, Guard, is_loopback
from bot.playground.world.events import Events
from bot.playground.world.faults import Faults
from bot.playground.world.limits import Limits, Throttle
from bot.playground.world.queries import Queries
from bot.playground.world.state import BOT_ID, Chat, Message, User, World
from bot.playground.world.updates import Updates

STATIC = Path(__file__).parent / "static"
LOOPBACK, LOOPBACK_V6 = "127.0.0.1", "::1"
GRACE_SECONDS = 1  # for answers that are under way when the server stops
KEEP_ALIVE_SECONDS = 75  # longer than clients keep an idle connection, or they meet a closed one
BACKLOG = 128
KEY_BYTES = 16


class Playground:
    """An embedded Bot API server with a chat page and a control API.

    Args:
        token: The bot's token; a random one by default.
        limits: Telegram's sending limits to enforce; None for no limits.
        clock: The time in seconds since 1970, for dates and limits.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token or f"{BOT_ID}:{secrets.token_urlsafe(26)}"
        self.events = Events()
        self.updates = Updates(clock)
        self.throttle = Throttle(limits, clock)
        self.world = World(clock, self._publish)
        self._closing = asyncio.Event()
        self._host = LOOPBACK
        self.key = ""
        self._webhook = PlaygroundWebhook(self.updates, clock)
        queries = Queries(clock)
        self.people = People(self.world, self.updates, queries)
        self.app = self._assemble(queries)
        self.world.populate()

    @property
    def query(self) -> str:
        """The part of the page's address with the key, if one is wanted."""
        return f"/?{KEY}={self.key}" if self.key else ""

    @asynccontextmanager
    async def serve(self, host: str = LOOPBACK, port: int = 8080) -> AsyncIterator[str]:
        """Serve while the context is open.

        Args:
            host: The address to listen on; anything but loopback opens the
                playground to the network, and the page and the control API then want `key`.
            port: The port; 0 for a free one.

        Yields:
            The address, as in "http://127.0.0.1:8080".

        Raises:
            OSError: The port is in use, or the host is not an address of this machine.
        """
        listener = _listener(host, port)
        self._host = host
        self.key = "" if is_loopback(host) else secrets.token_urlsafe(KEY_BYTES)
        config = uvicorn.Config(
            self.app,
            access_log=False,
            log_config=None,
            lifespan="off",
            date_header=False,
            headers=list(HEADERS.items()),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        server = EmbeddedServer(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        delivering = asyncio.create_task(self._webhook.deliver())
        try:
            yield _address(host, listener)
        finally:
            self._closing.set()
            self.updates.close()
            self.events.close()
            delivering.cancel()
            server.stop()
            await serving
            with suppress(asyncio.CancelledError):
                await delivering

    def _assemble(self, queries: Queries) -> Starlette:
        faults = Faults()
        api = BotApi(
            token=self.token,
            world=self.world,
            handlers={
                **ProfileMethods(self.world).handlers(),
                **ChatMethods(self.world, self._leave).handlers(),
                **MessageMethods(self.world, self.throttle).handlers(),
                **AnswerMethods(self.world, queries).handlers(),
                **self._webhook.handlers(),
                **dict.fromkeys(("logOut", "close"), lambda _: True),
            },
            faults=faults,
            closing=self._closing,
        )
        control = Control(
            world=self.world,
            people=self.people,
            faults=faults,
            throttle=self.throttle,
            events=self.events,
        )
        return Starlette(
            routes=[
                Route("/", self._page),
                Route("/bot{token}/{method}", api.answer, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", api.download),
                *control.routes(),
                Mount("/static", StaticFiles(directory=STATIC)),
            ],
            middleware=[Middleware(Guard, host=lambda: self._host, key=lambda: self.key)],
            exception_handlers={
                ApiError: answer_error,
                ClientDisconnect: answer_error,
                ActionError: explain_error,
            },
        )

    async def _page(self, _: Request) -> Response:
        response = FileResponse(STATIC / "index.html")
        if self.key:
            response.set_cookie(KEY, self.key, httponly=True, samesite="strict")
        return response

    def _publish(self, kind: str, value: User | Chat | Message | Json) -> None:
        if self.events.listeners:  # a view costs more than all else of sending a message
            self.events.publish(kind, self._view(value))

    def _view(self, value: User | Chat | Message | Json) -> Json:
        if isinstance(value, User):
            return user_view(value)
        if isinstance(value, Chat):
            return chat_view(self.world, value)
        if isinstance(value, Message):
            return page_view(self.world, value)
        return value

    def _leave(self, chat: Chat) -> None:
        self.people.set_bot_status(self.world.bot, chat, "left")


class EmbeddedServer(uvicorn.Server):
    """Uvicorn server without signal handlers that stops at once.

    Uvicorn itself polls its stop flag every 0.1 s, and waits another 0.1 s.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End `serve` after the responses in progress."""
        self._stopping.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture no signals."""
        yield

    async def main_loop(self) -> None:
        """Wait until the server is stopped."""
        await self.on_tick(0)  # makes the default headers of responses
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the connections; responses unfinished after a second are cancelled."""
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(state.tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
        await asyncio.sleep(0)  # until idle connections are closed


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio sets TCP_NODELAY: 1 ms an answer instead of 40.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        return listener
    except OSError as error:
        listener.close()
        raise OSError(error.errno, _listen_error(host, port, error)) from None


def _listen_error(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: choose another"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} needs more rights: choose one above 1023"
    return f"cannot listen on {host} port {port}: {error.strerror or error}"


def _address(host: str, listener: socket.socket) -> str:
    """Return the URL to open on this machine: loopback if it listens on all addresses."""
    bound, port = listener.getsockname()[:2]
    if ip_address(bound).is_unspecified:
        host = LOOPBACK_V6 if listener.family == socket.AF_INET6 else LOOPBACK
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
