"""Poll a source: the items in its feed, sitemap or listing page, the files in its folder."""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.articles.readers import list_files
from index.articles.urls import normalize_url
from index.articles.validation import strip_unstorable
from index.errors import PROGRAM_ERRORS, HoiBaoError, InputError
from index.models.problem import Code, Problem
from index.models.source_kind import SourceKind
from index.sources.feeds.items import FeedItem, deduplicate_items
from index.sources.fetch.fetcher import FEEDS, PAGES, Fetched, Fetcher
from index.sources.kinds import FORMATS, parse_source
from index.store.sources import Source

MAX_CHILDREN = 3
"""How many sitemaps of a sitemap index are read, newest first: the others are archives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """Items of a source in their order, or `not_modified`, and its caching headers."""

    items: tuple[FeedItem, ...] = ()
    not_modified: bool = False
    etag: str | None = None
    last_modified: str | None = None
    max_age: float | None = None


async def poll(fetcher: Fetcher, source: Source, *, in_full: bool = False) -> PollResult:
    """Fetch a source on the web and parse its items.

    Args:
        fetcher: Gets the pages.
        source: A feed, sitemap or listing page.
        in_full: Make the request unconditional.

    Raises:
        FetchError: If it cannot be fetched.
        FeedError: If it is of another kind, or cannot be read.
    """
    answer = await fetcher.get(
        source.address,
        etag=None if in_full else source.etag,
        last_modified=None if in_full else source.last_modified,
        accept=PAGES if FORMATS[source.kind].is_page else FEEDS,
    )
    if answer.not_modified:
        return PollResult(
            not_modified=True,
            etag=answer.etag or source.etag,
            last_modified=answer.last_modified or source.last_modified,
            max_age=answer.max_age,
        )
    return await read_items(fetcher, answer, source.kind, source.pattern)


async def read_items(
    fetcher: Fetcher, answer: Fetched, kind: SourceKind, pattern: str | None = None
) -> PollResult:
    """Parse a response into items; of a sitemap index, read its newest sitemaps.

    Args:
        fetcher: Fetches the sitemaps of an index, at most `MAX_CHILDREN`.
        answer: The response.
        kind: The format to parse it as.
        pattern: Links of a listing page that are articles.

    Raises:
        FetchError: If none of the sitemaps of an index can be fetched.
        FeedError: If it is of another kind, or cannot be read.
    """
    feed = await asyncio.to_thread(parse_source, answer, kind, pattern)
    items = feed.items
    if feed.children:
        children = await _of_children(fetcher, feed.children[:MAX_CHILDREN], kind)
        items = deduplicate_items(items + children)
    return PollResult(
        items=items,
        # The sitemaps of an index change without it.
        etag=None if feed.children else answer.etag,
        last_modified=None if feed.children else answer.last_modified,
        max_age=answer.max_age,
    )


def scan_folder(folder: str) -> dict[str, str]:
    """Return the stamp (modification time and size) of each article file below a folder.

    Raises:
        InputError: If the folder does not exist or cannot be read.
    """
    stamps: dict[str, str] = {}
    for file in list_files(Path(folder)):
        if isinstance(file, OSError):
            cause = (file.strerror or str(file)).lower()
            raise InputError(Problem(Code.FOLDER, folder=file.filename, cause=cause))
        if strip_unstorable(str(file)) == str(file):
            with suppress(OSError):  # it went away meanwhile
                details = file.stat()
                stamps[str(file)] = f"{details.st_mtime_ns}:{details.st_size}"
    return stamps


def has_files(folder: str) -> bool:
    """Whether a file of any name is below a folder: none is where nothing is mounted."""
    return any(names for _, _, names in os.walk(folder))


def item_key(item: FeedItem) -> str:
    """Return the key of an item in its source: its normalised URL, else its id."""
    return normalize_url(item.url) if item.url else f"id:{item.id}"


def item_stamp(item: FeedItem, kind: SourceKind) -> str | None:
    """Return a hash of an item's content that changes when the item does.

    None for pages: link texts vary without the article changing.
    """
    if FORMATS[kind].is_page:
        return None
    published = item.published.isoformat() if item.published else ""
    content = "\0".join((item.title, published, item.summary, item.content or ""))
    return hashlib.blake2b(content.encode("utf-8", "replace"), digest_size=12).hexdigest()


def item_guid(item: FeedItem, kind: SourceKind) -> str | None:
    """Return a hash of the id by which a feed names an item, whatever its address; else None."""
    if kind is not SourceKind.FEED:
        return None
    return hashlib.blake2b(item.id.encode("utf-8", "replace"), digest_size=12).hexdigest()


async def _of_children(
    fetcher: Fetcher, urls: Sequence[str], kind: SourceKind
) -> tuple[FeedItem, ...]:
    """Read the sitemaps of an index, skipping those that fail."""
    items: tuple[FeedItem, ...] = ()
    failures: list[Exception] = []
    for url in urls:
        try:
            answer = await fetcher.get(url, accept=FEEDS)
            items += (await asyncio.to_thread(parse_source, answer, kind)).items
        except (HoiBaoError, *PROGRAM_ERRORS) as error:
            failures.append(error)
    if len(failures) == len(urls):
        raise failures[0]
    return items
