"""Fuzz targets: parsers of untrusted text, each with seed inputs."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from pydantic import AnyHttpUrl, SecretStr
from telegram import Update
from telegram.error import TelegramError
from telegram.request import RequestData

from bot.alerts.rendering import AlertAction
from bot.app.application import BotApplication, build_application
from bot.chat_settings.language import LanguageAction
from bot.chat_settings.views import ChatAction
from bot.conversation.callback_data import CallbackData
from bot.questions.keyboards import AnswerAction
from bot.settings import Settings
from bot.sources.views import SourceAction
from bot.subscriptions.views import SubscriptionAction
from bot.transport.connection import BotApiRequest
from bot.transport.polling import PollingRequest
from bot.transport.rate_limiter import RateLimiter
from index import Library
from index.alerts import SubscriptionError, alert_highlights
from index.articles.readers import parse_html_page
from index.articles.urls import host_of, is_localhost, normalize_url, registered_domain
from index.errors import InputError, QuestionError
from index.language.dates import (
    format_datetime,
    is_date_line,
    is_plausible_date,
    mentions_period,
    parse_date_request,
    parse_iso,
    read_datetime,
    shows_today,
)
from index.models.period import Period
from index.models.source_kind import SourceKind
from index.sources.errors import FeedError, FetchError
from index.sources.feeds import compile_pattern, parse_opml
from index.sources.feeds.items import deduplicate_items
from index.sources.feeds.xml import resolve_link
from index.sources.fetch.fetcher import Fetched
from index.sources.fetch.network import check_address
from index.sources.kinds import detect_kind, parse_source
from tests.support.articles import ARTICLES
from tests.support.fuzzing import Target
from tests.support.libraries import open_library
from tests.support.paths import DATA, FEEDS, PAGES

Run = Callable[[bytes], object]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()
PAGE = "https://baothu.example/tin/bai-1.html"
PATTERN = r"^/tin/.*-\d+\.html$"
TOKEN = "123456789:fuzz"
LONGEST_MESSAGE = 4_096  # Telegram: characters of a message
BACKGROUND_SECONDS = 2.0  # for which tasks beside an update are awaited
UNLIMITED = 10**9  # questions a minute
_ACTIONS = (
    *(*AlertAction, *AnswerAction, *ChatAction),
    *(*LanguageAction, *SourceAction, *SubscriptionAction),
)


def _pages(_: ExitStack) -> Run:
    return lambda data: parse_html_page(data, PAGE, now=NOW)


def _source(kind: SourceKind, pattern: str | None = None) -> Callable[[ExitStack], Run]:
    def parse(data: bytes) -> None:
        response = Fetched(
            final_url=PAGE,
            not_modified=False,
            body=data,
            charset=None,
            etag=None,
            last_modified=None,
            max_age=None,
        )
        detect_kind(response)
        deduplicate_items(parse_source(response, kind, pattern).items)

    return lambda _: parse


def _listing(stack: ExitStack) -> Run:
    guess, given = (_source(SourceKind.LISTING, pattern)(stack) for pattern in (None, PATTERN))

    def parse(data: bytes) -> None:
        try:
            guess(data)
        finally:
            given(data)

    return parse


def _pattern(_: ExitStack) -> Run:
    def match(data: bytes) -> None:
        pattern, _, path = _text(data).partition("\n")
        compile_pattern(pattern).search(path)

    return match


def _opml(_: ExitStack) -> Run:
    return lambda data: parse_opml(data, "list.opml")


def _dates(_: ExitStack) -> Run:
    period = Period(date(2021, 1, 1), date(2021, 1, 31))

    def read(data: bytes) -> None:
        text = _text(data)
        parse_date_request(text, TODAY)
        is_date_line(text)
        shows_today(text)
        if moment := read_datetime(text):
            is_plausible_date(moment, NOW)
            format_datetime(moment), format_datetime(moment, "en")
        for published in (None, NOW):
            mentions_period(text, period, published)
        parse_iso(text)

    return read


def _addresses(_: ExitStack) -> Run:
    def read(data: bytes) -> None:
        url = _text(data)
        normal = normalize_url(url)
        assert normalize_url(normal) == normal, "not idempotent"
        host_of(url), registered_domain(url), is_localhost(url)
        resolve_link(PAGE, url), resolve_link(url, "/a?b#c")
        check_address(url, range(1, 65536))

    return read


def _questions(stack: ExitStack) -> Run:
    library = _library(stack)

    def ask(data: bytes) -> None:
        question = _text(data)
        quotes = library.ask(question, today=TODAY).quotes
        if quotes:
            library.ask(question, scope=[quotes[0].article.number], today=TODAY)
        library.alert_queries.topic(question, quotes)

    return ask


def _subscriptions(stack: ExitStack) -> Run:
    alerts = _library(stack).alert_queries

    def read(data: bytes) -> None:
        query = alerts.read(_text(data))
        for written in (str(query), query.as_typed):
            assert alerts.read(written) == query, "not the same when read again"
        alerts.expect(query)
        for article in ARTICLES:
            alert_highlights(query, article.text)

    return read


def _callback_data(_: ExitStack) -> Run:
    def decode(data: bytes) -> None:
        text = _text(data)
        decoded = CallbackData.decode(text, _ACTIONS)
        assert decoded is None or decoded.encode() == text

    return decode


def _updates(stack: ExitStack) -> Run:
    """Give updates to the bot, with a Bot API that takes everything, and limits nothing."""
    errors = _Errors()
    stack.enter_context(patch.object(logging.getLogger(), "handlers", [errors]))
    stack.enter_context(patch.object(BotApiRequest, "do_request", _answer_request))
    stack.enter_context(patch.object(RateLimiter, "process_request", _without_waiting))
    runner = stack.enter_context(asyncio.Runner())
    settings = Settings(token=SecretStr(TOKEN), api_url=AnyHttpUrl("http://127.0.0.1:1"))
    settings = settings.model_copy(update={"questions_per_minute": UNLIMITED})
    library = _library(stack)

    async def build() -> BotApplication:
        application = build_application(library, settings)
        await application.initialize()
        return application

    application = runner.run(build())
    stack.callback(lambda: runner.run(application.shutdown()))

    async def process(data: bytes) -> None:
        payload = b'{"ok": true, "result": [%s]}' % data
        for content in PollingRequest.parse_json_payload(payload)["result"]:
            update = Update.de_json(content, application.bot)
            await application.process_update(update)
        if rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest, timeout=BACKGROUND_SECONDS)

    def take(data: bytes) -> None:
        try:
            runner.run(process(data))
        except (TelegramError, TypeError) as error:  # what fetching updates takes for no updates
            if _is_of_answer(error):
                return
            raise
        errors.raise_first()

    return take


def _is_of_answer(error: Exception) -> bool:
    return isinstance(error, TelegramError) or "update" in str(error)


class _Errors(logging.Handler):
    """Errors of handlers, which the bot logs."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error and not isinstance(error, TelegramError):
            self._found.append(error)

    def raise_first(self) -> None:
        found, self._found = self._found, []
        if found:
            raise found[0]


async def _answer_request(
    _: BotApiRequest, url: str, method: str, request_data: RequestData | None = None, **__: object
) -> tuple[int, bytes]:
    """Answer a request as a Bot API that grants everything."""
    chat = request_data.parameters.get("chat_id", 1001) if request_data else 1001
    bot = {"id": 123456789, "is_bot": True, "first_name": "Hỏi Báo", "username": "hoibao_bot"}
    message = {
        "message_id": 500,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private" if str(chat)[:1] != "-" else "supergroup"},
        "from": bot,
        "text": "…",
    }
    results: dict[str, object] = {
        "getMe": bot,
        "sendMessage": message,
        "sendDocument": message,
        "sendPhoto": message,
        "editMessageText": message,
        "getChatMember": {"status": "creator", "user": bot, "is_anonymous": False},
        "getChatAdministrators": [],
        "getChat": message["chat"],
    }
    result = results.get(url.rpartition("/")[2], True)
    return 200, json.dumps({"ok": True, "result": result}).encode()


async def _without_waiting(
    _: RateLimiter,
    callback: Callable[..., Awaitable[object]],
    args: Iterable[object],
    kwargs: Mapping[str, object],
    **__: object,
) -> object:
    return await callback(*args, **kwargs)


def _library(stack: ExitStack) -> Library:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    return stack.enter_context(open_library(folder / "data", ARTICLES))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _files(*patterns: str) -> tuple[bytes, ...]:
    found = (path for pattern in patterns for path in sorted(FEEDS.glob(pattern)))
    return tuple(path.read_bytes() for path in found if path.suffix != ".gz")


def _lines(text: str) -> tuple[bytes, ...]:
    return tuple(line.strip().encode() for line in text.strip().splitlines())


_QUESTIONS = """
ai dự hội nghị thủy lợi?
ai du hoi nghi thuy loi nam 2022
who attended the conference in December 2022?
"hai cây cầu" source:"Báo Sông Thương" since:1/9/2023
từ:3/9/2023 đến:2023-12-31 nguồn:"Báo Sông Thương" lũ quét vì sao?
bao nhiêu km kênh mương được nạo vét hôm qua, tháng 1/2021, hay 3 ngày qua?
kinh phí hơn 42,5 tỷ đồng -thủy UBND tỉnh TP.HCM
đội bóng trường Lê Lợi thắng trường Nguyễn Du 3-1 ngày 20/5?
hai mươi mốt nghìn ba trăm lẻ năm triệu đồng?
"""
_SUBSCRIPTIONS = """
bão lũ
"lũ quét" -"thủy điện" title:cầu source:"Báo Sông Thương"
nguồn:báo -tiêu đề:bóng đá ma
tieu de:“hội nghị” –mưa *
*
U-23 Việt Nam 5G COVID-19 -- -x
"""
_DATES = """
Cập nhật lúc 14h23 ngày 5/1/2021
Thứ ba, 05/01/2021 14:23 (GMT+7)
Mon, 12 Oct 2020 10:00:00 +0700
2020-10-12T10:00:00.123456+07:00
12 tháng 10, 2020 | 3:05 PM
Minh Anh | 05/01/2021 14:23 CH
hôm qua, tuần trước, 3 ngày qua, tháng 1/2021 đến tháng 3 năm 2021, quý IV/2020
since last Monday, from May 3 to June 5, 2021, the first three months of 2020
từ 5 đến ngày 7 tháng 1 năm 2021; sáng 5/1; đêm 29/2; năm 2020
nửa đầu năm ngoái, cuối tuần này, đầu tháng 12, mười ngày trước
12 Thg10 2020
1602471600
"""
_ADDRESSES = """
https://www.baothu.example/tin/bai-1.html?utm_source=rss&id=5#top
HTTP://M.Báo.example:80/a/../b/./amp/index.html;jsessionid=1?&&amp=1&x=%41%zz
http://[::1]:8080/a?b=c&b=d
http://user:pass@0x7f.1:443/
//báo.example./%E1%BB%99%
http://xn--bo-cka.example/\u0301
mailto:a@b.example
http://127.0.0.1.:99999/
https://amp.mobile.m.www.com.vn/home.aspx/amp
"""
_PATTERNS = ("/tin/*-*.html\n/tin/a-1.html", "**\n/a/b", r"^/(\d{3,}|[a-z]+)+$" + "\n/12345abc!")
_OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Nguồn</title></head><body>
<outline text="Báo"><outline type="rss" text="Báo Thử" xmlUrl="https://baothu.example/rss"/>
<outline type="sitemap" text="S" url="https://baothu.example/sitemap.xml"/>
<outline type="listing" title="L &amp; M" url="https://baothu.example/tin" pattern="/tin/*"/>
</outline></body></opml>"""


def _update_seeds() -> tuple[bytes, ...]:
    person = {"id": 1001, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
    chat = {"id": 1001, "type": "private", "first_name": "Lan"}
    group = {"id": -1001, "type": "supergroup", "title": "Tổ dân phố", "is_forum": True}
    message = {"message_id": 7, "date": 1_700_000_000, "chat": chat, "from": person}
    answer = message | {"message_id": 6, "text": "“Hội nghị…” 1as00::1"}
    answer["from"] = {"id": 123456789, "is_bot": True, "first_name": "B", "username": "hoibao_bot"}
    command = [{"type": "bot_command", "offset": 0, "length": 4}]
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    texts = (
        *("/start", "/help", "/start abc", "/ask", "/ask ai dự hội nghị?", "/latest", "/sources"),
        *("/lang", "/lang en", "/subscribe", "/subscribe bão lũ", "/subscriptions", "/quiet"),
        *("/unsubscribe 1", "/quiet 22:00-7:30", "/quiet off", "/export", "/forget", "/what"),
        *("ai dự hội nghị thủy lợi?", "vì sao lũ quét?", "giá vàng hôm nay?", "22h-6h"),
    )
    contents: list[dict[str, Any]] = [{"message": message | {"text": text}} for text in texts]
    for item in contents:
        text = item["message"]["text"]
        if text.startswith("/"):
            item["message"]["entities"] = [command[0] | {"length": len(text.split()[0])}]
    in_group = message | {"chat": group, "message_thread_id": 2, "is_topic_message": True}
    contents += [
        {"message": in_group | {"text": "@hoibao_bot vì sao lũ quét?", "entities": mention}},
        {"message": message | {"text": "vì sao?", "reply_to_message": answer}},
        {"message": message | {"caption": "vì sao?", "photo": [], "media_group_id": "1"}},
        {"message": message | {"sticker": None, "dice": {"emoji": "🎲", "value": 3}}},
        {"message": message | {"poll": None, "location": {"longitude": 1.5, "latitude": 2}}},
        {"message": in_group | {"migrate_to_chat_id": -1002}},
        {"edited_message": message | {"text": "ai dự hội nghị?", "edit_date": 1_700_000_001}},
        {"inline_query": {"id": "1", "from": person, "query": "hội nghị", "offset": ""}},
        {
            "my_chat_member": {
                "chat": group,
                "from": person,
                "date": 1_700_000_000,
                "old_chat_member": {"status": "left", "user": answer["from"]},
                "new_chat_member": {"status": "member", "user": answer["from"]},
            }
        },
    ]
    press = {"id": "1", "from": person, "chat_instance": "1", "message": answer}
    recorded = json.loads((DATA / "callback_data.json").read_text("utf-8"))
    data = sorted({row["data"] for rows in recorded.values() for row in rows})
    contents += [{"callback_query": press | {"data": each}} for each in data]
    return tuple(json.dumps({"update_id": 1} | each).encode() for each in contents)


def _callback_seeds() -> tuple[bytes, ...]:
    recorded = json.loads((DATA / "callback_data.json").read_text("utf-8"))
    return tuple(sorted({row["data"].encode() for rows in recorded.values() for row in rows}))


TARGETS = {
    "updates": Target(_updates, _update_seeds(), longest=20_000),
    "pages": Target(
        _pages, tuple(path.read_bytes() for path in sorted(PAGES.glob("*.html"))), (InputError,)
    ),
    "xml-feeds": Target(_source(SourceKind.FEED), _files("*.xml", "*.rdf"), (FeedError,)),
    "json-feeds": Target(_source(SourceKind.FEED), _files("*.json"), (FeedError,)),
    "opml": Target(_opml, (_OPML.encode(), *_files("rss20.xml")), (FeedError,)),
    "sitemaps": Target(_source(SourceKind.SITEMAP), _files("sitemap*.xml"), (FeedError,)),
    "listings": Target(_listing, _files("listing*.html"), (FeedError,)),
    "patterns": Target(_pattern, tuple(map(str.encode, _PATTERNS)), (FeedError,), 20_000),
    "dates": Target(_dates, _lines(_DATES), (InputError,), 3_000),
    "addresses": Target(_addresses, _lines(_ADDRESSES), (FetchError,), 4_000),
    "questions": Target(_questions, _lines(_QUESTIONS), (QuestionError,), LONGEST_MESSAGE),
    "subscriptions": Target(
        _subscriptions, _lines(_SUBSCRIPTIONS), (SubscriptionError,), LONGEST_MESSAGE
    ),
    "callback-data": Target(_callback_data, _callback_seeds(), longest=500),
}
