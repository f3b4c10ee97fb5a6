"""What kinds of sources there are."""

from enum import StrEnum


class SourceKind(StrEnum):
    """Kinds of sources."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    FOLDER = "folder"
    SITE = "site"
    """An address of which is found out, when it is first checked, what can be followed there."""
