"""Registry of followed sources: add those of commands and OPML lists, keep up with the settings.

Nothing here uses the network; see `bot.sources.following` for what does.
"""

import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.settings import SourceSetting, describe_problem
from index.articles.validation import LONGEST_NAME
from index.models.problem import Code, Problem, reason
from index.sources.feeds import Outline
from index.store.sources import Source, SourceError, Sources

if TYPE_CHECKING:
    from index.sources.discovery import Discovered


def add_source(
    sources: Sources, setting: SourceSetting, discovered: "Discovered | None" = None
) -> Source:
    """Add the source of a setting.

    Args:
        sources: Table of followed sources.
        setting: The source.
        discovered: The feed, sitemap or page that was found at its address.

    Raises:
        HoiBaoError: If its name is taken, or it is followed already.
    """
    kind, address, pattern, title = setting.of_kind, setting.given, setting.pattern, ""
    if discovered:
        kind, address = discovered.kind, discovered.url
        pattern, title = discovered.pattern, discovered.title
    return sources.add(
        name=setting.name or free_name(_taken_names(sources), address, title),
        given=setting.given,
        kind=kind,
        address=address,
        pattern=pattern,
        now=int(time.time()),
    )


def add_outlines(sources: Sources, outlines: Iterable[Outline]) -> tuple[int, list[str]]:
    """Add the sources of an OPML list.

    Args:
        sources: Table of followed sources.
        outlines: The sources of the list.

    Returns:
        The number of sources added, and the reasons for those skipped.
    """
    added, skipped = 0, []
    taken = _taken_names(sources)
    for outline in outlines:
        try:
            setting = make_setting(
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


def follow_settings(sources: Sources, wanted: tuple[SourceSetting, ...]) -> None:
    """Synchronise stored sources with the settings.

    Missing sources are added, changed addresses and patterns updated. None is removed, and paused
    ones stay paused.

    Args:
        sources: Table of followed sources.
        wanted: The sources of the settings.

    Raises:
        HoiBaoError: If two of the settings have one name, or one address in the store.
    """
    names = [setting.name for setting in wanted if setting.name]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise SourceError(f"sources: the name {twice!r} is given twice")
    for setting in wanted:
        known = _known(sources, setting)
        if known is None:
            _add_once(sources, setting)
        elif _is_changed(known, setting):
            sources.change_address(
                known.id,
                given=setting.given,
                kind=setting.of_kind,
                address=setting.given,
                pattern=setting.pattern,
            )


def _add_once(sources: Sources, setting: SourceSetting) -> None:
    """Add the source of a setting, unless another worker that starts now has just added it."""
    try:
        add_source(sources, setting)
    except SourceError:
        known = _known(sources, setting)
        if known is None or _is_changed(known, setting):
            raise


def make_setting(**values: Any) -> SourceSetting:
    """Validate the values of a source; those that are None count as not given.

    Raises:
        SourceError: If they are wrong.
    """
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
        if str(problem["type"]).startswith("url_"):
            raise SourceError(Problem(Code.NOT_HTTP, place)) from None
        what = describe_problem(problem)
        raise SourceError(f"{place}: {what}") from None


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


def _taken_names(sources: Sources) -> set[str]:
    return {source.name for source in sources.all()}


def _known(sources: Sources, setting: SourceSetting) -> Source | None:
    for name in filter(None, (setting.name, setting.given)):
        with suppress(SourceError):
            return sources.by_name(name)
    return None


def _is_changed(source: Source, setting: SourceSetting) -> bool:
    if setting.given not in (source.given, source.address):
        return True
    explicit = setting.kind is not None and setting.kind is not source.kind
    return explicit or (setting.pattern is not None and setting.pattern != source.pattern)
