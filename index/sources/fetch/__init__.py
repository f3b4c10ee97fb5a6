"""HTTP fetching: robots.txt, politeness, size and network limits."""

from index.sources.fetch.fetcher import Fetcher, Limits
from index.sources.fetch.network import ssl_context

__all__ = ["Fetcher", "Limits", "ssl_context"]
