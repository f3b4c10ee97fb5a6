"""getFile and the download of documents."""

import hmac
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.playground.bot_api.chats import Handler
from bot.playground.bot_api.parameters import Parameters
from bot.playground.errors import bad_request
from bot.playground.world.shapes import document_json
from bot.playground.world.state import Message, World

FOLDER = "documents"
_ID = re.compile(r"document(?P<chat>-?\d{1,18})_(?P<number>\d{1,18})")


class FileMethods:
    """getFile, and the endpoint that serves file contents.

    Args:
        token: The bot's token, which is part of the URL.
        world: The state with the messages of the files.
    """

    def __init__(self, token: str, world: World) -> None:
        self._token = token.encode()
        self._world = world

    def handlers(self) -> dict[str, Handler]:
        """Return the methods by name."""
        return {"getFile": self._get}

    def _get(self, parameters: Parameters) -> object:
        given = parameters.text("file_id")
        message = self._message(given)
        if message is None or message.file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        shape = document_json(message, *message.file)
        del shape["file_name"]
        return shape | {"file_path": f"{FOLDER}/{given}"}

    async def download(self, request: Request) -> Response:
        """Serve the content of a file: `/file/bot<token>/<path>`."""
        right = hmac.compare_digest(request.path_params["token"].encode(), self._token)
        folder, _, name = request.path_params["path"].partition("/")
        message = self._message(name) if right and folder == FOLDER else None
        if message is None or message.file is None:
            refusal = {"ok": False, "error_code": 404, "description": "Not Found"}
            return JSONResponse(refusal, status_code=404)
        return Response(message.file[1], media_type="application/octet-stream")

    def _message(self, file_id: str) -> Message | None:
        match = _ID.fullmatch(file_id)
        return self._world.message(int(match["chat"]), int(match["number"])) if match else None
