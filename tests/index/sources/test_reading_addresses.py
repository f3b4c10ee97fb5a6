"""Articles are taken in from addresses: pages, feeds, sitemaps."""

import asyncio
import json
from pathlib import Path

import pytest

from index import Article, Library, Rejection
from index.articles.readers import Reading
from index.sources.articles import read_address
from index.sources.poll import MAX_CHILDREN
from tests.support.web_site import Site

TEXT = "Nước lũ lên nhanh trong đêm 3/9. Xã Mường Lống có 120 hộ dân bị cô lập hoàn toàn."
PAGE = f"""<html><head><title>Lũ quét ở Mường Lống</title></head><body>
<h1>Lũ quét ở Mường Lống</h1><div>Thứ Hai 04/09/2023 08:05</div><p>{TEXT}</p></body></html>"""


async def read(url: str) -> list[Article | Rejection]:
    found = await asyncio.to_thread(lambda: list(read_address(url, "ai@bao.example", True)))
    return [each.article if isinstance(each, Reading) else each for each in found]


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Báo</title>{''.join(items)}</channel></rss>"


async def test_a_page_is_one_article(site: Site) -> None:
    site.page("/lu.html", PAGE)
    (article,) = await read(site.url("/lu.html"))
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Lũ quét ở Mường Lống", TEXT)
    assert (article.url, article.source) == (site.url("/lu.html"), "127.0.0.1")
    assert article.published is not None
    assert article.published.isoformat() == "2023-09-04T08:05:00+07:00"


async def test_a_feed_gives_the_pages_that_it_announces_or_else_its_own_text(site: Site) -> None:
    site.page("/lu.html", PAGE)
    site.page(
        "/rss",
        feed(
            f"<item><title>Lũ</title><link>{site.url('/lu.html')}</link></item>",
            f"<item><title>Mưa</title><link>{site.url('/gone.html')}</link>"
            "<description>Mưa lớn suốt ba ngày ở miền núi.</description></item>",
            f"<item><title>Gió</title><link>{site.url('/none.html')}</link></item>",
        ),
    )
    first, second, third = await read(site.url("/rss"))
    assert isinstance(first, Article)
    assert first.text == TEXT
    assert isinstance(second, Article)
    assert second.text == "Mưa lớn suốt ba ngày ở miền núi."
    assert isinstance(third, Rejection)
    assert "404" in third.reason


async def test_a_sitemap_gives_the_pages_that_it_names(site: Site) -> None:
    site.page("/lu.html", PAGE)
    site.page("/sitemap.xml", "<urlset><url><loc>/lu.html</loc></url></urlset>")
    (article,) = await read(site.url("/sitemap.xml"))
    assert isinstance(article, Article)


async def test_a_sitemap_index_gives_the_pages_of_its_newest_sitemaps(site: Site) -> None:
    site.page("/lu.html", PAGE)
    children = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(9))
    site.page("/index.xml", f"<sitemapindex>{children}</sitemapindex>")
    for number in range(9):
        site.page(f"/{number}.xml", "<urlset><url><loc>/lu.html</loc></url></urlset>")
    (article,) = await read(site.url("/index.xml"))
    assert isinstance(article, Article)
    assert article.text == TEXT
    assert sum(len(site.asked(f"/{number}.xml")) for number in range(9)) == MAX_CHILDREN


async def test_a_sitemap_index_whose_sitemaps_are_gone_is_rejected(site: Site) -> None:
    site.page("/index.xml", "<sitemapindex><sitemap><loc>/0.xml</loc></sitemap></sitemapindex>")
    (rejection,) = await read(site.url("/index.xml"))
    assert isinstance(rejection, Rejection)
    assert "404" in rejection.reason


async def test_the_full_text_of_a_feed_comes_before_its_summary(site: Site) -> None:
    full = "&lt;p&gt;Toàn văn.&lt;/p&gt;&lt;p&gt;Mưa lớn suốt ba ngày.&lt;/p&gt;"
    item = (
        "<item><title>Mưa</title><guid isPermaLink='false'>1</guid>"
        f"<description>Tóm tắt.</description><content:encoded>{full}</content:encoded></item>"
    )
    namespace = "http://purl.org/rss/1.0/modules/content/"
    site.page("/rss", feed(item).replace("<rss", f"<rss xmlns:content='{namespace}'"))
    (article,) = await read(site.url("/rss"))
    assert isinstance(article, Article)
    assert article.text == "Toàn văn.\nMưa lớn suốt ba ngày."


async def test_the_contact_is_in_the_user_agent(site: Site) -> None:
    site.page("/lu.html", PAGE)
    await read(site.url("/lu.html"))
    (asked,) = site.asked("/lu.html")
    assert "ai@bao.example" in asked.headers["user-agent"]


@pytest.mark.parametrize(("path", "reason"), [("/gone", "404"), ("/empty", "empty")])
async def test_an_address_without_an_article_is_rejected(
    site: Site, path: str, reason: str
) -> None:
    site.page("/empty", "")
    (rejection,) = await read(site.url(path))
    assert isinstance(rejection, Rejection)
    assert rejection.input == site.url(path)
    assert reason in rejection.reason


async def test_an_address_on_this_machine_is_refused_unless_it_is_allowed(site: Site) -> None:
    (rejection,) = await asyncio.to_thread(lambda: list(read_address(site.url("/lu.html"))))
    assert isinstance(rejection, Rejection)
    assert site.asked("/lu.html") == []


async def test_the_library_takes_addresses_beside_files(site: Site, tmp_path: Path) -> None:
    site.page("/lu.html", PAGE)
    records = tmp_path / "tin.jsonl"
    records.write_text(json.dumps({"title": "Tin", "text": "Một tin khác."}), encoding="utf-8")
    with Library.open(tmp_path / "data") as library:
        articles = [*await read(site.url("/lu.html")), records]
        report = await asyncio.to_thread(library.ingest, articles)
        again = await asyncio.to_thread(library.ingest, await read(f"{site.url('/lu.html')}#top"))
    assert (report.added, again.unchanged) == (2, 1)
