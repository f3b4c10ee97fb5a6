"""Errors of followed sources."""

from index.errors import HoiBaoError


class SourceError(HoiBaoError):
    """The source is unknown or cannot be added."""


class ClaimLostError(HoiBaoError):
    """Another worker has claimed the source since."""
