"""Tables of the settings: webhook, sources, following, reranker, metrics, OpenSearch."""

import re
from pathlib import Path
from typing import Annotated, Self

from pydantic import AnyHttpUrl, BaseModel, Field, SecretStr, field_validator, model_validator

from bot.settings.values import Name, PlainUrl, Port, Whole
from index.engine.cluster_address import ClusterAddress
from index.models.source_kind import SourceKind
from index.search.reranker import CANDIDATES, TIMEOUT_SECONDS, RerankServer
from index.sources.errors import FeedError
from index.sources.schedule import Bounds

LOCAL_FEED_SECONDS = 5  # between checks of a feed on this machine: it is the operator's own

_THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Telegram: setWebhook.secret_token
_TOKEN = re.compile(r"[!-~]{1,4096}")  # RFC 6750: what a header can hold, without spaces
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+")  # an IPv6 address, or any other host
_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # OpenSearch: small, 255 at most


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

    @property
    def is_https_or_local(self) -> bool:
        """Whether its address is of https, or of this machine."""
        return self.url.scheme == "https" or self.url.host in _THIS_MACHINE


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
