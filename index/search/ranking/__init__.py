"""Ranking: candidates, BM25, answer features, dates, reranking, deduplication."""
