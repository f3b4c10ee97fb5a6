"""Parse HTTP headers: Cache-Control, Content-Type, Expires, Retry-After."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeGuard

_LONGEST = 7 * 24 * 3600.0  # seconds: a longer time in a header is taken as a week
_LONGEST_SENT = 500  # characters; servers refuse a request with too long headers
_MAX_AGE = re.compile(r"(?:^|[,\s])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,18})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?=$|[,\s=])", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds of a Retry-After header, which may be a date."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,18}(?:\.\d*)?", text, re.ASCII):
        return min(float(text), _LONGEST)
    moment = _date(text)
    return None if moment is None else _bounded(moment - (now or datetime.now(UTC)))


def caching_seconds(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the freshness lifetime of a response by Cache-Control or Expires.

    Returns:
        Seconds; 0 if it must not be cached, None if the server does not say.
    """
    control = headers.get("cache-control", "")
    if _NEVER.search(control):
        return 0.0
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        spent = int(age[:18]) if re.fullmatch(r"\d+", age, re.ASCII) else 0
        return min(max(int(found[1]) - spent, 0.0), _LONGEST)
    if expires := _date(headers.get("expires", "")):
        base = _date(headers.get("date", "")) or now or datetime.now(UTC)
        return _bounded(expires - base)
    return None


def charset(headers: Mapping[str, str]) -> str | None:
    """Return the charset of a Content-Type header; httpx fails at a malformed one."""
    found = _CHARSET.search(headers.get("content-type", ""))
    return found[1] if found else None


def is_sendable(value: str | None) -> TypeGuard[str]:
    """Whether a header value can be sent back: short and ASCII.

    Some servers send ETags that no request can carry.
    """
    if not value or len(value) > _LONGEST_SENT:
        return False
    return value.isascii() and value.isprintable()


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bounded(span: timedelta) -> float:
    return min(max(span.total_seconds(), 0.0), _LONGEST)
