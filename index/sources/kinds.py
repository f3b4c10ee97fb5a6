"""Kinds of sources on the web: how each is recognised at an address, and its parser."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from index.models.source_kind import SourceKind
from index.sources.feeds.items import Feed
from index.sources.feeds.listing import parse_listing
from index.sources.feeds.rss import FEED_ROOTS, parse_feed
from index.sources.feeds.sitemap import SITEMAP_ROOTS, parse_sitemap
from index.sources.feeds.xml import read_text, root_name
from index.sources.fetch.fetcher import Fetched


@dataclass(frozen=True, slots=True)
class Format:
    """Format of the sources of a kind.

    `parse` takes the text and the address of a response. `roots` are the root elements by which
    the format is recognised. `is_page` is for web pages: their parser also takes a pattern for
    links, and they look like any other page.
    """

    parse: Callable[..., Feed]
    roots: frozenset[str] = frozenset()
    is_page: bool = False


FORMATS = {
    SourceKind.FEED: Format(parse_feed, FEED_ROOTS),
    SourceKind.SITEMAP: Format(parse_sitemap, SITEMAP_ROOTS),
    SourceKind.LISTING: Format(parse_listing, is_page=True),
}


def detect_kind(response: Fetched) -> SourceKind | None:
    """Detect the kind of a source by its first bytes; None for a web page and anything else.

    Raises:
        FeedError: If it is empty, binary, in an unknown encoding, or declares entities.
    """
    root = root_name(decode_response(response))
    return next((kind for kind, form in FORMATS.items() if root in form.roots), None)


def parse_source(response: Fetched, kind: SourceKind, pattern: str | None = None) -> Feed:
    """Parse a response as a source of a kind.

    Args:
        response: The response.
        kind: The kind of source.
        pattern: Links of a page that are articles; by default they are guessed.

    Raises:
        FeedError: If it is of another kind, or cannot be read.
    """
    form = FORMATS[kind]
    parse = partial(form.parse, pattern=pattern) if form.is_page else form.parse
    return parse(decode_response(response), response.final_url)


def decode_response(response: Fetched) -> str:
    """Decode a response to text; see `read_text`."""
    return read_text(response.body, response.final_url, response.charset)
