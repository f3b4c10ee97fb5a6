"""Articles: read, validated, analysed into terms, compared for duplicates."""
