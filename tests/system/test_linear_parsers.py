"""Every parser of foreign text costs time in proportion to it, and bounded memory."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import count, islice

import pytest

from bot.conversation.callback_data import CallbackData
from bot.messages.html import Piece
from bot.playground.bot_api.html_parser import parse_html as parse_message
from bot.playground.errors import ApiError
from bot.questions.callbacks import CALLBACKS
from index.alerts.parser import parse as parse_query
from index.articles.abbreviations import find_definitions
from index.articles.readers.boilerplate import is_boilerplate
from index.articles.readers.encoding import decode
from index.articles.readers.html import parse_html, parse_html_page
from index.articles.readers.html.marks import mark_of
from index.articles.readers.html.metadata import read_metadata
from index.articles.readers.text_page import parse_text_page
from index.articles.urls import normalize_url, registered_domain
from index.errors import HoiBaoError
from index.language.analyser import Analyser
from index.language.dates import is_date_line, mentions_period, parse_date_request, read_datetime
from index.language.english import parse_english_question
from index.language.sentences import split_sentences
from index.models.period import Period
from index.search.answer_spans import answer_spans
from index.search.overviews.introductions import introduction_strengths
from index.search.query.analysis import literal_query
from index.search.query.chat_language import expand_shorthand, remove_courtesies
from index.search.query.filters import parse_filters
from index.search.query.model import AnswerType, QuestionTerms, answer_type
from index.search.quotes import highlights
from index.sources.feeds.listing import parse_listing
from index.sources.feeds.opml import parse_opml
from index.sources.feeds.rss import parse_feed
from index.sources.feeds.sitemap import parse_sitemap
from index.sources.feeds.xml import html_to_text, resolve_link
from index.sources.fetch.network import check_address
from tests.support.growth import MOST_GROWTH, growth, repeated

ANALYSER = Analyser()
QUERY = literal_query("Mường Lống", ANALYSER.analyse("Mường Lống"))
URL = "https://bao.example/rss"
NOW = datetime(2021, 3, 10, tzinfo=UTC)
TODAY = date(2021, 3, 10)
DAY = Period(TODAY, TODAY)
SENTENCE = "Ngày 5/1/2021, ông Nguyễn Văn A dự hội nghị ở Hà Nội. "

PAGES = ["<h1>", "<h1>a b c ", "<div><p>", "<a href=/a>", "<p>" + SENTENCE, "<table><tr><td>", "<b"]
PAGES += ["<p>Tin liên quan", "<div>Bình luận (1)", "<p>Tác giả: Lê Na", "<dt>a<dd>b", "<time>"]
FEEDS = ["<item>", "<item><title>a</title></item>", "&amp;", "&x", "<![CDATA[", "<!--", "<a b='c' "]
JSON = ['{"url": "https://a.example/1", "title": "a"},', "[", '{"a":', '"\\ud800",']
ADDRESSES = ["/amp", "/index.html", "m.", "../", "%41", "&a=b", ";sid=1", "https://", "xn--"]
TEXTS = [
    SENTENCE,
    "a ",
    "1/",
    "1.",
    "U.S.",
    "tháng 1 ",
    "từ 1 đến ",
    " | a",
    "thế ạ ",
    "“",
    "a_",
    "?",
]

CASES: dict[str, tuple[Callable[[str], object], str, list[str], int]] = {
    "a page": (lambda text: parse_html_page(text.encode(), URL, now=NOW), "<body>", PAGES, 64_000),
    "a listing": (lambda text: parse_listing(text, URL), "<body>", PAGES, 64_000),
    "a text page": (lambda text: parse_text_page(text, NOW), "Tin\n", [*TEXTS, "a\n"], 64_000),
    "bytes": (lambda text: decode(text.encode("utf-8")[1:]), "ộ", [*TEXTS, "ộ"], 64_000),
    "RSS": (lambda text: parse_feed(text, URL, NOW), "<rss><channel>", FEEDS, 64_000),
    "a sitemap": (lambda text: parse_sitemap(text, URL, NOW), "<urlset>", FEEDS, 64_000),
    "JSON": (lambda text: parse_feed(text, URL, NOW), '{"items": [', JSON, 64_000),
    "OPML": (lambda text: parse_opml(text.encode(), "a"), "<opml><body>", FEEDS, 64_000),
    "markup": (html_to_text, "", [*FEEDS, *PAGES, "<script>"], 64_000),
    "a link": (lambda text: resolve_link(URL, text), "", ADDRESSES, 64_000),
    "an address": (normalize_url, "https://bao.example/", ADDRESSES, 64_000),
    "a host": (registered_domain, "https://", ADDRESSES, 64_000),
    "an address to fetch": (lambda text: check_address(text, (443,)), URL, ADDRESSES, 64_000),
    "the titles of a page": (
        lambda text: read_metadata(parse_html(f"<title>{text}</title>")),
        "a b c",
        [*TEXTS, " - Báo"],
        64_000,
    ),
    "sentences": (split_sentences, "", TEXTS, 64_000),
    "terms": (ANALYSER.analyse, "", TEXTS, 16_000),
    "abbreviations": (find_definitions, "", [*TEXTS, "(ABC) ", "a b (AB"], 64_000),
    "a date line": (is_date_line, "", TEXTS, 64_000),
    "a date": (read_datetime, "", TEXTS, 64_000),
    "the dates of a question": (lambda text: parse_date_request(text, TODAY), "", TEXTS, 16_000),
    "the dates of an article": (lambda text: mentions_period(text, DAY, NOW), "", TEXTS, 64_000),
    "an English question": (parse_english_question, "", [*TEXTS, "AB "], 64_000),
    "filters": (
        lambda text: parse_filters(text, TODAY),
        "",
        [*TEXTS, "từ:1 ", 'nguồn:"a '],
        16_000,
    ),
    "courtesies": (remove_courtesies, "", [*TEXTS, "em xin "], 16_000),
    "shorthand": (expand_shorthand, "", [*TEXTS, "ko "], 16_000),
    "the type of a question": (answer_type, "", [*TEXTS, "ai ", "bao nhiêu "], 16_000),
    "a subscription": (
        lambda text: parse_query(text, ANALYSER),
        "",
        [*TEXTS, '"a', "-a ", "(", "a OR "],
        16_000,
    ),
    "highlights": (
        lambda text: highlights(QUERY, text),
        "",
        ["Mường Lống, ", "ngày 1/2 ", "(1/2 ", "Mường "],
        8_000,
    ),
    "what is counted": (
        lambda text: answer_spans(AnswerType.HOW_MANY, text, QuestionTerms(frozenset(), ("hộ",))),
        "",
        ["hộ ", "12 hộ ", "hộ 12 "],
        8_000,
    ),
    "introductions": (
        lambda text: introduction_strengths([text], "Mường Lống"),
        "",
        ["A", "Mường Lống ", "một vị "],
        4_000,
    ),
    "callback data": (
        lambda text: CallbackData.decode(text, CALLBACKS),
        "1",
        ["a", "_", "1"],
        16_000,
    ),
    "a message": (parse_message, "", ["<b>", "<b>a</b>", "&lt;", "<a href='a'>", "<"], 16_000),
    "a piece": (Piece.parse, "", ["<b>", "<b>a</b>", "&lt;", "<"], 16_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_parser_is_linear_in_its_text(name: str) -> None:
    parse, before, units, longest = CASES[name]

    def scan(text: str) -> None:
        with suppress(HoiBaoError, ApiError):
            parse(text)

    for unit in units:
        small, large = (repeated(before, unit, "", size) for size in (longest // 16, longest))
        assert growth(scan, small, large) < MOST_GROWTH, f"{before!r} + n * {unit!r}"


def test_headings_in_each_other_cost_no_more_than_others() -> None:
    def page(headings: int) -> bytes:
        return b"<h1>" * headings + b"<p>Lu quet o Muong Long. </p>" * 2_000 + b"</h1>" * headings

    def parse(headings: int) -> None:
        with suppress(HoiBaoError):
            parse_html_page(page(headings), URL, now=NOW)

    assert growth(parse, 15, 240) < 16


def test_links_to_more_cost_the_same_each() -> None:
    def parse(links: int) -> None:
        with suppress(HoiBaoError):
            parse_html_page(b"<li><a href=/a>Xem th\xc3\xaam</a>" * links, URL, now=NOW)

    assert growth(parse, 250, 4_000) < 40


def test_letters_of_a_class_name_cost_the_same_each() -> None:
    numbers = count()

    def mark(letters: int) -> None:
        for number in islice(numbers, 100):  # new names, for none is read twice
            mark_of((f"{number:b}".replace("0", "o").replace("1", "i").rjust(letters, "x"),))

    assert growth(mark, 20, 80) < 10


def test_counts_of_views_in_a_line_cost_no_more_than_others() -> None:
    few, many = (", lượt đọc " * count + "!" for count in (1, 6))
    assert growth(is_boilerplate, few, many) < MOST_GROWTH
