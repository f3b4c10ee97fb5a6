"""All settings, at the top level and in tables."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import (
    AnyHttpUrl,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings.problems import SettingsError
from bot.settings.structure import NESTED, PREFIX, secrets_of
from bot.settings.tables import Following, Metrics, OpenSearch, Reranker, SourceSetting, Webhook
from bot.settings.values import Role, UserId, Whole, split_list, split_roles
from index.engine.cluster_address import ClusterAddress
from index.workers import cores

TELEGRAM = AnyHttpUrl("https://api.telegram.org")

MOST_PROCESSES = 4  # by default: each takes memory

# In the address of a database.
_PASSWORD = re.compile(r"\A[^:/@]*://[^:/@]*:(.+)@|[?&]password=([^@&]+)")


def secrets_of_address(database: str) -> tuple[str, ...]:
    """Return what must not be printed of the address of a database: all of it with a password."""
    found = _PASSWORD.search(database)
    if found is None:
        return ()
    password = found[1] or found[2]
    # An @ that should have been percent-encoded makes a part of it the name of a host.
    return (database, password, unquote(password), *filter(None, password.split("@")))


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
    api_url: AnyHttpUrl = TELEGRAM
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    contact: str | None = None
    admins: Annotated[tuple[UserId, ...], NoDecode, BeforeValidator(split_list)] = ()
    roles: Annotated[
        tuple[Role, ...], NoDecode, BeforeValidator(split_roles), Field(min_length=1)
    ] = tuple(Role)
    webhook: Webhook | None = None
    following: Following = Following()
    reranker: Reranker | None = None
    metrics: Metrics | None = None
    engine: Literal["tantivy", "opensearch"] = "tantivy"
    opensearch: OpenSearch | None = None
    sources: tuple[SourceSetting, ...] = ()

    @field_validator("webhook")
    @classmethod
    def _is_reached_by_telegram(
        cls, webhook: Webhook | None, info: ValidationInfo
    ) -> Webhook | None:
        """Refuse plain http, unless a Bot API server of one's own delivers the updates."""
        if webhook and info.data.get("api_url") == TELEGRAM and not webhook.is_https_or_local:
            raise ValueError("its url has to begin with https://: Telegram delivers to no other")
        return webhook

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed: tokens, the database's password, the webhook's secret."""
        paths = [names for names in secrets_of(type(self)) if names != ("database",)]
        values = [_value_at(self, names) for names in paths]
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        database = self.database.get_secret_value() if self.database else ""
        return (*secrets, *secrets_of_address(database))

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


def _value_at(settings: object, names: tuple[str, ...]) -> object:
    value = settings
    for name in names:
        value = getattr(value, name, None)
    return value
