"""Errors of the Bot API with Telegram's codes and texts, and of the control API."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """Error response of a Bot API call.

    Args:
        code: The HTTP status and `error_code`.
        description: Telegram's text, prefix included ("Bad Request: …").
        parameters: `retry_after` or `migrate_to_chat_id`, where Telegram gives them.
    """

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    @property
    def body(self) -> Json:
        """JSON body of the error response."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class ActionError(Exception):
    """Error response of the control API: one line on an action that is not possible."""


def bad_request(reason: str) -> ApiError:
    """Make a 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """Make a 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Make a 409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Make a 429 with the seconds to wait before the next try."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after}
    )


def group_upgraded(new_chat: int) -> ApiError:
    """Make the 400 for a group that was upgraded to the supergroup `new_chat`."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat},
    )
