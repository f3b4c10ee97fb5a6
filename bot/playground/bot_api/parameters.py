"""Parameters of a Bot API call: from the query string, a form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.playground.errors import bad_request

TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a call."""

    name: str
    content: bytes


class Parameters:
    """The named values of a call, read as the type that a method expects."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def text(self, name: str) -> str:
        """A text; empty if it is missing."""
        value = self._values.get(name)
        if value is None or isinstance(value, Upload):
            return ""
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        return text

    def file(self, name: str) -> Upload | None:
        """A file, or None if it is missing or only named."""
        value = self._values.get(name)
        return value if isinstance(value, Upload) else None

    def integer(self, name: str) -> int | None:
        """A whole number, or None if it is missing or none."""
        try:
            return int(self.text(name))
        except ValueError:
            return None

    def flag(self, name: str) -> bool:
        """A yes or no; missing is no."""
        return self.text(name).lower() in TRUE

    def json(self, name: str, *, what: str) -> object:
        """A JSON value, sent as such or as a text; None if it is missing.

        Raises:
            ApiError: "can't parse `what` JSON object".
        """
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return _parsed(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {what} JSON object") from None


async def read_parameters(request: Request) -> Parameters:
    """The parameters of a request; those of the body win over the query string."""
    values: dict[str, object] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "")
    if not body:
        pass
    elif kind.startswith("application/json"):
        values |= _json_object(body)
    elif kind.startswith("multipart/form-data"):
        values |= _multipart(kind, body)
    else:
        try:
            values |= parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
        except ValueError:
            raise bad_request("strings must be encoded in UTF-8") from None
    return Parameters(values)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        value = _parsed(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise bad_request("can't parse request JSON object")
    return value


def _parsed(content: str | bytes) -> object:
    """A JSON value.

    Raises:
        ValueError: If it is none, or nested too deeply.
        ApiError: If a text in it holds half a character.
    """
    try:
        value = json.loads(content)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return value


def _multipart(kind: str, body: bytes) -> dict[str, object]:
    message = message_from_bytes(
        b"Content-Type: " + kind.encode("latin-1") + b"\r\n\r\n" + body, policy=HTTP
    )
    values: dict[str, object] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            file = part.get_filename()
            values[name] = Upload(file, content) if file else content.decode(errors="replace")
    return values
