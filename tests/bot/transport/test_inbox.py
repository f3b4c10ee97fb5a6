"""Updates that several workers receive: what came meanwhile is known while an answer is made."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from telegram import Message, Update

from bot.conversation.reply_header import LatestMessages
from bot.transport.inbox import InboxQueue
from index.store import Database, Inbox
from tests.support.libraries import empty_database
from tests.support.waiting import PATIENCE_SECONDS

BOT, LAN = 7, 1001


def message(number: int) -> dict[str, Any]:
    chat = {"id": LAN, "type": "private"}
    return {"message_id": number, "date": 1, "chat": chat, "text": "ai dự?"}


def is_latest(latest: LatestMessages, number: int) -> bool:
    return latest.is_latest(Message.de_json(message(number), None))


async def test_a_message_that_comes_while_another_is_answered_is_noted(tmp_path: Path) -> None:
    latest = LatestMessages()
    with closing(Database(empty_database(tmp_path))) as database:
        queue = InboxQueue(Inbox(database), BOT, latest.see_update)
        await queue.put(Update.de_json({"update_id": 1, "message": message(5)}, None))
        assert is_latest(latest, 5)
        await queue.put(Update.de_json({"update_id": 2, "message": message(6)}, None))
        assert not is_latest(latest, 5)
        assert Inbox(database).waiting(BOT) == 2


def test_what_another_worker_knew_of_a_chat_does_not_hide_what_came_since() -> None:
    latest = LatestMessages()
    latest.see_update(Update.de_json({"update_id": 1, "message": message(5)}, None))
    saved = latest.cache.saved(LAN)
    latest.see_result(message(6))
    latest.cache.restore(LAN, saved, 0.0)
    assert not is_latest(latest, 5)
    latest.cache.restore(LAN, (), 0.0)
    assert not is_latest(latest, 5)
    other = LatestMessages()
    other.cache.restore(LAN, latest.cache.saved(LAN), 0.0)
    assert not is_latest(other, 5)


async def test_updates_are_stored_while_others_wait_for_the_database(tmp_path: Path) -> None:
    writing = threading.Event()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    others = asyncio.create_task(asyncio.to_thread(writing.wait))
    await asyncio.sleep(0)
    with closing(Database(empty_database(tmp_path))) as database:
        queue = InboxQueue(Inbox(database), BOT, lambda _: None)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await queue.put(Update.de_json({"update_id": 1, "message": message(5)}, None))
        finally:
            writing.set()
        assert Inbox(database).waiting(BOT) == 1
    await others
