"""Tests of index.search.reranker."""
