from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html

from bot.playground.bot_api.html_parser import parse_html
from bot.playground.control.safe_html import safe_html
from bot.playground.errors import ApiError
from bot.playground.world.entities import MAX_ENTITIES, Entity, add_detected, trim, utf16_length


def entity(kind: str, offset: int, length: int, **more: str) -> Entity:
    return Entity(type=kind, offset=offset, length=length, **more)


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("không có gì", "không có gì", ()),
        ("<b>Hà</b> <i>Nội</i>", "Hà Nội", (entity("bold", 0, 2), entity("italic", 3, 3))),
        ("<strong><em>a</em></strong>", "a", (entity("italic", 0, 1), entity("bold", 0, 1))),
        ("😀<u>x</u>", "😀x", (entity("underline", 2, 1),)),
        ("<s>a</s><tg-spoiler>b</tg-spoiler>", "ab", None),
        ('<span class="tg-spoiler">b</span>', "b", (entity("spoiler", 0, 1),)),
        ("<blockquote>câu</blockquote>", "câu", (entity("blockquote", 0, 3),)),
        ("<blockquote expandable>câu</blockquote>", "câu", None),
        ("&lt;b&gt; &amp; &quot; &#39; &#x1F600; &nbsp;", "<b> & \" ' 😀 &nbsp;", ()),
        ('<a href="https://báo.vn/?a=1&amp;b=2">x</a>', "x", None),
        ("<a href='javascript:alert(1)'>x</a>", "x", ()),
        ("<B>hoa</b>", "hoa", (entity("bold", 0, 3),)),
        ("<b>mở</>", "mở", (entity("bold", 0, 2),)),
        ("<b></b>", "", ()),
    ],
)
def test_html_becomes_text_with_entities(
    source: str, text: str, entities: tuple[Entity, ...] | None
) -> None:
    parsed, found = parse_html(source)
    assert parsed == text
    if entities is not None:
        assert found == entities


def test_a_link_keeps_its_address_as_telegram_writes_it() -> None:
    _, (link,) = parse_html('<a href="https://baohaiduong.vn">báo</a>')
    assert link.json() == {
        "type": "text_link",
        "offset": 0,
        "length": 3,
        "url": "https://baohaiduong.vn/",
    }


def test_preformatted_code_has_a_language() -> None:
    _, found = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert [each.json() for each in found] == [
        {"type": "pre", "offset": 0, "length": 5, "language": "python"}
    ]


def test_an_expandable_quote_is_a_type_of_its_own() -> None:
    _, (quote,) = parse_html("<blockquote expandable>câu dài</blockquote>")
    assert quote.type == "expandable_blockquote"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<foo>x</foo>", 'Unsupported start tag "foo" at byte offset 0'),
        ("điểm <p>", 'Unsupported start tag "p" at byte offset 8'),
        ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x_y>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


def test_no_more_than_a_hundred_entities_are_kept() -> None:
    text, entities = parse_html("<b>a</b> " * (MAX_ENTITIES + 20))
    assert len(trim(text, entities)[1]) == MAX_ENTITIES


def test_white_space_around_a_message_is_cut() -> None:
    text, entities = parse_html("\n \n<b>a</b> b <i> </i>\n")
    assert trim(text, entities) == ("a b", (entity("bold", 0, 1),))
    plain, none = trim("\n  a b \n", ())
    assert (plain, none) == ("a b", ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start a_12", [("bot_command", 0, 6)]),
        ("gõ /ask@hoibao_bot nhé", [("bot_command", 3, 15)]),
        ("1/2 và a/b", []),
        ("@hoibao_bot ai dự?", [("mention", 0, 11)]),
        ("😀 #bão_lũ", [("hashtag", 3, 7)]),
        ("xem https://a.vn/b?c=1.", [("url", 4, 18)]),
        ("trang baohaiduong.vn/tin", [("url", 6, 18)]),
        ("viết cho a.b@bao.vn", [("email", 9, 10)]),
    ],
)
def test_commands_mentions_links_and_hashtags_are_found(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    entities = add_detected(text, ())
    assert [(each.type, each.offset, each.length) for each in entities] == found


def test_nothing_is_found_inside_code() -> None:
    assert add_detected("/start", (entity("code", 0, 6),)) == (entity("code", 0, 6),)


def test_safe_html_escapes_everything_that_is_not_an_entity() -> None:
    hostile = "<script>alert(1)</script> & \"'"
    assert "<" not in safe_html(hostile, ()).replace("&lt;", "")


def test_safe_html_nests_overlapping_entities() -> None:
    entities = (entity("bold", 0, 4), entity("italic", 2, 4))
    assert safe_html("abcdef", entities) == "<b>ab<i>cd</i></b><i>ef</i>"


def test_links_lead_nowhere_but_to_the_web_and_telegram() -> None:
    entities = (entity("text_link", 0, 1, url="javascript:alert(1)"),)
    assert safe_html("x", entities) == "x"
    link = safe_html("x", (entity("text_link", 0, 1, url='https://a.vn/"><script>'),))
    assert "<script>" not in link
    assert 'target="_blank"' in link
    assert "noopener" in link


def test_a_block_takes_the_line_breaks_around_it() -> None:
    text, entities = parse_html("a\n<blockquote>b</blockquote>\nc")
    assert safe_html(text, entities) == "a<blockquote>b</blockquote>c"


TAGS = ("b", "i", "u", "s", "code", "blockquote", "tg-spoiler")
PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&\"'"), max_size=8
)
MARKED = st.recursive(
    PLAIN,
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(st.lists(MARKED, max_size=4).map("".join))
def test_well_formed_html_always_parses_within_its_text(source: str) -> None:
    text, entities = parse_html(source)
    assert all(0 <= each.offset < each.end <= utf16_length(text) for each in entities)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_either_parses_or_is_refused(source: str) -> None:
    with suppress(ApiError):
        text, _ = parse_html(source)
        assert len(text) <= len(source)


KINDS = st.sampled_from(["bold", "italic", "blockquote", "code", "url", "text_link", "unknown"])
SPANS = st.builds(
    Entity, type=KINDS, offset=st.integers(0, 30), length=st.integers(0, 30), url=st.none()
)


@example(text=" ", entities=[])
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    st.lists(SPANS, max_size=6),
)
def test_safe_html_shows_the_text_and_only_known_tags(text: str, entities: list[Entity]) -> None:
    # With a parent of its own making, the parser drops white space at the beginning.
    tree = lxml_html.fragment_fromstring(f"<div>{safe_html(text, entities)}</div>")
    known = {"div", "b", "i", "code", "blockquote", "a"}
    assert {node.tag for node in tree.iter()} <= known
    assert "".join(tree.itertext()) == text
