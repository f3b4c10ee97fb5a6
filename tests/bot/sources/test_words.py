"""Each error of the library is put into words of the reader's language."""

import json
import pickle
import re
import ssl
from typing import Any

import httpx
import pytest

from bot.messages import Messages
from bot.messages.voice import Translator
from bot.sources.words import TROUBLE_LIMIT, localize_error, render_readings
from index.articles.readers.html import parse_html_page
from index.errors import InputError
from index.models.problem import Code, Problem, from_stored, reason, to_stored
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError, FetchError
from index.sources.feeds.xml import read_text
from index.sources.fetch.fetcher import Fetcher, _translate_errors
from index.sources.kinds import FORMATS
from index.store.sources import SourceReadings
from tests.support.fetching import fetch_error
from tests.support.paths import FEEDS
from tests.support.web_site import Site, endless, hang, no_http, reset

EXPECTED: dict[str, dict[str, Any]] = json.loads((FEEDS / "expected.json").read_text("utf-8"))
BAD = [name for name, outcome in EXPECTED.items() if "error" in outcome]

VIETNAMESE = Translator(Messages.load(), "vi", "hoibao_bot")
ENGLISH_WORDS = re.compile(r"\b(?:is|it|the|not|was|of|and)\b")


@pytest.mark.parametrize("name", BAD)
def test_a_bad_source_of_the_set_is_told_in_vietnamese(name: str) -> None:
    wanted = EXPECTED[name]
    parse = FORMATS[SourceKind(wanted["read"])].parse
    body = (FEEDS / name).read_bytes()
    with pytest.raises(FeedError) as caught:
        parse(read_text(body, wanted["url"]), wanted["url"])
    told = localize_error(VIETNAMESE, reason(caught.value))
    assert not ENGLISH_WORDS.search(told), told


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/none", "máy chủ báo lỗi 404 Not Found (127.0.0.1)"),
        ("/no-http", "không kết nối được (127.0.0.1)"),
        ("/reset", "không kết nối được (127.0.0.1)"),
        ("/endless", "nội dung quá lớn (127.0.0.1)"),
        ("/round", "bị chuyển hướng quá nhiều lần (127.0.0.1)"),
        ("/brotli", "nội dung nén theo kiểu không được hỗ trợ (127.0.0.1)"),
        ("/forbidden", "robots.txt của trang không cho phép (127.0.0.1)"),
        ("/elsewhere", "đây không phải địa chỉ web (127.0.0.1)"),
    ],
)
async def test_what_a_site_does_is_told_in_vietnamese(
    site: Site, fetcher: Fetcher, path: str, words: str
) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /forbidden")
    site.handlers |= {"/no-http": no_http, "/reset": reset, "/endless": endless}
    site.redirect("/round", "/round")
    site.redirect("/elsewhere", "mailto:a@bao.example")
    site.page("/brotli", b"x", headers={"Content-Encoding": "br"})
    trouble = reason(await fetch_error(fetcher, site.url(path)))
    assert localize_error(VIETNAMESE, trouble) == words


async def test_that_a_site_does_not_answer_is_told_in_vietnamese(
    site: Site, hasty: Fetcher
) -> None:
    site.handlers["/hang"] = hang
    trouble = reason(await fetch_error(hasty, site.url("/hang")))
    assert localize_error(VIETNAMESE, trouble) == "máy chủ trả lời quá chậm (127.0.0.1)"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1/", "địa chỉ này không công khai trên Internet (127.0.0.1)"),
        ("http://bao.invalid/", "tên miền không tồn tại (bao.invalid)"),
        ("http://127.0.0.1:22/", "không dùng được cổng 22 (127.0.0.1)"),
        (
            "http://a:b@bao.example/",
            "không nhận địa chỉ kèm tên đăng nhập và mật khẩu (bao.example)",
        ),
        ("http://127.1/", "đây không phải địa chỉ web (127.1)"),
        ("file:///etc/passwd", "đây không phải địa chỉ web"),
    ],
)
async def test_what_is_wrong_with_an_address_is_told_in_vietnamese(
    address: str, words: str
) -> None:
    async with Fetcher() as fetcher:
        trouble = reason(await fetch_error(fetcher, address))
    assert localize_error(VIETNAMESE, trouble) == words


def test_a_page_without_an_article_is_told_in_vietnamese() -> None:
    with pytest.raises(InputError) as caught:
        parse_html_page(b"<html><body><nav><a href='/'>Menu</a></nav></body></html>")
    assert localize_error(VIETNAMESE, reason(caught.value)) == "không có bài nào đọc được"


def test_a_certificate_that_is_not_valid_is_told_from_other_failures() -> None:
    failure = httpx.ConnectError("no handshake")
    failure.__cause__ = ssl.SSLCertVerificationError("self-signed")
    with pytest.raises(FetchError) as caught, _translate_errors("bao.example"):
        raise failure
    told = localize_error(VIETNAMESE, reason(caught.value))
    assert told == "chứng chỉ bảo mật của trang không hợp lệ (bao.example)"


@pytest.mark.parametrize("code", Code)
def test_each_code_has_words_in_both_languages_and_in_english_for_the_shell(code: Code) -> None:
    names = re.findall(r"{(\w+)", code.english)
    problem = Problem(code, "a.example", **dict.fromkeys(names, 7))
    assert problem.startswith("a.example: ")
    vietnamese, english = (
        localize_error(Translator(VIETNAMESE.messages, language, "hoibao_bot"), problem)
        for language in ("vi", "en")
    )
    assert vietnamese != english
    assert "{" not in vietnamese + english


def test_a_problem_survives_the_store_and_another_process() -> None:
    problem = Problem(Code.STATUS, "a.example", status="404 Not Found")
    for again in (from_stored(to_stored(problem)), pickle.loads(pickle.dumps(problem))):
        assert again == "a.example: it answered 404 Not Found"
        assert localize_error(VIETNAMESE, again) == "máy chủ báo lỗi 404 Not Found (a.example)"


@pytest.mark.parametrize("words", ["a.example: it broke", "7", "{}", '{"code": "none"}'])
def test_words_of_earlier_versions_are_shown_as_they_are(words: str) -> None:
    assert localize_error(VIETNAMESE, from_stored(to_stored(words))) == words


def test_what_is_not_known_is_shown_as_it_is_on_one_line() -> None:
    assert localize_error(VIETNAMESE, "a.example: something\n new ") == "a.example: something new"
    assert localize_error(VIETNAMESE, "") == ""
    assert len(localize_error(VIETNAMESE, "x: " + "y" * 1000)) == TROUBLE_LIMIT


def test_what_was_cut_is_told_by_its_commonest_reasons() -> None:
    cuts = {"beside the article": 1200, "unheard of": 40, "date": 30, "author": 20, "tool": 10}
    told = render_readings(VIETNAMESE, SourceReadings(sentences=(7, 7), cuts=cuts)).html
    assert told.splitlines() == [
        "2 bài gần nhất: mỗi bài 7 câu.",
        "Số dòng đã bỏ: ngoài bài 1.200, ngày và tác giả 50, phần khác 40.",
    ]
