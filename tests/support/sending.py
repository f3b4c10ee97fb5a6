"""Subscribe chats, publish articles, and await what becomes of the alerts."""

import time
from typing import Any

from index import Article, Library
from index.alerts.announcer import Alert
from tests.support.bot import (
    LANS_CHAT,
    Talk,
)
from tests.support.waiting import until

MINHS_CHAT = 1002


def subscribe(talk: Talk, chat: int = LANS_CHAT, *, thread: int | None = None) -> None:
    added, _ = talk.library.subscriptions.add(
        bot=talk.application.bot.id,
        chat=chat,
        thread=thread,
        wish="*",
        now=int(time.time()),
        most=100,
    )
    assert added.wish == "*"


def publish(library: Library, number: int) -> None:
    library.ingest([bulletin(number)], alert=Alert.ALL)


def bulletin(number: int) -> Article:
    text = f"Bản tin số {number} của đài khí tượng."
    return Article(id=f"tin-{number}", title=f"Tin {number}", text=text)


async def settled(talk: Talk, **expected: int) -> None:
    """Wait until the outbox says so: the states, with `_` for what stands between words."""
    wanted = {name.replace("__", ": "): count for name, count in expected.items()}

    async def is_so() -> bool:
        return talk.library.outbox.counts() == wanted

    await until(is_so)


async def texts(talk: Talk, chat: int = LANS_CHAT) -> list[str]:
    return [message["text"] for message in await talk.client.messages(chat)]


async def order(talk: Talk, **fault: Any) -> None:
    await talk.client.post("/faults", method="sendMessage", **fault)
