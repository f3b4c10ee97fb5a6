"""Reranking by a model on a server of the operator's own, by `POST /rerank`, optional.

The questions and the sentences that may answer them go to that server. While it fails, words
alone decide.
"""

from index.search.reranker.remote import RemoteReranker
from index.search.reranker.server import CANDIDATES, TIMEOUT_SECONDS, RerankServer

__all__ = ["CANDIDATES", "TIMEOUT_SECONDS", "RemoteReranker", "RerankServer"]
