"""Small limits for tests of the fetcher, and helpers for requests and pages that fail."""

from dataclasses import replace

import pytest

from index.models.problem import Code, Problem, reason
from index.sources.errors import FetchError
from index.sources.fetch.fetcher import Fetcher, Limits

SMALL = Limits(max_raw=100_000, max_bytes=300_000)  # the times are those of the product
HASTY = replace(SMALL, total=0.5, read=0.3, connect=0.3)  # for sites that never answer


async def fetch_error(fetcher: Fetcher, url: str) -> FetchError:
    """Fetch a URL, expect a failure, and return the error."""
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)
    assert "\n" not in str(caught.value)
    return caught.value


def problem_code(error: Exception) -> Code:
    """Return the code of the problem that an error carries."""
    problem = reason(error)
    assert isinstance(problem, Problem), problem
    return problem.code
