"""Sample articles: invented Vietnamese news for a first start without sources."""

from pathlib import Path


def path() -> Path:
    """Return the JSON Lines file of the sample articles, as `hoibao ingest` reads it."""
    return Path(__file__).with_name("articles.jsonl")
