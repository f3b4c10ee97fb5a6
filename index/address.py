"""Web addresses: which texts are one, and whose they are."""

import re
from ipaddress import ip_address
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


def is_of_this_machine(url: str) -> bool:
    """Tell whether an address is of this machine and no other: localhost, 127.0.0.1, [::1]."""
    host = host_of(url) or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
