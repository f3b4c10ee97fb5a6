import asyncio
import gzip
import threading
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
import pytest_asyncio
import time_machine

from index.sources.bodies import gunzipped, read_body
from index.sources.errors import FetchError, FetchProblem
from index.sources.fetching import FEEDS, PAGES, Fetcher, Limits, user_agent
from index.sources.headers import caching_seconds, retry_after
from index.sources.network import Resolver, check_address, is_public
from tests.web_support import Site, drip, endless, hang, no_http, reset, web_site, when_changed

PATIENCE = Limits(total=0.5, read=0.3, connect=0.3, max_raw=100_000, max_bytes=300_000)


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    async with web_site() as served:
        yield served


@pytest_asyncio.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(private_networks=True, limits=PATIENCE) as opened:
        yield opened


async def problem(fetcher: Fetcher, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url)
    assert "\n" not in str(caught.value)
    return caught.value


async def test_a_page_comes_with_what_its_headers_say(site: Site, fetcher: Fetcher) -> None:
    headers = {
        "Content-Type": "Text/HTML; charset=windows-1258",
        "Cache-Control": "public, max-age=300",
        "ETag": '"a1"',
        "Last-Modified": "Tue, 05 Jan 2021 07:23:00 GMT",
    }
    site.page("/tin", "Lũ quét", headers=headers)
    fetched = await fetcher.get(site.url("/tin#binh-luan"), accept=PAGES)
    assert fetched.body.decode() == "Lũ quét"
    assert (fetched.status, fetched.not_modified) == (200, False)
    assert (fetched.content_type, fetched.charset) == ("text/html", "windows-1258")
    assert (fetched.etag, fetched.max_age) == ('"a1"', 300)
    assert fetched.last_modified == headers["Last-Modified"]
    assert fetched.final_url == site.url("/tin")


async def test_the_fetcher_says_who_it_is_and_whom_to_write_to(site: Site) -> None:
    site.page("/tin")
    async with Fetcher(private_networks=True, contact="toasoan@example.vn") as fetcher:
        await fetcher.get(site.url("/tin"))
    for request in site.requests:
        assert request.headers["user-agent"].startswith("HoiBao/")
        assert request.headers["user-agent"].endswith(" (+toasoan@example.vn)")
        assert request.headers["accept-encoding"] == "gzip, deflate"


def test_a_contact_cannot_add_headers() -> None:
    assert user_agent("a\r\nCookie: x") == user_agent("aCookie: x")
    assert user_agent("tòa soạn \n") == user_agent("ta son")
    assert user_agent("") == user_agent(None)


async def test_a_page_that_did_not_change_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    modified = "Tue, 05 Jan 2021 07:23:00 GMT"
    site.parts["/rss"] = when_changed(b"<rss/>", '"v1"', modified)
    first = await fetcher.get(site.url("/rss"))
    again = await fetcher.get(site.url("/rss"), etag=first.etag, last_modified=first.last_modified)
    assert first.body == b"<rss/>"
    assert again.not_modified
    assert again.body == b""
    assert again.etag == '"v1"'
    changed = await fetcher.get(site.url("/rss"), etag='"v0"')
    assert changed.body == b"<rss/>"


@pytest.mark.parametrize("etag", ['"bản-1"', f'"{"x" * 20_000}"', '"a\x7f"'])
async def test_what_a_server_calls_its_state_is_not_sent_back_if_it_cannot_be(
    site: Site, fetcher: Fetcher, etag: str
) -> None:
    raw = etag.encode().decode("latin-1")
    site.page("/tin", "Lũ quét", headers={"ETag": raw, "Last-Modified": raw})
    first = await fetcher.get(site.url("/tin"))
    again = await fetcher.get(
        site.url("/tin"), etag=first.etag or etag, last_modified=first.last_modified or etag
    )
    assert again.body.decode() == "Lũ quét"
    sent = site.asked("/tin")[-1].headers
    assert not sent.keys() & {"if-none-match", "if-modified-since"}


async def test_not_modified_without_being_asked_is_an_error(site: Site, fetcher: Fetcher) -> None:
    site.page("/rss", status=304)
    assert (await problem(fetcher, site.url("/rss"))).status == 304


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
    ("coding", "body"),
    [
        ("br", b"\x0b\x02\x80hello\x03"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"hello", mtime=0), mtime=0)),
        ("gzip", gzip.compress(b"hello" * 1000, mtime=0)[:-20]),
        ("gzip", b"plain text after all"),
        ("deflate", b"\xff\xff\xff"),
    ],
)
async def test_a_coding_that_was_not_asked_for_or_is_damaged_is_refused(
    site: Site, fetcher: Fetcher, coding: str, body: bytes
) -> None:
    site.page("/tin", body, headers={"Content-Encoding": coding})
    assert (await problem(fetcher, site.url("/tin"))).kind is FetchProblem.ENCODING


@pytest.mark.parametrize("times", [1, 20])
async def test_a_gzip_bomb_stops_at_the_limit(site: Site, fetcher: Fetcher, times: int) -> None:
    bomb = gzip.compress(bytes(20_000_000 // times)) * times
    assert len(bomb) < PATIENCE.max_raw
    site.page("/bom", bomb, headers={"Content-Encoding": "gzip"})
    error = await problem(fetcher, site.url("/bom"))
    assert error.kind is FetchProblem.TOO_LARGE
    assert "0.3 MB" in str(error)


async def test_a_page_may_be_less_than_a_feed(site: Site) -> None:
    site.page("/", gzip.compress(b"x" * 20_000), headers={"Content-Encoding": "gzip"})
    limits = Limits(max_page=10_000)
    async with Fetcher(private_networks=True, limits=limits) as fetcher:
        assert len((await fetcher.get(site.url("/"), accept=FEEDS)).body) == 20_000
        with pytest.raises(FetchError) as caught:
            await fetcher.get(site.url("/"), accept=PAGES)
    assert caught.value.kind is FetchProblem.TOO_LARGE


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
        gunzipped(gzip.compress(b"", mtime=0) * 500_000, "a.example", 50_000_000)
    assert time.process_time() - started < 5
    many = gzip.compress(b"x", mtime=0) * 5000
    assert gunzipped(many, "a.example", 50_000_000) == b"x" * 5000


async def test_bodies_that_are_too_large_stop(site: Site, fetcher: Fetcher) -> None:
    site.parts["/endless"] = endless
    site.page("/claims", b"short", headers={"Content-Length": "999999999999"})
    for path in ("/endless", "/claims"):
        error = await problem(fetcher, site.url(path))
        assert error.kind is FetchProblem.TOO_LARGE
        assert "0.1 MB" in str(error)


async def test_a_host_that_hangs_or_drips_is_left(site: Site, fetcher: Fetcher) -> None:
    site.parts |= {"/hang": hang, "/drip": drip}
    for path in ("/hang", "/drip"):
        assert (await problem(fetcher, site.url(path))).kind is FetchProblem.TIMEOUT


async def test_a_connection_that_breaks_is_a_network_error(site: Site, fetcher: Fetcher) -> None:
    site.page("/short", b"half", headers={"Content-Length": "5000"})
    site.parts |= {"/reset": reset, "/smtp": no_http}
    for path in ("/short", "/reset", "/smtp"):
        assert (await problem(fetcher, site.url(path))).kind is FetchProblem.NETWORK


async def test_a_port_where_nobody_listens_is_a_network_error(fetcher: Fetcher) -> None:
    async with web_site() as gone:
        url = gone.url()
    assert (await problem(fetcher, url)).kind is FetchProblem.NETWORK


async def test_a_host_that_hangs_does_not_hold_up_another(site: Site, fetcher: Fetcher) -> None:
    site.parts["/hang"] = hang
    site.page("/tin", b"tin")
    slow = asyncio.create_task(problem(fetcher, site.url("/hang")))
    fast = await fetcher.get(site.url("/tin", host="localhost"))
    assert fast.body == b"tin"
    assert not slow.done()
    assert (await slow).kind is FetchProblem.TIMEOUT


async def test_one_host_gets_one_request_at_a_time(site: Site, fetcher: Fetcher) -> None:
    for number in range(6):
        site.page(f"/{number}", b"x" * 50_000)
    await asyncio.gather(*(fetcher.get(site.url(f"/{number}")) for number in range(6)))
    assert len(site.requests) == 7
    assert site.most_open == 1


async def test_a_second_host_waits_where_all_turns_are_taken(site: Site) -> None:
    for number in range(6):
        site.page(f"/{number}", b"x" * 50_000)
    limits = Limits(concurrency=2)
    async with Fetcher(private_networks=True, limits=limits, resolver=loopback) as fetcher:
        urls = [site.url(f"/{number}", host=f"bao{number}.example") for number in range(6)]
        await asyncio.gather(*map(fetcher.get, urls))
    assert len(site.requests) == 12
    assert site.most_open <= 2


async def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500, 503])
async def test_an_error_status_is_told(site: Site, fetcher: Fetcher, status: int) -> None:
    site.page("/rss", b"sorry", status=status, headers={"Retry-After": "120"})
    error = await problem(fetcher, site.url("/rss"))
    assert (error.kind, error.status, error.retry_after) == (FetchProblem.STATUS, status, 120)


def test_retry_after_is_read_in_both_forms() -> None:
    now = datetime(2021, 1, 5, 7, 0, tzinfo=UTC)
    assert retry_after({"retry-after": "90"}, now) == 90
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 07:10:00 GMT"}, now) == 600
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 06:10:00 GMT"}, now) == 0
    assert retry_after({"retry-after": "99999999999999999"}, now) == 7 * 24 * 3600
    for text in ("", "soon", "-5", "٣", "9" * 5000):
        assert retry_after({"retry-after": text}, now) is None


@time_machine.travel(datetime(2021, 1, 5, 7, 0, tzinfo=UTC), tick=False)
def test_a_retry_date_counts_from_the_present() -> None:
    assert retry_after({"retry-after": "Tue, 05 Jan 2021 07:00:30 GMT"}) == 30


def test_caching_is_read_from_its_headers() -> None:
    now = datetime(2021, 1, 5, 7, 0, tzinfo=UTC)
    expires = "Tue, 05 Jan 2021 07:05:00 GMT"
    cases: list[tuple[dict[str, str], float | None]] = [
        ({}, None),
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": 'private,max-age="60"', "age": "50"}, 10),
        ({"cache-control": "max-age=60", "age": "500"}, 0),
        ({"cache-control": "no-store, max-age=60"}, 0),
        ({"cache-control": "max-age=99999999999"}, 7 * 24 * 3600),
        ({"expires": expires}, 300),
        ({"expires": expires, "date": "Tue, 05 Jan 2021 07:04:00 GMT"}, 60),
        ({"expires": "0"}, None),
    ]
    for headers, seconds in cases:
        assert caching_seconds(headers, now) == seconds, headers


async def test_redirects_are_followed_and_counted(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/old", "/new?a=1", status=301)
    site.page("/new?a=1", b"moved")
    fetched = await fetcher.get(site.url("/old"))
    assert (fetched.body, fetched.url) == (b"moved", site.url("/old"))
    assert fetched.final_url == site.url("/new?a=1")
    site.redirect("/loop", "/loop")
    assert (await problem(fetcher, site.url("/loop"))).kind is FetchProblem.REDIRECTS
    assert len(site.asked("/loop")) == PATIENCE.redirects + 1


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("file:///etc/passwd", FetchProblem.ADDRESS),
        ("ftp://example.vn/", FetchProblem.ADDRESS),
        ("http://user:secret@example.vn/", FetchProblem.ADDRESS),
        ("http://[::1", FetchProblem.NETWORK),
        ("http://2130706433/", FetchProblem.ADDRESS),
    ],
)
async def test_a_redirect_passes_the_same_checks(
    site: Site, fetcher: Fetcher, target: str, kind: FetchProblem
) -> None:
    site.redirect("/away", target)
    error = await problem(fetcher, site.url("/away"))
    assert error.kind is kind
    assert "secret" not in str(error)


async def test_a_redirect_counts_against_the_same_time(site: Site, fetcher: Fetcher) -> None:
    for number in range(4):
        site.redirect(f"/{number}", f"/{number + 1}")
    site.parts["/4"] = drip
    started = asyncio.get_running_loop().time()
    assert (await problem(fetcher, site.url("/0"))).kind is FetchProblem.TIMEOUT
    assert asyncio.get_running_loop().time() - started < 2 * PATIENCE.total


async def test_cookies_are_not_kept(site: Site, fetcher: Fetcher) -> None:
    site.page("/tin", headers={"Set-Cookie": "id=1; Path=/"})
    await fetcher.get(site.url("/tin"))
    await fetcher.get(site.url("/tin"))
    assert all("cookie" not in request.headers for request in site.requests)


async def test_proxies_of_the_environment_are_not_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.page("/tin", b"tin")
    async with Fetcher(private_networks=True) as fetcher:
        assert (await fetcher.get(site.url("/tin"))).body == b"tin"


async def test_robots_txt_is_obeyed_and_read_once(site: Site, fetcher: Fetcher) -> None:
    rules = "User-agent: HoiBao\nDisallow: /kin\n\nUser-agent: *\nDisallow: /\n"
    site.page("/robots.txt", rules)
    site.page("/tin", b"tin")
    site.redirect("/away", "/kin/a")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"
    for path in ("/kin/a", "/away"):
        assert (await problem(fetcher, site.url(path))).kind is FetchProblem.ROBOTS
    assert not site.asked("/kin/a")
    assert len(site.asked("/robots.txt")) == 1


async def test_robots_txt_is_read_again_after_a_day(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    site.page("/tin", b"tin")
    now = 1000.0
    async with Fetcher(private_networks=True, clock=lambda: now) as fetcher:
        await problem(fetcher, site.url("/tin"))
        site.page("/robots.txt", "User-agent: *\nDisallow:\n")
        now += 23 * 3600
        await problem(fetcher, site.url("/tin"))
        now += 2 * 3600
        await fetcher.get(site.url("/tin"))


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_a_site_without_robots_txt_allows_all(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    site.page("/robots.txt", status=status)
    site.page("/tin", b"tin")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_robots_txt_that_cannot_be_read_now_allows_nothing_yet(
    site: Site, fetcher: Fetcher, status: int
) -> None:
    site.page("/robots.txt", status=status, headers={"Retry-After": "60"})
    site.page("/tin", b"tin")
    error = await problem(fetcher, site.url("/tin"))
    assert (error.status, error.retry_after) == (status, 60)
    assert not site.asked("/tin")
    site.page("/robots.txt", "")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"


async def test_a_robots_txt_that_is_no_text_allows_all(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", bytes(range(256)) * 10)
    site.page("/tin", b"tin")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"


@pytest.mark.parametrize(("delay", "pause"), [("7", 7.0), ("0.5", 0.5), ("86400", 60.0)])
async def test_the_crawl_delay_is_kept_between_requests(
    site: Site, delay: str, pause: float
) -> None:
    site.page("/robots.txt", f"User-agent: *\nCrawl-delay: {delay}\n")
    site.page("/tin", b"tin")
    now = 1000.0
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        nonlocal now
        waits.append(seconds)
        now += seconds

    async with Fetcher(private_networks=True, clock=lambda: now, sleep=wait) as fetcher:
        for _ in range(3):
            await fetcher.get(site.url("/tin"))
        now += 100
        await fetcher.get(site.url("/tin"))
    assert waits == [pause, pause]


async def test_the_sitemaps_of_robots_txt_are_told(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", "Sitemap: https://baothu.example/sitemap-news.xml\n")
    assert await fetcher.sitemaps(site.url("/a/b?c")) == (
        "https://baothu.example/sitemap-news.xml",
    )


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
    ("url", "kind"),
    [
        ("", FetchProblem.ADDRESS),
        ("vnexpress", FetchProblem.ADDRESS),
        ("https://", FetchProblem.ADDRESS),
        ("javascript:alert(1)", FetchProblem.ADDRESS),
        ("file:///etc/passwd", FetchProblem.ADDRESS),
        ("https://a:b@baothu.example/", FetchProblem.ADDRESS),
        ("https://a@baothu.example/", FetchProblem.ADDRESS),
        ("http://2130706433/", FetchProblem.ADDRESS),
        ("http://0x7f000001/", FetchProblem.ADDRESS),
        ("http://0177.0.0.1/", FetchProblem.ADDRESS),
        ("http://127.1/", FetchProblem.ADDRESS),
        ("http://127.0.0.0x1/", FetchProblem.ADDRESS),
        ("http://127.0.0.1.:80/x" + "\x00", FetchProblem.ADDRESS),
        ("https://baothu.example:22/", FetchProblem.PORT),
        ("https://baothu.example:6379/", FetchProblem.PORT),
        ("https://" + "a" * 70_000, FetchProblem.ADDRESS),
    ],
)
def test_an_address_that_is_refused_is_refused_before_anything_is_asked(
    url: str, kind: FetchProblem
) -> None:
    with pytest.raises(FetchError) as caught:
        check_address(url, Limits().ports)
    assert caught.value.kind is kind
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
    limits = Limits(total=2, connect=0.3, ports=frozenset(range(1, 65536)))
    async with Fetcher(resolver=typed, limits=limits) as fetcher:
        yield fetcher, asked


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254"])
async def test_a_host_that_resolves_to_a_private_address_is_refused(
    site: Site, address: str
) -> None:
    async with resolving([address]) as (fetcher, asked):
        error = await problem(fetcher, site.url("/", host="baothu.example"))
        assert error.kind is FetchProblem.PRIVATE
        assert asked == ["baothu.example"]
    assert site.requests == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse(site: Site) -> None:
    async with resolving(["8.8.8.8", "127.0.0.1"]) as (fetcher, _):
        error = await problem(fetcher, site.url("/", host="baothu.example"))
        assert error.kind is FetchProblem.PRIVATE


async def test_without_leave_this_machine_is_refused_by_number_and_by_name(site: Site) -> None:
    async with Fetcher(limits=Limits(ports=frozenset({site.port}))) as fetcher:
        for host in ("127.0.0.1", "localhost"):
            error = await problem(fetcher, site.url("/", host=host))
            assert error.kind is FetchProblem.PRIVATE
    assert site.requests == []


async def test_name_servers_that_hang_hold_up_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer, all_ask = threading.Event(), threading.Barrier(41)

    def hang_until_answered(*_: object, **__: object) -> list[object]:
        all_ask.wait(10)
        answer.wait(30)
        return []

    monkeypatch.setattr("socket.getaddrinfo", hang_until_answered)
    async with Fetcher(limits=Limits(concurrency=40)) as fetcher:
        waiting = [
            asyncio.create_task(problem(fetcher, f"http://a{n}.example/")) for n in range(40)
        ]
        async with asyncio.timeout(10):
            await asyncio.to_thread(all_ask.wait, 10)
        answer.set()
        for error in await asyncio.gather(*waiting):
            assert "no host of this name" in str(error)


async def test_a_host_without_an_address_is_a_network_error() -> None:
    async with resolving([]) as (fetcher, _):
        error = await problem(fetcher, "http://baothu.example/")
        assert error.kind is FetchProblem.NETWORK


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
        error = await problem(fetcher, site.url("/tin", host="baothu.example"))
        assert error.kind is FetchProblem.PRIVATE
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
            error = await problem(fetcher, site.url(path, host="baothu.example"))
            assert error.kind is FetchProblem.PRIVATE, path
    assert not site.asked("/secret")


async def test_the_next_address_is_tried_where_one_does_not_answer(site: Site) -> None:
    site.page("/tin", b"tin")

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.3", "127.0.0.1"]

    async with Fetcher(resolver=resolver, private_networks=True) as fetcher:
        assert (await fetcher.get(site.url("/tin", host="baothu.example"))).body == b"tin"
