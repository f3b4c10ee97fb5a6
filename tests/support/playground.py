"""Client of the playground's two APIs, its people and chats, and a small echo bot."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
from telegram import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.playground import Playground
from index.sources.fetch.network import ssl_context
from tests.support.waiting import PATIENCE_SECONDS, Found, until

LAN: dict[str, Any] = {"id": 1001, "name": "Lan", "language": "vi"}
MINH: dict[str, Any] = {"id": 1002, "name": "Minh", "language": "vi"}
ANNA: dict[str, Any] = {"id": 1003, "name": "Anna", "language": "en"}
GROUP = -1_000_000_000_001
FORUM = -1_000_000_000_002
CHANNEL = -1_000_000_000_003
WEATHER, ECONOMY = 2, 3  # the forum's topics

QUOTE = (
    "<blockquote>Tham dự hội nghị tại điểm cầu Hải Dương có <b>đồng chí Lương Văn Cầu</b>, "
    "Phó Chủ tịch UBND tỉnh.</blockquote>\n"
    '<a href="https://baohaiduong.example/hoi-nghi">Hội nghị trực tuyến toàn quốc</a>\n'
    "Báo Hải Dương · Thứ Ba, 05/01/2021 14:23"
)


class Client:
    """Client of the Bot API and the control API, in raw JSON."""

    def __init__(self, http: httpx.AsyncClient, playground: Playground) -> None:
        self.http = http
        self.playground = playground

    @property
    def address(self) -> str:
        """Base URL of the playground, without a trailing slash."""
        return str(self.http.base_url).rstrip("/")

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a Bot API method, and return the JSON of the response."""
        path = f"/bot{self.playground.token}/{method}"
        body: dict[str, Any] = (await self.http.post(path, json=parameters)).json()
        return body

    async def result(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a Bot API method that must succeed, and return its result."""
        answer = await self.call(method, **parameters)
        assert answer["ok"], answer
        result: dict[str, Any] = answer["result"]
        return result

    async def refused(self, method: str, **parameters: object) -> str:
        """Call a Bot API method that must fail, and return the error's description."""
        answer = await self.call(method, **parameters)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        """Post an action to the control API that must succeed."""
        response = await self.http.post(f"/playground{path}", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def write(self, text: str, **more: object) -> int:
        """Send a message of a person (Lan by default), and return its id."""
        body = {"user": LAN, "text": text} | more
        return int((await self.post("/messages", **body))["message_id"])

    async def messages(self, chat: int = 1001, after: int = 0) -> list[dict[str, Any]]:
        """Return the messages of a chat."""
        response = await self.http.get(
            f"/playground/chats/{chat}/messages", params={"after": after}
        )
        found: list[dict[str, Any]] = response.json()
        return found

    async def until(self, condition: Callable[[], Awaitable[Found]]) -> Found:
        """Wait until a condition of what chats show returns a true value, and return it."""
        with self.playground.events.subscribed() as changes:

            async def found() -> Found:
                while not changes.empty():
                    changes.get_nowait()
                return await condition()

            return await until(found, woken_by=changes.get)

    async def updates(self, **parameters: object) -> list[dict[str, Any]]:
        """Return the updates of getUpdates."""
        answer = await self.call("getUpdates", **parameters)
        assert answer["ok"], answer
        found: list[dict[str, Any]] = answer["result"]
        return found


@asynccontextmanager
async def serve_playground(playground: Playground) -> AsyncIterator[Client]:
    """Serve a playground on a free port, and yield a client."""
    async with (
        playground.serve(port=0) as address,
        httpx.AsyncClient(base_url=address, timeout=PATIENCE_SECONDS, verify=ssl_context()) as http,
    ):
        yield Client(http, playground)


async def polled(client: Client, times: int) -> bool:
    """Tell whether the bot has polled for updates so often."""
    return client.playground.updates.polls >= times


def keyboard(*data: str) -> InlineKeyboardMarkup:
    """Make a keyboard with a button for each callback data."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("nút", callback_data=d) for d in data]])


class Clock:
    """Clock set by hand, in seconds since the epoch."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


Context = ContextTypes.DEFAULT_TYPE
Echo = Application[Any, Any, Any, Any, Any, Any]


@asynccontextmanager
async def echo_bot(playground: Playground, address: str) -> AsyncIterator[Echo]:
    """Run a small python-telegram-bot application that quotes, offers buttons and echoes."""
    application: Echo = (
        Application.builder()
        .token(playground.token)
        .base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot")
        .build()
    )
    application.add_handler(CommandHandler(["start", "help"], _help))
    application.add_handler(CallbackQueryHandler(_press))
    application.add_handler(InlineQueryHandler(_inline))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.ChatType.CHANNEL, _answer))
    application.add_handler(MessageHandler(~filters.TEXT & filters.ChatType.PRIVATE, _only_text))
    async with application:
        await application.bot.set_my_commands(
            [
                BotCommand("help", "Cách hỏi và các lệnh"),
                BotCommand("latest", "Tin mới nhất"),
                BotCommand("lang", "Đổi ngôn ngữ"),
            ]
        )
        await application.bot.set_my_commands(
            [BotCommand("help", "How to ask"), BotCommand("latest", "The latest news")],
            language_code="en",
        )
        await application.bot.set_my_description("Hỏi về tin tức.\n\nVí dụ:\n• ai dự hội nghị?")
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()


async def _help(update: Update, _: Context) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(
        "Xin chào! Hãy hỏi một câu, ví dụ <i>ai dự hội nghị?</i> hoặc gõ /help.",
        parse_mode=ParseMode.HTML,
    )


async def _answer(update: Update, _: Context) -> None:
    message = update.effective_message
    assert message is not None
    await message.chat.send_action("typing")
    if message.text == "hội nghị ở đâu?" and message.reply_to_message is not None:
        await message.reply_text("Trong bài mà bạn trả lời.", do_quote=True)
        return
    if message.text in {"ai dự hội nghị?", "who attended?", "@hoibao_bot ai dự?"}:
        buttons = [
            [
                InlineKeyboardButton("Xem cả đoạn", callback_data="context"),
                InlineKeyboardButton("Câu khác", callback_data="more"),
            ],
            [InlineKeyboardButton("Chỉ bài này", callback_data="only")],
        ]
        await message.reply_text(
            QUOTE, parse_mode=ParseMode.HTML, reply_markup=InlineKeyboardMarkup(buttons)
        )
        return
    await message.reply_text(f"Bạn viết: {message.text}")


async def _only_text(update: Update, _: Context) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text("Tôi chỉ đọc được chữ.")


async def _press(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query is not None
    if query.message is None or not query.message.is_accessible or query.data == "more":
        await query.answer("Không còn câu nào khác.")
        return
    if query.data == "only":
        await query.answer("Từ giờ tôi chỉ tìm trong bài này.", show_alert=True)
        return
    await query.edit_message_text(
        "<blockquote expandable>Sáng 5/1, Chính phủ tổ chức hội nghị trực tuyến toàn quốc. "
        "Tham dự hội nghị tại điểm cầu Hải Dương có <b>đồng chí Lương Văn Cầu</b>, Phó Chủ tịch "
        "UBND tỉnh. Hội nghị bàn về nhiệm vụ phát triển kinh tế - xã hội năm 2021.</blockquote>\n"
        "Báo Hải Dương · Thứ Ba, 05/01/2021 14:23",
        parse_mode=ParseMode.HTML,
    )
    await query.answer()


async def _inline(update: Update, _: Context) -> None:
    query = update.inline_query
    assert query is not None
    content = InputTextMessageContent(QUOTE, parse_mode=ParseMode.HTML)
    article = InlineQueryResultArticle(
        id=uuid4().hex,
        title="Hội nghị trực tuyến toàn quốc",
        input_message_content=content,
        description=f"Hỏi: {query.query}",
    )
    await query.answer([article])
