"""Kinds of sources on the web: how each is recognised at an address, and its parser."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from index.models.source_kind import SourceKind
from index.sources.feeds.items import Feed
from index.sources.feeds.listing import parse_listing
from index.sources.feeds.rss import is_feed, parse_feed
from index.sources.feeds.sitemap import is_sitemap, parse_sitemap
from index.sources.feeds.xml import read_text
from index.sources.fetch.fetcher import Fetched


@dataclass(frozen=True, slots=True)
class Format:
    """Format of the sources of a kind.

    `parse` takes the text and the address of a response. `recognise` says whether a text has the
    format; None is for web pages that look like any other: their parser also takes a pattern for
    links.
    """

    parse: Callable[..., Feed]
    recognise: Callable[[str], bool] | None = None

    @property
    def is_page(self) -> bool:
        """Whether the sources are web pages that look like any other."""
        return self.recognise is None


FORMATS = {
    SourceKind.FEED: Format(parse_feed, is_feed),
    SourceKind.SITEMAP: Format(parse_sitemap, is_sitemap),
    SourceKind.LISTING: Format(parse_listing),
}
"""The formats by kind, in the order in which they are tried on a response."""


def detect_kind(response: Fetched) -> SourceKind | None:
    """Detect the kind of a source by its first bytes; None for a web page and anything else.

    Raises:
        FeedError: If it is empty, binary, in an unknown encoding, or declares entities.
    """
    text = decode_response(response)
    for kind, form in FORMATS.items():
        if form.recognise and form.recognise(text):
            return kind
    return None


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
