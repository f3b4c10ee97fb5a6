"""Open the search engine of a library: the embedded one, or a cluster."""

from pathlib import Path

from index.engine.opensearch import ClusterAddress, OpenSearchEngine
from index.engine.protocol import Engine
from index.engine.tantivy_engine import TantivyEngine


def open_engine(folder: Path, cluster: ClusterAddress | None) -> Engine:
    """Open the engine of a library.

    Args:
        folder: The data folder of the library.
        cluster: The cluster that indexes it; None for the engine in the folder.

    Raises:
        StorageError: The engine cannot be used.
    """
    return OpenSearchEngine(cluster) if cluster else TantivyEngine(folder / "engine")
