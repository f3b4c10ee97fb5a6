"""Types of settings: whole numbers, ports, user ids, names, addresses without a password."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from index.articles.readers import strip_controls
from index.articles.validation import LONGEST_NAME
from index.language.spelling import nfc
from index.models.problem import Code

GREATEST_ID = 2**52 - 1  # Telegram: User.id has at most 52 significant bits


def _reject_bool(value: object) -> object:
    """Reject true and false as numbers, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a whole number is expected")
    return value


Whole = Annotated[int, BeforeValidator(_reject_bool)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
UserId = Annotated[Whole, Field(ge=1, le=GREATEST_ID)]


class Role(StrEnum):
    """Part of the work that a process does."""

    BOT = "bot"
    ANSWER = "answer"
    FOLLOW = "follow"
    SEND = "send"


def split_list(value: object) -> object:
    """Split a list from the environment: `[1001, 1002]`, or `1001, 1002`."""
    if isinstance(value, str):
        return [part for part in value.strip(" []").split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("a list of Telegram user ids is expected, as [1001, 1002]")
    return value


def split_roles(value: object) -> object:
    """Split a list of roles from the environment: `["bot", "answer"]`, or `bot, answer`."""
    if isinstance(value, str):
        return [part.strip(" \"'") for part in value.strip(" []").split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError('a list of roles is expected, as ["bot", "answer"]')
    return value


def _normalize_name(name: object) -> object:
    """Return a name as it is compared, shown and exported: in NFC, without controls."""
    return " ".join(strip_controls(nfc(name)).split()) if isinstance(name, str) else name


Name = Annotated[
    str, Field(min_length=1, max_length=LONGEST_NAME), BeforeValidator(_normalize_name)
]


def _reject_password(url: AnyHttpUrl) -> AnyHttpUrl:
    """Reject an address with a user name or a password, which would be shown with it."""
    if url.username or url.password:
        words = "an address without user name and password is expected"
        raise PydanticCustomError(Code.PASSWORD, words)
    return url


PlainUrl = Annotated[AnyHttpUrl, AfterValidator(_reject_password)]
