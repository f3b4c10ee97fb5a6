"""Open engines on the OpenSearch server of the tests, each test in an index of its own."""

import secrets
from collections.abc import Callable
from pathlib import Path

from index.engine.opensearch import ClusterAddress, OpenSearchEngine
from index.language.analyser import VERSION
from index.store import Articles, Database, Leases
from index.store.meta import set_value
from tests.support.engines import ORIGIN
from tests.support.libraries import empty_database


def fresh_address(url: str, shards: int = 3) -> ClusterAddress:
    """Return the address of an index that does not exist."""
    prefix = f"test-{secrets.token_hex(4)}"
    return ClusterAddress((url,), prefix=prefix, shards=shards, replicas=0)


def fresh_engine(
    address: ClusterAddress, folder: Path, looked_again: float = 0
) -> Callable[[], OpenSearchEngine]:
    """Return a function that opens engines on one index, for an empty collection in a folder."""
    database = Database(empty_database(folder))
    with database.writing() as connection:
        set_value(connection, "id", ORIGIN.collection)
    articles, leases = Articles(database, VERSION), Leases(database)
    return lambda: OpenSearchEngine(address, articles, leases, looked_again=looked_again, grace=0)
