"""Adding sources by command: what is found at an address, a folder, a list."""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.following import fetcher_of
from bot.settings import Settings, SourceSetting
from bot.source_settings import add_source, free_name, names_of
from index.problems import Code, Problem, reason
from index.sources.discovery import Discovered, discover
from index.sources.fetching import Fetcher
from index.sources.opml import Outline
from index.store.sources import Source, SourceError, Sources
from index.workers import in_thread


def add_place(
    sources: Sources,
    settings: Settings,
    place: str,
    name: str | None,
    kind: str | None,
    pattern: str | None,
) -> Source:
    """Follow what is at an address or in a folder.

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
        async with fetcher_of(settings) as fetcher:
            return await add_address(sources, fetcher, place, name)

    return asyncio.run(add())


async def add_address(
    sources: Sources, fetcher: Fetcher, place: str, name: str | None = None
) -> Source:
    """Follow what is found at an address.

    Args:
        sources: The sources that are followed.
        fetcher: Gets the pages.
        place: An address; "https://" may be missing.
        name: What the source is called; by default what it calls itself.

    Raises:
        HoiBaoError: If there is nothing to follow, or it is followed already.
    """
    setting = _at_address(place, name)
    found = await discover(fetcher, place)
    return await in_thread(_add_found, sources, found, setting)


def add_outlines(sources: Sources, outlines: Iterable[Outline]) -> tuple[int, list[str]]:
    """Follow the sources of a list.

    Args:
        sources: The sources that are followed.
        outlines: What the list names.

    Returns:
        How many were added, and why others were not.
    """
    added, skipped = 0, []
    taken = names_of(sources)
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


def _add_found(sources: Sources, found: Discovered, setting: SourceSetting) -> Source:
    return sources.add(
        name=setting.name or free_name(names_of(sources), found.url, found.title),
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
