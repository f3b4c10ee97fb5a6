"""Parse the parameters of a Bot API call: query string, form, multipart or JSON."""

import json
from collections.abc import Callable, Mapping
from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.playground.errors import bad_request
from bot.playground.world.state import File

TRUE = frozenset({"true", "1", "yes"})


class Parameters:
    """Parameters of a call, converted to the type that a method expects."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """Return a text; empty if it is missing."""
        value = self._values.get(name)
        if value is None or isinstance(value, File):
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def file(self, name: str) -> File | None:
        """Return an uploaded file, or None if there is none."""
        value = self._values.get(name)
        return value if isinstance(value, File) else None

    def integer(self, name: str) -> int | None:
        """Return an integer, or None if it is missing or invalid."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """Return a boolean; False if it is missing."""
        return self.text(name).lower() in TRUE

    def json(self, name: str, *, what: str) -> object:
        """Return a JSON value, sent as such or as a text; None if it is missing.

        Raises:
            ApiError: "can't parse `what` JSON object".
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return _parse_json(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None


Handler = Callable[[Parameters], object]  # of a method: returns its result, or an awaitable of it


async def read_parameters(request: Request) -> Parameters:
    """Read the parameters of a request; the body takes precedence over the query string."""
    values: dict[str, object] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not body:
        pass
    elif kind.startswith("application/json"):
        values |= _json_object(body)
    elif kind.startswith("multipart/form-data"):
        values |= _parse_multipart(kind, body)
    else:
        try:
            values |= parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
        except ValueError:
            raise bad_request("strings must be encoded in UTF-8") from None
    return Parameters(values)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = _parse_json(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value


def _parse_json(content: str | bytes) -> object:
    """Parse a JSON value.

    Raises:
        ValueError: It is invalid or nested too deeply.
        ApiError: A text in it holds a lone surrogate.
    """
    try:
        value = json.loads(content)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value


def _parse_multipart(kind: str, body: bytes) -> dict[str, object]:
    message = message_from_bytes(
        b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body, policy=HTTP
    )
    values: dict[str, object] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            values[name] = (
                File(name=file, content=content) if file else content.decode(errors="replace")
            )
    return values
