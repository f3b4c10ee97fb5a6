"""Add sources to follow: from the settings, by command, from OPML lists."""

import asyncio
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.settings import Settings, SourceSetting
from index.articles.validation import LONGEST_NAME
from index.models.problem import Code, Problem, reason
from index.sources.feeds import Outline
from index.store.sources import Source, SourceError, Sources
from index.workers import in_thread

if TYPE_CHECKING:
    from index.sources.discovery import Discovered
    from index.sources.fetch import Fetcher


def add_location(
    sources: Sources,
    settings: Settings,
    place: str,
    name: str | None,
    kind: str | None,
    pattern: str | None,
) -> Source:
    """Add the source at an address or folder.

    Args:
        sources: The sources that are followed.
        settings: How addresses may be asked.
        place: An address ("https://" may be missing), or a folder.
        name: What the source is called; by default what it calls itself.
        kind: Its kind; by default it is found out.
        pattern: Which links of a listing page are articles.

    Raises:
        HoiBaoError: If there is nothing to follow, or it is followed already.
    """
    if kind == "folder" or Path(place).is_dir():
        if not Path(place).is_dir():
            raise SourceError(f"{place}: there is no such folder")
        return add_source(sources, _setting(name=name, folder=place, kind=kind, pattern=pattern))
    if kind or pattern:
        return add_source(sources, _at_address(place, name, kind, pattern))

    async def add() -> Source:
        async with make_fetcher(settings) as fetcher:
            return await add_address(sources, fetcher, place, name)

    return asyncio.run(add())


async def add_address(
    sources: Sources, fetcher: "Fetcher", place: str, name: str | None = None
) -> Source:
    """Discover and add the source at an address.

    Args:
        sources: The sources that are followed.
        fetcher: Gets the pages.
        place: An address; "https://" may be missing.
        name: What the source is called; by default what it calls itself.

    Raises:
        HoiBaoError: If there is nothing to follow, or it is followed already.
    """
    from index.sources.discovery import discover

    setting = _at_address(place, name)
    found = await discover(fetcher, place)
    return await in_thread(_add_found, sources, found, setting)


def add_outlines(sources: Sources, outlines: Iterable[Outline]) -> tuple[int, list[str]]:
    """Add the sources of an OPML list.

    Args:
        sources: The sources that are followed.
        outlines: The sources of the list.

    Returns:
        The number of sources added, and the reasons for those skipped.
    """
    added, skipped = 0, []
    taken = taken_names(sources)
    for outline in outlines:
        try:
            setting = _setting(
                name=free_name(taken, outline.url, outline.name),
                url=outline.url,
                kind=outline.kind,
                pattern=outline.pattern,
            )
            taken.add(add_source(sources, setting).name)
            added += 1
        except SourceError as error:
            skipped.append(reason(error))
    return added, skipped


def _at_address(
    place: str, name: str | None, kind: str | None = None, pattern: str | None = None
) -> SourceSetting:
    if "://" not in place and "." not in place.strip("./").partition("/")[0]:
        raise SourceError(Problem(Code.NO_PLACE, place))
    url = place if "://" in place else f"https://{place}"
    return _setting(name=name, url=url, kind=kind, pattern=pattern)


def _add_found(sources: Sources, found: "Discovered", setting: SourceSetting) -> Source:
    return sources.add(
        name=setting.name or free_name(taken_names(sources), found.url, found.title),
        given=setting.given,
        kind=found.kind,
        address=found.url,
        pattern=found.pattern,
        now=int(time.time()),
    )


def _setting(**values: Any) -> SourceSetting:
    given = {name: value for name, value in values.items() if value is not None}
    try:
        return SourceSetting(**given)
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = str(given.get("url") or given.get("folder"))
        if problem["type"] == "string_too_long":
            most = problem["ctx"]["max_length"]
            raise SourceError(Problem(Code.NAME_LONG, place, most=most)) from None
        if problem["type"] == Code.PASSWORD:
            raise SourceError(Problem(Code.PASSWORD, place)) from None
        what = problem["msg"].removeprefix("Value error, ")
        raise SourceError(f"{place}: {what}") from None


def follow_settings(sources: Sources, wanted: tuple[SourceSetting, ...]) -> list[Source]:
    """Synchronise stored sources with the settings.

    Missing sources are added, changed addresses and patterns updated. None is removed, and paused
    ones stay paused.

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
                sources.change_address(
                    known.id,
                    given=setting.given,
                    kind=setting.of_kind,
                    address=setting.given,
                    pattern=setting.pattern,
                )
            )
    return changed


def add_source(sources: Sources, setting: SourceSetting) -> Source:
    """Add the source of a setting.

    Raises:
        HoiBaoError: If its name is taken, or it is followed already.
    """
    return sources.add(
        name=setting.name or free_name(taken_names(sources), setting.given),
        given=setting.given,
        kind=setting.of_kind,
        address=setting.given,
        pattern=setting.pattern,
        now=int(time.time()),
    )


def taken_names(sources: Sources) -> set[str]:
    """Return the names of all stored sources."""
    return {source.name for source in sources.all()}


def free_name(taken: Collection[str], given: str, title: str = "") -> str:
    """Choose a unique name for a source: its title, host and path, or folder name.

    Args:
        taken: The names of other sources.
        given: The address or the folder's full path.
        title: The title of the feed or page.
    """
    parts = urlsplit(given)
    host = parts.netloc.removeprefix("www.")
    short = f"{host}{parts.path.rstrip('/')}" if host else Path(given).name
    names = (title.strip()[:LONGEST_NAME], short[:LONGEST_NAME], given)
    return next((name for name in names if name and name not in taken), given)


def _known(sources: Sources, setting: SourceSetting) -> Source | None:
    for name in filter(None, (setting.name, setting.given)):
        try:
            return sources.by_name(name)
        except SourceError:
            continue
    return None


def _is_changed(source: Source, setting: SourceSetting) -> bool:
    if setting.given not in (source.given, source.address):
        return True
    explicit = setting.kind is not None and setting.kind is not source.kind
    return explicit or (setting.pattern is not None and setting.pattern != source.pattern)


def make_fetcher(settings: Settings) -> "Fetcher":
    """Build the HTTP client from the settings."""
    # Imported here because it is slow to import, and most commands do not fetch.
    from index.sources.fetch import Fetcher, Limits

    return Fetcher(
        contact=settings.contact,
        private_networks=settings.private_networks,
        limits=Limits(concurrency=settings.following.concurrency),
    )
