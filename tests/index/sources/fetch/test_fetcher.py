import asyncio

import pytest

from index.models.problem import Code
from index.sources.fetch.fetcher import PAGES, Fetcher, Limits, user_agent
from tests.support.fetching import HASTY, SMALL, fetch_error
from tests.support.web_site import (
    Site,
    drip,
    hang,
    late,
    no_http,
    redirect,
    reset,
    web_site,
    when_changed,
)


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
    assert not fetched.not_modified
    assert fetched.charset == "windows-1258"
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
    site.handlers["/rss"] = when_changed(b"<rss/>", '"v1"', modified)
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
    assert (await fetch_error(fetcher, site.url("/rss"))).status == 304


async def test_a_host_that_hangs_or_drips_is_left(site: Site, hasty: Fetcher) -> None:
    site.handlers |= {"/hang": hang, "/drip": drip}
    for path in ("/hang", "/drip"):
        assert (await fetch_error(hasty, site.url(path))).code is Code.SILENT


async def test_a_connection_that_breaks_is_a_network_error(site: Site, fetcher: Fetcher) -> None:
    site.page("/short", b"half", headers={"Content-Length": "5000"})
    site.handlers |= {"/reset": reset, "/smtp": no_http}
    for path in ("/short", "/reset", "/smtp"):
        assert (await fetch_error(fetcher, site.url(path))).code is Code.NETWORK


async def test_a_port_where_nobody_listens_is_a_network_error(fetcher: Fetcher) -> None:
    async with web_site() as gone:
        url = gone.url()
    assert (await fetch_error(fetcher, url)).code is Code.NETWORK


async def test_a_host_that_hangs_does_not_hold_up_another(site: Site, fetcher: Fetcher) -> None:
    site.handlers["/hang"] = hang
    site.page("/tin", b"tin")
    slow = asyncio.create_task(fetcher.get(site.url("/hang")))
    fast = await fetcher.get(site.url("/tin", host="localhost"))
    assert fast.body == b"tin"
    assert not slow.done()
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


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
    error = await fetch_error(fetcher, site.url("/rss"))
    assert (error.code, error.status, error.retry_after) == (Code.STATUS, status, 120)


async def test_redirects_are_followed_and_counted(site: Site, fetcher: Fetcher) -> None:
    site.redirect("/old", "/new?a=1", status=301)
    site.page("/new?a=1", b"moved")
    fetched = await fetcher.get(site.url("/old"))
    assert fetched.body == b"moved"
    assert fetched.final_url == site.url("/new?a=1")
    site.redirect("/loop", "/loop")
    assert (await fetch_error(fetcher, site.url("/loop"))).code is Code.REDIRECTS
    assert len(site.asked("/loop")) == SMALL.redirects + 1


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("file:///etc/passwd", Code.NOT_HTTP),
        ("ftp://example.vn/", Code.NOT_HTTP),
        ("http://user:secret@example.vn/", Code.PASSWORD),
        ("http://[::1", Code.NETWORK),
        ("http://2130706433/", Code.NUMERIC_HOST),
    ],
)
async def test_a_redirect_passes_the_same_checks(
    site: Site, fetcher: Fetcher, target: str, code: Code
) -> None:
    site.redirect("/away", target)
    error = await fetch_error(fetcher, site.url("/away"))
    assert error.code is code
    assert "secret" not in str(error)


async def test_redirects_count_against_the_same_time(site: Site, hasty: Fetcher) -> None:
    for number in range(SMALL.redirects):
        site.handlers[f"/{number}"] = late(redirect(f"/{number + 1}"), HASTY.read / 2)
    site.page(f"/{SMALL.redirects}", b"at last")
    assert (await fetch_error(hasty, site.url("/0"))).code is Code.SILENT


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
