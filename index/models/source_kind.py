"""Kinds of followed sources."""

from enum import StrEnum


class SourceKind(StrEnum):
    """Kind of a followed source."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    FOLDER = "folder"
    SITE = "site"
    """A web address whose feed, sitemap or listing is discovered at its first check."""
