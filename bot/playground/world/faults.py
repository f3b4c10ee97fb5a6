"""Fault injection: failures that a test orders for the bot's next calls."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.playground.errors import ActionError, ApiError, bad_request, forbidden, too_many_requests
from bot.playground.world.state import ChatId

BY_CODE = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
FORBIDDEN = (
    "bot was blocked by the user",
    "bot was kicked from the group chat",
    "bot was kicked from the supergroup chat",
    "bot is not a member of the supergroup chat",
    "bot is not a member of the channel chat",
    "bot was kicked from the channel chat",
    "bot can't initiate conversation with a user",
    "user is deactivated",
)
TIMEOUT = "timeout"  # the call is taken and never answered
DISCONNECT = "disconnect"  # the connection breaks before the call is carried out
REPLY_LOST = "reply lost"  # the call is carried out, its answer never arrives
MIGRATION = "migrate_to_chat_id"


class Fault(BaseModel):
    """`POST /playground/faults`: the next `times` calls of `method` (to `chat`, if given) fail."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    method: Annotated[str, Field(min_length=1)]
    error: int | str
    chat: ChatId | None = None
    retry_after: Annotated[int, Field(ge=1)] | None = None
    times: Annotated[int, Field(ge=1)] = 1

    def matches(self, method: str, chat: int | None) -> bool:
        """Tell whether the fault applies to a call."""
        return self.method.lower() == method.lower() and self.chat in {None, chat}

    def refusal(self) -> ApiError:
        """Return the error with Telegram's code and text."""
        if self.error == 429:
            return too_many_requests(self.retry_after or 1)
        if isinstance(self.error, int):
            return ApiError(self.error, BY_CODE[self.error])
        reason = self.error.removeprefix("Bad Request: ").removeprefix("Forbidden: ")
        return forbidden(reason) if reason in FORBIDDEN else bad_request(reason)


class Faults:
    """Queue of injected failures, oldest first."""

    def __init__(self) -> None:
        self._due: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a failure.

        Raises:
            ActionError: The error code is unknown.
        """
        known = set(BY_CODE) | {429}
        if isinstance(fault.error, int) and fault.error not in known:
            raise ActionError(f"error {fault.error} is not one of {sorted(known)}")
        self._due.append(fault)

    def clear(self) -> None:
        """Remove all failures."""
        self._due.clear()

    def take(self, method: str, chat: int | None) -> Fault | None:
        """Return the failure that applies to a call, if any, and count it down."""
        for index, fault in enumerate(self._due):
            if fault.matches(method, chat):
                left = fault.model_copy(update={"times": fault.times - 1})
                self._due[index : index + 1] = [left] if left.times else []
                return fault
        return None
