"""Load and validate settings: from `config.toml`, overridden by `HOIBAO_*` variables."""

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as NotJsonError

from index.articles.readers import strip_controls
from index.articles.validation import LONGEST_NAME
from index.engine.opensearch import ClusterAddress
from index.errors import HoiBaoError
from index.language.spelling import nfc
from index.models.problem import Code
from index.models.source_kind import SourceKind
from index.search.reranker import CANDIDATES, TIMEOUT_SECONDS, RerankServer
from index.sources.errors import FeedError
from index.sources.schedule import Bounds
from index.workers import cores

DEFAULT_FILE = Path("config.toml")

PREFIX = "HOIBAO_"
NESTED = "__"

MOST_PROCESSES = 4  # by default: each takes memory

GREATEST_ID = 2**52 - 1  # Telegram: User.id has at most 52 significant bits

LOCAL_FEED_SECONDS = 5  # between checks of a feed on this machine: it is the operator's own

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Telegram: setWebhook.secret_token
_PASSWORD = re.compile(r"(?://[^:/@]*:|[?&]password=)([^@&]+)")  # in the address of a database
_TOKEN = re.compile(r"[!-~]{1,4096}")  # RFC 6750: what a header can hold, without spaces
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+")  # an IPv6 address, or any other host
_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # OpenSearch: small, 255 at most
_QUOTED = re.compile(r"\"(\w+)\"")  # the name of a setting, in an error of pydantic-settings


def _reject_bool(value: object) -> object:
    """Reject true and false as numbers, which Python takes for 1 and 0."""
    if isinstance(value, bool):
        raise ValueError("a whole number is expected")
    return value


Whole = Annotated[int, BeforeValidator(_reject_bool)]
Port = Annotated[Whole, Field(ge=1, le=65535)]
UserId = Annotated[Whole, Field(ge=1, le=GREATEST_ID)]


def _split_list(value: object) -> object:
    """Split a list from the environment: `[1001, 1002]`, or `1001, 1002`."""
    if isinstance(value, str):
        return [part for part in value.strip(" []").split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise ValueError("a list of Telegram user ids is expected, as [1001, 1002]")
    return value


class SettingsError(HoiBaoError):
    """Missing, unknown or invalid setting."""


class Webhook(BaseModel, extra="forbid", frozen=True):
    """Webhook settings, which replace long polling."""

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


class SourceSetting(BaseModel, extra="forbid", frozen=True):
    """Source to follow: an address or a folder."""

    name: Name | None = None
    url: PlainUrl | None = None
    folder: Path | None = None
    kind: SourceKind | None = None
    pattern: Annotated[str, Field(min_length=1)] | None = None

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        from index.sources.feeds import compile_pattern

        try:
            return pattern if pattern is None or compile_pattern(pattern) else None
        except FeedError as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.url is None) == (self.folder is None):
            raise ValueError("either url or folder is expected")
        if (self.folder is not None) != (self.of_kind is SourceKind.FOLDER):
            raise ValueError('use folder with kind "folder", url with any other kind')
        if self.pattern and self.of_kind is not SourceKind.LISTING:
            raise ValueError("a pattern goes with listing pages only")
        return self

    @property
    def of_kind(self) -> SourceKind:
        """The kind given or implied; `SITE` is detected at the address."""
        if self.kind:
            return self.kind
        if self.folder is not None:
            return SourceKind.FOLDER
        return SourceKind.LISTING if self.pattern else SourceKind.SITE

    @property
    def given(self) -> str:
        """The address or the folder's full path."""
        return str(self.folder.absolute()) if self.folder is not None else str(self.url)


class Following(BaseModel, extra="forbid", frozen=True):
    """Schedule of checks: intervals, concurrency, failures until a source is paused."""

    failures: Annotated[Whole, Field(ge=1, le=1000)] = 10
    shortest_minutes: Annotated[Whole, Field(ge=1, le=1440)] = 2
    longest_hours: Annotated[Whole, Field(ge=1, le=168)] = 6
    concurrency: Annotated[Whole, Field(ge=1, le=64)] = 8

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.shortest_minutes > self.longest_hours * 60:
            raise ValueError("shortest_minutes must not exceed longest_hours")
        return self

    @property
    def bounds(self) -> Bounds:
        """The bounds of the schedule, in seconds."""
        return Bounds(
            shortest=self.shortest_minutes * 60,
            longest=self.longest_hours * 3600,
            failures=self.failures,
            nearby=LOCAL_FEED_SECONDS,
        )


class Reranker(BaseModel, extra="forbid", frozen=True):
    """Server with a model that reranks candidates."""

    url: PlainUrl
    token: SecretStr | None = None
    model: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    timeout_seconds: Annotated[Whole, Field(ge=1, le=30)] = TIMEOUT_SECONDS
    candidates: Annotated[Whole, Field(ge=1, le=200)] = CANDIDATES

    @field_validator("token")
    @classmethod
    def _fits_a_header(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("printable ASCII characters without spaces are expected")
        return token

    @property
    def server(self) -> RerankServer:
        """The server, as a library is opened with it."""
        return RerankServer(
            url=str(self.url),
            token=self.token.get_secret_value() if self.token else None,
            model=self.model,
            timeout=self.timeout_seconds,
            candidates=self.candidates,
        )


class Metrics(BaseModel, extra="forbid", frozen=True):
    """Address of the metrics of Prometheus, and of the pages on health and readiness."""

    listen: str = "127.0.0.1:9464"

    @field_validator("listen")
    @classmethod
    def _is_host_and_port(cls, listen: str) -> str:
        host, colon, port = listen.rpartition(":")
        is_port = port.isascii() and port.isdecimal() and 1 <= int(port[:6]) <= 65535
        if not (_HOST.fullmatch(host) and colon and is_port):
            raise ValueError("a host and a port are expected, as 127.0.0.1:9464 or [::1]:9464")
        return listen

    @property
    def host(self) -> str:
        """The host, an IPv6 address without its brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port."""
        return int(self.listen.rpartition(":")[2])


class OpenSearch(BaseModel, extra="forbid", frozen=True):
    """OpenSearch cluster that indexes the articles."""

    urls: Annotated[tuple[PlainUrl, ...], Field(min_length=1, max_length=100)]
    user: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    password: SecretStr | None = None
    ca: Path | None = None
    prefix: str = "hoibao"
    shards: Annotated[Whole, Field(ge=1, le=1000)] = 1
    replicas: Annotated[Whole, Field(ge=0, le=20)] = 1

    @field_validator("prefix")
    @classmethod
    def _fits_an_index(cls, prefix: str) -> str:
        if not _INDEX_NAME.fullmatch(prefix):
            raise ValueError("up to 100 small letters, digits, - and _ are expected")
        return prefix

    @property
    def address(self) -> ClusterAddress:
        """The cluster, as a library is opened with it."""
        return ClusterAddress(
            urls=tuple(str(url).rstrip("/") for url in self.urls),
            user=self.user,
            password=self.password.get_secret_value() if self.password else None,
            ca=self.ca,
            prefix=self.prefix,
            shards=self.shards,
            replicas=self.replicas,
        )


_TABLES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "webhook": ("[webhook]", Webhook),
    "following": ("[following]", Following),
    "reranker": ("[reranker]", Reranker),
    "metrics": ("[metrics]", Metrics),
    "opensearch": ("[opensearch]", OpenSearch),
    "sources": ("[[sources]]", SourceSetting),
}


class Settings(BaseSettings):
    """All settings; each is explained in `config.example.toml`."""

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
    answering_processes: Annotated[Whole, Field(ge=0, le=64)] = Field(
        default_factory=lambda: min(cores(), MOST_PROCESSES)
    )
    questions_per_minute: Annotated[Whole, Field(ge=1, le=600)] = 20
    subscriptions_per_chat: Annotated[Whole, Field(ge=1, le=1000)] = 50
    alert_hours: Annotated[Whole, Field(ge=1, le=720)] = 48
    paid_broadcast: bool = False
    keep_questions: bool = False
    private_networks: bool = False
    semantic: bool = False
    api_url: AnyHttpUrl = AnyHttpUrl("https://api.telegram.org")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    contact: str | None = None
    admins: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(_split_list)] = ()
    webhook: Webhook | None = None
    following: Following = Following()
    reranker: Reranker | None = None
    metrics: Metrics | None = None
    engine: Literal["tantivy", "opensearch"] = "tantivy"
    opensearch: OpenSearch | None = None
    sources: tuple[SourceSetting, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed: tokens, the database's password, the webhook's secret."""
        values = [
            self.token,
            self.webhook and self.webhook.secret,
            self.reranker and self.reranker.token,
            self.opensearch and self.opensearch.password,
        ]
        secrets = [value.get_secret_value() for value in values if value]
        database = self.database.get_secret_value() if self.database else ""
        if found := _PASSWORD.search(database):
            secrets += [database, found[1], unquote(found[1])]
        return tuple(secrets)

    @property
    def cluster(self) -> ClusterAddress | None:
        """The cluster that indexes the articles; None for the engine in the data folder.

        Raises:
            SettingsError: If the engine is a cluster, and there is no table for it.
        """
        if self.engine != "opensearch":
            return None
        if self.opensearch is None:
            raise SettingsError(
                "engine opensearch: urls is missing under [opensearch]; see config.example.toml"
            )
        return self.opensearch.address

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file, whose values are given at construction."""
        return env_settings, init_settings


def load(file: Path | None = None) -> Settings:
    """Load the settings of a file and the environment.

    Args:
        file: A TOML file that must exist; by default `config.toml`, if there is one.

    Raises:
        SettingsError: If the file cannot be read, or a setting is unknown or wrong.
    """
    path = file or DEFAULT_FILE
    values = _read(path) if file or path.exists() else {}
    _refuse_unknown_variables()
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_describe_error(error, path, values)) from None
    except NotJsonError as error:
        name = _QUOTED.search(str(error))
        variable = f"{PREFIX}{name[1].upper()}" if name else "environment"
        raise SettingsError(f"{variable}: JSON is expected; see config.example.toml") from None


def file_with_secret(file: Path | None = None) -> Path | None:
    """Return the settings file, see `load`, if it holds a token, a password or a secret."""
    path = file or DEFAULT_FILE
    values = _read(path) if path.exists() else {}
    is_secret = (
        {"token", "database"} & values.keys()
        or "secret" in values.get("webhook", {})
        or "token" in values.get("reranker", {})
        or "password" in values.get("opensearch", {})
    )
    return path if is_secret else None


def _refuse_unknown_variables() -> None:
    known = set(Settings.model_fields)
    for table in ("webhook", "following", "reranker", "metrics", "opensearch"):
        known |= {f"{table}{NESTED}{name}" for name in _TABLES[table][1].model_fields}
    given = [name for name in os.environ if name.upper().startswith(PREFIX)]
    unknown = sorted(name for name in given if name[len(PREFIX) :].lower() not in known)
    if unknown:
        hint = _did_you_mean(unknown[0].upper(), [f"{PREFIX}{name.upper()}" for name in known])
        named = f"{', '.join(unknown)}{hint}"
        raise SettingsError(f"environment: there is no setting {named}; see config.example.toml")


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the setting that was probably meant, if one is spelled much the same."""
    alike = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f" (did you mean {alike[0]}?)" if alike else ""


def describe_problem(problem: ErrorDetails) -> str:
    """Say in our own words what a setting should be, not in those of pydantic.

    Args:
        problem: One of the errors of a `ValidationError`.
    """
    kind, values = problem["type"], problem.get("ctx", {})
    if kind in _OWN_WORDS:
        return str(values["error"]) if kind == "value_error" else problem["msg"]
    expected = next((words for start, words in _EXPECTED.items() if kind.startswith(start)), None)
    return expected.format_map(values) if expected else "another value is expected"


_OWN_WORDS = ("value_error", str(Code.PASSWORD))
"""Kinds of errors that the validators of this module raise."""

_EXPECTED = {
    "missing": "it is missing",
    "int_": "a whole number is expected",
    "greater_than_equal": "a number from {ge} is expected",
    "less_than_equal": "a number up to {le} is expected",
    "bool_": "true or false is expected",
    "literal_error": "{expected} is expected",
    "enum": "{expected} is expected",
    "url_": "an address such as https://bao.example/ is expected",
    "string_too_short": "a text of {min_length} characters or more is expected",
    "string_too_long": "a text of {max_length} characters at most is expected",
    "string_": "a text in quotation marks is expected",
    "path_": "a path is expected",
    "list_": "a list is expected",
    "tuple_": "a list is expected",
    "model_": "a table is expected",
}
"""What was expected, by the beginnings of pydantic's kinds of errors."""


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"config {path}: {getattr(error, 'strerror', None) or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"config {path}: not valid TOML: {error}") from None


def _describe_error(error: ValidationError, path: Path, values: Mapping[str, Any]) -> str:
    """Describe the first error: its setting and cause, without the value itself."""
    problem = error.errors(include_input=False, include_url=False)[0]
    parts = [str(part) for part in problem["loc"]]
    name = ".".join(parts)
    if problem["type"] == "extra_forbidden":
        model = _TABLES[parts[0]][1] if len(parts) > 1 else Settings
        hint = _did_you_mean(parts[-1], model.model_fields)
        return f"config {path}: there is no setting {name!r}{hint}; see config.example.toml"
    # Of a list one variable holds all.
    names = takewhile(lambda part: not part.isdecimal(), parts)
    variable = f"{PREFIX}{NESTED.join(names).upper()}"
    is_in_file = parts[0] in values and variable not in map(str.upper, os.environ)
    where = f"config {path}" if is_in_file else variable
    what = describe_problem(problem)
    if problem["type"] == "model_type":
        table, model = _TABLES[parts[0]]
        what = f"expected a table: {table} with {', '.join(model.model_fields)}"
    return f"{where}: {name}: {what}; see config.example.toml"
