"""Parsers of feeds: RSS, Atom, JSON Feed, sitemaps, listing pages, OPML."""

from index.sources.feeds.listing import compile_pattern
from index.sources.feeds.opml import Outline, parse_opml, write_opml

__all__ = ["Outline", "compile_pattern", "parse_opml", "write_opml"]
