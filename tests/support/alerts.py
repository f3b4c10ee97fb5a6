"""Subscribe, and claim deliveries, without a bot: helpers of tests of alerts."""

import time
from collections.abc import Sequence

from index import Article, Library
from index.store.chats.deliveries import ChatBatch, Delivery
from index.store.chats.subscriptions import Subscription

BOT, OTHER_BOT = 7, 8
LAN, MINH, GROUP = 1001, 1002, -1000
OWNER = "one"
"""Name of the claiming sender."""

FLOODS = "lũ"


def subscribe(
    library: Library, wish: str, chat: int = LAN, *, bot: int = BOT, thread: int | None = None
) -> Subscription:
    now = int(time.time())
    added, _ = library.subscriptions.add(
        bot=bot, chat=chat, thread=thread, wish=wish, now=now, most=5
    )
    return added


def claim_deliveries(library: Library, bot: int = BOT, *, later: float = 0) -> list[Delivery]:
    return [
        each for parcel in claim_batches(library, bot, later=later) for each in parcel.deliveries
    ]


def claim_batches(library: Library, bot: int = BOT, *, later: float = 0) -> Sequence[ChatBatch]:
    now = int(time.time() + later)
    return library.outbox.claim(bot, OWNER, now, seconds=-later, most=100, at_once=10)


def number_of(library: Library, article: Article) -> int:
    found = library.find(article.id or article.url or "")
    assert found is not None
    return found.number
