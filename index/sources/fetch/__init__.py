"""HTTP client for web pages and feeds: robots.txt, rate limit per host, size limits, no SSRF."""

from index.sources.fetch.fetcher import Fetcher, Limits
from index.sources.fetch.network import ssl_context

__all__ = ["Fetcher", "Limits", "ssl_context"]
