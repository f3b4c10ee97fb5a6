"""Lists of sources go out and come in as OPML."""

import pytest

from index.models.problem import Code
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError
from index.sources.feeds.opml import Outline, parse_opml, write_opml
from index.store.sources.sources import Source
from tests.support.fetching import problem_code

BOMB = """<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<opml><body><outline text="&b;" xmlUrl="https://a.example/rss"/></body></opml>"""
EXTERNAL = """<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<opml><body><outline text="&a;" xmlUrl="https://a.example/rss"/></body></opml>"""


def opml(*outlines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(outlines)}</body></opml>".encode()


def source(name: str, kind: SourceKind, address: str, pattern: str | None = None) -> Source:
    return Source(
        id=1,
        name=name,
        given=address,
        kind=kind,
        address=address,
        pattern=pattern,
        paused=None,
        added_at=0,
        checked_at=None,
        next_check_at=0,
        interval=900,
        failures=0,
        last_error=None,
        etag=None,
        last_modified=None,
        first_read_at=None,
    )


def test_what_is_written_is_read_again_but_for_folders() -> None:
    listed = [
        Outline('Báo "Sông" & Thương', SourceKind.FEED, "https://a.example/rss?a=1&b=2"),
        Outline("Sơ đồ", SourceKind.SITEMAP, "https://b.example/news.xml"),
        Outline("Cổng tỉnh", SourceKind.LISTING, "https://c.example/tin", "/tin/*.html"),
    ]
    written = [source(o.name, o.kind, o.url, o.pattern) for o in listed]
    folder = source("Tin", SourceKind.FOLDER, "/srv/tin")
    assert list(parse_opml(write_opml([*written, folder]), "x.opml")) == listed


def test_names_that_xml_cannot_hold_go_out_without_what_it_cannot() -> None:
    odd = source("Báo\x01 Sông\0\ufffe", SourceKind.FEED, "https://a.example/rss")
    (found,) = parse_opml(write_opml([odd]), "x.opml")
    assert found.name == "Báo Sông"


def test_half_characters_of_a_list_are_read_as_none() -> None:
    (found,) = parse_opml(opml("<outline text='Báo &#xD800;' xmlUrl='https://a.example/'/>"), "x")
    assert found.name == "Báo \ufffd"


def test_the_list_of_another_reader_gives_its_feeds_each_once() -> None:
    feed = "<outline type='rss' text='A' title='Báo A' xmlUrl='https://a.example/rss'/>"
    body = opml(
        f"<outline text='Trong nước'><outline text='Tỉnh'>{feed}</outline></outline>",
        feed,
        "<outline text='Trang' type='link' url='https://b.example/'/>",
        "<outline text='B' xmlURL='HTTPS://b.example/rss'/>",
    )
    assert [(o.name, o.kind) for o in parse_opml(body, "x.opml")] == [
        ("Báo A", SourceKind.FEED),
        ("B", SourceKind.FEED),
    ]


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "/srv/tin", "", "https://"]
)
def test_only_web_addresses_are_taken_from_a_list(address: str) -> None:
    for place in (f"xmlUrl='{address}'", f"type='listing' url='{address}'"):
        assert parse_opml(opml(f"<outline text='A' {place}/>"), "x.opml") == ()


def test_a_list_names_no_folders() -> None:
    body = opml("<outline text='A' type='folder' url='https://a.example/tin'/>")
    assert parse_opml(body, "x.opml") == ()


@pytest.mark.parametrize("hostile", [BOMB, EXTERNAL])
def test_a_list_that_declares_entities_is_refused(hostile: str) -> None:
    with pytest.raises(FeedError) as caught:
        parse_opml(hostile.encode(), "x.opml")
    assert problem_code(caught.value) in (Code.HOSTILE, Code.HOSTILE_DOCTYPE)
    assert str(caught.value).startswith("x.opml: ")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.EMPTY_ANSWER),
        (b"<rss><channel/></rss>", Code.NO_OPML),
        (b"a,b,c", Code.NO_OPML),
        (opml("<outline/>" * 200_000), Code.MANY_TAGS),
        (b" " * 10_000_001, Code.LARGE_LIST),
    ],
)
def test_what_is_no_list_is_said_to_be_none(body: bytes, code: Code) -> None:
    with pytest.raises(FeedError) as caught:
        parse_opml(body, "x.opml")
    assert problem_code(caught.value) is code
    assert str(caught.value).startswith("x.opml: ")


def test_a_list_nested_too_deep_for_the_parser_does_no_harm() -> None:
    deep = "<outline text='a'>" * 20_000
    assert parse_opml(opml(deep), "x.opml") == ()
