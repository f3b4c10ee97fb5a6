"""Protect against SSRF: connect to public IP addresses only, each checked after resolving.

The check sits where the connection is made: each time, the host is resolved, all its
addresses are checked, and the connection goes to one of these and not to the name. A name
that resolves differently a moment later (DNS rebinding) gains nothing. TLS still verifies
the certificate of the name.
"""

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import httpcore
import httpx

from index.articles.urls import LONGEST_ADDRESS
from index.models.problem import Code, Problem
from index.sources.errors import FetchError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Resolves a host to IP addresses as text; raises OSError if there are none."""
Allowed = Callable[[str], bool]
"""Predicate: whether connecting to an IP address is allowed."""

_KEEPALIVE = 5.0  # seconds: servers close idle connections from 5 s on (nginx 75, Apache 5)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_REFUSED_NETWORKS = (
    ipaddress.ip_network("::/96"),  # RFC 4291: IPv4-compatible, out of use
    ipaddress.ip_network("64:ff9b:1::/48"),  # RFC 8215: NAT64 of a local network
    ipaddress.ip_network("2001::/32"),  # RFC 4380: Teredo, carries an IPv4 address
    ipaddress.ip_network("2002::/16"),  # RFC 3056: 6to4, carries an IPv4 address
    ipaddress.ip_network("fec0::/10"),  # RFC 3879: site-local, out of use
    ipaddress.ip_network("100.64.0.0/10"),  # RFC 6598: behind a provider's NAT
    ipaddress.ip_network("192.0.0.0/24"),  # RFC 6890: protocol assignments
    ipaddress.ip_network("192.88.99.0/24"),  # RFC 7526: 6to4 relays
)
_NUMERIC_HOST = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)


def check_address(url: str, ports: Collection[int]) -> httpx.URL:
    """Validate a URL to be fetched, and strip its fragment.

    Raises:
        FetchError: If it is not an http(s) address with a host, names a user or password,
            a port that is not allowed, or spells an IPv4 address in an unusual way.
    """
    if len(url) > LONGEST_ADDRESS:
        raise FetchError(Problem(Code.ADDRESS))
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
        host = parsed.host  # decodes an international name
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError(Problem(Code.ADDRESS)) from None
    if parsed.scheme not in ("http", "https") or not host:
        raise FetchError(Problem(Code.NOT_HTTP))
    if parsed.userinfo:
        raise FetchError(Problem(Code.PASSWORD, host))
    if ":" not in host and _NUMERIC_HOST.fullmatch(host) and not _is_dotted_quad(host):
        raise FetchError(Problem(Code.NUMERIC_HOST, host))
    port = parsed.port or (443 if parsed.scheme == "https" else 80)
    if port not in ports:
        allowed = ", ".join(map(str, sorted(ports)))
        raise FetchError(Problem(Code.PORT, host, port=port, allowed=allowed))
    return parsed


def is_public(address: str) -> bool:
    """Whether an IP address is publicly routable."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if any(ip in network for network in _REFUSED_NETWORKS if network.version == ip.version):
        return False
    barred = (
        ip.is_private
        or ip.is_loopback
        or ip.is_link_local
        or ip.is_multicast
        or ip.is_reserved
        or ip.is_unspecified
    )
    return ip.is_global and not barred


class SystemResolver:
    """DNS resolver of the system, in a thread pool of its own.

    A hanging name server blocks a thread for many seconds: asyncio's default pool would starve.

    Args:
        threads: The most lookups at one time.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, "resolver")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Resolve a host to its IP addresses."""
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def close(self) -> None:
        """Shut down without waiting for pending lookups."""
        self._threads.shutdown(wait=False, cancel_futures=True)


@cache
def ssl_context() -> ssl.SSLContext:
    """Return the TLS context shared by all connections: loading certificates takes 40 ms."""
    return httpx.create_ssl_context()


class Transport(httpx.AsyncBaseTransport):
    """httpx transport that connects to allowed addresses only, without proxies.

    Args:
        resolver: Resolves hosts.
        allowed: Whether connecting to an address is allowed.
    """

    def __init__(self, resolver: Resolver, allowed: Allowed) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context(),
            max_connections=None,  # the fetcher limits them, by host and over all
            max_keepalive_connections=20,
            keepalive_expiry=_KEEPALIVE,
            network_backend=_CheckedBackend(resolver, allowed),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises errors of httpcore, and `FetchError`."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Stream(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, resolver: Resolver, allowed: Allowed) -> None:
        self._backend = httpcore.AnyIOBackend()
        self._resolver = resolver
        self._allowed = allowed

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port)
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = await self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
                return _ClosingStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        raise failure or httpcore.ConnectError("no address")

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise FetchError(Problem(Code.NO_HOST, host))
        for address in addresses:
            if not self._allowed(address):
                raise FetchError(Problem(Code.PRIVATE, host, address=address))
        return addresses


class _ClosingStream(httpcore.AsyncNetworkStream):
    """Closes the connection when the TLS handshake is cancelled, which httpcore's does not."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise

    def get_extra_info(self, info: str) -> object:
        found: object = self._stream.get_extra_info(info)
        return found


def _is_dotted_quad(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True
