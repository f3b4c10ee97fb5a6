"""Bodies as they come over the network: unpacked, and never more than allowed."""

import gzip
import time
import zlib
from collections.abc import AsyncIterator

import pytest

from index.models.problem import Code
from index.sources.errors import FetchError
from index.sources.fetch.decompression import gunzip, read_body
from index.sources.fetch.fetcher import FEEDS, PAGES, Fetcher, Limits
from tests.support.fetching import SMALL, fetch_error
from tests.support.web_site import Site, endless


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", lambda data: gzip.compress(data[:5]) + gzip.compress(data[5:])),
        ("deflate", zlib.compress),
        ("deflate", lambda data: zlib.compress(data)[2:-4]),
        ("identity", lambda data: data),
        ("GZIP", lambda data: gzip.compress(data) + b"\0\0"),
    ],
)
async def test_compressed_bodies_are_unpacked(
    site: Site, fetcher: Fetcher, coding: str, compress: object
) -> None:
    assert callable(compress)
    body = "Nước lũ dâng cao. ".encode() * 100
    site.page("/tin", compress(body), headers={"Content-Encoding": coding})
    assert (await fetcher.get(site.url("/tin"))).body == body


@pytest.mark.parametrize(
    ("coding", "body", "code"),
    [
        ("br", b"\x0b\x02\x80hello\x03", Code.CODING),
        ("gzip, gzip", gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0), Code.CODING),
        ("gzip", gzip.compress(b"hello" * 1000, mtime=0)[:-20], Code.CUT_BODY),
        ("gzip", b"plain text after all", Code.DAMAGED_BODY),
        ("deflate", b"\xff\xff\xff", Code.DAMAGED_BODY),
    ],
)
async def test_a_coding_that_was_not_asked_for_or_is_damaged_is_refused(
    site: Site, fetcher: Fetcher, coding: str, body: bytes, code: Code
) -> None:
    site.page("/tin", body, headers={"Content-Encoding": coding})
    assert (await fetch_error(fetcher, site.url("/tin"))).code is code


@pytest.mark.parametrize("times", [1, 20])
async def test_a_gzip_bomb_stops_at_the_limit(site: Site, fetcher: Fetcher, times: int) -> None:
    bomb = gzip.compress(bytes(20_000_000 // times)) * times
    assert len(bomb) < SMALL.max_raw
    site.page("/bom", bomb, headers={"Content-Encoding": "gzip"})
    error = await fetch_error(fetcher, site.url("/bom"))
    assert error.code is Code.LARGE_BODY
    assert "0.3 MB" in str(error)


async def test_a_page_may_be_less_than_a_feed(site: Site) -> None:
    site.page("/", gzip.compress(b"x" * 20_000), headers={"Content-Encoding": "gzip"})
    limits = Limits(max_page=10_000)
    async with Fetcher(private_networks=True, limits=limits) as fetcher:
        assert len((await fetcher.get(site.url("/"), accept=FEEDS)).body) == 20_000
        with pytest.raises(FetchError) as caught:
            await fetcher.get(site.url("/"), accept=PAGES)
    assert caught.value.code is Code.LARGE_BODY


@pytest.mark.parametrize("split", range(1, 30))
async def test_a_body_of_several_members_is_whole_wherever_it_is_split(split: int) -> None:
    first, second = (gzip.compress(word, mtime=0) for word in (b"", b"nuoc lu"))
    whole = first + second

    async def parts() -> AsyncIterator[bytes]:
        yield whole[:split]
        yield whole[split:]

    found = await read_body(parts(), "gzip", "a.example", max_raw=1000, max_bytes=1000)
    assert found == b"nuoc lu"


def test_a_file_of_very_many_members_is_refused_at_once() -> None:
    started = time.process_time()
    with pytest.raises(FetchError, match="larger"):
        gunzip(gzip.compress(b"", mtime=0) * 500_000, "a.example", 50_000_000)
    assert time.process_time() - started < 5
    many = gzip.compress(b"x", mtime=0) * 5000
    assert gunzip(many, "a.example", 50_000_000) == b"x" * 5000


async def test_bodies_that_are_too_large_stop(site: Site, fetcher: Fetcher) -> None:
    site.handlers["/endless"] = endless
    site.page("/claims", b"short", headers={"Content-Length": "999999999999"})
    for path in ("/endless", "/claims"):
        error = await fetch_error(fetcher, site.url(path))
        assert error.code is Code.LARGE_BODY
        assert "0.1 MB" in str(error)
