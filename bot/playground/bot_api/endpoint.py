"""HTTP endpoints of the Bot API: `/bot<token>/<method>`, and the download of files."""

import asyncio
import hmac
import inspect
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.playground.bot_api.messages import FOLDER
from bot.playground.bot_api.parameters import Handler, Parameters, read_parameters
from bot.playground.bot_api.webhook import DescribedResult
from bot.playground.errors import ApiError, Json, group_upgraded
from bot.playground.world.faults import DISCONNECT, MIGRATION, REPLY_LOST, TIMEOUT, Fault, Faults
from bot.playground.world.state import DOCUMENT, World

NOT_FOUND = ApiError(404, "Not Found")


class BotApi:
    """Dispatcher of Bot API calls to their handlers, with injected failures.

    Args:
        token: The bot's token.
        world: The state with the chats.
        handlers: The methods by name.
        faults: The injected failures.
        closing: Set when the server stops.
    """

    def __init__(
        self,
        *,
        token: str,
        world: World,
        handlers: Mapping[str, Handler],
        faults: Faults,
        closing: asyncio.Event,
    ) -> None:
        self._token = token.encode()
        self._world = world
        self._handlers = {name.lower(): handler for name, handler in handlers.items()}
        self._faults = faults
        self._closing = closing

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        if not self._has_token(request):
            raise ApiError(401, "Unauthorized")
        method = request.path_params["method"]
        handler = self._handlers.get(method.lower())
        if handler is None:
            raise NOT_FOUND
        parameters = await read_parameters(request)
        chat = self._world.find_chat(parameters.text("chat_id"))
        fault = self._faults.take(method, chat.id if chat else parameters.integer("chat_id"))
        if fault is not None and fault.error != REPLY_LOST:
            return await self._fail(fault, parameters, request)
        result = handler(parameters)
        body = _body(await result if inspect.isawaitable(result) else result)
        return _BrokenOff() if fault is not None else JSONResponse(body)

    async def download(self, request: Request) -> Response:
        """Serve the content of a file: `/file/bot<token>/<path>`."""
        folder, _, file_id = request.path_params["path"].partition("/")
        message = self._world.find_message(DOCUMENT, file_id)
        if not self._has_token(request) or folder != FOLDER or not message or not message.file:
            raise NOT_FOUND
        return Response(message.file.content, media_type="application/octet-stream")

    def _has_token(self, request: Request) -> bool:
        return hmac.compare_digest(request.path_params["token"].encode(), self._token)

    async def _fail(self, fault: Fault, parameters: Parameters, request: Request) -> Response:
        if fault.error == TIMEOUT:
            await self._until_gone(request)
        if fault.error in {DISCONNECT, TIMEOUT}:
            return _BrokenOff()
        if fault.error == MIGRATION:
            chat = self._world.find_chat(parameters.text("chat_id"))
            if chat is not None and chat.type != "private":
                raise group_upgraded(self._world.migrate(chat).id)
        raise fault.refusal()

    async def _until_gone(self, request: Request) -> None:
        waits = [
            asyncio.ensure_future(request.receive()),
            asyncio.ensure_future(self._closing.wait()),
        ]
        _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in pending:
            wait.cancel()


class _BrokenOff(Response):
    """Response that announces a body and never sends it, so that the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def _body(result: object) -> Json:
    if isinstance(result, DescribedResult):
        return {"ok": True, "result": result.value, "description": result.description}
    return {"ok": True, "result": result}


async def answer_error(_: Request, error: Exception) -> Response:
    """Answer a call that failed, or one whose caller is gone: the bot was killed meanwhile."""
    if not isinstance(error, ApiError):
        return _BrokenOff()
    headers = {}
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return JSONResponse(error.body, status_code=error.code, headers=headers)
