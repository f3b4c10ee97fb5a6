"""What can go wrong with a source.

    HoiBaoError
    ├── FetchError          a page was not got: refused, not reached, too large, too slow
    └── FeedError           what was got is not the feed, sitemap or page that was expected

Each message is one line without credentials and query: the host and what is wrong.
"""

from enum import StrEnum

from index.errors import HoiBaoError


class FetchProblem(StrEnum):
    """Why a page was not got."""

    ADDRESS = "address"
    """Not an http(s) address, or one with a user name and password."""
    PORT = "port"
    PRIVATE = "private"
    """The host is, or resolves to, an address that is not public."""
    ROBOTS = "robots"
    NETWORK = "network"
    """Not resolved, not reached, broken off, or not HTTP."""
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    REDIRECTS = "redirects"
    STATUS = "status"
    ENCODING = "encoding"
    """Compressed in a way that was not asked for, or damaged."""


class FetchError(HoiBaoError):
    """A page was not got.

    Args:
        kind: What went wrong.
        message: One line for a person.
        status: The HTTP status, where that is what went wrong.
        retry_after: The seconds to wait that the server asked for, if it did.
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
        """Whether the host was not reached, or did not answer."""
        return self.kind in (FetchProblem.NETWORK, FetchProblem.TIMEOUT)


class FeedProblem(StrEnum):
    """Why a body is not a feed, sitemap or listing page that can be used."""

    EMPTY = "empty"
    HTML = "html"
    """A web page where a feed was expected."""
    UNKNOWN = "unknown"
    """Neither a feed nor a sitemap nor a web page."""
    TEXT = "text"
    """Binary, or in an encoding that cannot be read."""
    ENTITIES = "entities"
    """It declares entities: a known way to attack whoever reads it."""
    TOO_LARGE = "too-large"
    DAMAGED = "damaged"
    NO_ITEMS = "no-items"
    """Nothing in it can be followed."""
    PATTERN = "pattern"
    """The pattern for links is not one."""


class FeedError(HoiBaoError):
    """What was got is not the feed, sitemap or page that was expected."""

    def __init__(self, kind: FeedProblem, message: str) -> None:
        super().__init__(message)
        self.kind = kind
