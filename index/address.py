"""Web addresses: which texts are one, and whose they are."""

import re
from urllib.parse import urlsplit


def is_address(text: str | None) -> bool:
    """Tell whether a text is an http(s) address with a host."""
    if not text or re.search(r"[\s\x00-\x1f]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def host_of(url: str | None) -> str | None:
    """Return the host of an address, without "www."."""
    host = urlsplit(url).hostname if url and is_address(url) else None
    return host.removeprefix("www.") if host else None
