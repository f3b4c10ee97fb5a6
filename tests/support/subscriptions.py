"""Helpers of tests of subscriptions and alerts in a chat."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from index import Article
from index.store.chats.subscriptions import Subscription
from tests.support.articles import VIETNAM
from tests.support.bot import LANS_CHAT, Talk


def subscriptions_of(talk: Talk, chat: int = LANS_CHAT) -> list[Subscription]:
    """Return the subscriptions of a chat."""
    return talk.library.subscriptions.of_chat(talk.application.bot.id, chat)


def numbered_article(number: int, title: str = "Bão mạnh đổ bộ", **more: Any) -> Article:
    """Make a distinct article by a number, which is also its day in November 2026."""
    text = f"Cơn bão số {number} đổ bộ vào tỉnh Quảng Bình. Ông Đinh Văn Thảo chỉ đạo chống bão."
    article = Article(
        title=f"{title} {number}",
        text=text,
        url=f"https://bao.example/bao-{number}.html",
        published=datetime(2026, 11, number, 9, 30, tzinfo=VIETNAM),
        source="Báo Thử",
    )
    return replace(article, **more)


async def chat_shows(talk: Talk, chat: int, words: str) -> bool:
    """Tell whether a chat has a message with some text."""
    return any(words in message["text"] for message in await talk.client.messages(chat))


async def all_sent(talk: Talk, count: int) -> bool:
    """Tell whether so many alerts were sent, and none is pending."""
    return talk.library.outbox.counts() == {"sent": count}
