"""Followed sources: added by name and address, and kept in line with the settings."""

import time
from collections.abc import Collection
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings import SourceSetting
from index.gate import LONGEST_NAME
from index.store.sources import Source, SourceError, Sources


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
