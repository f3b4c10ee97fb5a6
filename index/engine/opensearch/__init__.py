"""Search engine on an OpenSearch cluster, for collections that outgrow one machine."""

from index.engine.cluster_address import ClusterAddress
from index.engine.opensearch.engine import OpenSearchEngine

__all__ = ["ClusterAddress", "OpenSearchEngine"]
