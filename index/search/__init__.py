"""Question answering: query analysis, ranking, semantic search, confidence, quotes."""
