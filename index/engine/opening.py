"""Open the search engine of a library: the embedded one, or a cluster."""

from pathlib import Path

from index.engine.cluster_address import ClusterAddress
from index.engine.protocol import Engine
from index.engine.tantivy_engine import TantivyEngine
from index.store import Articles, Leases


def open_engine(
    folder: Path, cluster: ClusterAddress | None, articles: Articles, leases: Leases
) -> Engine:
    """Open the engine of a library.

    Args:
        folder: The data folder of the library.
        cluster: The cluster that indexes it; None for the engine in the folder.
        articles: The articles of the library.
        leases: The leases of its database.

    Raises:
        StorageError: The engine cannot be used.
    """
    if cluster is None:
        return TantivyEngine(folder / "engine")
    from index.engine.opensearch import OpenSearchEngine  # slow to import, and rarely used

    return OpenSearchEngine(cluster, articles, leases)
