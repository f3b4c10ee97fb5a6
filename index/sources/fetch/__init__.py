"""HTTP fetching: robots.txt, politeness, size and network limits."""

from index.sources.fetch.fetcher import Fetcher, Limits
from index.sources.fetch.network import trust

__all__ = ["Fetcher", "Limits", "trust"]
