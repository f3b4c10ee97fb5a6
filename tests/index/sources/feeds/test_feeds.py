import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from index.models.problem import Code
from index.sources.errors import FeedError
from index.sources.feeds.items import FeedItem
from index.sources.feeds.rss import MAX_ITEMS, parse_feed
from index.sources.feeds.sitemap import parse_sitemap
from index.sources.feeds.xml import read_text
from index.sources.fetch.headers import charset
from tests.support.fetching import problem_code
from tests.support.paths import FEEDS

EXPECTED: dict[str, dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text("utf-8"))
NOW = datetime.fromisoformat("2024-06-01T12:00:00+07:00")
URL = "https://baothu.example/rss"


def named(kind: str) -> list[str]:
    return [name for name, outcome in EXPECTED.items() if outcome["read"] == kind]


def read(name: str) -> str:
    """Decode a file of the set."""
    wanted = EXPECTED[name]
    declared = charset({"content-type": wanted.get("content_type", "")})
    return read_text((FEEDS / name).read_bytes(), wanted["url"], declared)


def check(item: FeedItem, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        found = getattr(item, name)
        shown = found.isoformat() if isinstance(found, datetime) else found
        assert shown == value, name


def test_every_file_of_the_set_has_an_expected_outcome() -> None:
    files = {path.name for path in FEEDS.iterdir()} - {"expected.json"}
    assert files == set(EXPECTED)
    assert len(files) >= 44


@pytest.mark.parametrize("name", named("feed"))
def test_a_feed_of_the_set_has_its_outcome(name: str) -> None:
    wanted = EXPECTED[name]
    if "error" in wanted:
        with pytest.raises(FeedError) as caught:
            parse_feed(read(name), wanted["url"], NOW)
        assert problem_code(caught.value) == wanted["error"]
        assert "\n" not in str(caught.value)
        return
    feed = parse_feed(read(name), wanted["url"], NOW)
    assert len(feed.items) == wanted["count"]
    assert feed.title == wanted.get("title", feed.title)
    if feed.items:
        check(feed.items[0], wanted.get("first", {}))
        check(feed.items[-1], wanted.get("last", {}))
    for item in feed.items if "all_published" in wanted else ():
        stamp = wanted["all_published"]
        assert item.published == (datetime.fromisoformat(stamp) if stamp else None)


@pytest.mark.parametrize("name", named("sitemap"))
def test_a_sitemap_of_the_set_has_its_outcome(name: str) -> None:
    wanted = EXPECTED[name]
    if "error" in wanted:
        with pytest.raises(FeedError) as caught:
            parse_sitemap(read(name), wanted["url"], NOW)
        assert problem_code(caught.value) == wanted["error"]
        return
    sitemap = parse_sitemap(read(name), wanted["url"], NOW)
    assert len(sitemap.items) == wanted["count"]
    assert list(sitemap.children) == wanted["children"]
    if sitemap.items:
        check(sitemap.items[0], wanted.get("first", {}))
        check(sitemap.items[-1], wanted.get("last", {}))


def test_of_an_endless_feed_the_first_items_are_read() -> None:
    item = "<item><title>Tin {0}</title><link>https://baothu.example/{0}</link></item>"
    items = "".join(item.format(number) for number in range(3 * MAX_ITEMS))
    feed = parse_feed(f"<rss><channel><title>Dài</title>{items}", URL)
    assert len(feed.items) == MAX_ITEMS
    assert feed.items[-1].title == f"Tin {MAX_ITEMS - 1}"


def test_of_a_large_feed_that_is_not_well_formed_the_beginning_is_read() -> None:
    item = "<item><title>A&B {0}</title><link>https://baothu.example/{0}</link>{1}</item>"
    items = "".join(item.format(number, "<b/>" * 2_000) for number in range(300))
    with pytest.raises(FeedError) as caught:
        parse_feed(f"<rss><channel>{items}</channel></rss>", URL)
    assert problem_code(caught.value) is Code.MANY_TAGS
    items = "".join(item.format(number, "x" * 20_000) for number in range(300))
    feed = parse_feed(f"<rss><channel>{items}</channel></rss>", URL)
    assert 40 < len(feed.items) < 60
    assert feed.items[0].title == "A&B 0"


def test_a_feed_of_many_megabytes_is_refused() -> None:
    body = f"<rss><channel><title>{'x' * 11_000_000}</title></channel></rss>"
    with pytest.raises(FeedError, match="larger"):
        parse_feed(body, URL)


@pytest.mark.parametrize("unit", ["<", "&", "<a ", "<!--", "<![CDATA[", "<?a ", "<b>", '<a b="'])
def test_hostile_markup_ends_in_words(unit: str) -> None:
    head = "<rss><channel><item><title>Tin</title><link>https://baothu.example/1</link>"
    body = head + unit * (40_000 // len(unit))
    with pytest.raises(FeedError):
        parse_feed(body, URL)
    assert parse_feed(f"{head}</item>{body}", URL).items[0].title == "Tin"


def test_a_sitemap_is_cut_at_the_newest_thousand() -> None:
    url = "<url><loc>https://baothu.example/{0}</loc><lastmod>20{0:02d}-01-01</lastmod></url>"
    urls = "".join(url.format(number) for number in range(10, 24)) + "".join(
        f"<url><loc>https://baothu.example/x{number}</loc></url>" for number in range(3_000)
    )
    sitemap = parse_sitemap(f"<urlset>{urls}</urlset>", URL, now=NOW)
    assert len(sitemap.items) == 1_000
    assert sitemap.items[0].url == "https://baothu.example/23"


def test_a_tag_of_very_many_attributes_is_refused() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(50_000))
    with pytest.raises(FeedError, match="tag that is too large"):
        parse_feed(f"<rss><channel {attributes}></channel></rss>", URL)


def test_comments_that_never_close_are_looked_through_once() -> None:
    with pytest.raises(FeedError) as caught:
        parse_feed("<!--" * 200_000, URL)
    assert problem_code(caught.value) is Code.NO_FEED


NO_CHARACTERS = ["&#xd10000;", "&#1114112;", "&#xD801;", "&#0;", "&#9999999;"]


@pytest.mark.parametrize("reference", NO_CHARACTERS)
@pytest.mark.parametrize("closed", ["</item></channel></rss>", "</item>", "<b></item><s:>"])
def test_references_to_no_character_cost_no_item_of_a_damaged_feed(
    reference: str, closed: str
) -> None:
    item = f"<title>Tin {reference} mới</title><link>https://baothu.example/1</link>{closed}"
    feed = parse_feed(f"<rss version='2.0'><channel><item>{item}", URL, NOW)
    assert [item.title for item in feed.items] == ["Tin � mới"]


@pytest.mark.parametrize("reference", NO_CHARACTERS)
def test_references_to_no_character_between_broken_tags_end_in_words(reference: str) -> None:
    """Fuzzing found it: `chr` failed within feedparser."""
    with pytest.raises(FeedError):
        parse_feed(f"<rss <s:>{reference}</item>", URL, NOW)


def test_items_in_each_other_that_the_parser_fails_on_are_damage() -> None:
    """Fuzzing found it: feedparser loses the links of an item that begins in another one's link."""
    with pytest.raises(FeedError, match="damaged"):
        parse_feed("<rss><channel><item><link><item></item>", URL, NOW)
