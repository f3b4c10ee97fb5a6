import json
import logging
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles.readers.html import parse_html_page
from index.articles.readers.text_page import parse_text_page
from index.errors import InputError
from tests.support import paths

PAGES = sorted(paths.PAGES.glob("*.html"))
NOW = datetime(2026, 12, 31, tzinfo=UTC)

TITLE = "Thông xe cầu Bến Sỏi"
BODY = (
    "<p>Sáng 12/3, cầu Bến Sỏi bắc qua sông Thương chính thức thông xe.</p>"
    "<p>Cầu dài 486,5 m, do Công ty CP Xây dựng Tân Hưng thi công.</p>"
)
TEXT = (
    "Sáng 12/3, cầu Bến Sỏi bắc qua sông Thương chính thức thông xe.\n"
    "Cầu dài 486,5 m, do Công ty CP Xây dựng Tân Hưng thi công."
)


def page(head: str = "", body: str = BODY, title: str = f"<h1>{TITLE}</h1>") -> bytes:
    return (
        f'<html><head><meta charset="utf-8"><title>{TITLE}</title>{head}</head>'
        f"<body>{title}<div>{body}</div></body></html>"
    ).encode()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_page_of_the_corpus_gives_the_expected_article(path: Path) -> None:
    article = parse_html_page(path.read_bytes(), now=NOW)
    assert {
        "title": article.title,
        "text": article.text.split("\n"),
        "published": article.published.isoformat() if article.published else None,
        "author": article.author,
        "source": article.source,
    } == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_corpus_holds_at_least_twelve_layouts() -> None:
    assert len(PAGES) >= 12


def test_both_forms_of_the_shared_page_give_the_same_article(shared: Path) -> None:
    page = shared / "articles" / "hai-duong-2021-01-05"
    html = page.with_suffix(".html").read_bytes()
    text = page.with_suffix(".txt").read_text(encoding="utf-8")
    article = parse_html_page(html)
    assert article == parse_text_page(text)
    assert article.published == datetime.fromisoformat("2021-01-05T14:23:00+07:00")


@pytest.mark.parametrize(
    ("head", "stamp", "expected"),
    [
        ("", "<p>Thứ Ba 05/01/2021 14:23</p>", "2021-01-05T14:23:00+07:00"),
        ("", "<p class=post-meta>Hà Nội, 05/01/2021 14:23</p>", "2021-01-05T14:23:00+07:00"),
        ('<meta name="pubdate" content="2021-01-05T07:23:00Z">', "", "2021-01-05T07:23:00+00:00"),
        (  # the page gives its local clock as UTC: what it shows is right
            '<meta property="article:published_time" content="2021-01-05T14:23:00Z">',
            "<p>05/01/2021 14:23</p>",
            "2021-01-05T14:23:00+07:00",
        ),
        (  # the day from the head, its time from the page
            '<meta property="article:published_time" content="2021-01-05">',
            "<p>05/01/2021 14:23</p>",
            "2021-01-05T14:23:00+07:00",
        ),
        (
            '<script type="application/ld+json">[{"@type":"Thing"},{"@type":["NewsArticle"],'
            '"datePublished":"2021-01-05T14:23:00+07:00"}]</script>',
            "<p>06/01/2021 08:00</p>",
            "2021-01-05T14:23:00+07:00",
        ),
        (
            '<meta name="pubdate" content="2099-01-05">',
            "<p>05/01/2021</p>",
            "2021-01-05T00:00:00+07:00",
        ),
        (
            '<meta name="pubdate" content="31/02/2021">',
            "<p>05/01/2021</p>",
            "2021-01-05T00:00:00+07:00",
        ),
    ],
)
def test_the_publication_date_is_found(head: str, stamp: str, expected: str) -> None:
    article = parse_html_page(page(head, stamp + BODY), now=NOW)
    assert article.published is not None
    assert article.published.isoformat() == expected
    assert article.text == TEXT


def test_the_clock_in_the_header_is_not_the_publication_date() -> None:
    clock = "<div>Thứ ba, ngày 9/3/2021</div><div>Hôm nay: 9/3/2021 10:15</div>"
    assert parse_html_page(page(title=f"{clock}<h1>{TITLE}</h1>")).published is None


@pytest.mark.parametrize(
    ("head", "given", "url", "source"),
    [
        (
            '<link rel="canonical" href="https://a.example/1">',
            None,
            "https://a.example/1",
            "a.example",
        ),
        ('<link rel="canonical" href="/1">', None, None, None),
        ('<link rel="canonical" href="javascript:alert(1)">', None, None, None),
        (
            '<meta property="og:url" content="http://www.a.example/1">',
            None,
            "http://www.a.example/1",
            "a.example",
        ),
        (
            '<link rel="canonical" href="https://a.example/1">',
            "https://b.example/2",
            "https://b.example/2",
            "b.example",
        ),
        (
            '<meta property="og:site_name" content="Báo Phù Sa">',
            "https://b.example/2",
            "https://b.example/2",
            "Báo Phù Sa",
        ),
    ],
)
def test_address_and_source_come_from_the_page_or_the_address_given(
    head: str, given: str | None, url: str | None, source: str | None
) -> None:
    article = parse_html_page(page(head), url=given)
    assert (article.url, article.source) == (url, source)


@pytest.mark.parametrize(
    "title",
    [
        f"{TITLE} | Báo Sông Thương",
        f"{TITLE} - Báo Sông Thương",
        f"{TITLE} – Thời sự – songthuong.vn",
        f"{TITLE} » Trang tin",
    ],
)
def test_the_site_s_name_is_cut_from_the_title(title: str) -> None:
    html = f'<meta charset="utf-8"><title>{title}</title><body>{BODY}'.encode()
    assert parse_html_page(html).title == TITLE


@pytest.mark.parametrize("separator", [" | ", " - ", " » "])
def test_a_title_of_very_many_parts_is_cut_like_another(separator: str) -> None:
    title = TITLE + f"{separator}Báo Sông Thương" * 20_000
    html = f'<meta charset="utf-8"><title>{title}</title><body>{BODY}'.encode()
    assert parse_html_page(html).title == TITLE


def test_a_dash_within_a_headline_is_kept() -> None:
    html = '<meta charset="utf-8"><title>Kim Sơn - Hoa Lư: ba bàn thắng</title><body>' + BODY
    assert parse_html_page(html.encode()).title == "Kim Sơn - Hoa Lư: ba bàn thắng"


@pytest.mark.parametrize(
    "related",
    [
        '<div><h3>Tin liên quan</h3><ul><li><a href="/1">Một bài báo khác</a></li></ul></div>',
        '<p><b>Bài viết khác:</b></p><ul><li><a href="/1">Một bài báo khác</a> (12/3)</li></ul>',
        '<div class="related-news"><p>Một bài báo khác, dài như một câu văn bình thường.</p></div>',
        '<p><a href="/1">Một bài báo khác dài năm chữ</a></p>',
        '<p>&gt;&gt; <a href="/1">Một bài báo khác</a></p>',
        '<p style="display: none">Chữ ẩn không ai thấy được trên trang này.</p>',
        "<script>var a = '<p>Chữ trong mã không phải là bài báo.</p>'</script>",
    ],
)
def test_related_links_within_the_body_are_cut_and_the_rest_is_kept(related: str) -> None:
    first, second = BODY.split("</p><p>")
    assert parse_html_page(page(body=f"{first}</p>{related}<p>{second}")).text == TEXT


def test_repeated_and_short_paragraphs_are_kept_in_their_order() -> None:
    paragraphs = [
        "Đúng vậy.",
        "Không ai vắng mặt trong buổi họp sáng nay ở xã.",
        "Đúng vậy.",
        "Hết giờ.",
    ]
    body = BODY + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert parse_html_page(page(body=body)).text == "\n".join([TEXT, *paragraphs])


def test_inline_markup_does_not_part_words() -> None:
    body = BODY.replace("cầu Bến Sỏi", "<b>cầu </b><i>Bến</i> <a href='/x'>S<u>ỏi</u></a>")
    assert parse_html_page(page(body=body)).text == TEXT


@pytest.mark.parametrize(
    "html",
    [
        b"<html></html>",
        b"<",
        b"<html><body><ul>" + b"<li><a href='/x'>Trang tin</a></li>" * 50 + b"</ul></body></html>",
        b"<frameset><frame src='x'></frameset>",
        b"<div>" * 20_000 + b"abc",
        b"<p></p>" * 200_000,
        b"<p></p>" * 2_000_000,
        b"<h3>Tin li\xc3\xaan quan</h3>" * 5_000,
    ],
)
def test_a_page_without_an_article_is_rejected(html: bytes) -> None:
    with pytest.raises(InputError, match=r"no article in the page|too large or too deep"):
        parse_html_page(html)


def test_tcvn3_hidden_in_entities_is_rejected_by_name() -> None:
    body = (
        "<p>H&#233;i ngh&#222; giao ban B&#233; C&#171;ng an, "
        "B&#233; Qu&#232;c ph&#223;ng h&#171;m nay.</p>"
    )
    with pytest.raises(InputError, match="TCVN3"):
        parse_html_page(f"<html><body>{body}</body></html>".encode())


def test_reading_a_page_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(InputError):
        parse_html_page(b"<html><body><p>x</p></body></html>")
    parse_html_page(page())
    assert caplog.records == []


@settings(max_examples=60)
@given(st.sampled_from(PAGES), st.integers(0, 2**32))
def test_a_mangled_page_becomes_an_article_or_an_input_error(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 40)):
        start = chance.randrange(len(data))
        if chance.random() < 0.5:
            del data[start : start + chance.randint(1, 60)]
        else:
            data[start:start] = chance.choice(
                [b"<div>", b"</div>", b"<p", b">", b'"', b"<!--", b"\xe1"]
            )
        if not data:
            break
    try:
        article = parse_html_page(bytes(data), now=NOW)
    except InputError:
        return
    assert article.text.strip()


def test_a_page_of_very_many_elements_is_read() -> None:
    """Fuzzing found it: 19,000 line breaks in 150 kB took over a second."""
    sentences = "Sáng nay, xã Tân Lập khánh thành cây cầu mới bắc qua sông. " * 3
    body = f"<h1>Khánh thành cây cầu mới ở Tân Lập</h1><p>{sentences}</p>{'<br>' * 10_000}"
    page = f"<html><body>{body}</body></html>".encode()
    assert parse_html_page(page).text == sentences.strip()
