"""Search index over the stored articles: engine protocol, tantivy, sync, consistency check."""
