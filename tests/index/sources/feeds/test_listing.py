import json
from typing import Any

import pytest

from index.models.problem import Code
from index.sources.errors import FeedError
from index.sources.feeds.links import read_page
from index.sources.feeds.listing import compile_pattern, guess_pattern, parse_listing
from index.sources.feeds.xml import read_text
from index.sources.fetch.headers import charset
from tests.support.fetching import problem_code
from tests.support.growth import MOST_GROWTH, growth
from tests.support.paths import FEEDS

EXPECTED: dict[str, dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text("utf-8"))
LISTINGS = [name for name, outcome in EXPECTED.items() if outcome["read"] == "listing"]
FOUND = [n for n in LISTINGS if EXPECTED[n].get("links") and "use" not in EXPECTED[n]]


def read(name: str) -> str:
    """Decode a page of the set."""
    wanted = EXPECTED[name]
    declared = charset({"content-type": wanted.get("content_type", "")})
    return read_text((FEEDS / name).read_bytes(), wanted["url"], declared)


def guess(text: str, url: str) -> str | None:
    """Guess the pattern of a page."""
    return guess_pattern(read_page(text, url).links, url)


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_page_of_the_set_has_its_outcome(name: str) -> None:
    wanted = EXPECTED[name]
    if "error" in wanted:
        with pytest.raises(FeedError) as caught:
            parse_listing(read(name), wanted["url"])
        assert problem_code(caught.value) == wanted["error"]
        return
    links = parse_listing(read(name), wanted["url"], wanted.get("use")).items
    assert [link.url for link in links] == wanted["links"]
    if "texts" in wanted:
        assert [link.title for link in links] == wanted["texts"]
    if "pattern" in wanted:
        assert guess(read(name), wanted["url"]) == wanted["pattern"]


@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_that_was_found_finds_the_same_links_when_given(name: str) -> None:
    wanted = EXPECTED[name]
    pattern = guess(read(name), wanted["url"])
    assert pattern
    links = parse_listing(read(name), wanted["url"], pattern).items
    assert set(wanted["links"]) <= {link.url for link in links}


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("/tin/*", "/tin/a-1.html", "/tin/a/b"),
        ("tin/**", "/tin/a/b", "/van-ban/a"),
        ("/*/*.html", "/a/b.html", "/a/b.htm"),
        ("*-[1]", "/a-[1]", "/a-1"),
        ("/xem?id=*", "/xem?id=5", "/xem?tin=5"),
        (r"^/\d+$", "/12", "/a12"),
    ],
)
def test_a_pattern_is_a_glob_or_a_regular_expression(
    pattern: str, matching: str, other: str
) -> None:
    wanted = compile_pattern(pattern)
    assert wanted.search(matching)
    assert not wanted.search(other)


@pytest.mark.parametrize(
    "link", ["/tin/" + "a" * 40 + ".aspx", "/tin/" + "a-" * 900, "/tin/" + "-" * 1_900]
)
def test_no_link_makes_a_guessed_pattern_slow(link: str) -> None:
    slugs = [f"/tin/mua-lon-o-nghe-an-{word}.aspx" for word in ("mot", "hai", "ba", "bon")]
    text = "Mưa lớn ở Nghệ An gây ngập nhiều nơi"
    page = "".join(f"<p><a href='{path}'>{text}</a>" for path in (*slugs, link))
    items = parse_listing(page, "https://baothu.example/").items
    assert {f"https://baothu.example{path}" for path in slugs} <= {item.url for item in items}


@pytest.mark.parametrize("pattern", ["^/(a+)+$", "^/(a|a)*$", r"^/(\w+\s?)*$", "**a**a**a**a**b"])
def test_no_pattern_of_an_operator_is_slow(pattern: str) -> None:
    wanted = compile_pattern(pattern)
    small, large = ("/" + "a" * size + "!" for size in (1_000, 16_000))
    assert growth(wanted.search, small, large) < MOST_GROWTH


@pytest.mark.parametrize("pattern", ["^(?=a)", r"^(a)\1", "^(", "^" + "(" * 200, "x" * 400])
def test_a_pattern_that_is_none_is_told(pattern: str) -> None:
    with pytest.raises(FeedError, match="pattern"):
        parse_listing("<a href='/x'>x</a>", "https://baothu.example/", pattern)


def test_a_page_of_very_many_links_gives_five_hundred() -> None:
    link = '<a href="/tin-{0}.html">Một bài viết dài về lũ lụt ở xã {0}</a>'
    body = "".join(link.format(1000 + number) for number in range(2000))
    links = parse_listing(body, "https://baothu.example/").items
    assert len(links) == 500
    assert links[0].url == "https://baothu.example/tin-1000.html"


def test_an_article_is_not_listed_on_its_own_page() -> None:
    body = "".join(f'<a href="/tin-{number}">x</a>' for number in range(5))
    links = parse_listing(body, "https://baothu.example/tin-3?utm_source=x", "/tin-*").items
    assert [link.id[-1] for link in links] == ["0", "1", "2", "4"]


def test_a_pattern_that_would_be_too_long_is_not_guessed() -> None:
    link = '<a href="/{0}{1}">Một bài viết dài về lũ lụt ở xã {1}</a>'
    body = "".join(link.format("a/" * 300, 1000 + number) for number in range(5))
    assert guess(body, "https://baothu.example/") is None
    with pytest.raises(FeedError) as caught:
        parse_listing(body, "https://baothu.example/")
    assert problem_code(caught.value) is Code.NO_LINKS
