"""Exceptions of fetching and parsing sources.

    HoiBaoError
    ├── FetchError          the request failed: refused, unreachable, too large, too slow
    └── FeedError           the response is not the expected feed, sitemap or page

Each message is one line without credentials and query: the host and what is wrong.
"""

from enum import StrEnum

from index.errors import HoiBaoError


class FetchProblem(StrEnum):
    """Reason for a failed request."""

    ADDRESS = "address"
    """Not an http(s) address, or one with a user name and password."""
    PORT = "port"
    PRIVATE = "private"
    """The host is, or resolves to, an address that is not public."""
    ROBOTS = "robots"
    NETWORK = "network"
    """DNS failure, connection refused or reset, or not HTTP."""
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    STATUS = "status"
    ENCODING = "encoding"
    """Unsupported or damaged compression."""


class FetchError(HoiBaoError):
    """A request failed.

    Args:
        kind: The reason.
        message: One line for a person.
        status: The HTTP status, if it is the reason.
        retry_after: Seconds of the Retry-After header, if any.
    """

    def __init__(
        self,
        kind: FetchProblem,
        message: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.retry_after = retry_after

    @property
    def is_unreachable(self) -> bool:
        """Whether the host could not be reached or did not answer."""
        return self.kind in (FetchProblem.NETWORK, FetchProblem.TIMEOUT)


class FeedProblem(StrEnum):
    """Reason for a response that is not a usable feed, sitemap or listing page."""

    EMPTY = "empty"
    HTML = "html"
    """A web page where a feed was expected."""
    UNKNOWN = "unknown"
    """Neither a feed nor a sitemap nor a web page."""
    TEXT = "text"
    """Binary, or in an encoding that cannot be read."""
    ENTITIES = "entities"
    """It declares entities (XML entity expansion attack)."""
    TOO_LARGE = "too-large"
    DAMAGED = "damaged"
    NO_ITEMS = "no-items"
    """No items, or nothing to follow."""
    PATTERN = "pattern"
    """The pattern for links is invalid."""


class FeedError(HoiBaoError):
    """The response is not the expected feed, sitemap or page."""

    def __init__(self, kind: FeedProblem, message: str) -> None:
        super().__init__(message)
        self.kind = kind
