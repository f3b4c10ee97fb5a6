"""Parsers of feeds: RSS, Atom, JSON Feed, sitemaps, listing pages, OPML."""

from index.sources.feeds.listing import compiled
from index.sources.feeds.opml import Outline, parse_opml, write_opml

__all__ = ["Outline", "compiled", "parse_opml", "write_opml"]
