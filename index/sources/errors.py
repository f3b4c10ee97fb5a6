"""Exceptions of fetching and parsing sources.

    HoiBaoError
    ├── FetchError          the request failed: refused, unreachable, too large, too slow
    └── FeedError           the response is not the expected feed, sitemap or page

Each message is one line without credentials and query: the host and what is wrong.
"""

from index.errors import HoiBaoError
from index.models.problem import Code, Problem, reason

_UNREACHABLE = frozenset({Code.NO_HOST, Code.NETWORK, Code.CERTIFICATE, Code.SILENT})


class FetchError(HoiBaoError):
    """A request failed.

    Args:
        problem: The host and what is wrong.
        status: The HTTP status, if it is the reason.
        retry_after: Seconds of the Retry-After header, if any.
    """

    def __init__(
        self, problem: Problem, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(problem)
        self.code = problem.code
        self.status = status
        self.retry_after = retry_after

    @property
    def is_unreachable(self) -> bool:
        """Whether the host could not be reached or did not answer."""
        return self.code in _UNREACHABLE


class FeedError(HoiBaoError):
    """The response is not the expected feed, sitemap or page."""


def at_place(error: HoiBaoError, place: str) -> FeedError:
    """Return the error of a document as one that names its host or file."""
    problem = reason(error)
    return FeedError(problem.at(place) if isinstance(problem, Problem) else f"{place}: {problem}")
