import pytest

from index.models.problem import Code
from index.models.source_kind import SourceKind
from index.sources import discovery
from index.sources.discovery import Discovered, discover
from index.sources.errors import FeedError, FetchError
from index.sources.feeds.items import Feed
from index.sources.fetch.fetcher import Fetched, Fetcher
from index.sources.kinds import parse_source
from tests.support.fetching import problem_code
from tests.support.web_site import Site, hang

ITEM = "<item><title>Lũ quét</title><link>https://baothu.example/lu-1.html</link></item>"
FEED = f"<rss version='2.0'><channel><title>Báo Thử</title>{ITEM}</channel></rss>"
EMPTY_FEED = "<rss version='2.0'><channel><title>Báo Thử</title></channel></rss>"
SITEMAP = "<urlset><url><loc>/lu-1.html</loc></url></urlset>"
LIST = "".join(
    f'<h3><a href="/xa-hoi/lu-quet-{number}.html">Lũ quét làm sập cầu ở xã thứ {number}</a></h3>'
    for number in range(1000, 1006)
)
PATTERN = r"^/(?:[^/]+/)*[^/]+[-_.]\d{3,}\.html/?$"


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>Cổng Thử</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (FEED, SourceKind.FEED),
        (EMPTY_FEED, SourceKind.FEED),
        (SITEMAP, SourceKind.SITEMAP),
        ('{"version":"https://jsonfeed.org/version/1","title":"Báo Thử","items":[]}', "feed"),
    ],
)
async def test_an_address_of_a_feed_or_sitemap_is_taken_as_it_is(
    site: Site, fetcher: Fetcher, body: str, kind: SourceKind
) -> None:
    site.page("/x", body)
    found = await discover(fetcher, site.url("/x"))
    title = "127.0.0.1" if kind is SourceKind.SITEMAP else "Báo Thử"
    assert found == Discovered(SourceKind(kind), site.url("/x"), title)


async def test_the_feed_that_a_page_names_is_taken(site: Site, fetcher: Fetcher) -> None:
    links = (
        '<link rel="alternate" type="application/rss+xml" href="/comments/feed">'
        '<link rel="alternate" type="application/rss+xml" href="/gone.rss">'
        '<link rel="alternate" type="application/rss+xml" href="tin.rss">'
    )
    site.page("/", page(LIST, links))
    site.page("/comments/feed", FEED)
    site.page("/tin.rss", FEED)
    found = await discover(fetcher, site.url())
    assert found == Discovered(SourceKind.FEED, site.url("/tin.rss"), "Báo Thử")
    assert not site.asked("/comments/feed")


async def test_a_feed_is_found_by_way_of_a_page_that_lists_feeds(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/", page(f'{LIST}<a href="/danh-sach-rss">RSS</a>'))
    site.page("/danh-sach-rss", page('<a href="/the-thao.rss">a</a><a href="/home.rss">b</a>'))
    site.page("/the-thao.rss", FEED)
    site.page("/home.rss", FEED)
    assert (await discover(fetcher, site.url())).url == site.url("/home.rss")


@pytest.mark.parametrize(
    "place", ["/rss", "/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/rss/home.rss"]
)
async def test_a_feed_in_a_usual_place_is_found(site: Site, fetcher: Fetcher, place: str) -> None:
    site.page("/", page(LIST))
    site.page(place, FEED)
    assert (await discover(fetcher, site.url())).url == site.url(place)


async def test_a_news_sitemap_that_robots_txt_names_is_found(site: Site, fetcher: Fetcher) -> None:
    names = f"Sitemap: {site.url('/all.xml')}\nSitemap: {site.url('/tin-news.xml')}\n"
    site.page("/robots.txt", names)
    site.page("/", page(LIST))
    site.page("/tin-news.xml", SITEMAP)
    found = await discover(fetcher, site.url())
    assert (found.kind, found.url) == (SourceKind.SITEMAP, site.url("/tin-news.xml"))


async def test_a_site_without_a_feed_is_followed_by_its_list(site: Site, fetcher: Fetcher) -> None:
    site.page("/", page(LIST))
    found = await discover(fetcher, site.url())
    assert found == Discovered(SourceKind.LISTING, site.url(), "Cổng Thử", PATTERN)


async def test_a_list_on_a_page_goes_before_the_feed_of_the_whole_site(
    site: Site, fetcher: Fetcher
) -> None:
    site.page("/xa-hoi", page(LIST))
    site.page("/rss", FEED)
    assert (await discover(fetcher, site.url("/xa-hoi"))).kind is SourceKind.LISTING
    site.page("/gioi-thieu", page("Về chúng tôi"))
    assert (await discover(fetcher, site.url("/gioi-thieu"))).url == site.url("/rss")


async def test_a_feed_without_items_is_passed_over(site: Site, fetcher: Fetcher) -> None:
    site.page("/", page(LIST, '<link rel="alternate" type="application/rss+xml" href="/a.rss">'))
    site.page("/a.rss", EMPTY_FEED)
    assert (await discover(fetcher, site.url())).kind is SourceKind.LISTING


async def test_a_feed_at_which_this_program_fails_is_passed_over(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_at_the_first(response: Fetched, kind: SourceKind) -> Feed:
        assert not response.final_url.endswith("/rss")
        return parse_source(response, kind)

    site.page("/", page(LIST))
    site.page("/rss", FEED)
    site.page("/feed", FEED)
    # There is no such error that could be brought about from outside.
    monkeypatch.setattr(discovery, "parse_source", fail_at_the_first)
    assert (await discover(fetcher, site.url())).url == site.url("/feed")


async def test_an_address_without_a_scheme_is_understood(site: Site, fetcher: Fetcher) -> None:
    site.page("/rss", FEED)
    found = await discover(fetcher, f"127.0.0.1:{site.port}/rss")
    assert found.url == site.url("/rss")


async def test_a_site_that_offers_nothing_gets_a_clear_word(site: Site, fetcher: Fetcher) -> None:
    site.page("/", page("<p>Đang xây dựng</p>"))
    with pytest.raises(FeedError, match="no feed and no list") as caught:
        await discover(fetcher, site.url())
    assert problem_code(caught.value) is Code.NOTHING_FOUND
    assert len(site.requests) <= 18


async def test_an_address_that_cannot_be_got_says_why(
    site: Site, fetcher: Fetcher, hasty: Fetcher
) -> None:
    site.handlers["/hang"] = hang
    for path, code, patience in (
        ("/hang", Code.SILENT, hasty),
        ("/gone", Code.STATUS, fetcher),
    ):
        with pytest.raises(FetchError) as caught:
            await discover(patience, site.url(path))
        assert caught.value.code is code


async def test_an_address_that_answers_with_an_error_is_named_with_its_path(
    site: Site, fetcher: Fetcher
) -> None:
    for address in (site.url("/nope/?key=1"), f"127.0.0.1:{site.port}/nope"):
        with pytest.raises(FetchError) as caught:
            await discover(fetcher, address)
        assert str(caught.value) == "127.0.0.1/nope: it answered 404 Not Found"
        assert caught.value.status == 404


async def test_something_that_is_no_page_gets_a_clear_word(site: Site, fetcher: Fetcher) -> None:
    site.page("/anh", b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(FeedError) as caught:
        await discover(fetcher, site.url("/anh"))
    assert problem_code(caught.value) is Code.NO_TEXT_FILE
