"""Settings: from `config.toml`, then from `HOIBAO_*` environment variables."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as NotJsonError

from bot.setting_types import Whole
from bot.source_settings import Following, SourceSetting
from index.errors import HoiBaoError
from index.workers import cores

DEFAULT_FILE = Path("config.toml")

PREFIX = "HOIBAO_"
NESTED = "__"

MOST_PROCESSES = 4  # by default: each takes memory

GREATEST_ID = 2**52 - 1  # Telegram: User.id has at most 52 significant bits

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Telegram: setWebhook.secret_token
_QUOTED = re.compile(r"\"(\w+)\"")  # the name of a setting, in an error of pydantic-settings

Port = Annotated[Whole, Field(ge=1, le=65535)]
UserId = Annotated[Whole, Field(ge=1, le=GREATEST_ID)]


def _listed(value: object) -> object:
    """Return the parts of a list; in the environment it is `[1001, 1002]`, or `1001, 1002`."""
    if isinstance(value, str):
        return [part for part in value.strip(" []").split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("a list of Telegram user ids is expected, as [1001, 1002]")
    return value


def _processes() -> int:
    """Return how many processes answer if nothing is said about it."""
    return min(cores(), MOST_PROCESSES)


class SettingsError(HoiBaoError):
    """A setting that is missing, unknown or not of its type."""


class Webhook(BaseModel):
    """How Telegram reaches the bot, where it is not asked by long polling."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: AnyHttpUrl
    listen: str = "127.0.0.1"
    port: Port = 8443
    secret: SecretStr | None = None

    @field_validator("secret")
    @classmethod
    def _of_allowed_letters(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("1 to 256 of the letters A-Z a-z 0-9 _ - are allowed")
        return secret


_TABLES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "webhook": ("[webhook]", Webhook),
    "following": ("[following]", Following),
    "sources": ("[[sources]]", SourceSetting),
}


class Settings(BaseSettings):
    """What an operator can set; each is explained in `config.example.toml`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    token: SecretStr | None = None
    data: Path = Path("data")
    database: SecretStr | None = None
    quotes: Annotated[Whole, Field(ge=1, le=5)] = 3
    answering_processes: Annotated[Whole, Field(ge=0, le=64)] = Field(default_factory=_processes)
    questions_per_minute: Annotated[Whole, Field(ge=1, le=600)] = 20
    subscriptions_per_chat: Annotated[Whole, Field(ge=1, le=1000)] = 50
    alert_hours: Annotated[Whole, Field(ge=1, le=720)] = 48
    paid_broadcast: bool = False
    keep_questions: bool = False
    private_networks: bool = False
    semantic: bool = False
    api_url: AnyHttpUrl = AnyHttpUrl("https://api.telegram.org")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    contact: str | None = None
    admins: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_listed)] = ()
    webhook: Webhook | None = None
    following: Following = Following()
    sources: tuple[SourceSetting, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, whose values are given at construction."""
        return env_settings, init_settings


def load(file: Path | None = None) -> Settings:
    """The settings of a file and the environment.

    Args:
        file: A TOML file that must exist; `config.toml`, if there is one, by default.

    Raises:
        SettingsError: The file cannot be read, or a setting is unknown or wrong.
    """
    path = file or DEFAULT_FILE
    values = _read(path) if file or path.exists() else {}
    _refuse_unknown_variables()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_in_words(error, path, values)) from None
    except NotJsonError as error:
        name = _QUOTED.search(str(error))
        variable = f"{PREFIX}{name[1].upper()}" if name else "environment"
        raise SettingsError(f"{variable}: JSON is expected; see config.example.toml") from None


def _refuse_unknown_variables() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for table, fields in (("WEBHOOK", Webhook.model_fields), ("FOLLOWING", Following.model_fields)):
        known |= {f"{PREFIX}{table}{NESTED}{name.upper()}" for name in fields}
    given = {name for name in os.environ if name.upper().startswith(PREFIX)}
    unknown = sorted(name for name in given if name.upper() not in known)
    if unknown:
        raise SettingsError(
            f"environment: there is no setting {', '.join(unknown)}; see config.example.toml"
        )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"config {path}: {getattr(error, 'strerror', None) or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config {path}: not valid TOML: {error}") from None


def _in_words(error: ValidationError, path: Path, values: Mapping[str, Any]) -> str:
    """The first problem: where it is, what was found there, without the value itself."""
    problem = error.errors(include_input=False, include_url=False)[0]
    parts = [str(part) for part in problem["loc"]]
    name = ".".join(parts)
    if problem["type"] == "extra_forbidden":
        return f"config {path}: there is no setting {name!r}; see config.example.toml"
    variable = f"{PREFIX}{NESTED.join(_names(problem['loc'])).upper()}"
    is_in_file = parts[0] in values and variable not in map(str.upper, os.environ)
    where = f"config {path}" if is_in_file else variable
    what = problem["msg"].lower().removeprefix("value error, ")
    if problem["type"] == "model_type":
        table, model = _TABLES[parts[0]]
        what = f"expected a table: {table} with {', '.join(model.model_fields)}"
    return f"{where}: {name}: {what}; see config.example.toml"


def _names(place: tuple[int | str, ...]) -> Iterator[str]:
    """Give the names down to a list: one variable holds all of it."""
    return takewhile(lambda part: not part.isdecimal(), map(str, place))
