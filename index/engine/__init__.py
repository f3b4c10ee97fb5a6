"""The search index, derived from the store: protocol, tantivy, sync, consistency check."""
