import json
from typing import Any

import pytest

from index.sources.errors import FeedError, FeedProblem
from index.sources.feeds.listing import article_links, compile_pattern, guess_pattern
from tests.support.paths import FEEDS

EXPECTED: dict[str, dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text("utf-8"))
LISTINGS = [name for name, outcome in EXPECTED.items() if outcome["read"] == "listing"]
FOUND = [n for n in LISTINGS if EXPECTED[n].get("links") and "use" not in EXPECTED[n]]


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_page_of_the_set_has_its_outcome(name: str) -> None:
    wanted = EXPECTED[name]
    body = (FEEDS / name).read_bytes()
    if "error" in wanted:
        with pytest.raises(FeedError) as caught:
            article_links(body, wanted["url"])
        assert caught.value.kind == wanted["error"]
        return
    kind = wanted.get("content_type")
    links = article_links(body, wanted["url"], wanted.get("use"), kind)
    assert [link.url for link in links] == wanted["links"]
    if "texts" in wanted:
        assert [link.text for link in links] == wanted["texts"]
    if "pattern" in wanted:
        assert guess_pattern(body, wanted["url"], kind) == wanted["pattern"]


@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_that_was_found_finds_the_same_links_when_given(name: str) -> None:
    wanted = EXPECTED[name]
    body = (FEEDS / name).read_bytes()
    pattern = guess_pattern(body, wanted["url"], wanted.get("content_type"))
    assert pattern
    links = article_links(body, wanted["url"], pattern, wanted.get("content_type"))
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


@pytest.mark.parametrize("pattern", ["^(", "^" + "(" * 200, "x" * 400])
def test_a_pattern_that_is_none_is_told(pattern: str) -> None:
    with pytest.raises(FeedError) as caught:
        article_links(b"<a href='/x'>x</a>", "https://baothu.example/", pattern)
    assert caught.value.kind is FeedProblem.PATTERN


def test_a_page_of_very_many_links_gives_five_hundred() -> None:
    link = '<a href="/tin-{0}.html">Một bài viết dài về lũ lụt ở xã {0}</a>'
    body = "".join(link.format(1000 + number) for number in range(2000)).encode()
    links = article_links(body, "https://baothu.example/")
    assert len(links) == 500
    assert links[0].url == "https://baothu.example/tin-1000.html"


def test_an_article_is_not_listed_on_its_own_page() -> None:
    body = b"".join(b'<a href="/tin-%d">x</a>' % number for number in range(5))
    links = article_links(body, "https://baothu.example/tin-3?utm_source=x", "/tin-*")
    assert [link.url[-1] for link in links] == ["0", "1", "2", "4"]


def test_a_pattern_that_would_be_too_long_is_not_guessed() -> None:
    link = '<a href="/{0}{1}">Một bài viết dài về lũ lụt ở xã {1}</a>'
    body = "".join(link.format("a/" * 300, 1000 + number) for number in range(5)).encode()
    assert guess_pattern(body, "https://baothu.example/") is None
    assert article_links(body, "https://baothu.example/") == []
