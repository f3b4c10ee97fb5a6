"""Run the bot under an embedded Telegram over invented articles, and talk with it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from bot.alerts.sender import Sender, sending
from bot.app.application import BotApplication, build_application, rate_limiter_of
from bot.app.runner import running
from bot.conversation.answer_pool import AnswerPool
from bot.conversation.reply_header import INVISIBLE
from bot.messages import Messages
from bot.messages.examples import ExampleQuestions
from bot.playground import Playground
from bot.settings import Settings
from bot.sources.context import SourceAdmin
from bot.transport.rate_limiter import RateLimiter
from index import Article, Library
from tests.support.articles import VIETNAM
from tests.support.libraries import open_library
from tests.support.playground import ANNA, LAN, Client, serve_playground
from tests.support.waiting import PATIENCE_SECONDS

BOT_NAME = "Hỏi Báo"
LANS_CHAT, ANNAS_CHAT = LAN["id"], ANNA["id"]
LONGEST_LATE = 48 * 3600.0  # seconds

CONFERENCE = Article(
    title="Hội nghị trực tuyến triển khai nhiệm vụ kinh tế",
    text=(
        "Sáng 5/1, Chính phủ tổ chức hội nghị trực tuyến toàn quốc với các địa phương. "
        "Tham dự hội nghị tại điểm cầu Hải Dương có đồng chí Lương Văn Cầu, Phó Chủ tịch UBND "
        "tỉnh.\n"
        "Hội nghị bàn về nhiệm vụ phát triển kinh tế năm 2021. "
        "Các địa phương đề nghị sớm giải ngân vốn đầu tư công."
    ),
    url="https://bao.example/hoi-nghi.html",
    published=datetime(2021, 1, 5, 14, 23, tzinfo=VIETNAM),
    source="Báo Thử",
)
STORM = Article(
    title="Bão số 9 đổ bộ vào Quảng Ngãi",
    text=(
        "Trưa 28/10, bão số 9 đổ bộ vào huyện Bình Sơn, tỉnh Quảng Ngãi. "
        "Gió giật cấp 14 làm tốc mái hơn 300 ngôi nhà. "
        "Tỉnh đã sơ tán 40.000 người dân đến nơi an toàn."
    ),
    url="https://bao.example/bao-so-9.html#tin",
    published=datetime(2020, 10, 28, 16, 0, tzinfo=VIETNAM),
    source="Báo Thử",
)
LIBRARY_OPENING = Article(
    title="Thư viện <mới> & cũ của xã Tân Lập",
    text=(
        "Xã Tân Lập khánh thành thư viện với 5.000 đầu sách. "
        "Bà Nguyễn Thị Hoa là thủ thư đầu tiên của thư viện."
    ),
    id="thu-vien-tan-lap",
    source="Bản tin xã",
)
ARTICLES = (CONFERENCE, STORM, LIBRARY_OPENING)
WHO = "ai tham dự hội nghị?"
NOBODY_KNOWS = "giá vàng hôm nay?"
MESSAGES = Messages.load().catalogues["vi"]
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
# The library itself warns of a type that will change.
FLOODED = pytest.mark.filterwarnings("ignore:.*retry_after:DeprecationWarning")
Person = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Talk:
    """Conversation with the bot: send messages, press buttons, await answers."""

    client: Client
    application: BotApplication
    library: Library

    async def ask(
        self,
        text: str,
        *,
        user: Person = LAN,
        chat: int | None = None,
        reply_to: int | None = None,
    ) -> dict[str, Any]:
        """Send a message and return the bot's answer to it."""
        place = chat or user["id"]
        sent = await self.client.write(text, user=user, chat=place, reply_to=reply_to)
        return await self.answer(place, sent)

    async def answer(self, chat: int, question: int, number: int = 1) -> dict[str, Any]:
        """Wait for the bot's first (second, third…) answer to a message, and return it."""

        async def answers() -> list[dict[str, Any]]:
            return (await self.replies(question, chat))[number - 1 :]

        return (await self.client.until(answers))[0]

    async def alert(self, words: str, chat: int = LANS_CHAT) -> dict[str, Any]:
        """Wait for an alert with some text, and return it."""

        async def alerts() -> list[dict[str, Any]]:
            return [
                message
                for message in await self.client.messages(chat)
                if message["reply_to"] is None
                and message["from"] == BOT_NAME
                and words in message["text"]
            ]

        return (await self.client.until(alerts))[0]

    async def message(self, number: int, chat: int = LANS_CHAT) -> dict[str, Any]:
        """Return the current state of a message."""
        found = await self.client.messages(chat)
        return _without_question(
            next(message for message in found if message["message_id"] == number)
        )

    async def replies(self, number: int, chat: int = LANS_CHAT) -> list[dict[str, Any]]:
        """Return the bot's replies to a message so far.

        In a private chat those without a reply header stand below it, before other questions;
        `reply_to` is the message that they answer all the same, and `has_header` tells them apart.
        """
        later = [_without_question(each) for each in await self.client.messages(chat, number)]
        below = takewhile(lambda message: message["from"] == BOT_NAME, later) if chat > 0 else ()
        plain = [message["message_id"] for message in below if message["reply_to"] is None]
        return [
            message | {"reply_to": number, "has_header": message["reply_to"] == number}
            for message in later
            if message["from"] == BOT_NAME
            and (message["reply_to"] == number or message["message_id"] in plain)
        ]

    async def delete(self, number: int, chat: int = LANS_CHAT) -> None:
        """Delete a message."""
        response = await self.client.http.delete(f"/playground/chats/{chat}/messages/{number}")
        assert response.status_code == 200

    async def press(
        self,
        message: dict[str, Any],
        label: str,
        *,
        user: Person = LAN,
        chat: int | None = None,
    ) -> str:
        """Press a button by its label, and return the text of the bot's answer."""
        data = next(
            button["data"]
            for row in message["buttons"]
            for button in row
            if button["text"] == label
        )
        return await self.press_data(message["message_id"], data, user=user, chat=chat)

    async def press_data(
        self, number: int, data: str, *, user: Person = LAN, chat: int | None = None
    ) -> str:
        """Press a button by its data, and return the text of the bot's answer."""
        place = chat or user["id"]
        response = await self.client.post(
            "/buttons", user=user, chat=place, message_id=number, data=data, wait=PATIENCE_SECONDS
        )
        assert response["answer"] is not None, "the button spins for ever"
        return str(response["answer"]["text"])


def _without_question(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message without the invisible question that it carries."""
    shown = {name: message[name].removesuffix(INVISIBLE) for name in ("text", "html")}
    return message | shown


def waiting_is_over_when_set(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let flood waits of the bot last until an event is set."""
    over = asyncio.Event()
    monkeypatch.setattr(RateLimiter, "_wait", lambda *_: over.wait())
    return over


def labels(message: dict[str, Any]) -> list[str]:
    """Return the labels of a message's buttons."""
    return [button["text"] for row in message["buttons"] or [] for button in row]


@asynccontextmanager
async def talking(
    folder: Path,
    articles: tuple[Article, ...] = ARTICLES,
    playground: Playground | None = None,
    per_minute: int = 600,
    quotes: int = 3,
    server: URL | None = None,
    **more: Any,
) -> AsyncIterator[Talk]:
    """Run the bot under an embedded Telegram, with a library of these articles."""
    playground = playground or Playground()
    with open_library(folder, articles, server) as library:
        async with (
            serve_playground(playground) as client,
            answering(client, library, per_minute=per_minute, quotes=quotes, **more) as talk,
        ):
            yield talk


def bot_under(
    client: Client,
    library: Library,
    *,
    answer_pool: AnswerPool | None = None,
    source_admin: SourceAdmin | None = None,
    examples: ExampleQuestions | None = None,
    **settings: Any,
) -> BotApplication:
    """Build the bot for the embedded Telegram of a client."""
    connection = {"token": client.playground.token, "api_url": str(client.http.base_url)}
    chosen = Settings.model_validate(connection | settings)
    return build_application(
        library,
        chosen,
        answer_pool=answer_pool,
        source_admin=source_admin,
        examples=examples,
    )


@asynccontextmanager
async def answering(
    client: Client,
    library: Library,
    per_minute: int = 600,
    quotes: int = 3,
    clock: Callable[[], float] = time.time,
    **more: Any,
) -> AsyncIterator[Talk]:
    """Run the bot and its alert sender under a running embedded Telegram."""
    application = bot_under(client, library, quotes=quotes, questions_per_minute=per_minute, **more)
    async with running(application):
        sender = Sender(
            library,
            application.bot,
            rate_limiter_of(application).send_queue,
            longest_late=LONGEST_LATE,
            clock=clock,
        )
        async with sending(sender):
            yield Talk(client, application, library)
