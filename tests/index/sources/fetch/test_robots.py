"""What robots.txt asks for is kept."""

import pytest

from index.models.problem import Code
from index.sources.fetch.fetcher import Fetcher
from tests.support.fetching import fetch_error
from tests.support.web_site import Site


async def test_robots_txt_is_obeyed_and_read_once(site: Site, fetcher: Fetcher) -> None:
    rules = "User-agent: HoiBao\nDisallow: /kin\n\nUser-agent: *\nDisallow: /\n"
    site.page("/robots.txt", rules)
    site.page("/tin", b"tin")
    site.redirect("/away", "/kin/a")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"
    for path in ("/kin/a", "/away"):
        assert (await fetch_error(fetcher, site.url(path))).code is Code.ROBOTS
    assert not site.asked("/kin/a")
    assert len(site.asked("/robots.txt")) == 1


async def test_robots_txt_is_read_again_after_a_day(site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    site.page("/tin", b"tin")
    now = 1000.0
    async with Fetcher(private_networks=True, clock=lambda: now) as fetcher:
        await fetch_error(fetcher, site.url("/tin"))
        site.page("/robots.txt", "User-agent: *\nDisallow:\n")
        now += 23 * 3600
        await fetch_error(fetcher, site.url("/tin"))
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
    error = await fetch_error(fetcher, site.url("/tin"))
    assert (error.status, error.retry_after) == (status, 60)
    assert not site.asked("/tin")
    site.page("/robots.txt", "")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"


async def test_a_robots_txt_that_is_no_text_allows_all(site: Site, fetcher: Fetcher) -> None:
    site.page("/robots.txt", bytes(range(256)) * 10)
    site.page("/tin", b"tin")
    assert (await fetcher.get(site.url("/tin"))).body == b"tin"


@pytest.mark.parametrize(
    ("rule", "pause"),
    [
        ("Crawl-delay: 7", 7.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", 60.0),
        ("Request-rate: 2/5", 2.5),
        (f"Request-rate: 1/{'9' * 400}", 60.0),
        (f"Request-rate: {'9' * 400}/1\nCrawl-delay: 7", 7.0),
    ],
)
async def test_the_crawl_delay_is_kept_between_requests(
    site: Site, rule: str, pause: float
) -> None:
    site.page("/robots.txt", f"User-agent: *\n{rule}\n")
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
