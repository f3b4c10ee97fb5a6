"""Sources in the settings: which, how they are followed, and the store in line with them."""

import time
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Protocol, Self
from urllib.parse import urlsplit

from pydantic import (
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.setting_types import Whole
from index.encoding import without_controls
from index.gate import LONGEST_NAME
from index.problems import Code
from index.sources.errors import FeedError
from index.sources.kinds import SourceKind
from index.sources.schedule import Bounds
from index.spelling import nfc
from index.store.sources import Source, SourceError, Sources

NEARBY_SECONDS = 5  # between checks of a feed on this machine: it is the operator's own


def _on_a_line(name: object) -> object:
    """Return a name as it is compared, shown and exported: in NFC, without controls."""
    return " ".join(without_controls(nfc(name)).split()) if isinstance(name, str) else name


Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), BeforeValidator(_on_a_line)]


class SourceSetting(BaseModel):
    """A source that an operator wants to be followed: an address or a folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name | None = None
    url: AnyHttpUrl | None = None
    folder: Path | None = None
    kind: SourceKind | None = None
    pattern: Annotated[str, Field(min_length=1)] | None = None

    @field_validator("url")
    @classmethod
    def _is_without_password(cls, url: AnyHttpUrl | None) -> AnyHttpUrl | None:
        if url and (url.username or url.password):
            words = "an address without user name and password is expected"
            raise PydanticCustomError(Code.PASSWORD, words)
        return url

    @field_validator("pattern")
    @classmethod
    def _is_pattern(cls, pattern: str | None) -> str | None:
        from index.sources.listing import compiled

        try:
            return pattern if pattern is None or compiled(pattern) else None
        except FeedError as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.url is None) == (self.folder is None):
            raise ValueError("either url or folder is expected")
        if (self.folder is not None) != (self.of_kind is SourceKind.FOLDER):
            raise ValueError("kind folder goes with folder, the other kinds with url")
        if self.pattern and self.of_kind is not SourceKind.LISTING:
            raise ValueError("a pattern goes with listing pages only")
        return self

    @property
    def of_kind(self) -> SourceKind:
        """The kind; without one it is found out at the address."""
        if self.kind:
            return self.kind
        if self.folder is not None:
            return SourceKind.FOLDER
        return SourceKind.LISTING if self.pattern else SourceKind.SITE

    @property
    def given(self) -> str:
        """The address or the folder's full path."""
        return str(self.folder.absolute()) if self.folder is not None else str(self.url)


class Following(BaseModel):
    """How sources are followed: how often, how many at one time, and when one is paused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failures: Annotated[Whole, Field(ge=1, le=1000)] = 10
    shortest_minutes: Annotated[Whole, Field(ge=1, le=1440)] = 2
    longest_hours: Annotated[Whole, Field(ge=1, le=168)] = 6
    concurrency: Annotated[Whole, Field(ge=1, le=64)] = 8

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.shortest_minutes > self.longest_hours * 60:
            raise ValueError("shortest_minutes are more than longest_hours")
        return self

    @property
    def bounds(self) -> Bounds:
        """The same in seconds."""
        return Bounds(
            shortest=self.shortest_minutes * 60,
            longest=self.longest_hours * 3600,
            failures=self.failures,
            nearby=NEARBY_SECONDS,
        )


class FollowingSettings(Protocol):
    """The settings that following sources needs."""

    @property
    def sources(self) -> tuple[SourceSetting, ...]:
        """The sources to follow, beside those that were added by command."""

    @property
    def following(self) -> Following:
        """How often they are checked, and when they are paused."""

    @property
    def private_networks(self) -> bool:
        """Whether addresses that are not public may be asked."""

    @property
    def contact(self) -> str | None:
        """Whom the owner of a site can write to."""


def follow_settings(sources: Sources, wanted: tuple[SourceSetting, ...]) -> list[Source]:
    """Bring the store in line with the settings.

    Sources that are missing are added, those whose address or pattern was changed are changed.
    None is removed, and a paused one stays paused.

    Args:
        sources: The sources that are followed.
        wanted: Those of the settings.

    Returns:
        The sources that were added or changed.

    Raises:
        HoiBaoError: If two of the settings have one name, or one address in the store.
    """
    names = [setting.name for setting in wanted if setting.name]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SourceError(f"sources: the name {twice!r} is given twice")
    changed: list[Source] = []
    for setting in wanted:
        known = _known(sources, setting)
        if known is None:
            changed.append(add_source(sources, setting))
        elif _is_changed(known, setting):
            changed.append(
                sources.readdress(
                    known.id,
                    given=setting.given,
                    kind=setting.of_kind,
                    address=setting.given,
                    pattern=setting.pattern,
                )
            )
    return changed


def add_source(sources: Sources, setting: SourceSetting) -> Source:
    """Follow what a setting describes.

    Raises:
        HoiBaoError: If its name is taken, or it is followed already.
    """
    return sources.add(
        name=setting.name or free_name(names_of(sources), setting.given),
        given=setting.given,
        kind=setting.of_kind,
        address=setting.given,
        pattern=setting.pattern,
        now=int(time.time()),
    )


def names_of(sources: Sources) -> set[str]:
    """Return the names that are taken."""
    return {source.name for source in sources.all()}


def free_name(taken: Collection[str], given: str, title: str = "") -> str:
    """Return a name for a source that has none: its title, host and path, or folder's name.

    Args:
        taken: The names of other sources.
        given: The address or the folder's full path.
        title: What the source calls itself.
    """
    parts = urlsplit(given)
    host = parts.netloc.removeprefix("www.")
    short = f"{host}{parts.path.rstrip('/')}" if host else Path(given).name
    names = (title.strip()[:LONGEST_NAME], short[:LONGEST_NAME], given)
    return next((name for name in names if name and name not in taken), given)


def _known(sources: Sources, setting: SourceSetting) -> Source | None:
    for name in filter(None, (setting.name, setting.given)):
        try:
            return sources.named(name)
        except SourceError:
            continue
    return None


def _is_changed(source: Source, setting: SourceSetting) -> bool:
    if setting.given not in (source.given, source.address):
        return True
    explicit = setting.kind is not None and setting.kind is not source.kind
    return explicit or (setting.pattern is not None and setting.pattern != source.pattern)
