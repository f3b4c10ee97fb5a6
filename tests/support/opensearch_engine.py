"""Open engines on the OpenSearch server of the tests, each test in an index of its own."""

import secrets
from collections.abc import Callable

from index.engine.opensearch import ClusterAddress, OpenSearchEngine


def fresh_address(url: str, shards: int = 3) -> ClusterAddress:
    """Return the address of an index that does not exist."""
    prefix = f"test-{secrets.token_hex(4)}"
    return ClusterAddress((url,), prefix=prefix, shards=shards, replicas=0)


def fresh_engine(url: str) -> Callable[[], OpenSearchEngine]:
    """Return a function that opens engines on one index, which does not exist yet."""
    address = fresh_address(url)
    return lambda: OpenSearchEngine(address, looked_again=0, grace=0)
