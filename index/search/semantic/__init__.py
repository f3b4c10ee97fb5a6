"""Semantic search: embeddings, nearest neighbours, reranking by meaning."""

from index.search.semantic.embedder import Embedder
from index.search.semantic.reranker import Semantics

__all__ = ["Embedder", "Semantics"]
