"""robots.txt (RFC 9309): fetch once a day for each site, cache, check URLs against it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx
from cachetools import TTLCache
from protego import Protego

from index.models.problem import Code
from index.sources.errors import FetchError
from index.sources.fetch.host_queue import Clock

_KEPT = 24 * 3600.0  # seconds; RFC 9309, 2.4: not for longer than 24 hours
_MAX_SITES = 1_000
_MAX_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are read
_UNREADABLE = frozenset(
    {Code.REDIRECTS, Code.CODING, Code.DAMAGED_BODY, Code.CUT_BODY, Code.LARGE_BODY}
)
_MAX_PAUSE = 60  # seconds between two requests: a longer crawl delay is taken as this

Read = Callable[[httpx.URL], Awaitable[bytes]]
"""Fetches a robots.txt."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The robots.txt rules of a site for one user agent.

    `pause` is the crawl delay in seconds, `sitemaps` the sitemap addresses in it.
    """

    rules: Protego
    agent: str
    pause: float
    sitemaps: tuple[str, ...]

    def allow(self, url: httpx.URL) -> bool:
        """Whether a URL may be fetched."""
        return bool(self.rules.can_fetch(str(url), self.agent))


class Robots:
    """Cache of the robots.txt rules of sites.

    Args:
        read: Fetches a robots.txt.
        agent: The user agent.
        clock: Returns the time in seconds.
    """

    def __init__(self, read: Read, agent: str, clock: Clock) -> None:
        self._read = read
        self._agent = agent
        self._sites: TTLCache[str, _Site] = TTLCache(_MAX_SITES, _KEPT, clock)

    async def rules(self, url: httpx.URL) -> Rules:
        """Return the robots.txt rules for a URL.

        A site without a robots.txt (4xx) allows everything. One whose robots.txt cannot
        be read now (5xx, 429, not reached) allows nothing yet, as RFC 9309 has it.

        Raises:
            FetchError: If the robots.txt cannot be read now.
        """
        origin = str(url.copy_with(path="/robots.txt", query=None, fragment=None))
        site = self._sites.setdefault(origin, _Site())
        async with site.lock:
            if site.rules is None:
                site.rules = await self._fetch(httpx.URL(origin))
            return site.rules

    async def _fetch(self, url: httpx.URL) -> Rules:
        try:
            body = await self._read(url)
        except FetchError as error:
            if not _means_none(error):
                raise
            body = b""
        text = body[:_MAX_BYTES].decode("utf-8", "replace")
        rules = await asyncio.to_thread(Protego.parse, text)
        rate = rules.request_rate(self._agent)
        # Bounded before it is divided: a whole number may be too large for a float.
        pace = min(rate.seconds, _MAX_PAUSE * rate.requests) / rate.requests if rate else 0.0
        pause = max(rules.crawl_delay(self._agent) or 0.0, pace)
        return Rules(rules, self._agent, min(pause, _MAX_PAUSE), tuple(rules.sitemaps))


@dataclass(slots=True)
class _Site:
    rules: Rules | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


def _means_none(error: FetchError) -> bool:
    """Whether an error means that the site has no robots.txt."""
    if error.status is not None:
        return 400 <= error.status < 500 and error.status != 429
    return error.code in _UNREADABLE
