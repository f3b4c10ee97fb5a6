"""Which addresses may be fetched from, and that no name or redirect gets around it."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from index.models.problem import Code
from index.sources.errors import FetchError
from index.sources.fetch.fetcher import Fetcher, Limits
from index.sources.fetch.network import Resolver, check_address, is_public
from tests.support.fetching import fetch_error
from tests.support.waiting import PATIENCE_SECONDS
from tests.support.web_site import Site

PRIVATE = """
    127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1
    169.254.169.254 169.254.0.1 100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1
    198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 192.88.99.1
    ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 fec0::1 2001:db8::1 100::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 ::a00:1
    2002:7f00:1:: 2002:a00:1::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
    64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:1::808:808 nonsense
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    "8.8.8.8 1.1.1.1 100.63.0.1 100.128.0.1 172.32.0.1 2606:4700::1111 64:ff9b::808:808 "
    "::ffff:8.8.8.8".split(),
)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", Code.NOT_HTTP),
        ("vnexpress", Code.NOT_HTTP),
        ("https://", Code.NOT_HTTP),
        ("javascript:alert(1)", Code.NOT_HTTP),
        ("file:///etc/passwd", Code.NOT_HTTP),
        ("https://a:b@baothu.example/", Code.PASSWORD),
        ("https://a@baothu.example/", Code.PASSWORD),
        ("http://2130706433/", Code.NUMERIC_HOST),
        ("http://0x7f000001/", Code.NUMERIC_HOST),
        ("http://0177.0.0.1/", Code.ADDRESS),
        ("http://127.1/", Code.NUMERIC_HOST),
        ("http://127.0.0.0x1/", Code.NUMERIC_HOST),
        ("http://127.0.0.1.:80/x" + "\x00", Code.ADDRESS),
        ("https://baothu.example:22/", Code.PORT),
        ("https://baothu.example:6379/", Code.PORT),
        ("https://" + "a" * 70_000, Code.ADDRESS),
        ("https://baothu.example/" + "a" * 70_000, Code.ADDRESS),
        ("http://xn--/a", Code.ADDRESS),
        ("http://xn--a/", Code.ADDRESS),
        ("http://\u202e.example/", Code.ADDRESS),
    ],
)
def test_an_address_that_is_refused_is_refused_before_anything_is_asked(
    url: str, code: Code
) -> None:
    with pytest.raises(FetchError) as caught:
        check_address(url, Limits().ports)
    assert caught.value.code is code
    assert len(str(caught.value)) < 300


@asynccontextmanager
async def resolving(*answers: list[str]) -> AsyncIterator[tuple[Fetcher, list[str]]]:
    """A fetcher for public addresses whose names resolve to each answer in turn."""
    asked: list[str] = []
    left = list(answers)

    async def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    typed: Resolver = resolver
    limits = Limits(
        total=PATIENCE_SECONDS, connect=PATIENCE_SECONDS, ports=frozenset(range(1, 65536))
    )
    async with Fetcher(resolver=typed, limits=limits) as fetcher:
        yield fetcher, asked


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254"])
async def test_a_host_that_resolves_to_a_private_address_is_refused(
    site: Site, address: str
) -> None:
    async with resolving([address]) as (fetcher, asked):
        error = await fetch_error(fetcher, site.url("/", host="baothu.example"))
        assert error.code is Code.PRIVATE
        assert asked == ["baothu.example"]
    assert site.requests == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse(site: Site) -> None:
    async with resolving(["8.8.8.8", "127.0.0.1"]) as (fetcher, _):
        error = await fetch_error(fetcher, site.url("/", host="baothu.example"))
        assert error.code is Code.PRIVATE


async def test_without_leave_this_machine_is_refused_by_number_and_by_name(site: Site) -> None:
    async with Fetcher(limits=Limits(ports=frozenset({site.port}))) as fetcher:
        for host in ("127.0.0.1", "localhost"):
            error = await fetch_error(fetcher, site.url("/", host=host))
            assert error.code is Code.PRIVATE
    assert site.requests == []


async def test_name_servers_that_hang_hold_up_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, all_ask = threading.Event(), threading.Barrier(41)

    def hang_until_answered(*_: object, **__: object) -> list[object]:
        all_ask.wait(PATIENCE_SECONDS)
        answer.wait(2 * PATIENCE_SECONDS)
        return []

    monkeypatch.setattr("socket.getaddrinfo", hang_until_answered)
    async with Fetcher(limits=Limits(concurrency=40)) as fetcher:
        waiting = [
            asyncio.create_task(fetch_error(fetcher, f"http://a{n}.example/")) for n in range(40)
        ]
        await asyncio.to_thread(all_ask.wait, PATIENCE_SECONDS)
        answer.set()
        for error in await asyncio.gather(*waiting):
            assert "no host of this name" in str(error)


async def test_a_host_without_an_address_is_a_network_error() -> None:
    async with resolving([]) as (fetcher, _):
        error = await fetch_error(fetcher, "http://baothu.example/")
        assert error.code is Code.NO_HOST


def first_loopback(address: str) -> bool:
    """Allow the address that the test site has, as if it were public, and no other loopback."""
    return address == "127.0.0.1" or is_public(address)


async def test_a_name_that_resolves_differently_later_gains_nothing(site: Site) -> None:
    site.page("/tin", b"tin")
    answers = [["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    limits = Limits(ports=frozenset({site.port}))
    async with Fetcher(resolver=rebinding, allowed=first_loopback, limits=limits) as fetcher:
        fetched = await fetcher.get(site.url("/tin", host="baothu.example"))
        assert fetched.body == b"tin"
        assert len(answers) == 1, "resolved once for each connection, robots.txt and the page"
        assert site.asked("/tin")[0].headers["host"] == f"baothu.example:{site.port}"
        error = await fetch_error(fetcher, site.url("/tin", host="baothu.example"))
        assert error.code is Code.PRIVATE
    assert len(site.asked("/tin")) == 1


async def test_a_redirect_to_this_machine_or_the_metadata_address_is_refused(site: Site) -> None:
    site.redirect("/a", site.url("/secret", host="noi-bo.example"))
    site.redirect("/b", "http://169.254.169.254/latest/meta-data/")
    site.redirect("/c", "http://[::ffff:169.254.169.254]/")

    async def resolver(host: str, port: int) -> list[str]:
        names = {"baothu.example": "127.0.0.1", "noi-bo.example": "127.0.0.2"}
        return [names.get(host, host)]

    limits = Limits(ports=frozenset({80, site.port}))
    async with Fetcher(resolver=resolver, allowed=first_loopback, limits=limits) as fetcher:
        for path in ("/a", "/b", "/c"):
            error = await fetch_error(fetcher, site.url(path, host="baothu.example"))
            assert error.code is Code.PRIVATE, path
    assert not site.asked("/secret")


async def test_the_next_address_is_tried_where_one_does_not_answer(site: Site) -> None:
    site.page("/tin", b"tin")

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.3", "127.0.0.1"]

    async with Fetcher(resolver=resolver, private_networks=True) as fetcher:
        assert (await fetcher.get(site.url("/tin", host="baothu.example"))).body == b"tin"
