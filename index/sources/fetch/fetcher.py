"""HTTP client for pages and feeds: polite, bounded, safe against SSRF.

The rules, in order: the address is checked (http or https, no password, an allowed port);
the site's robots.txt is obeyed; the host gets one request at a time, with the pause it asks
for; the connection goes to a public address that was checked (see `network`); the answer is
bounded in time, size, decompressed size and redirects, and each redirect passes all of this.
"""

import asyncio
import contextlib
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import Self

import httpcore
import httpx

from index.models.problem import Code, Problem
from index.sources.errors import FetchError
from index.sources.fetch.decompression import CODINGS, read_body, too_large_error
from index.sources.fetch.headers import caching_seconds, charset, is_sendable, retry_after
from index.sources.fetch.host_queue import Clock, HostQueue, Sleep
from index.sources.fetch.network import (
    Allowed,
    Resolver,
    SystemResolver,
    Transport,
    check_address,
    is_public,
)
from index.sources.fetch.robots import Robots, Rules

AGENT = "HoiBao"
FEEDS = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)
PAGES = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one fetch: sizes in bytes, times in seconds.

    `max_raw` bounds the body as sent, `max_bytes` the decompressed body (the largest Vietnamese
    feeds are below 1 MB; a sitemap may be 50 MB, sitemaps.org), `max_page` that of a page, which
    costs several times its size. `read` is the longest silence, `total` the time for all requests
    of a fetch, redirects included, waiting for the host's turn excluded. `concurrency` is the most
    fetches at one time.
    """

    max_raw: int = 10_000_000
    max_bytes: int = 50_000_000
    max_page: int = 10_000_000
    redirects: int = 5
    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    concurrency: int = 8
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """Response to a request.

    `final_url` is the address that answered, after redirects. With `not_modified` (304) the body
    is empty, and the earlier one is still valid. `charset` is that of the Content-Type header.
    `etag` and `last_modified` go into the next request. `max_age` is the freshness lifetime in
    seconds.
    """

    final_url: str
    not_modified: bool
    body: bytes
    charset: str | None
    etag: str | None
    last_modified: str | None
    max_age: float | None


class Fetcher:
    """HTTP client; an async context manager.

    Args:
        contact: An address or mail of the operator, for the User-Agent.
        private_networks: Whether hosts on private networks and on this machine, and all
            ports, may be asked.
        limits: Bounds of each fetch.
        resolver: Resolves hosts; by default the system's resolver.
        allowed: Whether connecting to an IP address is allowed without `private_networks`.
        clock: Returns the time in seconds, for crawl delays and caches.
        sleep: Waits a number of seconds.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        private_networks: bool = False,
        limits: Limits | None = None,
        resolver: Resolver | None = None,
        allowed: Allowed = is_public,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._limits = limits or Limits()
        self._ports = range(1, 65536) if private_networks else self._limits.ports
        self._system = SystemResolver(self._limits.concurrency)
        self._client = httpx.AsyncClient(
            transport=Transport(
                resolver or self._system, (lambda _: True) if private_networks else allowed
            ),
            trust_env=False,
            follow_redirects=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect, pool=None),
            headers={"User-Agent": user_agent(contact), "Accept-Encoding": CODINGS},
        )
        self._pace = HostQueue(self._limits.concurrency, clock, sleep)
        self._robots = Robots(self._read_robots, AGENT, clock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        self._system.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = FEEDS,
    ) -> Fetched:
        """Fetch a URL, conditionally if `etag` or `last_modified` is given.

        Args:
            url: An http(s) address.
            etag: That of the last answer, so that an unchanged page is not sent again.
            last_modified: That of the last answer.
            accept: The Accept header: `FEEDS` or `PAGES`.

        Raises:
            FetchError: If it was not fetched; `code` says why.
        """
        headers = {"Accept": accept}
        if is_sendable(etag):
            headers["If-None-Match"] = etag
        if is_sendable(last_modified):
            headers["If-Modified-Since"] = last_modified
        return await self._follow(url, headers, obey=True)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """Return the sitemap addresses in the robots.txt of a URL's site.

        Raises:
            FetchError: If the address is refused, or its robots.txt cannot be read now.
        """
        return (await self._robots.rules(check_address(url, self._ports))).sitemaps

    async def _read_robots(self, url: httpx.URL) -> bytes:
        headers = {"Accept": "text/plain, */*;q=0.5"}
        return (await self._follow(str(url), headers, obey=False)).body

    async def _follow(self, url: str, headers: Mapping[str, str], *, obey: bool) -> Fetched:
        address = check_address(url, self._ports)
        left = self._limits.total
        for _ in range(self._limits.redirects + 1):
            rules = await self._permitted(address) if obey else None
            async with self._pace.turn(address.host, rules.pause if rules else 0.0):
                started = time.monotonic()
                hop = await self._hop(address, headers, left)
                left -= time.monotonic() - started
            if isinstance(hop, Fetched):
                return hop
            address = check_address(hop, self._ports)
        raise FetchError(Problem(Code.REDIRECTS, address.host, most=self._limits.redirects))

    async def _permitted(self, address: httpx.URL) -> Rules:
        rules = await self._robots.rules(address)
        if not rules.allow(address):
            raise FetchError(Problem(Code.ROBOTS, address.host))
        return rules

    async def _hop(
        self, address: httpx.URL, headers: Mapping[str, str], seconds: float
    ) -> Fetched | str:
        """Send one request; return the response, or the target of its redirect."""
        with _translate_errors(address.host):
            request = self._client.stream("GET", address, headers=headers)
            async with asyncio.timeout(max(seconds, 0)), request as response:
                location = response.headers.get("location")
                if response.status_code in _REDIRECTS and location:
                    return str(address.join(location))
                _check_status(response, headers)
                return Fetched(
                    final_url=str(address),
                    not_modified=response.status_code == httpx.codes.NOT_MODIFIED,
                    body=await self._body(response, headers),
                    charset=charset(response.headers),
                    etag=response.headers.get("etag"),
                    last_modified=response.headers.get("last-modified"),
                    max_age=caching_seconds(response.headers),
                )
        raise AssertionError("unreachable")

    async def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> bytes:
        is_page = headers["Accept"] == PAGES
        host = response.url.host
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._limits.max_raw:
            raise too_large_error(host, self._limits.max_raw)
        return await read_body(
            response.aiter_raw(),
            response.headers.get("content-encoding", ""),
            host,
            max_raw=self._limits.max_raw,
            max_bytes=self._limits.max_page if is_page else self._limits.max_bytes,
        )


def user_agent(contact: str | None = None) -> str:
    """Return the User-Agent header: name, version and contact."""
    bare = f"{AGENT}/{version('hoibao')}"
    words = "".join(c for c in contact or "" if c.isascii() and c.isprintable() and c not in "()")
    return f"{bare} (+{words.strip()})" if words.strip() else bare


@contextlib.contextmanager
def _translate_errors(host: str) -> Iterator[None]:
    try:
        yield
    except (TimeoutError, httpcore.TimeoutException, httpx.TimeoutException):
        raise FetchError(Problem(Code.SILENT, host)) from None
    except (httpx.InvalidURL, ValueError):
        raise FetchError(Problem(Code.BAD_REDIRECT, host)) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError, OSError) as error:
        words = " ".join(str(error).split())[:120] or type(error).__name__
        code = Code.CERTIFICATE if _is_of_certificate(error) else Code.NETWORK
        raise FetchError(Problem(code, host, cause=words)) from None


def _is_of_certificate(error: BaseException) -> bool:
    """Whether an error was caused by an invalid TLS certificate."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _check_status(response: httpx.Response, headers: Mapping[str, str]) -> None:
    conditional = "If-None-Match" in headers or "If-Modified-Since" in headers
    status = response.status_code
    if response.is_success or (status == httpx.codes.NOT_MODIFIED and conditional):
        return
    phrase = httpx.codes.get_reason_phrase(status)
    raise FetchError(
        Problem(Code.STATUS, response.url.host, status=f"{status} {phrase}".rstrip()),
        status=status,
        retry_after=retry_after(response.headers),
    )
